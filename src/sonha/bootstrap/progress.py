"""Progress on the terminal: one line a step, with a tick and the seconds it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(vietnamese: str, english: str) -> Iterator[None]:
    """Announce a step, then tick or cross it with its time. On a terminal the line is rewritten in place."""
    live = sys.stderr.isatty()
    label = f"{vietnamese} ({english})"
    if live:
        _write(f"  … {label}")
    started = time.monotonic()
    try:
        yield
    except BaseException:
        _close("✗", label, started, live)
        raise
    _close("✓", label, started, live)


def note(text: str) -> None:
    """A line of its own among the steps."""
    _write(f"{text}\n")


def _close(mark: str, label: str, started: float, live: bool) -> None:
    _write(f"{chr(13) + chr(27) + '[K' if live else ''}  {mark} {label}  {time.monotonic() - started:.1f} s\n")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
