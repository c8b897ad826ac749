"""Removing what nobody needs: abandoned uploads, files no row or draft refers to, blobs without a file, left-over temporary files."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from . import rules, storage
from .models import StoredFile, Upload
from .services import lock_key

GRACE = timedelta(days=7)
"""How long a file that nobody refers to yet is kept: a citizen may come back to a draft's page days later."""
BLOB_GRACE = timedelta(days=1)
BATCH = 500
PAUSE = 7_305_512
"""Advisory lock held by a backup, which reads rows first and blobs afterwards: meanwhile no blob goes."""


@dataclass
class Purged:
    uploads: int = 0
    files: int = 0
    blobs: int = 0
    bytes: int = 0


def purge(*, grace: timedelta = GRACE, blob_grace: timedelta = BLOB_GRACE, dry_run: bool = False) -> Purged:
    """Removes what is older than `grace` and unused. Only purposes that registered their usage lose files; everything else stays."""
    done = Purged()
    done.uploads = _abandoned_uploads(dry_run)
    for batch in _unused_files(grace):
        done.files += len(batch)
        if not dry_run:
            StoredFile.objects.filter(pk__in=batch).delete()
    for path in _orphan_blobs(blob_grace):
        size = path.stat().st_size
        if dry_run or _remove_blob(path):
            done.blobs, done.bytes = done.blobs + 1, done.bytes + size
    return done


def _abandoned_uploads(dry_run: bool) -> int:
    over = Upload.objects.filter(expires_at__lt=timezone.now())
    count = over.count()
    if not dry_run:
        for upload in over:
            (storage.aside("uploads") / str(upload.pk)).unlink(missing_ok=True)
            upload.delete()
        for path in storage.aside("incoming").iterdir():
            if _older(path, BLOB_GRACE):
                path.unlink(missing_ok=True)
    return count


def _unused_files(grace: timedelta) -> Iterator[list[UUID]]:
    relations = [relation for relation in _relations() if relation.related_model is not Upload]
    for purpose in rules.purgeable_purposes():
        old = StoredFile.objects.filter(purpose=purpose, created_at__lt=timezone.now() - grace)
        last: UUID | None = None
        while True:
            ids = set((old.filter(pk__gt=last) if last else old).order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not ids:
                break
            last = max(ids)
            used: set[UUID] = set()
            for relation in relations:
                field = relation.field.name
                used |= set(relation.related_model._base_manager.filter(**{f"{field}__in": ids}).values_list(field, flat=True))
            used |= rules.still_used(purpose, ids - used)
            if unused := sorted(ids - used):
                yield unused


def _relations() -> list[Any]:
    """Every foreign key to a stored file, also those without a way back (`related_name="+"`)."""
    fields = StoredFile._meta.get_fields(include_hidden=True)
    return [field for field in fields if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)]


def _orphan_blobs(grace: timedelta) -> Iterator[Path]:
    batch: list[Path] = []
    for path in storage.blobs():
        if _older(path, grace):
            batch.append(path)
        if len(batch) >= BATCH:
            yield from _without_row(batch)
            batch = []
    yield from _without_row(batch)


def _without_row(paths: list[Path]) -> list[Path]:
    known = set(StoredFile.objects.filter(sha256__in=[path.name for path in paths]).values_list("sha256", flat=True))
    return [path for path in paths if path.name not in known]


@transaction.atomic
def _remove_blob(path: Path) -> bool:
    """Removes a blob unless somebody is storing the same bytes at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s) AND pg_try_advisory_xact_lock(%s)", [PAUSE, lock_key(path.name)])
        if not cursor.fetchone()[0] or StoredFile.objects.filter(sha256=path.name).exists():
            return False
    path.unlink(missing_ok=True)
    return True


def _older(path: Path, age: timedelta) -> bool:
    try:
        return time.time() - path.stat().st_mtime > age.total_seconds()
    except FileNotFoundError:
        return False
