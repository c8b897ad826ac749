"""Tests of the checks: each finds what it is there for."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sonha.bootstrap import environment
from sonha.bootstrap.lint import addresses, translations
from sonha.bootstrap.places import Places

PROJECT = Path(__file__).resolve().parents[4]


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return name


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("--index-url https://mirror.example/simple", "package index"),
        ("see https://pypi.org/project/x", "package index"),
        ('"resolved": "https://mirror.example/x.tgz"', "resolved address"),
        ("open('/" + "work/shared/x.csv')", "machine path"),
        ("/home/hoa/sonha/var", "machine path"),
    ],
)
def test_addresses_and_machine_paths_are_found(tmp_path: Path, text: str, what: str) -> None:
    found = addresses.find(tmp_path, [write(tmp_path, "docs/a.md", f"first\n{text}\n")])
    assert len(found) == 1
    assert found[0].startswith(f"docs/a.md:2: {what}")


def test_ordinary_text_is_left_alone(tmp_path: Path) -> None:
    text = "https://example.org/work/a\n/usr/lib\nframework/root/x\n/can-bo/work\n/var/lib/sonha\n"
    assert addresses.find(tmp_path, [write(tmp_path, "a.md", text)]) == []


def test_a_lock_entry_without_a_hash_is_found(tmp_path: Path) -> None:
    lock = {"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}, "node_modules/b": {"version": "1"}}}
    found = addresses.find(tmp_path, [write(tmp_path, "package-lock.json", json.dumps(lock))])
    assert found == ["package-lock.json: no integrity: node_modules/b"]


def test_the_project_s_own_locks_are_hashed() -> None:
    for lock in (PROJECT / "requirements").glob("*.txt"):
        blocks = lock.read_text().split("\n\n")[-1].replace(" \\\n", " ")
        pinned = [line for line in blocks.splitlines() if "==" in line and not line.lstrip().startswith("#")]
        assert pinned, lock
        assert all("--hash=sha256:" in line for line in pinned), lock


def test_an_upward_import_breaks_the_contract(tmp_path: Path) -> None:
    """A copy of the packages in which the lowest layer reaches for the highest."""
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("static", "templates", "locale", "__pycache__", "*.yaml", "*.csv")
    shutil.copytree(PROJECT / "src/sonha", tmp_path / "src/sonha", ignore=ignored)
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path / "src"), "HOME": str(tmp_path)}

    def contracts() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)

    before = contracts()
    assert before.returncode == 0, before.stdout
    (tmp_path / "src/sonha/foundation/calendar/upward.py").write_text("from sonha.channels import portal\n")
    after = contracts()
    assert after.returncode == 1
    assert "sonha.foundation.calendar.upward" in after.stdout.replace("\n", "")


def translate(tmp_path: Path, catalogue: str) -> str:
    """The findings for a package of one template and the given English catalogue."""
    package = tmp_path / "src/sonha"
    write(package, "desk/templates/desk/a.html", '{% load i18n %}{% translate "Tiếp nhận hồ sơ" %}')
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    write(package, "locale/en/LC_MESSAGES/django.po", header + catalogue)
    places = Places(project=tmp_path, data=tmp_path / "var", port=8000, mode="demo")
    places.venv.symlink_to(sys.prefix)
    return translations.check(places, environment.child_environment(Places(PROJECT, tmp_path / "var", 8000, "demo")))


def test_a_complete_catalogue_passes(tmp_path: Path) -> None:
    assert translate(tmp_path, 'msgid "Tiếp nhận hồ sơ"\nmsgstr "Accept the dossier"\n') == ""


@pytest.mark.parametrize(
    "catalogue",
    ["", 'msgid "Tiếp nhận hồ sơ"\nmsgstr ""\n', '#, fuzzy\nmsgid "Tiếp nhận hồ sơ"\nmsgstr "Accept"\n'],
    ids=["missing", "empty", "fuzzy"],
)
def test_an_incomplete_catalogue_is_found(tmp_path: Path, catalogue: str) -> None:
    assert "Tiếp nhận hồ sơ" in translate(tmp_path, catalogue)


@pytest.mark.parametrize(
    "source",
    ["from django.utils.translation import gettext as N_\nx = N_('Sổ')\n",
     "from django.utils.translation import gettext as _\nx = f\"{_('Sổ')}.xlsx\"\n"],
    ids=["another name", "f-string"],
)  # fmt: skip
def test_a_text_that_the_extraction_passes_over_is_found(tmp_path: Path, source: str) -> None:
    write(tmp_path / "src/sonha", "desk/words.py", source)
    assert "desk/words.py:" in translate(tmp_path, 'msgid "Tiếp nhận hồ sơ"\nmsgstr "Accept the dossier"\n')


def test_a_message_that_no_source_has_is_found(tmp_path: Path) -> None:
    kept = 'msgid "Tiếp nhận hồ sơ"\nmsgstr "Accept the dossier"\n\nmsgid "Sổ cũ"\nmsgstr "Old register"\n'
    assert "Sổ cũ" in translate(tmp_path, kept)
