"""Making a backup while the system runs: the database at one moment, then every file that it refers to, then the keys.

Blobs are on disk before their rows are committed and never change, so files read after the database hold all that its rows name; the
purge of unused files waits meanwhile.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from sonha.bootstrap import postgres
from sonha.foundation.audit import services as audit
from sonha.foundation.files.purging import PAUSE
from sonha.foundation.files.storage import FULL

from . import keys, state
from .counting import counts, last_event
from .manifest import NAME, Manifest
from .refusal import BackupRefused, disk_full
from .sealing import Part, seal_bytes, seal_stream

README = """A backup of Sơn Hà, encrypted by age (age-encryption.org). To look into it or to restore it:
    ./sonha restore <this folder> --key <key file>
"""
KEYS = ("pki", "audit", "backup", "payment-sandbox.key", "docx_templates", "fonts", "stamps", "demo-accounts.txt")
"""What a backup holds of the data folder besides files and database, where it is there."""

TAR_ENDS = (0, 1)
"""How tar may end; 1: something changed while it was read. Files here are written aside and renamed, so that is a folder that got a new
file, or the age of a blob stored again: nothing that the rows of this backup need."""

Say = Callable[[str, int], None]
"""Told the name of the part and the bytes written so far."""


def make(target: Path, *, kind: str, say: Say = lambda part, size: None) -> Path:
    """Writes a new backup folder into `target` and returns it; nothing is left behind when it fails.

    `kind`: "dump" or "base" (manifest.Manifest). BackupRefused with one sentence.
    """
    server = keys.server_side()
    began = time.monotonic()
    partial = _begin(target)
    try:
        with _purge_waits():
            manifest, part = (_base if kind == "base" else _dump)(partial, server.recipient, say)
            parts = [part, _files(partial, server.recipient, say), _keys(partial, server.recipient, say)]
        manifest = manifest.with_parts(parts)
        parts.append(seal_bytes(manifest.seal(server.authenticity), partial / NAME, server.recipient))
        (partial / "README.txt").write_text(README)
        done = _finish(partial, target, manifest.at)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        if error.errno in FULL:
            raise disk_full(target) from None
        raise
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    size, seconds = sum(part.size for part in parts), time.monotonic() - began
    state.remember(manifest.at, size=size, seconds=seconds, kind=kind, where=done)
    audit.record("backup.made", subject=("backup", done.name), actor=None, payload={"bytes": size, "seconds": round(seconds), "kind": kind})
    return done


def _begin(target: Path) -> Path:
    data = Path(settings.SONHA_DATA)
    target = target.absolute()
    if target == data or data in target.parents:
        raise BackupRefused(
            f"{target} nằm trong thư mục dữ liệu {data}: hãy sao lưu ra đĩa hoặc máy khác.",
            f"{target} lies within the data folder {data}: back up to another disk or machine.",
        )
    try:
        partial = target / f".partial-{os.getpid()}"
        target.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise BackupRefused(
            f"Không ghi được vào {target} ({error.strerror}): hãy chọn thư mục khác.",
            f"{target} cannot be written ({error.strerror}): choose another folder.",
        ) from None
    return partial


def _finish(partial: Path, target: Path, at: str) -> Path:
    name = "sonha-" + timezone.localtime(datetime.fromisoformat(at)).strftime("%Y%m%d-%H%M%S")
    done = target / name
    number = 1
    while done.exists():
        number += 1
        done = target / f"{name}-{number}"
    partial.rename(done)
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return done


@contextmanager
def _purge_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [PAUSE])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [PAUSE])


def _dump(folder: Path, recipient: str, say: Say) -> tuple[Manifest, Part]:
    """pg_dump and the counts see one and the same snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot(), clock_timestamp()")
        snapshot, at = cursor.fetchone()
        command: list[str | Path] = [_program("pg_dump"), "-Fc", "-Z1", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        part = seal_stream(command, folder / "database.dump.age", recipient, env=_libpq(), progress=lambda size: say("database", size))
        say("database", part.size)
        return _manifest("dump", at), part


def _base(folder: Path, recipient: str, say: Say) -> tuple[Manifest, Part]:
    """pg_basebackup with the log written meanwhile; a slot that ends with this session keeps that log until it is fetched."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_create_physical_replication_slot(%s, true, true)", [f"sonha_backup_{os.getpid()}"])
        try:
            command: list[str | Path] = [
                _program("pg_basebackup"),
                "-D",
                "-",
                "-Ft",
                "-X",
                "fetch",
                "-c",
                "fast",
                "--no-manifest",
                "-Z",
                "gzip:1",
            ]
            part = seal_stream(command, folder / "base.tar.gz.age", recipient, env=_libpq(), progress=lambda size: say("database", size))
        finally:
            cursor.execute("SELECT pg_drop_replication_slot(%s)", [f"sonha_backup_{os.getpid()}"])
        say("database", part.size)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT clock_timestamp()")
        return _manifest("base", cursor.fetchone()[0]), part


def _manifest(kind: str, at: datetime) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        (postgres_version,) = cursor.fetchone()
    return Manifest(
        kind=kind, at=timezone.localtime(at).isoformat(timespec="milliseconds"), product=state.product_version(), postgres=postgres_version,
        profile=settings.SONHA_PROFILE, mode=settings.MODE, migrations=tuple(sorted(MigrationRecorder(connection).applied_migrations())),
        counts=counts(), last_event=last_event(),
    )  # fmt: skip


def _files(folder: Path, recipient: str, say: Say) -> Part:
    data = Path(settings.SONHA_DATA)
    (data / "files").mkdir(exist_ok=True)
    command: list[str | Path] = ["tar", "-c", "-C", data, "--exclude=files/incoming", "--exclude=files/uploads", "files"]
    part = seal_stream(command, folder / "files.tar.age", recipient, progress=lambda size: say("files", size), accepted=TAR_ENDS)
    say("files", part.size)
    return part


def _keys(folder: Path, recipient: str, say: Say) -> Part:
    """The secret key is kept under its ordinary name wherever SONHA_SECRET_FILE has put it."""
    data = Path(settings.SONHA_DATA)
    secret = Path(os.environ.get("SONHA_SECRET_FILE", data / "secret.key")).absolute()
    command: list[str | Path] = ["tar", "-c", f"--transform=s,^{re.escape(secret.name)}$,secret.key,", "--exclude=stamps/static"]
    command += ["-C", data, *(name for name in KEYS if (data / name).exists())]
    if secret.exists():
        command += ["-C", secret.parent, secret.name]
    part = seal_stream(command, folder / "keys.tar.age", recipient, accepted=TAR_ENDS)
    say("keys", part.size)
    return part


def dumped(*options: str) -> str:
    """The whole database as one SQL script: for small ones."""
    command = [str(_program("pg_dump")), "--no-owner", "--no-privileges", *options]
    return subprocess.run(command, env=_libpq(), capture_output=True, text=True, check=True).stdout


def _program(name: str) -> Path:
    """The newest installed: older servers are read by newer programs, not the other way round."""
    servers = postgres.find(Path(settings.PROJECT) / ".sonha/prefix")
    found = servers[0].bin / name if servers else shutil.which(name)
    if found is None:
        raise BackupRefused(f"Thiếu chương trình {name}: hãy cài gói postgresql-client.", f"{name} is missing: install postgresql-client.")
    return Path(found)


def _libpq() -> dict[str, str]:
    known: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return os.environ | {variable: str(known[key]) for variable, key in names.items() if known[key]}
