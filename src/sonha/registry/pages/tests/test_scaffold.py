"""The scaffold writes what works: it is linted, it is a model, its register is declared, and another one can join it."""

import subprocess
import sys
from pathlib import Path

import pytest

from sonha.registry.pages.scaffold import Wanted, write

PROJECT = Path(__file__).resolve().parents[5]
DECLARED = """
import sys
sys.path[:0] = [{folder!r}, {src!r}]
from django.conf import settings
settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "springs"]
import django; django.setup()
from sonha.registry.declarations import register
from sonha.registry.records.versions import KEPT
found = register("nguon-nuoc")
assert [each.name for each in found.fields()] == ["code", "name", "owner_name", "built_on", "geometry"], found.fields()
assert register("monitoring_springs").geometry() == "geometry"
assert found.model._meta.label in KEPT and found.searchable()
from django.core.management import call_command
call_command("check", "springs")
"""


def test_a_new_register_is_declared_and_linted(tmp_path: Path) -> None:
    folder = tmp_path / "springs"
    write(folder, "springs", Wanted("springs", "Spring", "Nguồn nước"))
    write(folder, "springs", Wanted("springs", "MonitoringSpring", "Nguồn nước quan trắc", "polygon"))
    lint = [sys.executable, "-m", "ruff", "check", "--fix", "--config", str(PROJECT / "pyproject.toml"), str(folder)]
    linted = subprocess.run(lint, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout
    code = DECLARED.format(folder=str(tmp_path), src=str(PROJECT / "src"))
    tried = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT)
    assert tried.returncode == 0, tried.stderr


def test_names_that_cannot_be_are_refused_and_nothing_is_written_twice(tmp_path: Path) -> None:
    for sector, model in (("Water", "Well"), ("water", "well"), ("water", "Well; import os"), ("../x", "Well")):
        with pytest.raises(ValueError, match="name"):
            Wanted(sector, model, "Giếng")
    write(tmp_path / "springs", "springs", Wanted("springs", "Spring", "Nguồn nước"))
    with pytest.raises(FileExistsError):
        write(tmp_path / "springs", "springs", Wanted("springs", "Spring", "Nguồn nước"))
