"""The key of the backups: only its public half stays on the server, so that whoever takes the server or the backups cannot read old ones.

The key file is an `age` identity (age-encryption.org, X25519) with one more line in its comments: the secret by which a backup proves that
this installation made it, since encrypting needs no secret at all.
"""

import os
import re
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .refusal import BackupRefused

AUTHENTICITY = re.compile(r"^# authenticity: ([0-9a-f]{64})$", re.M)
TEXT = """# Khoá mở các bản sao lưu của Sơn Hà. Cất ngoài máy chủ, ở ít nhất hai nơi: mất khoá là mất mọi bản sao lưu.
# Key of the backups of Sơn Hà. Keep it off the server, in two places at least: without it no backup can be opened.
# created: {at}
# public key: {recipient}
# authenticity: {authenticity}
{identity}
"""


@dataclass(frozen=True)
class ServerSide:
    """What the server keeps: whom it encrypts for (`age1…`), and the secret of authenticity."""

    recipient: str
    authenticity: bytes


def folder() -> Path:
    return Path(settings.SONHA_DATA) / "backup"


def create(path: Path) -> ServerSide:
    """Writes a new key file for its keeper, and the server's side of it into the data folder. Refused where the file exists."""
    identity = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
    secret = next(line for line in identity.splitlines() if line.startswith("AGE-SECRET-KEY-"))
    recipient = subprocess.run(["age-keygen", "-y"], input=secret, capture_output=True, text=True, check=True).stdout.strip()
    authenticity = secrets.token_hex(32)
    at = timezone.localtime().isoformat(timespec="seconds")
    try:
        _write(path, TEXT.format(at=at, recipient=recipient, authenticity=authenticity, identity=secret))
    except FileExistsError:
        raise BackupRefused(f"{path} đã có; hãy đặt tên khác cho khoá mới.", f"{path} exists; name the new key otherwise.") from None
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, value in (("recipient", recipient), ("authenticity", authenticity)):
        (folder() / name).unlink(missing_ok=True)
        _write(folder() / name, value)
    return ServerSide(recipient, bytes.fromhex(authenticity))


def server_side() -> ServerSide:
    """The server's side of the current key; refused with what to do when no key was ever made."""
    try:
        recipient, authenticity = ((folder() / name).read_text().strip() for name in ("recipient", "authenticity"))
    except FileNotFoundError:
        raise BackupRefused(
            "Chưa có khoá sao lưu: hãy chạy ./sonha backup --new-key <tệp> một lần, rồi cất tệp khoá ngoài máy chủ.",
            "There is no backup key yet: run ./sonha backup --new-key <file> once, then keep the key file off the server.",
        ) from None
    return ServerSide(recipient, bytes.fromhex(authenticity))


def authenticity_of(key: Path) -> bytes:
    """The secret of authenticity in a key file."""
    try:
        found = AUTHENTICITY.search(key.read_text())
    except (OSError, UnicodeDecodeError):
        found = None
    if found is None:
        raise BackupRefused(
            f"{key} không phải là tệp khoá sao lưu của Sơn Hà (tệp do ./sonha backup --new-key tạo ra).",
            f"{key} is not a backup key of Sơn Hà (a file made by ./sonha backup --new-key).",
        )
    return bytes.fromhex(found[1])


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
