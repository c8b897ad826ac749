"""A base backup and the archived log: restored to a moment, to the end, and not beyond it."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from sonha.bootstrap import recovery, wal_archive
from sonha.bootstrap.cluster import ROLE, Cluster, main_cluster
from sonha.bootstrap.places import Places
from sonha.bootstrap.trouble import Trouble
from sonha.operations.backup import sealing

PROJECT = Path(__file__).resolve().parents[5]


class Lost(NamedTuple):
    """A cluster that is gone: its base backup, its archive, and moments (UTC) just after its first and second line was written."""

    home: Path
    base: Path
    key: Path
    moments: list[datetime]


@pytest.fixture(scope="module")
def lost() -> Iterator[Lost]:
    with tempfile.TemporaryDirectory(prefix="sonha-test-") as name, pytest.MonkeyPatch.context() as environment:
        home = Path(name)
        home.chmod(0o755)
        environment.delenv("SONHA_DATABASE_URL", raising=False)
        environment.setenv("SONHA_WAL_ARCHIVE", str(home / "archive"))
        places = Places(project=PROJECT, data=home / "data", port=8000, mode="demo")
        places.logs.mkdir(parents=True)
        cluster = main_cluster(places, dict(os.environ))
        with cluster.held():
            cluster.sql("postgres", "CREATE TABLE line (number int)")
            receiver = wal_archive.receiver(places, dict(os.environ))
            assert receiver is not None
            receiver.start()
            base, key = _back_up(home, cluster)
            moments = []
            for number in (1, 2, 3):
                cluster.sql("postgres", f"INSERT INTO line VALUES ({number})")
                moments.append(datetime.now(UTC))
                time.sleep(0.05)
            _archived(cluster)
            assert receiver.process is not None
            receiver.process.kill()
            receiver.process.wait()
        cluster.remove()
        yield Lost(home, base, key, moments)


def _back_up(home: Path, cluster: Cluster) -> tuple[Path, Path]:
    key = home / "key.txt"
    subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    recipient = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True, text=True).stdout.strip()
    command: list[str | Path] = [cluster.program("pg_basebackup"), "-h", cluster.socket, "-U", ROLE]
    command += ["-D", "-", "-Ft", "-X", "fetch", "-c", "fast", "--no-manifest", "-Z", "gzip:1"]
    sealing.seal_stream(command, home / "base.tar.gz.age", recipient)
    return home / "base.tar.gz.age", key


def _archived(cluster: Cluster) -> None:
    """Until the archive has flushed everything that was written."""
    written = cluster.sql("postgres", "SELECT pg_current_wal_flush_lsn()")
    deadline = time.monotonic() + 60
    while cluster.sql("postgres", f"SELECT count(*) FROM pg_stat_replication WHERE flush_lsn >= '{written}'") != "1":
        assert time.monotonic() < deadline, "the archive does not follow"
        time.sleep(0.1)


def restored(lost: Lost, to: datetime | None) -> tuple[list[str], datetime | None]:
    """The lines of the restored table, and the moment of the last transaction that was replayed."""
    with tempfile.TemporaryDirectory(dir=lost.home) as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = main_cluster(Places(project=PROJECT, data=folder / "data", port=8000, mode="demo"), dict(os.environ))
        recovery.lay_base(lost.base, lost.key, cluster)
        try:
            last = recovery.replay(cluster, lost.home / "archive", to)
            with cluster.held():
                return cluster.sql("postgres", "SELECT number FROM line ORDER BY 1").split(), last
        finally:
            cluster.remove()


def test_without_a_moment_nothing_that_reached_the_archive_is_lost(lost: Lost) -> None:
    lines, last = restored(lost, None)
    assert lines == ["1", "2", "3"]
    assert last is not None
    assert lost.moments[1] < last <= lost.moments[2]


def test_at_a_moment_only_what_was_committed_before_it_is_there(lost: Lost) -> None:
    assert restored(lost, lost.moments[1])[0] == ["1", "2"]


def test_beyond_the_end_of_the_archive_it_says_where_that_is(lost: Lost) -> None:
    end = lost.moments[2].astimezone(recovery.VIETNAM)
    with pytest.raises(Trouble, match="archived log ends") as told:
        restored(lost, lost.moments[2] + timedelta(days=1))
    assert f"{end:%d/%m/%Y}" in told.value.english


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-21 10:00", "2026-11-21T03:00:00+00:00"),
        ("2026-11-21", "2026-11-20T17:00:00+00:00"),
        ("2026-11-21T10:00:00+00:00", "2026-11-21T10:00:00+00:00"),
    ],
)
def test_a_moment_is_vietnams_unless_it_says_otherwise(written: str, meant: str) -> None:
    assert recovery.moment(written) == datetime.fromisoformat(meant)


def test_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(Trouble, match="is not a moment"):
        recovery.moment("hôm qua")


@pytest.mark.parametrize("awkward", ["/mnt/sao lưu'", '/mnt/"x"', "/mnt/%f", "/mnt/$HOME"])
def test_an_archive_whose_name_would_change_the_command_is_refused(awkward: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONHA_WAL_ARCHIVE", awkward)
    with pytest.raises(Trouble, match="must not contain"):
        wal_archive.folder()


def test_of_the_archived_files_only_whole_ones_are_taken(tmp_path: Path) -> None:
    shelf = tmp_path / "archive/files/ab/cd"
    shelf.mkdir(parents=True)
    (shelf / f"abcd{'0' * 60}").write_bytes(b"whole")
    (shelf / f".abcd{'1' * 60}.77").write_bytes(b"a crash left th")
    assert wal_archive.copy_files(tmp_path / "archive", tmp_path / "files") == 1
    assert [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()] == [b"whole"]
