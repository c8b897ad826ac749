"""Progress of a backup on the terminal: one line a part, rewritten in place while it grows."""

import time
from typing import Any


class Told:
    """A callable `(part, bytes)`; writes a finished line whenever another part begins."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.part, self.size, self.began = stream, "", 0, time.monotonic()
        self.live = bool(getattr(stream, "isatty", lambda: False)())

    def __call__(self, part: str, size: int) -> None:
        if part != self.part:
            self._close()
            self.part = part
        self.size = size
        if self.live:
            self.stream.write(f"\r\x1b[K  … {part} {size / 1e6:.1f} MB", ending="")
            self.stream.flush()

    def __enter__(self) -> "Told":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._close()

    def _close(self) -> None:
        if self.part:
            start = "\r\x1b[K" if self.live else ""
            self.stream.write(f"{start}  ✓ {self.part} {self.size / 1e6:.1f} MB, {time.monotonic() - self.began:.1f} s")
        self.began = time.monotonic()
