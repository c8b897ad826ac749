"""The same signature from inside a PKCS#11 token, with SoftHSM2 standing for the official's USB token."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11.util.rsa import encode_rsa_public_key
from pkcs11.util.x509 import decode_x509_certificate

from sonha.foundation.signing import pki, services
from sonha.foundation.signing.signers import Credential, SigningFailed, TokenSigner

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
LABEL, KEY, PIN = "sonha-test", "ky-so", "12345678"


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An initialised token in a folder of its own; its label."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(config)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "87654321"],
        check=True,
        capture_output=True,
    )
    yield LABEL
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def credential(token: str, db) -> Credential:
    """Key made inside the token, certificate issued for it and put beside it."""
    with pkcs11.lib(MODULE).get_token(token_label=token).open(rw=True, user_pin=PIN) as session:
        for old in list(session.get_objects({pkcs11.Attribute.LABEL: KEY})):
            old.destroy()
        public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label=KEY)
        der = _subject_public_key(encode_rsa_public_key(public))
        subject = pki.Subject(name="Hoàng Văn Thụ", position="Giám đốc", unit="Sở Tài nguyên và Môi trường", ref="u-7")
        row = services.certify_token(load_der_public_key(der), subject)
        _, _, content = pem.unarmor(row.pem.encode())
        session.create_object({**decode_x509_certificate(content), pkcs11.Attribute.LABEL: KEY, pkcs11.Attribute.TOKEN: True})
    return Credential(row.pem.encode(), Path("/nonexistent"), row.name, row.position, row.unit, row.serial)


def _subject_public_key(rsa_key: bytes) -> bytes:
    from asn1crypto.keys import PublicKeyInfo, RSAPublicKey

    return PublicKeyInfo.wrap(RSAPublicKey.load(rsa_key), "rsa").dump()


def signer(token: str, pin: str = PIN) -> TokenSigner:
    chain = tuple(pki.pem(pki.certificate(name)) for name in ("issuing", "root"))
    return TokenSigner(module=MODULE, token_label=token, key_label=KEY, pin=pin, pem_chain=chain)


def test_a_token_signs_and_its_key_never_leaves_it(paper: bytes, token: str, credential: Credential, seal, sign):
    by_token = sign(paper, credential, signer=signer(token))
    both = sign(by_token, seal)
    verdict = services.verify_pdf(both)
    assert verdict.valid
    assert [one.signer_name for one in verdict.signatures] == ["Hoàng Văn Thụ", "Ủy ban nhân dân tỉnh Lạng Sơn"]
    with pkcs11.lib(MODULE).get_token(token_label=token).open(user_pin=PIN) as session:
        key = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=KEY)
        with pytest.raises(pkcs11.exceptions.AttributeSensitive):
            key[pkcs11.Attribute.PRIVATE_EXPONENT]


def test_poppler_accepts_the_signature_of_the_token(paper: bytes, token: str, credential: Credential, sign, tmp_path: Path):
    path = tmp_path / "token.pdf"
    path.write_bytes(sign(paper, credential, signer=signer(token)))
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature Validation: Signature is Valid." in said


@pytest.mark.parametrize(("label", "pin"), [("sonha-test", "00000000"), ("not-there", PIN)])
def test_a_wrong_pin_or_a_missing_token_is_explained(paper: bytes, token: str, credential: Credential, sign, label: str, pin: str):
    with pytest.raises(SigningFailed, match="Không mở được thiết bị ký số"):
        sign(paper, credential, signer=signer(label, pin))


def test_the_pin_does_not_show_in_a_log(token: str):
    assert PIN not in repr(signer(token))
