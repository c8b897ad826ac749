"""A backup of the test's own database, made once and copied for every test that spoils it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sonha.foundation.files.services import store_bytes
from sonha.operations.backup import keys
from sonha.operations.backup.counting import counts
from sonha.operations.backup.making import make


class Saved(NamedTuple):
    """`folder` of the backup, the file of its `key`, the `data` folder it was made of, and the rows counted just before."""

    folder: Path
    key: Path
    data: Path
    counted: dict[str, int]


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder with a secret in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "secret.key").write_text("s" * 80)
    settings.SONHA_DATA = folder
    return folder


_made: list[Saved] = []


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("backups")
    _made.clear()


@pytest.fixture
def saved(transactional_db: None, shelf: Path, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Saved:
    monkeypatch.setenv("SONHA_SECRET_FILE", str(data / "secret.key"))
    if not _made:
        keys.create(shelf / "key.txt")
        store_bytes(b"to khai", name="to-khai.txt", media_type="text/plain", purpose="test")
        counted = counts()
        made = make(shelf / "made", kind="dump")
        shutil.copytree(data, shelf / "data")
        _made.append(Saved(made, shelf / "key.txt", shelf / "data", counted))
    shutil.copytree(_made[0].folder, tmp_path / "backup")
    return _made[0]._replace(folder=tmp_path / "backup")
