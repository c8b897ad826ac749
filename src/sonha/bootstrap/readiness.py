"""Bringing one installation to the state that a command needs: packages, Python, database, data."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sonha.bootstrap import assets, cluster, environment, locks, preflight, python_env, system_packages
from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import step
from sonha.bootstrap.shell import run
from sonha.bootstrap.stamps import Stamps, fingerprint


def prepare_tools(places: Places, *, development: bool = False, front_end: bool = False) -> dict[str, str]:
    """System packages, Python environment and, with `front_end`, assets and translations; returns the environment for child programs."""
    preflight.check_disk(places)
    preflight.check_project_writable(places)
    environment.prepare_data_folder(places)
    needs = system_packages.RUNNING + (system_packages.TESTING if development else ())
    if given_database():
        needs = tuple(need for need in needs if not need.package.startswith("postgresql"))
    with _alone(places):
        system_packages.ensure(places, needs)
        env = environment.child_environment(places)
        python_env.ensure(places, env, development=development)
        if front_end:
            assets.ensure(places, env)
            compile_translations(places, env)
    return env


def _alone(places: Places) -> AbstractContextManager[None]:
    """Two installations may share one project folder; its tools are prepared by one of them at a time."""
    return locks.exclusive(places.tools / "lock") if os.access(places.tools, os.W_OK) else nullcontext()


def given_database() -> str:
    """Address of the cluster that the administrator has named, empty when the private one is used."""
    return os.environ.get("SONHA_DATABASE_URL", "")


@contextmanager
def database(places: Places, env: Mapping[str, str]) -> Iterator[None]:
    """The database answers while inside: the given one, or the private cluster, created and started if need be."""
    if given_database():
        yield
        return
    private = cluster.main_cluster(places, env)
    stamps = Stamps(places.data / "stamps")
    if not private.exists():  # whatever was loaded before is gone
        shutil.rmtree(stamps.folder, ignore_errors=True)
    with private.held():
        if not stamps.fresh("database", str(private.folder)):
            with step("Cơ sở dữ liệu riêng", "private database"):
                private.ensure_database(cluster.DATABASE)
            stamps.set("database", str(private.folder))
        environment.remember_url(places, private.url())
        yield


def manage(places: Places, env: Mapping[str, str], arguments: Sequence[str], *, doing: tuple[str, str]) -> str:
    """Run a management command quietly; Trouble when it fails."""
    return run([places.python, "-m", "django", *arguments], doing=doing, env=env, cwd=places.project)


def manage_aloud(places: Places, env: Mapping[str, str], arguments: Sequence[str]) -> int:
    """Run a management command on the caller's terminal and return its exit code."""
    return subprocess.run([str(places.python), "-m", "django", *arguments], env=dict(env)).returncode


def compile_translations(places: Places, env: Mapping[str, str]) -> None:
    """Make .mo files of changed .po files."""
    catalogues = sorted(places.package.rglob("locale/*/LC_MESSAGES/*.po"))
    stamps = Stamps(places.tools / "stamps")
    mark = fingerprint(catalogues)
    if stamps.fresh("translations", mark) and all(path.with_suffix(".mo").exists() for path in catalogues):
        return
    with step("Bản dịch giao diện", "translations"):
        for path in catalogues:
            doing = (f"Biên dịch {path.name}", f"Compiling {path.name}")
            run(["msgfmt", "--check-format", "-o", path.with_suffix(".mo"), path], doing=doing, env=env)
    stamps.set("translations", mark)
