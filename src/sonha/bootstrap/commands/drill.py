"""`./sonha drill [--short] [--dump <file>] [--keep]`: a disaster rehearsed on generated data; prints RPO and RTO.

In a folder of its own: a running installation with archived log, a backup, people who go on writing, then SIGKILL for everything and the
data folder deleted; restored, served again, and compared with what had been acknowledged. Without --short the province's profile and the
demonstration are loaded first. `--dump` starts from an SQL script (pg_dump) instead of an empty schema.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sonha.bootstrap import environment, loading, readiness, recovery, serving, system_packages
from sonha.bootstrap.cluster import DATABASE, ROLE, Cluster, main_cluster
from sonha.bootstrap.commands import restore
from sonha.bootstrap.places import Places
from sonha.bootstrap.processes import Group
from sonha.bootstrap.progress import note, step
from sonha.bootstrap.shell import run as run_program
from sonha.bootstrap.trouble import Trouble

MOST_LOST_SECONDS = 5.0
"""The promise (docs/operations/backup.md): at most so much acknowledged work is lost. A drill that loses more has failed."""


@dataclass(frozen=True)
class Stage:
    """The drill's own installation, and where its archive, backups and key are."""

    places: Places
    archive: Path
    backups: Path
    key: Path


@dataclass(frozen=True)
class Write:
    """One acknowledged transaction of the writer: its number and when its commit returned (seconds of the epoch)."""

    number: int
    at: float


def run(places: Places, arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./sonha drill")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args(list(arguments))
    readiness.prepare_tools(places, front_end=not options.short)
    system_packages.ensure(places, system_packages.BACKUP)
    with _stage(places, keep=options.keep) as stage:
        _rehearse(stage, short=options.short, dump=options.dump, seconds=options.seconds or (3.0 if options.short else 20.0))
    return 0


@contextmanager
def _stage(places: Places, *, keep: bool) -> Iterator[Stage]:
    """A folder that the database's account can enter; the variables of the real installation do not reach it."""
    home = Path(tempfile.mkdtemp(prefix="sonha-drill-"))
    home.chmod(0o755)
    stage = Stage(replace(places, data=home / "data", port=_free_port()), home / "archive", home / "backups", home / "key.txt")
    before = {name: os.environ.pop(name, None) for name in ("SONHA_DATABASE_URL", "SONHA_WAL_ARCHIVE", "SONHA_SECRET_FILE")}
    os.environ["SONHA_WAL_ARCHIVE"] = str(stage.archive)
    try:
        yield stage
    finally:
        del os.environ["SONHA_WAL_ARCHIVE"]
        os.environ.update({name: value for name, value in before.items() if value is not None})
        if keep:
            note(f"Giữ lại / kept: {home}")
        else:
            recovery.discard(stage.places, environment.child_environment(stage.places))
            shutil.rmtree(home, ignore_errors=True)


def _rehearse(stage: Stage, *, short: bool, dump: Path | None, seconds: float) -> None:
    places = stage.places
    environment.prepare_data_folder(places)
    env = environment.child_environment(places)
    cluster = main_cluster(places, env)
    with ExitStack() as running:
        with step("Dữ liệu diễn tập", "data of the drill"):
            running.enter_context(_held(cluster))
            _fill(places, env, cluster, short=short, dump=dump)
        group = serving.programs(places, env, "127.0.0.1")
        running.callback(group.stop)
        with step("Khởi động", "starting"):
            serving.start(group, "127.0.0.1", places.port)
        with step("Sao lưu", "backing up"):
            _manage(places, env, "backup_key", str(stage.key))
            backup = Path(_manage(places, env, "backup_make", str(stage.backups), "--kind", "base").strip().splitlines()[-1])
        with step(f"Ghi tiếp {seconds:.0f} giây rồi mất máy chủ", "writing on, then losing the machine"):
            acknowledged = _write_until_disaster(places, env, group, cluster, seconds)
    disaster = time.monotonic()
    restore.restore(places, restore.Order(backup, stage.key, None, False))
    with main_cluster(places, env).held():
        group = serving.programs(places, env, "127.0.0.1")
        try:
            with step("Phục vụ trở lại", "serving again"):
                serving.start(group, "127.0.0.1", places.port)
                serving.wait_until_ready(places.port)
            recovery_seconds = time.monotonic() - disaster
            found = [Write(**entry) for entry in json.loads(_manage(places, env, "drill_writes", "--found"))]
        finally:
            group.stop()
    _judge(acknowledged, found, recovery_seconds, sum(file.stat().st_size for file in backup.iterdir()))


@contextmanager
def _held(cluster: Cluster) -> Iterator[None]:
    """As `held`, but it may have been killed and deleted when it ends."""
    with cluster.held():
        yield
        cluster.folder.mkdir(parents=True, exist_ok=True)


def _fill(places: Places, env: Mapping[str, str], cluster: Cluster, *, short: bool, dump: Path | None) -> None:
    cluster.ensure_database(DATABASE, () if dump else ("postgis", "unaccent", "pg_trgm", "btree_gist", "pgcrypto"))
    environment.remember_url(places, cluster.url())
    doing = ("Nạp dữ liệu diễn tập", "Loading the drill's data")
    if dump:
        psql: list[str | Path] = [cluster.program("psql"), "-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1"]
        run_program([*psql, "-h", cluster.socket, "-U", ROLE, "-d", DATABASE, "-f", dump], doing=doing, env=env)
    elif short:
        _manage(places, env, "migrate", "--no-input", "-v0")
    if not short:
        loading.load(places, env)


def _write_until_disaster(places: Places, env: Mapping[str, str], group: Group, cluster: Cluster, seconds: float) -> list[Write]:
    """Acknowledged writes until SIGKILL: the web, the worker, the database; and nothing of the data folder stays."""
    command = [str(places.python), "-m", "django", "drill_writes"]
    writer = subprocess.Popen(command, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert writer.stdout
    acknowledged = [Write(**json.loads(writer.stdout.readline()))]
    ending = time.monotonic() + seconds
    while time.monotonic() < ending:
        acknowledged.append(Write(**json.loads(writer.stdout.readline())))
    postmaster = int((cluster.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    for program in group.programs:
        if program.process is not None:
            os.killpg(program.process.pid, signal.SIGKILL)  # its own children too
            program.process.wait()
    rest = writer.communicate(timeout=60)[0]
    acknowledged += [Write(**json.loads(line)) for line in rest.splitlines() if line.endswith("}")]
    shutil.rmtree(places.data)
    if cluster.folder.exists():
        shutil.rmtree(cluster.folder)
    return acknowledged


def _judge(acknowledged: Sequence[Write], found: Sequence[Write], recovery_seconds: float, size: int) -> None:
    """RPO: seconds between the last acknowledged write that survived and the last acknowledged write; 0 when they are the same."""
    have = {write.number for write in found}
    lost = [write for write in acknowledged if write.number not in have]
    survived = [write.at for write in acknowledged if write.number in have]
    lost_seconds = acknowledged[-1].at - max(survived, default=acknowledged[0].at - 1)
    print(f"Bản sao lưu / backup: {size / 1e6:.1f} MB")
    print(f"Lần ghi được xác nhận / acknowledged writes: {len(acknowledged)}, mất / lost: {len(lost)}")
    print(f"RPO {lost_seconds:.3f} s (cam kết / promised: {MOST_LOST_SECONDS:.0f} s)")
    print(f"RTO {recovery_seconds:.1f} s")
    sys.stdout.flush()
    if lost_seconds > MOST_LOST_SECONDS:
        raise Trouble("Diễn tập không đạt: mất dữ liệu quá mức cam kết.", "The drill failed: more was lost than promised.")
    note("✓ Diễn tập đạt / the drill passed.")


def _manage(places: Places, env: Mapping[str, str], *command: str) -> str:
    """Standard output of a management command; Trouble with its last words when it fails."""
    done = subprocess.run([str(places.python), "-m", "django", *command], env=dict(env), cwd=places.project, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"Bước {command[0]} không thành công.", f"The step {command[0]} failed.", detail=done.stdout + done.stderr)
    return done.stdout


def _free_port() -> int:
    """A port that is free together with the next one, which the payment sandbox takes."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
