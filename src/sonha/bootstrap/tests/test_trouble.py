"""What goes wrong is said in one sentence per language, with what to do, and never with a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sonha.bootstrap import preflight, shell, system_packages
from sonha.bootstrap.places import Places
from sonha.bootstrap.trouble import Trouble

PROJECT = Path(__file__).resolve().parents[4]


def sonha(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, with nothing of the test's own settings."""
    env = {"PATH": os.environ["PATH"], "HOME": "/tmp", "SONHA_PYTHON": sys.executable, **environment}
    return subprocess.run([str(PROJECT / "sonha"), *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def assert_sentences(text: str, *words: str) -> None:
    assert "Traceback" not in text
    for word in words:
        assert word in text


def places_in(folder: Path, port: int = 8000) -> Places:
    return Places(project=folder, data=folder / "var", port=port, mode="demo")


def test_help_names_every_command() -> None:
    done = sonha("help")
    assert done.returncode == 0
    for name in ("up", "stop", "status", "manage", "test", "lint", "bench", "story", "reset"):
        assert f"./sonha {name}" in done.stdout


def test_an_unknown_command_is_refused() -> None:
    done = sonha("fly")
    assert done.returncode == 2
    assert_sentences(done.stderr, "fly", "./sonha up")


def test_without_a_new_enough_python_the_packages_are_named(tmp_path: Path) -> None:
    shell_only = tmp_path / "bin"
    shell_only.mkdir()
    for program in ("sh", "dirname", "id", "pwd"):
        found = next(Path(folder, program) for folder in ("/usr/bin", "/bin") if Path(folder, program).exists())
        (shell_only / program).symlink_to(found)
    copy = tmp_path / "sonha"
    copy.write_text((PROJECT / "sonha").read_text().replace("/usr/bin/python3", "/nowhere/python3"))
    done = subprocess.run(["/bin/sh", str(copy), "up"], env={"PATH": str(shell_only)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert_sentences(done.stderr, "Python 3.11", "python3-venv")


def test_a_taken_port_is_named_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = sonha("up", SONHA_PORT=str(port), SONHA_DATA=str(tmp_path / "data"))
    assert done.returncode == 1
    assert_sentences(done.stderr, f"Cổng {port}", f"Port {port}", "SONHA_PORT=")


def test_a_full_disk_is_seen_before_anything_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda folder: SimpleNamespace(free=10 * 1024**2))
    with pytest.raises(Trouble) as caught:
        preflight.check_disk(places_in(tmp_path))
    assert_sentences(str(caught.value), "Đĩa", "10 MB", "SONHA_DATA")
    assert not list(tmp_path.iterdir())


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = sonha("up", SONHA_DATA=str(blocked / "data"))
    assert done.returncode == 1
    assert_sentences(done.stderr, "SONHA_DATA", str(blocked))


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("npm error code ENOTFOUND", "mạng"),
        ("Temporary failure in name resolution", "mạng"),
        ("OSError: [Errno 28] No space left on device", "đĩa đã đầy"),
        ("ModuleNotFoundError: No module named 'land'", "lý do ở các dòng dưới đây"),
    ],
)
def test_the_reason_is_read_from_a_program_s_last_words(output: str, expected: str) -> None:
    trouble = shell.explain(("Tải gói", "Fetching packages"), output)
    assert expected in trouble.vietnamese
    assert trouble.vietnamese.startswith("Tải gói")
    assert trouble.english.startswith("Fetching packages")


def test_a_missing_program_is_named() -> None:
    with pytest.raises(Trouble, match="no-such-program"):
        shell.run(["no-such-program"], doing=("Biên dịch", "Compiling"))


def test_without_apt_the_exact_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: None)
    needs = (system_packages.Need("postgresql-99", "usr/lib/none"), system_packages.Need("nice-to-have", "usr/none", optional=True))
    with pytest.raises(Trouble) as caught:
        system_packages.ensure(places_in(tmp_path), needs)
    assert_sentences(str(caught.value), "apt-get install --no-install-recommends postgresql-99")
    assert "nice-to-have" not in str(caught.value)


def test_optional_packages_alone_start_no_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: pytest.fail("nothing is to be installed"))
    system_packages.ensure(places_in(tmp_path), (system_packages.Need("nice-to-have", "usr/none", optional=True),))


def test_reset_never_deletes_a_folder_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("five years of work")
    done = sonha("reset", "--yes", SONHA_DATA=str(tmp_path))
    assert done.returncode == 1
    assert_sentences(done.stderr, "SONHA_DATA")
    assert (tmp_path / "thesis.odt").exists()


def test_reset_asks_first(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("x")
    done = sonha("reset", SONHA_DATA=str(tmp_path))
    assert done.returncode == 1
    assert_sentences(done.stderr, "--yes")
    assert (tmp_path / "secret.key").exists()


def test_status_and_story_say_that_nothing_runs(tmp_path: Path) -> None:
    for command in ("status", "story"):
        done = sonha(command, SONHA_DATA=str(tmp_path / "none"))
        assert done.returncode == 1
        assert_sentences(done.stderr, "./sonha up")
    assert sonha("stop", SONHA_DATA=str(tmp_path / "none")).returncode == 0
