"""Encrypting and opening streams by `age`: authenticated in pieces of 64 KiB, so memory stays constant and a cut stream is noticed."""

import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sonha.foundation.files.storage import FULL

from .refusal import BackupRefused, disk_full

CHUNK = 1024 * 1024
Progress = Callable[[int], None]
"""Called about once a second with the bytes written so far."""


@dataclass(frozen=True)
class Part:
    """One encrypted file of a backup: its size in bytes and SHA-256 as it lies on the disk."""

    name: str
    size: int
    sha256: str


def seal_bytes(data: bytes, target: Path, recipient: str) -> Part:
    done = subprocess.run(["age", "-r", recipient], input=data, capture_output=True, check=True)
    return _keep(iter([done.stdout]), target, lambda size: None)


def seal_stream(command: Sequence[str | Path], target: Path, recipient: str, *, env: Mapping[str, str] | None = None,
                progress: Progress = lambda size: None, accepted: tuple[int, ...] = (0,)) -> Part:  # fmt: skip
    """Runs `command` and keeps its output, encrypted, in `target`; `accepted`: the exit codes that mean it is whole.

    BackupRefused when the command fails or the disk is full.
    """
    source = subprocess.Popen([str(word) for word in command], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    age = subprocess.Popen(["age", "-r", recipient], stdin=source.stdout, stdout=subprocess.PIPE)
    assert source.stdout and source.stderr and age.stdout
    source.stdout.close()
    try:
        part = _keep(iter(lambda: age.stdout.read(CHUNK), b""), target, progress)  # type: ignore[union-attr]
        words = source.stderr.read().decode(errors="replace")
        if source.wait() not in accepted or age.wait():
            raise BackupRefused(
                f"Không đọc được dữ liệu để sao lưu ({Path(command[0]).name}): {_last(words)}",
                f"The data cannot be read ({Path(command[0]).name}): {_last(words)}",
            )
        return part
    finally:
        for process in (age, source):
            if process.poll() is None:
                process.kill()
                process.wait()
        age.stdout.close()
        source.stderr.close()


def open_bytes(path: Path, key: Path) -> bytes:
    """The content of a small encrypted file. BackupRefused with the reason: another key, or damage."""
    done = subprocess.run(["age", "-d", "-i", str(key), str(path)], capture_output=True)
    if done.returncode == 0:
        return done.stdout
    if b"no identity matched" in done.stderr:
        raise BackupRefused(
            f"Khoá {key} không mở được bản sao lưu này: hãy dùng tệp khoá có hiệu lực khi sao lưu.",
            f"The key {key} does not open this backup: use the key file that was in force when it was made.",
        )
    raise damaged(path.name)


def damaged(name: str) -> BackupRefused:
    return BackupRefused(
        f"Bản sao lưu bị hỏng ở phần {name}: hãy dùng bản khác; chưa có gì bị thay đổi.",
        f"The backup is damaged in its part {name}: use another one; nothing has been changed.",
    )


def _keep(pieces: object, target: Path, progress: Progress) -> Part:
    digest, size, told = hashlib.sha256(), 0, time.monotonic()
    try:
        with target.open("xb") as file:
            for piece in pieces:  # type: ignore[attr-defined]
                file.write(piece)
                digest.update(piece)
                size += len(piece)
                if time.monotonic() - told > 1:
                    progress(size)
                    told = time.monotonic()
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(target.parent.parent) from None
        raise
    return Part(target.name, size, digest.hexdigest())


def _last(words: str) -> str:
    lines = [line for line in words.strip().splitlines() if line]
    return lines[-1] if lines else "?"
