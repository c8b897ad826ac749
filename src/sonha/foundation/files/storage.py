"""Blobs on disk: `<data>/files/ab/cd/<sha256>`, written aside, flushed, renamed; the same bytes are kept once."""

import errno
import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import StorageFull

logger = logging.getLogger("sonha.files")
CHUNK = 256 * 1024
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def root() -> Path:
    return Path(settings.SONHA_DATA) / "files"


def blob_path(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


def aside(name: str) -> Path:
    """A folder beside the blobs, on the same file system, so that a rename is atomic."""
    folder = root() / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def room() -> Iterator[None]:
    """What is written inside either fits or ends in StorageFull, whose sentence is for the sender; operators read of it in the log."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        logger.error("no room for a file under %s: %s", root(), error)
        raise StorageFull(_("Máy chủ tạm hết chỗ lưu nên chưa nhận được tệp; xin giữ tệp lại và gửi lại sau ít phút.")) from error


def receive(pieces: Iterable[bytes], *, at_most: int) -> tuple[Path, int]:
    """Writes `pieces` to a temporary file and gives its path and size.

    OverflowError beyond `at_most` bytes; nothing is left behind then.
    """
    descriptor, name = tempfile.mkstemp(dir=aside("incoming"))
    path, size = Path(name), 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > at_most:
                    raise OverflowError(size)
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, size


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def adopt(path: Path, sha256: str) -> None:
    """Moves the temporary file at `path` to its place; when the blob is there already only its age is renewed. Durable on return."""
    target = blob_path(sha256)
    if target.exists():
        os.utime(target)
        path.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    os.chmod(path, 0o440)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(path, target)
    for folder in (target.parent, target.parent.parent, root()):
        _flush(folder)
    _copy_to_archive(target, sha256)


def _copy_to_archive(blob: Path, sha256: str) -> None:
    """Beside the archived log of the database (SONHA_WAL_ARCHIVE), so that rows after the last backup find their bytes too.

    An archive that is away must not keep citizens from filing: the next backup holds the file anyway.
    """
    if settings.SONHA_WAL_ARCHIVE is None:
        return
    target = Path(settings.SONHA_WAL_ARCHIVE) / "files" / sha256[:2] / sha256[2:4] / sha256
    partial = target.with_name(f".{sha256}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with blob.open("rb") as source, partial.open("wb") as copy:
            shutil.copyfileobj(source, copy, CHUNK)
            copy.flush()
            os.fsync(copy.fileno())
        os.replace(partial, target)
    except OSError as error:
        logger.error("the archive did not take file %s: %s", sha256, error)


def blobs() -> Iterator[Path]:
    """Every blob on disk."""
    for path in root().glob("??/??/*"):
        if path.is_file() and len(path.name) == 64:
            yield path


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
