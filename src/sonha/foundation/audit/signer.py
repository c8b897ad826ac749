"""Signs seals with a key that lives in the data folder, not in the database (Ed25519, made at the first seal)."""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

SCHEME = "ed25519"


def sign(data: bytes) -> tuple[str, bytes]:
    """(name of the key, signature)."""
    key = _private_key()
    return _name(key.public_key()), key.sign(data)


def verify(name: str, data: bytes, signature: bytes) -> str | None:
    """None when `signature` over `data` is good, else the code of what is wrong: key_unknown or signature_bad."""
    public = _public_keys().get(name)
    if public is None:
        return "key_unknown"
    try:
        public.verify(signature, data)
    except InvalidSignature:
        return "signature_bad"
    return None


def _folder() -> Path:
    return Path(settings.SONHA_DATA) / "audit"


def _private_key() -> Ed25519PrivateKey:
    path = _folder() / "seal.key"
    if not path.exists():
        _make_key(path)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public = key.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (path.parent / f"{_name(public).partition(':')[2][:16]}.pub").write_bytes(pem)


def _public_keys() -> dict[str, Ed25519PublicKey]:
    """Keys ever used: an old one's .pub file stays when the key is changed, so that old seals remain checkable."""
    found = {}
    for path in sorted(_folder().glob("*.pub")):
        key = serialization.load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            found[_name(key)] = key
    return found


def _name(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"{SCHEME}:{raw.hex()}"
