"""Whom this installation believes: its test CA, and whatever roots the province puts into SONHA_DATA/pki/trust."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sonha.foundation.signing import pki
from sonha.foundation.signing.verification import Trust

CRL_REFRESH = timedelta(days=1)


def _der(path: Path) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(path.read_bytes())


def crl_is_fresh() -> bool:
    """Whether the stored revocation list is younger than a day (it is also rewritten at every revocation)."""
    path = pki.folder() / "issuing.crl"
    return path.is_file() and datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC) < CRL_REFRESH


def load() -> Trust:
    """Roots, intermediates and lists from disk.

    `trust/` takes PEM certificates (*.pem; self-signed ones are roots) and DER lists (*.crl).
    """
    base = pki.folder()
    certificates = [pki.certificate("root"), pki.certificate("issuing")]
    for path in sorted((base / "trust").glob("*.pem")):
        certificates += _der(path)
    roots = [one for one in certificates if one.subject == one.issuer]
    lists = [base / "root.crl", base / "issuing.crl", *sorted((base / "trust").glob("*.crl"))]
    return Trust(
        roots=tuple(one.public_bytes(Encoding.DER) for one in roots),
        certificates=tuple(one.public_bytes(Encoding.DER) for one in certificates if one not in roots),
        crls=tuple(path.read_bytes() for path in lists),
    )
