"""An installation of the measurement's own: `<data>/bench`, a physical copy of the installed database in a cluster of its own.

Nothing that is measured or filled touches the installation's data; its server can be restarted to measure cold; removing the folder
removes everything.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sonha.bootstrap import cluster, environment, places

SETTINGS = "max_wal_size = '4GB'\ncheckpoint_timeout = '15min'\n"
"""Beside the product's own settings: without them the bulk load would do little but write checkpoints."""
TAKEN = ("secret.key", "payment-sandbox.key", "pki")
TOGETHER = ("static",)


class Installation:
    """The folder, cluster and environment of the measured installation."""

    def __init__(self) -> None:
        self.source = places.from_environment()
        self.places = replace(self.source, data=self.source.data / "bench", port=self.source.port + 7)
        self.env = environment.child_environment(self.places)
        self.env.pop("SONHA_DATABASE_URL", None)
        self.cluster = cluster.main_cluster(self.places, self.env)

    @property
    def exists(self) -> bool:
        return self.cluster.exists() and self.places.url_file.exists()

    def create(self) -> None:
        """Copy the installed database and the keys; the installation's cluster must be running. Files are shared by nobody."""
        self.remove()
        environment.prepare_data_folder(self.places)
        for name in TAKEN:
            origin, copy = self.source.data / name, self.places.data / name
            if origin.is_dir():
                shutil.copytree(origin, copy, dirs_exist_ok=True)
            elif origin.exists():
                shutil.copy2(origin, copy)
        for name in TOGETHER:
            (self.places.data / name).symlink_to(self.source.data / name)
        self.cluster.copy_from(cluster.main_cluster(self.source, self.env))
        own = self.cluster.data / "local.conf"
        own.write_text(SETTINGS)
        if self.cluster.owner.uid is not None:
            os.chown(own, self.cluster.owner.uid, self.cluster.owner.gid or -1)
        environment.remember_url(self.places, self.cluster.url())

    def remove(self) -> None:
        self.cluster.remove()
        shutil.rmtree(self.places.data, ignore_errors=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """The server runs while inside."""
        with self.cluster.held():
            yield

    def run(self, arguments: Sequence[str], more: Mapping[str, str] | None = None) -> int:
        """A management command inside the measured installation, on the caller's terminal."""
        command = [str(self.places.python), "-m", "django", *arguments]
        return subprocess.run(command, env=self.env | dict(more or {}), cwd=self.places.project).returncode

    @property
    def results(self) -> Path:
        return self.places.data / "results.json"


def chill(server: cluster.Cluster) -> None:
    """Cold: the server restarted with empty buffers, and its files dropped from the system's page cache."""
    server.sql("postgres", "CHECKPOINT")
    with server.stopped():
        for path in server.data.rglob("*"):
            if path.is_file():
                forget(path)


def forget(path: Path) -> None:
    """Ask the kernel to drop what it remembers of a file."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fdatasync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)
