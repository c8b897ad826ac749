"""Who holds the key: a file of this server, or a PKCS#11 token. Both open a pyHanko signer and close it again."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from asn1crypto import keys as asn1_keys
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pkcs11.exceptions import PKCS11Error as TokenFault
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import Signer as PyHankoSigner
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sonha.foundation.signing import pki


class SigningFailed(RuntimeError):
    """A signature that could not be made; the text says why."""


@dataclass(frozen=True)
class Credential:
    """A certificate and where its key lies; what the stamp prints. `is_seal` for an agency's certificate."""

    pem: bytes
    key_file: Path
    name: str
    position: str
    unit: str
    serial: str
    is_seal: bool = False


class Signer(Protocol):
    """Anything that can open a pyHanko signer for the time of one signature."""

    def open(self) -> AbstractContextManager[PyHankoSigner]:
        """A context manager giving the signer."""


def to_asn1(pem: bytes) -> asn1_x509.Certificate:
    _, _, der = asn1_pem.unarmor(pem)
    return asn1_x509.Certificate.load(der)


def chain() -> list[asn1_x509.Certificate]:
    """Issuing and root certificate, embedded in every signature so that others can build the path."""
    return [to_asn1(pki.pem(pki.certificate(name))) for name in ("issuing", "root")]


def private_key_info(path: Path) -> asn1_keys.PrivateKeyInfo:
    """The decrypted PKCS#8 key as pyHanko wants it."""
    der = pki.load_key(path).private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_keys.PrivateKeyInfo.load(der)


@dataclass(frozen=True)
class SoftwareSigner:
    """Signs with an encrypted key file of SONHA_DATA/pki."""

    credential: Credential

    @contextmanager
    def open(self) -> Iterator[PyHankoSigner]:
        try:
            key = private_key_info(self.credential.key_file)
        except (OSError, TypeError, ValueError) as error:
            raise SigningFailed("Không mở được khóa ký; hãy kiểm tra thư mục pki và mật khẩu khóa.") from error
        store = SimpleCertificateStore()
        store.register_multiple(chain())
        yield SimpleSigner(signing_cert=to_asn1(self.credential.pem), signing_key=key, cert_registry=store)


@dataclass(frozen=True)
class TokenSigner:
    """Signs inside a PKCS#11 token (USB token, HSM, SoftHSM).

    `pin` is kept out of repr; certificates of the chain are added from `pem_chain`.
    """

    module: str
    token_label: str
    key_label: str
    pin: str = field(repr=False)
    pem_chain: tuple[bytes, ...] = ()

    @contextmanager
    def open(self) -> Iterator[PyHankoSigner]:
        try:
            session = open_pkcs11_session(self.module, token_criteria=TokenCriteria(label=self.token_label), user_pin=self.pin)
        except (TokenFault, PyHankoSigningError, RuntimeError, OSError) as error:
            raise SigningFailed(
                f"Không mở được thiết bị ký số “{self.token_label}”: kiểm tra thiết bị, trình điều khiển và mã PIN."
            ) from error
        try:
            yield PKCS11Signer(
                session,
                cert_label=self.key_label,
                key_label=self.key_label,
                ca_chain=[to_asn1(one) for one in self.pem_chain],
            )
        finally:
            session.close()
