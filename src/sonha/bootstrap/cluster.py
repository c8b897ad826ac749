"""A private PostgreSQL + PostGIS cluster in the data folder: unprivileged owner, Unix socket only, nothing of the system's touched.

Several commands may use one cluster at the same time. Each holds a shared lock while it does; the last one to leave stops the server.
The kernel drops the lock of a command that was killed, so a forgotten server is stopped by the next command that ends.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sonha.bootstrap import locks, postgres
from sonha.bootstrap.places import Places, socket_folder
from sonha.bootstrap.trouble import Trouble

ROLE = "sonha"
DATABASE = "sonha"
EXTENSIONS = ("postgis", "unaccent", "pg_trgm", "btree_gist", "pgcrypto")

COMMON = {
    "listen_addresses": "''",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "log_min_duration_statement": "2000",
}
DURABLE = COMMON | {
    "max_slot_wal_keep_size": "'20GB'",  # of log for an archive that does not fetch; more would fill the disk
    "shared_buffers": "'256MB'",
    "effective_cache_size": "'1GB'",
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
}
THROWAWAY = COMMON | {
    "shared_buffers": "'128MB'",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Owner:
    """The unprivileged account that runs the server; None of the fields when we are unprivileged ourselves."""

    uid: int | None = None
    gid: int | None = None

    def account(self) -> dict[str, Any]:
        """Arguments of subprocess that start a program as this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}


def owner() -> Owner:
    """PostgreSQL refuses to run as root: as root it runs as `postgres`, or as `nobody` where that account is missing."""
    if os.geteuid() != 0:
        return Owner()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "Không có tài khoản postgres hoặc nobody để chạy cơ sở dữ liệu: hãy tạo tài khoản postgres (adduser --system postgres).",
        "There is no account postgres or nobody to run the database: create one (adduser --system postgres).",
    )


class Cluster:
    """One cluster folder: `folder/data` (PGDATA), `folder/log`, its socket folder and its two locks."""

    def __init__(self, folder: Path, servers: Sequence[postgres.Postgres], env: Mapping[str, str], *, throwaway: bool = False) -> None:
        self.owner = owner()
        self.folder = _reachable(folder, self.owner)
        self.data = self.folder / "data"
        self.socket = socket_folder(self.folder)
        self.settings = THROWAWAY if throwaway else DURABLE
        self.env = dict(env)
        self.servers = servers
        self.patience = 120  # seconds until it must have started; a restore, which replays the log, waits longer

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}@/{quote(database)}?host={quote(str(self.socket), safe='')}"

    @contextmanager
    def held(self) -> Iterator[None]:
        """The server runs while inside; it is created and started if need be, and stopped by the last holder."""
        self._prepare_folder()
        use = locks.open_lock(self.folder / "use.lock")
        try:
            with locks.exclusive(self.folder / "start.lock"):
                self._create()
                if not self.running():
                    self._start()
                locks.share(use)
            yield
        finally:
            with locks.exclusive(self.folder / "start.lock"):
                locks.free(use)
                if locks.try_exclusive(use):
                    self._stop()
            os.close(use)

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def running(self) -> bool:
        return self.pg("pg_ctl", "-D", self.data, "status").returncode == 0

    def remove(self) -> None:
        """Stop the server and delete everything it stored. Refuses while somebody holds it."""
        if not self.folder.exists():
            return
        use = locks.open_lock(self.folder / "use.lock")
        try:
            if not locks.try_exclusive(use):
                raise Trouble(
                    "Cơ sở dữ liệu đang được dùng: hãy dừng hệ thống (./sonha stop) rồi chạy lại.",
                    "The database is in use: stop the system (./sonha stop) and run again.",
                )
            self._stop()
        finally:
            os.close(use)
        shutil.rmtree(self.folder)
        if self.socket.exists():
            shutil.rmtree(self.socket)

    def copy_from(self, source: "Cluster") -> None:
        """Become a physical copy of a running cluster (`source` must be held, this one must not exist)."""
        self._prepare_folder()
        options = ("-h", source.socket, "-U", ROLE, "-X", "stream", "-c", "fast", "--no-sync")
        done = self.pg("pg_basebackup", "-D", self.data, *options)
        if done.returncode:
            raise _failed("Chép cơ sở dữ liệu", "Copying the database", done.stdout)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The server of a held cluster rests while inside; it comes back with empty buffers."""
        self._stop()
        try:
            yield
        finally:
            self._start()

    def restart(self) -> None:
        """Stop the server and start it again with empty buffers (the server must be held)."""
        with self.stopped():
            pass

    def ensure_database(self, name: str, extensions: Sequence[str] = EXTENSIONS) -> None:
        """Create the database and its extensions where they are missing (the server must be held)."""
        known = self.sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if not known:
            self.sql("postgres", f'CREATE DATABASE "{name}"')
        self.sql(name, " ".join(f"CREATE EXTENSION IF NOT EXISTS {extension};" for extension in extensions))

    def sql(self, database: str, statement: str) -> str:
        """Run one statement by psql and return its bare output."""
        options = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-U", ROLE, "-d", database)
        done = self.pg("psql", *options, "-c", statement)
        if done.returncode:
            raise _failed("Lệnh tới cơ sở dữ liệu", "A command to the database", done.stdout)
        return done.stdout.strip()

    def _server(self) -> postgres.Postgres:
        """The server whose version made the cluster, or the newest for a new one."""
        stored = self.data / "PG_VERSION"
        version = int(stored.read_text().strip()) if stored.exists() else None
        for server in self.servers:
            if version in (None, server.version):
                return server
        wanted = version or postgres.OLDEST
        raise Trouble(
            f"Cần PostgreSQL {wanted} có PostGIS: hãy cài postgresql-{wanted} và postgresql-{wanted}-postgis-3 rồi chạy lại.",
            f"PostgreSQL {wanted} with PostGIS is needed: install postgresql-{wanted} and postgresql-{wanted}-postgis-3, then run again.",
        )

    def _prepare_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.owner.uid is not None:
                os.chown(self.folder, self.owner.uid, -1)
            _private_folder(self.socket, self.owner)
        except PermissionError as error:
            raise locks.unwritable(Path(error.filename or self.folder)) from None

    def _create(self) -> None:
        if not self.exists():
            if self.data.exists():  # an interrupted initdb
                shutil.rmtree(self.data)
            options = ("-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
            done = self.pg("initdb", "-D", self.data, *options)
            if done.returncode:
                raise _failed("Tạo cơ sở dữ liệu riêng", "Creating the private database", done.stdout)
            conf = self.data / "postgresql.conf"
            conf.write_text(conf.read_text() + "\ninclude_if_exists = 'sonha.conf'\ninclude_if_exists = 'local.conf'\n")
        lines = [f"{name} = {value}\n" for name, value in self.settings.items()]
        ours = self.data / "sonha.conf"
        ours.write_text("# Written by ./sonha at each start; put your own settings into local.conf.\n" + "".join(lines))
        if self.owner.uid is not None:
            os.chown(ours, self.owner.uid, self.owner.gid or -1)

    def _start(self) -> None:
        options = f"-k '{self.socket}' -p 5432"
        done = self.pg("pg_ctl", "-D", self.data, "-w", "-s", "-t", str(self.patience), "-l", self.folder / "log", "-o", options, "start")
        if done.returncode:
            log = self.folder / "log"
            tail = log.read_text(errors="replace") if log.exists() else ""
            raise _failed("Khởi động cơ sở dữ liệu riêng", "Starting the private database", (done.stdout or "") + tail[-2000:])

    def _stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.pg("pg_ctl", "-D", self.data, "-w", "-s", "-t", "120", "-m", "fast", "stop")

    def program(self, name: str) -> Path:
        """A program of the server that belongs to this cluster."""
        return self._server().bin / name

    def pg(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the server as its owner, and return what it wrote."""
        log_to_file = program == "pg_ctl" and "start" in arguments
        return subprocess.run(  # the server must not keep our pipe open, hence no capture when it starts
            [str(self.program(program)), *(str(argument) for argument in arguments)],
            cwd="/",
            env=self.env | {"LC_ALL": "C.UTF-8", "PGOPTIONS": "-c client_min_messages=warning"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if log_to_file else subprocess.PIPE,
            stderr=subprocess.DEVNULL if log_to_file else subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            **self.owner.account(),
        )


def main_cluster(places: Places, env: Mapping[str, str]) -> Cluster:
    return Cluster(places.data / "pg", postgres.find(places.prefix), env)


def test_cluster(places: Places, env: Mapping[str, str]) -> Cluster:
    return Cluster(places.data / "test-pg", postgres.find(places.prefix), env, throwaway=True)


def _reachable(folder: Path, account: Owner) -> Path:
    """The folder itself, or one under /var/lib where the server's account cannot walk down to it (root's home is closed to others)."""
    if account.uid is None:
        return folder
    for parent in folder.parents:
        if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH and parent.stat().st_uid != account.uid:
            return Path("/var/lib/sonha") / str(folder).strip("/").replace("/", "-")
    return folder


def _private_folder(folder: Path, account: Owner) -> None:
    """Make the socket folder 0700 for the server's account, and refuse one that somebody else has put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    wanted = os.geteuid() if account.uid is None else account.uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {wanted, os.geteuid()}:
        raise Trouble(
            f"Thư mục {folder} thuộc về tài khoản khác: hãy xoá nó hoặc đổi SONHA_DATA rồi chạy lại.",
            f"The folder {folder} belongs to another account: remove it or change SONHA_DATA, then run again.",
        )
    if account.uid is not None and found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid or -1)
    folder.chmod(0o700)


def _failed(vietnamese: str, english: str, output: str) -> Trouble:
    if "No space left on device" in output:
        return Trouble(
            f"{vietnamese} không xong vì đĩa đã đầy: hãy giải phóng ít nhất 3 GB rồi chạy lại.",
            f"{english} failed because the disk is full: free at least 3 GB and run again.",
        )
    return Trouble(f"{vietnamese} không thành công; lý do ở các dòng dưới đây.", f"{english} failed; the reason is below.", detail=output)
