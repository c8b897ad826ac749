"""Test databases: one migrated template per state of the migrations, cloned in a tenth of a second wherever a fresh one is needed.

Tests in a transaction roll back as usual. After a test with real commits the database is cloned anew instead of flushed: flushing would
also empty what migrations filled in, and the append-only audit tables refuse it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections

from sonha.bootstrap.stamps import fingerprint
from sonha.foundation.organisations import selectors
from sonha.process.flows import graph

PACKAGE = Path(__file__).resolve().parents[1]
PREFIX = "sonha_template"
REMEMBERED = (graph.graph_of, selectors.remembered_area_name)
LOCK = 7_305_511  # advisory lock: one builder of templates at a time


class TestDatabase:
    """The database of one test process."""

    __test__ = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.template = ""

    def create(self, template: str) -> None:
        """Make the database a fresh copy of the template, whatever it was before.

        Ids begin anew with every copy, so what the process remembered of the rows of the last one is forgotten.
        """
        for remembered in REMEMBERED:
            remembered.cache_clear()
        cache.clear()
        connections.close_all()
        with _maintenance() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}" STRATEGY file_copy')
        self.template = template
        connection.settings_dict["NAME"] = self.name

    def drop(self) -> None:
        connections.close_all()
        with _maintenance() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def migrated_template() -> str:
    """Name of a template holding the migrated schema and the declared grants, built if this state of either has none."""
    from sonha.registry.grants import declared

    migrations = [file for folder in PACKAGE.rglob("migrations") for file in folder.glob("*.py")]
    mark = fingerprint([*migrations, PACKAGE / "settings.py", PACKAGE.parents[1] / "requirements/base.txt"])
    schema = _template(f"{PREFIX}_{mark[:16]}", None, lambda: call_command("migrate", interactive=False, verbosity=0))
    granted = fingerprint([*PACKAGE.rglob("registers.py"), *PACKAGE.glob("registry/grants/*.py")], schema)
    return _template(f"{PREFIX}_{granted[:16]}", schema, declared.reload)


def profile_template(profile: str = "lang_son") -> str:
    """Name of a template that also holds a province's profile: areas, units, catalogue, published procedures."""
    base = migrated_template()
    sources = [file for file in PACKAGE.rglob("*.py") if "tests" not in file.parts and "bootstrap" not in file.parts]
    mark = fingerprint([*sources, PACKAGE / "provinces"], base)
    return _template(f"{PREFIX}_{profile}_{mark[:16]}", base, lambda: call_command("load_profile", profile, verbosity=0))


def _template(name: str, base: str | None, fill: Callable[[], object]) -> str:
    with _maintenance() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if _exists(server, name):
            return name
        building = f"{name}_building"
        server.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{building}"' + (f' TEMPLATE "{base}"' if base else ""))
        before = connection.settings_dict["NAME"]
        connections.close_all()
        connection.settings_dict["NAME"] = building
        try:
            if base is None:
                _extensions()
            fill()
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = before
        server.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    return name


def _extensions() -> None:
    from sonha.bootstrap.cluster import EXTENSIONS

    with connection.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")


def _exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection]:
    """A connection to the server itself; an advisory lock taken on it ends with it."""
    known = connection.settings_dict
    parameters = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **{key: value for key, value in parameters.items() if value}) as server:
        yield server
