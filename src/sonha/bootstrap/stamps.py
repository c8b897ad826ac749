"""Stamps: a step is skipped when nothing it depends on has changed since it last succeeded."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Hash of the contents of files (folders are walked, bytecode left out) and of any further words."""
    digest = hashlib.sha256()
    for path in sorted(_files(paths)):
        digest.update(os.fsencode(path) + b"\0" + path.read_bytes() + b"\0")
    for word in words:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


class Stamps:
    """Remembers, in one small file a step, the fingerprint under which the step last succeeded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fresh(self, name: str, mark: str) -> bool:
        try:
            return (self.folder / name).read_text() == mark
        except OSError:
            return False

    def set(self, name: str, mark: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f".{name}.{os.getpid()}"
        partial.write_text(mark)
        partial.replace(self.folder / name)

    def clear(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
