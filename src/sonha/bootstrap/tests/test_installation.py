"""Assets, private prefix, environment, and knowing whether the system runs."""

import json
import os
import stat
from pathlib import Path

import pytest

from sonha.bootstrap import assets, environment, loading, readiness, system_packages
from sonha.bootstrap.places import Places
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.trouble import Trouble

PROJECT = Path(__file__).resolve().parents[4]


def places_in(folder: Path, mode: str = "demo") -> Places:
    return Places(project=folder, data=folder / "var", port=8000, mode=mode)


def test_only_mapped_files_reach_the_static_folder(tmp_path: Path) -> None:
    modules, vendor = tmp_path / "node_modules", tmp_path / "vendor"
    for name in ("a/dist/a.min.js", "a/dist/a.js", "b/files/b-400.woff2", "b/files/b-700.woff2"):
        (modules / name).parent.mkdir(parents=True, exist_ok=True)
        (modules / name).write_text(name)
    vendor.mkdir()
    (vendor / "left-over.js").write_text("")
    assets.copy_mapped(modules, vendor, {"a": ["a/dist/a.min.js"], "b/files": ["b/files/*.woff2"]})
    found = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()}
    assert found == {"a/a.min.js", "b/files/b-400.woff2", "b/files/b-700.woff2"}


def test_a_mapped_file_that_is_missing_is_named_and_the_old_ones_stay(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    (vendor / "kept.js").write_text("")
    with pytest.raises(Trouble, match=r"a/none\.js"):
        assets.copy_mapped(tmp_path, vendor, {"a": ["a/none.js"]})
    assert (vendor / "kept.js").exists()


def test_what_pages_refer_to_is_mapped() -> None:
    mapping = json.loads((PROJECT / "assets.json").read_text())
    locked = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    for patterns in mapping.values():
        for pattern in patterns:
            package = "/".join(pattern.split("/")[: 2 if pattern.startswith("@") else 1])
            assert f"node_modules/{package}" in locked


def test_the_prefix_is_completed_as_the_packages_scripts_would(tmp_path: Path) -> None:
    extension = tmp_path / "usr/share/postgresql/15/extension"
    extension.mkdir(parents=True)
    (extension / "postgis-3.control").write_text("comment = 'PostGIS'")
    (tmp_path / "usr/share/fonts").mkdir()
    library = tmp_path / "usr/lib/blas"
    library.mkdir(parents=True)
    (library / "libblas.so.3.11").write_text("")
    (library / "libblas.so.3").symlink_to("/usr/lib/blas/libblas.so.3.11")
    system_packages.complete_prefix(tmp_path)
    assert (extension / "postgis.control").read_text() == "comment = 'PostGIS'"
    assert (library / "libblas.so.3").resolve() == library / "libblas.so.3.11"
    assert str(tmp_path / "usr/share/fonts") in (tmp_path / "etc/fonts/sonha.conf").read_text()


def test_a_need_is_met_by_the_prefix_too(tmp_path: Path) -> None:
    need = system_packages.Need("thing", "opt/sonha-thing/*/bin")
    assert system_packages.missing([need], tmp_path) == [need]
    (tmp_path / "opt/sonha-thing/15/bin").mkdir(parents=True)
    assert system_packages.missing([need], tmp_path) == []


def test_children_find_the_prefix_only_when_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    places = places_in(tmp_path)
    assert "LD_LIBRARY_PATH" not in environment.child_environment(places)
    (places.prefix / "usr/share/proj").mkdir(parents=True)
    env = environment.child_environment(places)
    assert env["LD_LIBRARY_PATH"].startswith(str(places.prefix))
    assert env["PROJ_DATA"] == str(places.prefix / "usr/share/proj")
    assert env["PATH"].split(":")[0] == str(places.venv / "bin")


def test_the_secret_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    environment.prepare_data_folder(places)
    secret = places.secret_file.read_text()
    environment.prepare_data_folder(places)
    assert places.secret_file.read_text() == secret
    assert len(secret) >= 64
    assert stat.S_IMODE(places.secret_file.stat().st_mode) == 0o600


def test_one_system_a_data_folder(tmp_path: Path) -> None:
    first, second = RunLock(tmp_path), RunLock(tmp_path)
    assert first.acquire()
    first.write(os.getpid(), "http://localhost:8123")
    assert not second.acquire()
    assert second.address() == "http://localhost:8123"
    assert second.holder()["pid"] == os.getpid()
    first.release()
    assert second.acquire()
    second.release()


class Recorder:
    """Stands where the management commands are started, and notes which were."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[str] = []
        monkeypatch.setattr(readiness, "manage", self.manage)
        monkeypatch.delenv("SONHA_DATABASE_URL", raising=False)

    def manage(self, places: Places, env: object, arguments: tuple[str, ...], *, doing: object) -> str:
        self.commands.append(arguments[0])
        return "tài khoản"

    def again(self, places: Places) -> list[str]:
        self.commands = []
        loading.load(places, {})
        return self.commands


def project(folder: Path) -> None:
    for name in ("requirements/base.txt", "src/sonha/land/migrations/0001_initial.py", "src/sonha/provinces/lang_son/units.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1")


def test_a_second_start_loads_nothing_and_a_change_only_what_depends_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    recorder, places = Recorder(monkeypatch), places_in(tmp_path)
    places.data.mkdir()
    assert recorder.again(places) == ["migrate", "load_profile", "setup_pki", "load_demo", "demo_accounts", "collectstatic"]
    assert recorder.again(places) == []
    (tmp_path / "src/sonha/provinces/lang_son/units.yaml").write_text("2")
    assert recorder.again(places) == ["load_profile", "demo_accounts"]
    (tmp_path / "src/sonha/land/migrations/0002_more.py").write_text("")
    assert recorder.again(places) == ["migrate", "load_profile", "demo_accounts"]


def test_the_cadastre_is_loaded_once_beside_the_running_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    recorder, places = Recorder(monkeypatch), places_in(tmp_path)
    places.data.mkdir()
    for expected in (["demo_cadastre"], ["demo_cadastre"]):
        loading.load_later(places, {}).join(timeout=20)
        assert recorder.commands == expected, "the second time it is there"
    production = places_in(tmp_path, "production")
    recorder.commands = []
    loading.load_later(production, {}).join(timeout=20)
    assert recorder.commands == []


def test_production_gets_no_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    places = places_in(tmp_path, "production")
    places.data.mkdir()
    assert Recorder(monkeypatch).again(places) == ["migrate", "load_profile", "collectstatic"]


def test_a_given_cluster_is_prepared_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    recorder, places = Recorder(monkeypatch), places_in(tmp_path)
    places.data.mkdir()
    monkeypatch.setenv("SONHA_DATABASE_URL", "postgresql://sonha@db.tinh.example/sonha")
    assert recorder.again(places)[:2] == ["prepare_database", "migrate"]
