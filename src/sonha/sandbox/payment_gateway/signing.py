"""Signatures of the contract: HMAC-SHA256 over canonical JSON, so that no two different messages share the signed bytes."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

Message = dict[str, Any]


def canonical(message: Message) -> bytes:
    """Keys sorted, no white space, UTF-8, no floating-point numbers: one byte string for one message."""
    _refuse_floats(message)
    return json.dumps(message, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sign(secret: bytes, message: Message) -> str:
    return hmac.new(secret, canonical(message), hashlib.sha256).hexdigest()


def matches(secrets_known: list[bytes], message: Message, signature: str) -> bool:
    """True when any known secret (the current one, or the previous one during a change of keys) made `signature`."""
    return any(hmac.compare_digest(sign(secret, message), signature) for secret in secrets_known)


def shared_secret(path: Path) -> list[bytes]:
    """Secrets in `path`, newest first; the file is made (mode 0600) when it is missing.

    The platform does the same: first come, first made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        try:
            os.link(fresh, path)  # fails when the other side was quicker: then its secret holds
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return [line.strip().encode() for line in path.read_text().splitlines() if line.strip()]


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("amounts and times are whole numbers or strings")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_floats(part)
