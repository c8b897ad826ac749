"""Putting a checked backup into a staging folder beside the data folder, and exchanging the two when everything in it is proven."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sonha.bootstrap import environment, wal_archive
from sonha.bootstrap.cluster import DATABASE, ROLE, Cluster, main_cluster
from sonha.bootstrap.places import Places
from sonha.bootstrap.shell import explain
from sonha.bootstrap.trouble import Trouble

VIETNAM = timezone(timedelta(hours=7))
LONGEST_REPLAY = 24 * 3600
FITTED = r"""
1,100s/set_config\('search_path', '', false\)/set_config('search_path', 'public', false)/
/^COPY public\.spatial_ref_sys \(srid, auth_name, auth_srid, srtext, proj4text\) FROM stdin;$/,/^\\\.$/{
  s/^COPY public\.spatial_ref_sys /CREATE TEMP TABLE systems (LIKE public.spatial_ref_sys);\nCOPY systems /
  s/^\\\.$/\\.\nINSERT INTO public.spatial_ref_sys SELECT * FROM systems ON CONFLICT DO NOTHING;/
}
"""
"""What sed changes in the script of a dump.

Dumps are read with an empty search path, in which PostgreSQL does not find the comparison of geometries that our history triggers make
(IS DISTINCT FROM cannot name its operator's schema); so the path is `public`. Coordinate systems that a newer PostGIS knows already are
its own."""
LAST = re.compile(r"last completed transaction was at log time (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)")


def moment(text: str) -> datetime:
    """A moment as a person writes it, in Vietnam's time unless it says otherwise."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(
            f'“{text}” không phải là một thời điểm; ví dụ: --to "2026-11-21 10:00".',
            f'“{text}” is not a moment; for example: --to "2026-11-21 10:00".',
            code=2,
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def staging(places: Places) -> Places:
    return replace(places, data=places.data.with_name(f"{places.data.name}.restoring"))


def discard(staged: Places, env: Mapping[str, str]) -> None:
    """Remove a staging folder, with the cluster in it."""
    main_cluster(staged, env).remove()
    shutil.rmtree(staged.data, ignore_errors=True)


def unpack(archive: Path, key: Path, target: Path, *, compressed: bool = False, account: Mapping[str, Any] | None = None) -> None:
    """Decrypt a part and unpack it into `target`, constant memory."""
    tar = ["tar", "-x", "--no-same-owner", *(["-z"] if compressed else []), "-C", str(target)]
    _pipe([["age", "-d", "-i", str(key), str(archive)], tar], account or {})


def load_dump(archive: Path, key: Path, cluster: Cluster, url: str = "") -> None:
    """Decrypt a dump into an empty database: that of a cluster that is held, or the one at `url`.

    Comments are left out: only extensions have any, and the role of a given database need not own these.
    """
    psql = [str(cluster.program("psql")), "-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1"]
    psql += ["-d", url] if url else ["-h", str(cluster.socket), "-U", ROLE, "-d", DATABASE]
    script = [str(cluster.program("pg_restore")), "-f", "-", "--no-owner", "--no-privileges", "--no-comments"]
    _pipe([["age", "-d", "-i", str(key), str(archive)], script, ["sed", "-E", FITTED], psql], {} if url else cluster.owner.account())


def lay_base(archive: Path, key: Path, cluster: Cluster) -> None:
    """Unpack a base backup as the cluster's data, to be recovered by `recovering`."""
    cluster.folder.mkdir(parents=True, exist_ok=True)
    cluster.data.mkdir(mode=0o700)
    if cluster.owner.uid is not None:
        for path in (cluster.folder, cluster.data):
            os.chown(path, cluster.owner.uid, cluster.owner.gid or -1)
    unpack(archive, key, cluster.data, compressed=True, account=cluster.owner.account())


def replay(cluster: Cluster, archive: Path | None, to: datetime | None) -> datetime | None:
    """Start the laid base backup once, replay its log (and the archive's, up to `to`), promote it, stop it.

    Returns the moment of the last transaction that was replayed, None when there was none after the backup.
    """
    control = cluster.pg("pg_controldata", cluster.data).stdout
    system = re.search(r"system identifier:\s+(\d+)", control)
    assert system is not None
    ordinary = cluster.settings
    command = wal_archive.restore_command(archive, system[1]).replace("'", "''")
    cluster.settings = ordinary | {"restore_command": f"'{command}'", "recovery_target_timeline": "'latest'"}
    if to is not None:
        cluster.settings |= {"recovery_target_time": f"'{to.isoformat(sep=' ')}'", "recovery_target_action": "'promote'"}
    signal = cluster.data / "recovery.signal"
    signal.touch()
    if cluster.owner.uid is not None:
        os.chown(signal, cluster.owner.uid, cluster.owner.gid or -1)
    cluster.patience = LONGEST_REPLAY
    try:
        with cluster.held():
            while cluster.sql("postgres", "SELECT pg_is_in_recovery()") == "t":
                time.sleep(0.1)
    except Trouble as trouble:
        raise _beyond(to, cluster) or trouble from None
    finally:
        cluster.settings = ordinary
    return last_replayed(cluster)


def last_replayed(cluster: Cluster) -> datetime | None:
    found = LAST.findall((cluster.folder / "log").read_text(errors="replace"))
    return datetime.fromisoformat(found[-1]).replace(tzinfo=UTC) if found else None


def exchange(staged: Places, places: Places, env: Mapping[str, str]) -> Path | None:
    """The staged installation takes the place of the present one, which is put aside; returns where, None when there was none."""
    new, old = main_cluster(staged, env), main_cluster(places, env)
    aside = places.data.with_name(f"{places.data.name}.before-{datetime.now():%Y%m%d-%H%M%S}") if any_data(places) else None
    if aside is None:
        shutil.rmtree(places.data, ignore_errors=True)
    else:
        places.data.rename(aside)
    staged.data.rename(places.data)
    if not new.folder.is_relative_to(staged.data):  # the server's account cannot reach the data folder: its cluster is elsewhere
        if old.folder.exists():
            old.folder.rename(old.folder.with_name(f"{old.folder.name}.before-{datetime.now():%Y%m%d-%H%M%S}"))
        if new.folder.exists():
            new.folder.rename(old.folder)
    if not os.environ.get("SONHA_DATABASE_URL"):
        environment.remember_url(places, old.url())
        stamps = places.data / "stamps"
        stamps.mkdir(exist_ok=True)
        (stamps / "database").write_text(str(old.folder))
    return aside


def any_data(places: Places) -> bool:
    """Whether the data folder holds an installation."""
    return any((places.data / name).exists() for name in ("database.url", "pg", "files"))


def _pipe(commands: Sequence[Sequence[str]], account: Mapping[str, Any]) -> None:
    """Run programs one into the next, the last as `account`; Trouble with their words when one fails."""
    with tempfile.TemporaryFile("w+", errors="replace") as words, ExitStack() as opened:
        processes: list[subprocess.Popen[bytes]] = []
        for number, command in enumerate(commands):
            last = number == len(commands) - 1
            process = subprocess.Popen(
                list(command), cwd="/", stdin=processes[-1].stdout if processes else subprocess.DEVNULL,
                stdout=words if last else subprocess.PIPE, stderr=words, **(account if last else {}),
            )  # fmt: skip
            opened.callback(process.wait)
            if processes and processes[-1].stdout:
                processes[-1].stdout.close()
            processes.append(process)
        codes = [process.wait() for process in processes]  # of all of them, before any is judged
        if any(codes):
            words.seek(0)
            raise explain(("Khôi phục từ bản sao lưu", "Restoring from the backup"), words.read(), fetches=False)


def _beyond(to: datetime | None, cluster: Cluster) -> Trouble | None:
    log = cluster.folder / "log"
    if to is None or not log.exists() or "recovery ended before configured recovery target" not in log.read_text(errors="replace"):
        return None
    last = last_replayed(cluster)
    until = f"{last.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}" if last else "—"
    return Trouble(
        f"Nhật ký lưu trữ chỉ có đến {until}, chưa tới thời điểm yêu cầu: hãy chọn thời điểm sớm hơn, hoặc bỏ --to để lấy đến cuối.",
        f"The archived log ends at {until}, before the moment asked for: choose an earlier one, or leave --to out to get all of it.",
    )
