"""Uploading in pieces, after the tus protocol (tus.io, core 1.0 with creation, checksum, expiration and termination).

The pieces are appended to `<data>/files/uploads/<id>`; how far it got is the size of that file, so nothing has to agree with it. A piece is
flushed to disk before it is acknowledged. When the last byte is there the whole is checked and stored like any other file.
"""

import base64
import binascii
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor

from . import storage
from .errors import FileRefused, StorageFull
from .models import StoredFile, Upload
from .names import clean_name
from .rules import upload_rule
from .services import megabytes, store_path

LIFE = timedelta(days=2)
MOST_OPEN = 30  # unfinished uploads of one account
LARGEST_PIECE = 8 * 1024 * 1024


class UploadProblem(Exception):
    """A request that does not fit the upload's state; `status` is the answer tus prescribes."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status = status


def begin(actor: Actor, *, purpose: str, name: str, length: int) -> Upload:
    """Announces a file of `length` bytes.

    FileRefused with a sentence when such a file cannot be taken at all; UploadProblem 403 without the right.
    """
    rule = upload_rule(actor, purpose)
    if rule is None or actor.user is None:
        raise UploadProblem(403, _("Ông/bà không được gửi loại tệp này."))
    if length <= 0:
        raise FileRefused(_("Tệp trống, không có nội dung; xin chọn lại tệp."))
    if length > rule.max_bytes:
        raise FileRefused(_("Tệp lớn hơn %(most)s; xin giảm dung lượng rồi gửi lại.") % {"most": megabytes(rule.max_bytes)})
    if Upload.objects.filter(created_by=actor.user, file=None, refusal="", expires_at__gt=timezone.now()).count() >= MOST_OPEN:
        raise FileRefused(_("Đang có quá nhiều tệp gửi dở; xin đợi các tệp trước gửi xong."))
    upload = Upload.objects.create(
        purpose=purpose, name=clean_name(name), length=length, accept=rule.accept, max_bytes=rule.max_bytes, created_by=actor.user,
        expires_at=timezone.now() + LIFE,
    )  # fmt: skip
    part_path(upload).touch(mode=0o600)
    return upload


def find(actor: Actor, upload_id: UUID) -> Upload:
    """The actor's own upload. UploadProblem 404 for others', 410 when it has expired."""
    upload = Upload.objects.select_related("file").filter(pk=upload_id, created_by_id=actor.user_id).first() if actor.user_id else None
    if upload is None:
        raise UploadProblem(404)
    if upload.expires_at < timezone.now() and upload.file is None:
        raise UploadProblem(410, _("Lần gửi này đã quá hạn; xin gửi lại từ đầu."))
    return upload


def offset(upload: Upload) -> int:
    """Bytes safely received."""
    if upload.file_id:
        return upload.length
    path = part_path(upload)
    return path.stat().st_size if path.exists() else 0


def append(upload: Upload, *, at: int, source: BinaryIO, length: int, checksum: str = "") -> int:
    """Adds `length` bytes from `source` at offset `at` and returns the new offset.

    With a checksum a piece is taken wholly or not at all; without one, what arrived before the line broke is kept. UploadProblem: 409 wrong
    offset, 413 too long, 423 another request is writing, 460 damaged, 507 no room on the disk.
    """
    if length > LARGEST_PIECE or at + length > upload.length:
        raise UploadProblem(413)
    with _alone(upload) as file:
        have = os.fstat(file.fileno()).st_size
        if at != have or upload.file_id or upload.refusal:
            raise UploadProblem(409)
        piece = _read(source, length)
        if checksum and (len(piece) < length or not _matches(piece, checksum)):
            raise UploadProblem(460)
        try:
            with storage.room():
                _write(file.fileno(), piece, have)
                os.fsync(file.fileno())
        except StorageFull as full:
            os.ftruncate(file.fileno(), have)
            raise UploadProblem(507, str(full)) from full
        have += len(piece)
        if have == upload.length:
            _finish(upload)
    return have


def cancel(upload: Upload) -> None:
    """Forgets an unfinished upload; a finished one only loses its note, the file stays."""
    part_path(upload).unlink(missing_ok=True)
    upload.delete()


def part_path(upload: Upload) -> Path:
    return storage.aside("uploads") / str(upload.pk)


def _finish(upload: Upload) -> None:
    whole = part_path(upload)
    ready = storage.aside("incoming") / f"{upload.pk}.whole"
    ready.unlink(missing_ok=True)  # left by a worker that died here
    os.link(whole, ready)  # the part stays until the row is committed: a crash in between loses nothing
    try:
        with transaction.atomic():
            upload.file = store_path(ready, name=upload.name, actor_user=upload.created_by, accept=upload.accept,
                                     max_bytes=upload.max_bytes, purpose=upload.purpose)  # fmt: skip
            upload.save(update_fields=["file"])
    except StorageFull as full:  # the part stays: the same request finishes it when there is room again
        upload.file = None
        raise UploadProblem(507, str(full)) from full
    except FileRefused as refused:
        upload.file, upload.refusal = None, str(refused)[:300]
        upload.save(update_fields=["refusal"])
    whole.unlink(missing_ok=True)


@contextmanager
def _alone(upload: Upload) -> Iterator[BinaryIO]:
    try:
        file = part_path(upload).open("r+b")
    except FileNotFoundError:
        raise UploadProblem(409 if upload.file_id or upload.refusal else 410) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadProblem(423) from None
        upload.refresh_from_db(fields=["file", "refusal"])
        yield file


def _read(source: BinaryIO, length: int) -> bytes:
    pieces, left = [], length
    try:
        while left and (piece := source.read(min(left, 64 * 1024))):
            pieces.append(piece)
            left -= len(piece)
    except OSError:
        pass  # the line broke: keep what came
    return b"".join(pieces)


def _write(descriptor: int, piece: bytes, at: int) -> None:
    written = 0
    while written < len(piece):
        written += os.pwrite(descriptor, piece[written:], at + written)


def _matches(piece: bytes, checksum: str) -> bool:
    algorithm, _space, encoded = checksum.partition(" ")
    try:
        wanted = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    return algorithm == "sha256" and hashlib.sha256(piece).digest() == wanted


def state_of(upload: Upload) -> dict[str, object]:
    """What the page needs to know: offset, and when finished the file or the reason why it was refused."""
    file: StoredFile | None = upload.file
    known: dict[str, object] = {"id": str(upload.pk), "offset": offset(upload), "length": upload.length}
    if file:
        known["file"] = {"id": str(file.pk), "name": file.original_name, "size": file.size, "media_type": file.media_type}
    if upload.refusal:
        known["error"] = upload.refusal
    return known
