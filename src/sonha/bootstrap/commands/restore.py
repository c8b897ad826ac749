"""`./sonha restore <backup> --key <file> [--to "2026-11-21 10:00"] [--force]`: a whole installation from a backup.

Everything is checked and rebuilt in a folder beside the data folder first; the data folder is exchanged at the very end.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from sonha.bootstrap import environment, readiness, recovery, system_packages, wal_archive
from sonha.bootstrap.cluster import DATABASE, main_cluster
from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import note, step
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.trouble import Trouble


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    backup: Path
    key: Path
    to: datetime | None
    force: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        usage = './sonha restore <bản sao lưu> --key <tệp khoá> [--to "2026-11-21 10:00"] [--force]'
        raise Trouble(f"Cách dùng: {usage}", f"Usage: {usage}", code=2, detail=message)


def run(places: Places, arguments: Sequence[str]) -> int:
    order = _order(arguments)
    lock = RunLock(places.data)
    if places.data.exists() and not lock.acquire():
        raise Trouble(
            "Hệ thống đang chạy: hãy dừng (./sonha stop) rồi khôi phục.", "The system is running: stop it (./sonha stop), then restore."
        )
    try:
        if recovery.any_data(places) and not order.force:
            raise Trouble(
                f"{places.data} đã có dữ liệu: hãy đặt SONHA_DATA tới thư mục trống, hoặc thêm --force (dữ liệu cũ được cất bên cạnh).",
                f"{places.data} holds data already: set SONHA_DATA to an empty folder, or add --force (the old data is put aside).",
            )
        restore(places, order)
    finally:
        lock.release()
    return 0


def restore(places: Places, order: Order) -> None:
    """Check, rebuild beside, compare, verify, exchange; Trouble leaves the data folder as it was."""
    staged = recovery.staging(places)
    places.data.parent.mkdir(parents=True, exist_ok=True)
    env = readiness.prepare_tools(staged)
    system_packages.ensure(places, system_packages.BACKUP)
    try:
        recovery.discard(staged, env)
        environment.prepare_data_folder(staged)
        with step("Kiểm tra bản sao lưu", "checking the backup"):
            manifest = _manifest(staged, env, order)
        last = _rebuild(staged, env, order, manifest)
        compared = _prove(staged, env, manifest)
        aside = recovery.exchange(staged, places, env)
    except BaseException:
        recovery.discard(staged, env)
        raise
    _tell(places, manifest, last, compared, aside)


def _order(arguments: Sequence[str]) -> Order:
    parser = _Parser(add_help=False)
    parser.add_argument("backup", type=Path)
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--to", default="")
    parser.add_argument("--force", action="store_true")
    given = parser.parse_args(list(arguments))
    to = recovery.moment(given.to) if given.to else None
    return Order(given.backup.absolute(), given.key.absolute(), to, given.force)


def _manifest(staged: Places, env: Mapping[str, str], order: Order) -> dict[str, Any]:
    manifest = dict(json.loads(_ask(staged, env, ["backup_check", str(order.backup), "--key", str(order.key)])))
    if order.to is None:
        return manifest
    if manifest["kind"] != "base":
        raise Trouble(
            "Bản sao lưu này chỉ giữ đúng một thời điểm nên không nhận --to: thời điểm khác cần bản sao lưu làm khi có SONHA_WAL_ARCHIVE.",
            "This backup holds one moment only and takes no --to: other moments need a backup made while SONHA_WAL_ARCHIVE was set.",
        )
    if order.to < datetime.fromisoformat(manifest["at"]):
        raise Trouble(
            f"Bản sao lưu làm xong lúc {_shown(manifest['at'])}, sau thời điểm yêu cầu: hãy dùng bản sao lưu cũ hơn.",
            f"The backup was finished at {_shown(manifest['at'])}, after the moment asked for: use an older one.",
        )
    if wal_archive.folder() is None:
        raise Trouble(
            "Khôi phục tới một thời điểm cần nhật ký lưu trữ: hãy đặt SONHA_WAL_ARCHIVE.",
            "Restoring to a moment needs the archived log: set SONHA_WAL_ARCHIVE.",
        )
    return manifest


def _rebuild(staged: Places, env: Mapping[str, str], order: Order, manifest: Mapping[str, Any]) -> datetime | None:
    """Keys, files and database into the staging folder; returns the moment of the last replayed transaction of a base backup."""
    archive = wal_archive.folder()
    with step("Khoá và tệp", "keys and files"):
        recovery.unpack(order.backup / "keys.tar.age", order.key, staged.data)
        recovery.unpack(order.backup / "files.tar.age", order.key, staged.data)
        if archive is not None and manifest["kind"] == "base":
            wal_archive.copy_files(archive, staged.data / "files")
    cluster = main_cluster(staged, env)
    with step("Cơ sở dữ liệu", "database"):
        if manifest["kind"] == "base":
            if readiness.given_database():
                raise Trouble(
                    "Bản sao lưu vật lý chỉ khôi phục vào cơ sở dữ liệu riêng: hãy bỏ SONHA_DATABASE_URL, hoặc dùng bản --dump.",
                    "A physical backup is restored into the private cluster only: unset SONHA_DATABASE_URL, or use a --dump.",
                )
            recovery.lay_base(order.backup / "base.tar.gz.age", order.key, cluster)
            return recovery.replay(cluster, archive, order.to)
        if url := readiness.given_database():
            _refuse_filled(staged, env)
            _ask(staged, env, ["prepare_database"])
            recovery.load_dump(order.backup / "database.dump.age", order.key, cluster, url)
            return None
        with cluster.held():
            cluster.sql("postgres", f'CREATE DATABASE "{DATABASE}"')
            recovery.load_dump(order.backup / "database.dump.age", order.key, cluster)
    return None


def _refuse_filled(staged: Places, env: Mapping[str, str]) -> None:
    script = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"
    found = subprocess.run(
        ["psql", "-X", "-A", "-t", "-d", readiness.given_database(), "-c", script], env=dict(env), capture_output=True, text=True
    )
    if found.stdout.strip() != "0":
        raise Trouble(
            "Cơ sở dữ liệu SONHA_DATABASE_URL không trống hoặc không trả lời: hãy tạo một cơ sở dữ liệu trống rồi khôi phục.",
            "The database of SONHA_DATABASE_URL is not empty or does not answer: create an empty one, then restore.",
            detail=found.stderr,
        )


def _prove(staged: Places, env: Mapping[str, str], manifest: Mapping[str, Any]) -> str:
    """Counts first, on the tables as they were saved; then today's schema; then the audit log, link by link."""
    with readiness.database(staged, env), step("Đối chiếu số dòng, tệp và nhật ký", "comparing rows, files and the audit log"):
        return _ask(staged, env, ["backup_prove"], given=json.dumps(manifest))


def _ask(staged: Places, env: Mapping[str, str], command: Sequence[str], given: str = "") -> str:
    """Run a management command on the staged data; its own sentence is the Trouble when it refuses."""
    done = subprocess.run(
        [str(staged.python), "-m", "django", *command], env=dict(env), cwd=staged.project, input=given, capture_output=True, text=True
    )
    if done.returncode == 0:
        return done.stdout
    refusal = [line.removeprefix("CommandError: ") for line in done.stderr.splitlines() if line.startswith("CommandError: ")]
    if refusal:
        vietnamese, _, english = refusal[-1].partition(" / ")
        raise Trouble(vietnamese, english or vietnamese)
    raise Trouble(
        f"Bước {command[0]} của việc khôi phục không thành công; dữ liệu cũ còn nguyên.",
        f"The step {command[0]} of the restore failed; the old data is untouched.",
        detail=done.stdout + done.stderr,
    )


def _tell(places: Places, manifest: Mapping[str, Any], last: datetime | None, compared: str, aside: Path | None) -> None:
    moment = last.astimezone(recovery.VIETNAM).isoformat() if last else str(manifest["at"])
    moment = max(moment, str(manifest["at"])) if manifest["kind"] == "base" else moment
    for line in compared.strip().splitlines():
        note(f"  {line}")
    if aside is not None:
        note(f"Dữ liệu cũ / the old data: {aside}")
    print(f"Đã khôi phục {places.data} về thời điểm {_shown(moment)} (phiên bản {manifest['product']}).")
    print(f"Restored {places.data} as of {_shown(moment)} (version {manifest['product']}).")
    note("Hãy kiểm tra bằng ./sonha up, rồi sao lưu lại ngay / check by ./sonha up, then make a new backup at once.")
    sys.stdout.flush()


def _shown(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(recovery.VIETNAM):%d/%m/%Y %H:%M:%S}"
