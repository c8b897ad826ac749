"""Who holds the key: a file of this server, or a PKCS#11 token. Both open a pyHanko signer and close it again."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pkcs11.exceptions import PKCS11Error as TokenFault
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import Signer as PyHankoSigner
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

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


class KeySigner(PyHankoSigner):
    """pyHanko signer with an RSA key in memory. (pyHanko's own loads and proves the key anew for each signature.)"""

    def __init__(self, certificate: asn1_x509.Certificate, key: RSAPrivateKey) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(chain())
        super().__init__(signing_cert=certificate, cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self._key.sign(data, PKCS1v15(), get_pyca_cryptography_hash(digest_algorithm))


@dataclass(frozen=True)
class SoftwareSigner:
    """Signs with an encrypted key file of SONHA_DATA/pki."""

    credential: Credential

    @contextmanager
    def open(self) -> Iterator[PyHankoSigner]:
        try:
            key = pki.load_key(self.credential.key_file)
        except (OSError, TypeError, ValueError) as error:
            raise SigningFailed("Không mở được khóa ký; hãy kiểm tra thư mục pki và mật khẩu khóa.") from error
        yield KeySigner(to_asn1(self.credential.pem), key)


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
