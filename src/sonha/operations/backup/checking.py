"""Opening a backup: the right key, made by this installation, whole, and fit for the versions that are here. Touches nothing."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from sonha.bootstrap import postgres

from . import keys
from .manifest import NAME, Manifest, newer, read
from .refusal import BackupRefused
from .sealing import CHUNK, open_bytes

Say = Callable[[str, int], None]


def check(folder: Path, key: Path, *, say: Say = lambda part, size: None) -> Manifest:
    """The manifest of a backup that can be restored here. BackupRefused with one sentence otherwise."""
    if not (folder / NAME).is_file():
        raise BackupRefused(
            f"{folder} không phải là một bản sao lưu, hoặc việc sao lưu đã bị ngắt giữa chừng (thiếu {NAME}).",
            f"{folder} is not a backup, or its making was broken off ({NAME} is missing).",
        )
    authenticity = keys.authenticity_of(key)
    manifest = read(open_bytes(folder / NAME, key), authenticity)
    _fits_the_code(manifest)
    _fits_the_server(manifest)
    for part in manifest.parts:
        _whole(folder / part.name, part.size, part.sha256)
        say(part.name, part.size)
    return manifest


def _fits_the_code(manifest: Manifest) -> None:
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    if any(migration not in known for migration in manifest.migrations):
        raise newer(manifest.product)


def _fits_the_server(manifest: Manifest) -> None:
    """A base backup needs the very same major version of PostgreSQL; a dump the same or a newer one."""
    wanted = manifest.postgres // 10_000
    here = [server.version for server in postgres.find(Path(settings.PROJECT) / ".sonha/prefix")]
    if manifest.kind == "base" and wanted not in here:
        raise BackupRefused(
            f"Bản sao lưu này cần đúng PostgreSQL {wanted}: hãy cài postgresql-{wanted} và postgresql-{wanted}-postgis-3 rồi khôi phục.",
            f"This backup needs PostgreSQL {wanted} itself: install postgresql-{wanted} and postgresql-{wanted}-postgis-3, then restore.",
        )
    if here and max(here) < wanted:
        raise BackupRefused(
            f"Bản sao lưu cần PostgreSQL {wanted} trở lên; máy này có {max(here)}.",
            f"The backup needs PostgreSQL {wanted} or newer; this machine has {max(here)}.",
        )


def _whole(path: Path, size: int, sha256: str) -> None:
    name = path.name
    if not path.is_file():
        raise BackupRefused(f"Bản sao lưu thiếu phần {name}: hãy dùng bản khác.", f"The backup lacks its part {name}: use another one.")
    found = path.stat().st_size
    if found != size:
        raise BackupRefused(
            f"Phần {name} của bản sao lưu bị cắt ngắn hoặc kéo dài ({found} byte, phải là {size}): hãy dùng bản khác.",
            f"The part {name} of the backup was cut or lengthened ({found} bytes instead of {size}): use another one.",
        )
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    if digest.hexdigest() != sha256:
        raise BackupRefused(
            f"Phần {name} của bản sao lưu bị hỏng (SHA-256 không khớp): hãy dùng bản khác.",
            f"The part {name} of the backup is damaged (its SHA-256 differs): use another one.",
        )
