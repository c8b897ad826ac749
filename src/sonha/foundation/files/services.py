"""Storing and reading files. The rules of each purpose are registered in `rules`; serving is in `serving`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import clamd, storage
from .errors import FileDamaged, FileRefused
from .inspection import inspect
from .kinds import Kind, accepted, recognise
from .models import StoredFile
from .names import clean_name
from .rules import may_read, register_access, register_upload, register_usage
from .serving import respond

__all__ = ["FileDamaged", "FileRefused", "may_read", "read_bytes", "register_access", "register_upload",
           "register_usage", "respond", "store", "store_bytes", "store_path"]  # fmt: skip

MEGABYTE = 1024 * 1024


class Sent(Protocol):
    """What Django makes of an uploaded file."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def store(upload: Sent, *, actor_user: Any, accept: str | Iterable[str], max_bytes: int, purpose: str) -> StoredFile:
    """Checks and keeps what a person sent, in pieces, never wholly in memory.

    `accept`: words such as "pdf,jpg,docx" (kinds.accepted). FileRefused with one sentence for the sender.
    """
    kinds = accepted(accept)
    try:
        with storage.room():
            path, size = storage.receive(upload.chunks(), at_most=max_bytes)
    except OverflowError:
        raise FileRefused(_("Tệp lớn hơn %(most)s; xin giảm dung lượng rồi gửi lại.") % {"most": megabytes(max_bytes)}) from None
    return _store(path, size, upload.name or "", kinds, actor_user=actor_user, purpose=purpose)


def store_path(path: Path, *, name: str, actor_user: Any, accept: str | Iterable[str], max_bytes: int, purpose: str) -> StoredFile:
    """As `store`, for bytes already on disk in the data folder; the file at `path` is taken over or removed."""
    size = path.stat().st_size
    if size > max_bytes:
        path.unlink()
        raise FileRefused(_("Tệp lớn hơn %(most)s; xin giảm dung lượng rồi gửi lại.") % {"most": megabytes(max_bytes)})
    return _store(path, size, name, accepted(accept), actor_user=actor_user, purpose=purpose)


def store_bytes(data: bytes, *, name: str, media_type: str, purpose: str, actor_user: Any = None) -> StoredFile:
    """Keeps what the platform itself made (receipts, decisions, exports); it is not inspected. ValueError when empty."""
    if not data:
        raise ValueError("an empty file is not stored")
    path, size = storage.receive([data], at_most=len(data))
    return _keep(
        path, size, name=clean_name(name), media_type=media_type, actor_user=actor_user, purpose=purpose, scan=StoredFile.ScanState.CLEAN
    )


def keep_path(path: Path, *, name: str, media_type: str, purpose: str, actor_user: Any = None) -> StoredFile:
    """As `store_bytes`, for what is too large for memory; the file at `path` is copied and stays."""
    with path.open("rb") as made:
        copy, size = storage.receive(iter(lambda: made.read(MEGABYTE), b""), at_most=path.stat().st_size)
    return _keep(
        copy, size, name=clean_name(name), media_type=media_type, actor_user=actor_user, purpose=purpose, scan=StoredFile.ScanState.CLEAN
    )


def read_bytes(file: StoredFile) -> bytes:
    """The bytes of a file, proven by their digest. FileDamaged when they are missing or changed."""
    try:
        if storage.digest(file.path) == file.sha256:
            return file.path.read_bytes()
    except FileNotFoundError:
        pass
    raise FileDamaged(f"the bytes of file {file.pk} are missing or were changed on disk")


def megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.0f} MB" if size >= MEGABYTE else f"{max(1, size // 1024)} KB"


def _store(path: Path, size: int, name: str, kinds: list[Kind], *, actor_user: Any, purpose: str) -> StoredFile:
    try:
        if not size:
            raise FileRefused(_("Tệp trống, không có nội dung; xin chọn lại tệp."))
        state = clamd.scan(path)
        if state == StoredFile.ScanState.INFECTED:
            raise FileRefused(_("Tệp có mã độc nên không nhận; xin quét lại máy rồi gửi tệp khác."))
        kind = recognise(path)
        if kind not in kinds:
            raise FileRefused(
                _("Tệp này là %(given)s; ở đây chỉ nhận %(wanted)s.")
                % {"given": kind.title, "wanted": ", ".join(each.title for each in kinds)}
            )
        how = ""
        with storage.room():
            cleaned = inspect(path, kind)
            if cleaned:
                path.unlink()
                path, how, size = cleaned.path, cleaned.how, cleaned.path.stat().st_size
            return _keep(path, size, name=clean_name(name, kind.ending), media_type=kind.media_type, actor_user=actor_user,
                         purpose=purpose, scan=state, cleaning=how)  # fmt: skip
    finally:
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".clean").unlink(missing_ok=True)


@transaction.atomic
def _keep(path: Path, size: int, *, name: str, media_type: str, actor_user: Any, purpose: str, scan: str, cleaning: str = "") -> StoredFile:
    sha256 = storage.digest(path)
    hold(sha256)
    storage.adopt(path, sha256)
    return StoredFile.objects.create(
        sha256=sha256, size=size, media_type=media_type, original_name=name, uploaded_by=actor_user, scan_state=scan, purpose=purpose,
        cleaning=cleaning,
    )  # fmt: skip


def hold(sha256: str) -> None:
    """Until the end of the transaction, keeps a purge from removing this blob between the look at the disk and the row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [lock_key(sha256)])


def lock_key(sha256: str) -> int:
    return int.from_bytes(bytes.fromhex(sha256[:16]), "big", signed=True)
