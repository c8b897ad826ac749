"""Signatures of the gateway contract: HMAC-SHA256 over canonical JSON. The sandbox has its own implementation, so tests compare the two."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def canonical(message: dict[str, Any]) -> bytes:
    """The one byte string of `message`: keys sorted, no white space, UTF-8.

    ValueError for floating-point numbers, which have no single form.
    """
    if _has_float(message):
        raise ValueError("a signed message holds whole numbers and texts only")
    return json.dumps(message, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sign(message: dict[str, Any], secret: bytes) -> str:
    return hmac.new(secret, canonical(message), hashlib.sha256).hexdigest()


def verify(message: dict[str, Any], signature: str) -> bool:
    """True when the current secret, or the previous one still listed in the file, made `signature`.

    False for anything that cannot be signed.
    """
    try:
        expected = [sign(message, secret) for secret in gateway_secrets()]
    except (ValueError, RecursionError):
        return False
    return any(hmac.compare_digest(one.encode(), signature.encode(errors="replace")) for one in expected)


def gateway_secrets() -> list[bytes]:
    """Secrets shared with the gateway, newest first. Outside production a missing file is made, mode 0600: first come, first made."""
    path = Path(str(settings.SONHA_PAYMENT["secret_file"]))
    if not path.exists():
        if settings.MODE == "production":
            raise ImproperlyConfigured(f"Production needs the payment gateway's secret in {path}.")
        _make(path)
    return [line.strip().encode() for line in path.read_text().splitlines() if line.strip()]


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # the gateway was quicker: its secret holds
    finally:
        fresh.unlink()


def _has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_float(part) for part in value.values())
    if isinstance(value, list):
        return any(_has_float(part) for part in value)
    return isinstance(value, float)
