"""After a restore: is everything there that the backup held?"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from sonha.foundation.files import storage

from .counting import counts
from .manifest import Manifest


@dataclass(frozen=True)
class Comparison:
    """`tables` and `rows` found, `blobs` present; `problems` as sentences (Vietnamese / English), empty when all agrees.

    `later` is the number of rows by which a base backup was carried forward from the archived log.
    """

    tables: int
    rows: int
    blobs: int
    later: int
    problems: tuple[str, ...]


def compare(manifest: Manifest) -> Comparison:
    """A dump must agree row by row count; a base backup goes on from its moment, so its audit log must contain the backup's."""
    found = counts()
    blobs, missing = _blobs()
    problems = [*_counted(manifest, found), *_anchored(manifest)]
    if missing:
        problems.append(f"Thiếu {missing} tệp trên đĩa / {missing} files are missing on disk")
    rows = sum(found.values())
    later = rows - sum(manifest.counts.values())
    return Comparison(tables=len(found), rows=rows, blobs=blobs, later=later, problems=tuple(problems))


def _counted(manifest: Manifest, found: dict[str, int]) -> Iterator[str]:
    for table, wanted in manifest.counts.items():
        has = found.get(table)
        if has is None:
            yield f"Thiếu bảng {table} / the table {table} is missing"
        elif manifest.kind == "dump" and has != wanted:
            yield f"Bảng {table} có {has} dòng, phải là {wanted} / the table {table} has {has} rows instead of {wanted}"


def _anchored(manifest: Manifest) -> Iterator[str]:
    if manifest.last_event is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM audit_event WHERE id = %s AND hash = %s", list(manifest.last_event))
        if cursor.fetchone() is None:
            yield "Nhật ký không có sự kiện cuối cùng của bản sao lưu / the audit log lacks the backup's last event"


def _blobs() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT sha256 FROM files_storedfile")
        digests = [digest for (digest,) in cursor.fetchall()]
    missing = sum(not storage.blob_path(digest).exists() for digest in digests)
    return len(digests) - missing, missing
