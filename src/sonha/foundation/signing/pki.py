"""The province's TEST certificate authority, on disk: root, issuing CA, time-stamping authority, revocation lists.

It stands where the real one (the special-purpose CA of the Government Cipher Committee, Decree 68/2024/ND-CP) will be:
every name in it says THỬ NGHIỆM. Keys are encrypted PKCS#8, files 0600, the folder 0700; the passphrase lies beside
them, which is why it is a test CA.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

TEST_MARK = "THỬ NGHIỆM – TEST, không có giá trị pháp lý"
CA_BITS, LEAF_BITS = 3072, 2048
ROOT_YEARS, ISSUING_YEARS, TSA_YEARS = 20, 15, 10
LEAF_DAYS = 3 * 365
CRL_DAYS = 30
COMMON_NAME_BYTES = 64  # upper bound of X.520


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names: a person (position, unit) or an agency (name = unit = the agency, no position)."""

    name: str
    unit: str
    position: str = ""
    ref: str = ""  # stable reference of the owner, kept as UID


def folder() -> Path:
    """Where the CA lies: SONHA_DATA/pki."""
    return Path(settings.SONHA_DATA) / "pki"


@contextmanager
def locked() -> Iterator[None]:
    """One process at a time changes the CA."""
    base = Path(settings.SONHA_DATA)
    base.mkdir(parents=True, exist_ok=True)
    with (base / "pki.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_private(path: Path, content: bytes) -> None:
    """Writes a file that only its owner can read; replaces an older one in one step."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _shortened(name: str) -> str:
    raw = name.encode()
    return name if len(raw) <= COMMON_NAME_BYTES else raw[: COMMON_NAME_BYTES - 3].decode(errors="ignore").rstrip() + "…"


def _name(subject: Subject) -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, subject.unit),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, TEST_MARK),
        (NameOID.TITLE, subject.position),
        (NameOID.COMMON_NAME, _shortened(subject.name)),
        (NameOID.USER_ID, subject.ref),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _builder(
    subject: x509.Name, key: CertificatePublicKeyTypes, issuer: x509.Name, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*names: str) -> x509.KeyUsage:
    all_names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in names for name in all_names})


def _issued_by(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
        issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    )


def _ca(name: str, years: int, parent: "Authority | None" = None) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=CA_BITS)
    now = datetime.now(UTC) - timedelta(minutes=5)
    subject = _name(Subject(name=name, unit="Sơn Hà"))
    builder = _builder(
        subject,
        key.public_key(),
        parent.certificate.subject if parent else subject,
        now,
        now + timedelta(days=365 * years),
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None if parent is None else 0), critical=True)
    builder = builder.add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
    if parent:
        builder = builder.add_extension(_issued_by(parent.certificate), critical=False)
    return builder.sign(parent.key if parent else key, hashes.SHA256()), key


@dataclass(frozen=True)
class Authority:
    """A certificate with its private key in hand."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def passphrase() -> bytes:
    return (folder() / "passphrase").read_bytes()


def _encrypted(key: rsa.RSAPrivateKey, secret: bytes) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(secret))


def store_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    write_private(path, _encrypted(key, passphrase()))


def load_key(path: Path) -> rsa.RSAPrivateKey:
    """The private key in an encrypted PKCS#8 file of this CA.

    The primes are not proven again: the file was written here, and the proof would take most of a signature's time.
    """
    key = serialization.load_pem_private_key(path.read_bytes(), passphrase(), unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} does not hold an RSA key.")
    return key


def load(name: str) -> Authority:
    """`root`, `issuing` or `tsa`."""
    return Authority(certificate(name), load_key(folder() / f"{name}.key"))


def certificate(name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder() / f"{name}.pem").read_bytes())


def create() -> None:
    """Makes the CA in one step (built aside, then renamed), unless it is there already."""
    with locked():
        if folder().exists():
            return
        aside = folder().with_name(f"pki.new.{secrets.token_hex(4)}")
        aside.mkdir(mode=0o700)
        try:
            _build(aside)
            aside.rename(folder())
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _build(into: Path) -> None:
    secret = secrets.token_urlsafe(32).encode()
    (into / "keys").mkdir(mode=0o700)
    (into / "trust").mkdir(mode=0o700)
    write_private(into / "passphrase", secret)
    own = secrets.token_hex(3).upper()  # two installations must not bear the same names
    root = Authority(*_ca(f"Sơn Hà Root CA {own} – THỬ NGHIỆM (TEST)", ROOT_YEARS))
    issuing = Authority(*_ca(f"Sơn Hà Issuing CA {own} – THỬ NGHIỆM (TEST)", ISSUING_YEARS, root))
    tsa_key = rsa.generate_private_key(public_exponent=65537, key_size=LEAF_BITS)
    now = datetime.now(UTC) - timedelta(minutes=5)
    tsa = Authority(
        _builder(
            _name(Subject(name=f"Sơn Hà TSA {own} – THỬ NGHIỆM (TEST)", unit="Sơn Hà")),
            tsa_key.public_key(),
            issuing.certificate.subject,
            now,
            now + timedelta(days=365 * TSA_YEARS),
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(_issued_by(issuing.certificate), critical=False)
        .sign(issuing.key, hashes.SHA256()),
        tsa_key,
    )
    for name, authority in (("root", root), ("issuing", issuing), ("tsa", tsa)):
        write_private(into / f"{name}.pem", pem(authority.certificate))
        write_private(into / f"{name}.key", _encrypted(authority.key, secret))
    write_private(into / "root.crl", _crl(root, (), ROOT_YEARS * 365))
    write_private(into / "issuing.crl", _crl(issuing, (), CRL_DAYS))


def issue(
    subject: Subject,
    public_key: CertificatePublicKeyTypes,
    *,
    valid_from: datetime | None = None,
    days: int = LEAF_DAYS,
) -> x509.Certificate:
    """A signing certificate for `public_key`; `valid_from` defaults to five minutes ago (clocks differ)."""
    issuing = load("issuing")
    start = valid_from or datetime.now(UTC) - timedelta(minutes=5)
    return (
        _builder(_name(subject), public_key, issuing.certificate.subject, start, start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(_issued_by(issuing.certificate), critical=False)
        .add_extension(_crl_address(), critical=False)
        .sign(issuing.key, hashes.SHA256())
    )


def _crl_address() -> x509.CRLDistributionPoints:
    """Where others fetch the revocation list: this installation's own public address."""
    address = x509.UniformResourceIdentifier(f"{settings.SITE_URL.rstrip('/')}/kiem-tra/crl/")
    return x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)])


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=LEAF_BITS)


@dataclass(frozen=True)
class Revoked:
    """One entry of the revocation list."""

    serial: int
    at: datetime
    reason: str = "unspecified"  # a name of x509.ReasonFlags


def _crl(authority: Authority, revoked: Iterable[Revoked], days: int) -> bytes:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now - timedelta(minutes=5))
        .next_update(now + timedelta(days=days))
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        .add_extension(_issued_by(authority.certificate), critical=False)
    )
    for entry in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(entry.serial)
            .revocation_date(entry.at)
            .add_extension(x509.CRLReason(x509.ReasonFlags[entry.reason]), critical=False)
            .build()
        )
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def write_crl(revoked: Iterable[Revoked]) -> bytes:
    """Signs and stores the issuing CA's revocation list (DER)."""
    content = _crl(load("issuing"), revoked, CRL_DAYS)
    write_private(folder() / "issuing.crl", content)
    return content
