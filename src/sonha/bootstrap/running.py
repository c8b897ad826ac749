"""Knowing whether this data folder's system is running: a lock held by `up`, with its process id and address inside."""

import json
import os
from pathlib import Path

from sonha.bootstrap import locks


class RunLock:
    """`<data>/up.lock`; the kernel frees it when its holder ends, however that happens."""

    def __init__(self, data: Path) -> None:
        self.path = data / "up.lock"
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False when another process holds it."""
        file = locks.open_lock(self.path)
        if not locks.try_exclusive(file):
            os.close(file)
            return False
        os.ftruncate(file, 0)
        self._file = file
        return True

    def write(self, process: int, address: str) -> None:
        assert self._file is not None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps({"pid": process, "address": address}).encode(), 0)

    def holder(self) -> dict[str, object]:
        """What the holder wrote; empty while it is still starting or when nobody runs."""
        try:
            return dict(json.loads(self.path.read_text() or "{}"))
        except (OSError, ValueError):
            return {}

    def address(self) -> str:
        return str(self.holder().get("address", "…"))

    def release(self) -> None:
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def __enter__(self) -> "RunLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
