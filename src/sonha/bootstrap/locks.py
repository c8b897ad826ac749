"""File locks; the kernel frees them when their holder ends, however that happens."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sonha.bootstrap.trouble import Trouble


def open_lock(path: Path) -> int:
    """File descriptor of a lock file, created if need be and closed in child programs."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError:
        raise unwritable(path) from None


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait until nobody else is inside, then be alone inside."""
    lock = open_lock(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def try_exclusive(lock: int) -> bool:
    """Take the lock alone if nobody holds it, without waiting."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(lock: int) -> None:
    """Hold the lock together with others (a lock held alone is turned into a shared one)."""
    fcntl.flock(lock, fcntl.LOCK_SH)


def free(lock: int) -> None:
    fcntl.flock(lock, fcntl.LOCK_UN)


def unwritable(path: Path) -> Trouble:
    return Trouble(
        f"Không ghi được vào {path}: hãy cấp quyền ghi hoặc đặt SONHA_DATA tới thư mục khác rồi chạy lại.",
        f"{path} cannot be written: grant the right to write or set SONHA_DATA to another folder, then run again.",
    )
