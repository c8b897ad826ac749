"""The private cluster: side by side, shared by several commands, unprivileged, reachable by its owner alone."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sonha.bootstrap import cluster, postgres
from sonha.bootstrap.trouble import Trouble

SERVERS = postgres.find(Path("/nowhere"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's own account can reach (pytest's are closed to others)."""
    with tempfile.TemporaryDirectory(prefix="sonha-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def make(folder: Path) -> cluster.Cluster:
    return cluster.Cluster(folder, SERVERS, dict(os.environ), throwaway=True)


def test_it_is_created_used_and_stopped(folder: Path) -> None:
    own = make(folder / "pg")
    with own.held():
        own.ensure_database("sonha")
        assert own.running()
        assert own.sql("sonha", "SELECT ST_SRID(ST_SetSRID(ST_MakePoint(107, 22), 4326))") == "4326"
        assert own.sql("sonha", "SHOW listen_addresses") == ""
        assert stat.S_IMODE(own.socket.stat().st_mode) == 0o700
        if os.geteuid() == 0:
            assert own.socket.stat().st_uid != 0, "the server does not run as root"
    assert not own.running()


def test_the_last_user_stops_it(folder: Path) -> None:
    first, second = make(folder / "pg"), make(folder / "pg")
    with first.held():
        with second.held():
            assert first.running()
        assert first.running(), "the first still holds it"
    assert not first.running()


def test_a_killed_command_leaves_no_lock_behind(folder: Path) -> None:
    script = (
        "import sys, os; from pathlib import Path; from sonha.bootstrap import cluster, postgres\n"
        "own = cluster.Cluster(Path(sys.argv[1]), postgres.find(Path('/nowhere')), dict(os.environ), throwaway=True)\n"
        "held = own.held(); held.__enter__(); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(folder / "pg")]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout and child.stdout.readline() == "held\n"
    child.kill()
    child.communicate()
    own = make(folder / "pg")
    assert own.running(), "the killed command could not stop it"
    with own.held():
        assert own.sql("postgres", "SELECT 1") == "1"
    assert not own.running()


def test_an_ordinary_account_runs_it_without_help(folder: Path) -> None:
    """As root the launcher is handed to `nobody`, from a copy that this account can read; otherwise we are ordinary ourselves."""
    shutil.copytree(Path(cluster.__file__).parent, folder / "src/sonha/bootstrap", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    home = folder / "home"
    home.mkdir()
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
    script = (
        "import os; from pathlib import Path; from sonha.bootstrap import cluster, postgres\n"
        "own = cluster.Cluster(Path.cwd() / 'pg', postgres.find(Path('/nowhere')), dict(os.environ), throwaway=True)\n"
        "with own.held(): print(os.geteuid() != 0, own.sql('postgres', 'SELECT 1'))\n"
        "own.remove(); print(list(Path.cwd().iterdir()))"
    )
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    python = shutil.which("python3", path="/usr/bin") or sys.executable
    done = subprocess.run([python, "-c", script], cwd=home, env=env, capture_output=True, text=True, **account)
    assert done.stdout == "True 1\n[]\n", done.stderr


def test_two_installations_side_by_side(folder: Path) -> None:
    one, two = make(folder / "one"), make(folder / "two")
    with one.held(), two.held():
        one.ensure_database("sonha", ())
        assert one.sql("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'sonha'") == "1"
        assert two.sql("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'sonha'") == "0"


def test_a_deep_folder_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("thư-mục-" + "rất-" * 25 + "sâu") / "pg"
    own = make(deep)
    assert not own.socket.is_relative_to(deep)
    with own.held():
        assert own.sql("postgres", "SELECT 1") == "1"
    own.remove()
    assert not own.socket.exists()
    assert not deep.exists()


def test_a_cluster_in_use_is_not_removed(folder: Path) -> None:
    own = make(folder / "pg")
    with own.held():
        with pytest.raises(Trouble, match="in use"):
            make(folder / "pg").remove()
        assert own.sql("postgres", "SELECT 1") == "1"


def test_an_interrupted_creation_starts_over(folder: Path) -> None:
    half = folder / "pg" / "data" / "base"
    half.mkdir(parents=True)
    with make(folder / "pg").held():
        assert not (half / "nothing").exists()


def test_a_socket_folder_of_somebody_else_is_refused(folder: Path) -> None:
    own = make(folder / "pg")
    own.folder.mkdir()
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    own.socket.symlink_to(elsewhere)
    with pytest.raises(Trouble, match="another account"), own.held():
        pass


def test_without_a_server_the_packages_are_named(folder: Path) -> None:
    bare = cluster.Cluster(folder / "pg", [], dict(os.environ))
    with pytest.raises(Trouble, match="postgresql-15-postgis-3"), bare.held():
        pass
