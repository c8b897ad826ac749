"""The archive of the database's log: with it a backup can be carried forward to any moment, and a lost machine loses about a second.

SONHA_WAL_ARCHIVE names a folder, on another disk or machine. `pg_receivewal` streams the private cluster's log into `wal/`, flushed as it
comes; the product copies each stored file into `files/` before its row is committed. A replication slot keeps what was not fetched yet.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from sonha.bootstrap import locks
from sonha.bootstrap.cluster import ROLE, Cluster, main_cluster
from sonha.bootstrap.places import Places
from sonha.bootstrap.processes import Program
from sonha.bootstrap.trouble import Trouble

SLOT = "sonha_archive"
MOST_KEPT = "20GB"  # of log for an archive that does not fetch; more would fill the disk of the database
AWKWARD = set("'\"%$`\\\n")


def folder() -> Path | None:
    """The archive's folder, None where there is none."""
    given = os.environ.get("SONHA_WAL_ARCHIVE", "")
    if AWKWARD & set(given):
        raise Trouble(
            "SONHA_WAL_ARCHIVE không được chứa dấu nháy, %, $ hay \\.", "SONHA_WAL_ARCHIVE must not contain quotes, %, $ or \\.", code=2
        )
    return Path(given).absolute() if given else None


def settle(cluster: Cluster) -> None:
    """Make the slot where an archive is wanted; drop it where none is, or its log would be kept for ever (the cluster is held)."""
    have = cluster.sql("postgres", f"SELECT 1 FROM pg_replication_slots WHERE slot_name = '{SLOT}'")
    if folder() and not have:
        cluster.sql("postgres", f"SELECT pg_create_physical_replication_slot('{SLOT}', true)")
    if have and not folder():
        cluster.sql(
            "postgres", f"SELECT pg_drop_replication_slot('{SLOT}') FROM pg_replication_slots WHERE slot_name = '{SLOT}' AND NOT active"
        )


def receiver(places: Places, env: Mapping[str, str]) -> Program | None:
    """The program that fetches the log; None where no archive is wanted. The cluster is held."""
    archive = folder()
    if os.environ.get("SONHA_DATABASE_URL"):
        return None
    cluster = main_cluster(places, env)
    settle(cluster)
    if archive is None:
        return None
    system, timeline = cluster.sql(
        "postgres", "SELECT system_identifier, timeline_id FROM pg_control_system(), pg_control_checkpoint()"
    ).split("|")
    target = archive / "wal" / f"{system}-{int(timeline):08X}"
    _prepare(archive, target, cluster)
    command = [str(cluster.program("pg_receivewal")), "-D", str(target), "-S", SLOT, "--synchronous"]
    command += ["-w", "-h", str(cluster.socket), "-U", ROLE]
    return Program("wal-archive", command, env, places.logs / "wal-archive.log", cluster.owner.account())


def restore_command(archive: Path | None, system: str) -> str:
    """A shell command for PostgreSQL: the wanted segment from any timeline's folder, the unfinished one last."""
    if archive is None:
        return "false"
    each = f'"{archive}/wal/{system}"-*/%f'
    return f'for f in {each} {each}.partial; do [ -f "$f" ] && exec cp "$f" "%p"; done; exit 1'


def copy_files(archive: Path, files: Path) -> int:
    """Blobs that were stored after the backup, from the archive's copy; returns how many."""
    copied = 0
    for blob in (archive / "files").glob("??/??/[!.]*"):  # without what a crash left half-written
        target = files / blob.relative_to(archive / "files")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(blob, target)
            copied += 1
    return copied


def _prepare(archive: Path, target: Path, cluster: Cluster) -> None:
    """The log's folder belongs to the server's account, which must be able to walk down to it; the files' folder is ours."""
    try:
        (archive / "files").mkdir(parents=True, exist_ok=True)
        target.mkdir(parents=True, exist_ok=True)
        if cluster.owner.uid is not None:
            for path in (target.parent, target):
                os.chown(path, cluster.owner.uid, cluster.owner.gid or -1)
        target.chmod(0o700)
    except OSError as error:
        raise locks.unwritable(Path(error.filename or target)) from None
    closed = [parent for parent in target.parent.parents if not parent.stat().st_mode & 0o001]
    if cluster.owner.uid is not None and closed:
        raise Trouble(
            f"Tài khoản chạy cơ sở dữ liệu không vào được {closed[-1]}: hãy chạy chmod o+x hoặc đặt SONHA_WAL_ARCHIVE ở nơi khác.",
            f"The database's account cannot enter {closed[-1]}: run chmod o+x or put SONHA_WAL_ARCHIVE elsewhere.",
        )
