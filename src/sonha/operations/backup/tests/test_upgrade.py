"""The first release's data (first_release.sql.xz, docs/operations/upgrade.md) is brought to today's schema and serves its pages."""

import lzma
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from sonha.bootstrap import postgres
from sonha.bootstrap.cluster import EXTENSIONS
from sonha.foundation.audit.verification import verify
from sonha.foundation.identity.models import User
from sonha.operations.backup.counting import counts
from sonha.services.dossiers.models import Dossier
from sonha.testing.databases import TestDatabase

DATA = Path(__file__).with_name("first_release.sql.xz")
PAGES = {
    "congdan": ("/", "/ho-so-cua-toi/", "/thu-tuc/", "/thong-bao/"),
    "chuyenvien": ("/can-bo/", "/can-bo/ho-so/"),
    "lanhdao": ("/can-bo/", "/can-bo/tinh-hinh/"),
    "quantri": ("/quan-tri/",),
    "kiemtoan": ("/nhat-ky/", "/can-bo/ho-so/"),
}
GROWS = {"django_migrations", "pghistory_context", "django_content_type", "auth_permission", "spatial_ref_sys"}


@pytest.fixture
def first_release(transactional_db: None, test_database: TestDatabase) -> Iterator[None]:
    """A database that holds the first release's data, in place of the test's own."""
    own, name = test_database.name, f"{test_database.name}_first"
    known = connection.settings_dict
    address = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    address = {key: value for key, value in address.items() if value}
    connections.close_all()
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        _load(name, address)
        connection.settings_dict["NAME"] = name
        yield
        connections.close_all()
        connection.settings_dict["NAME"] = own
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _load(name: str, address: dict[str, Any]) -> None:
    with psycopg.connect(dbname=name, autocommit=True, **address) as database:
        for extension in EXTENSIONS:
            database.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")  # type: ignore[arg-type]
    found = postgres.find(Path(__file__).parents[5] / ".sonha/prefix")
    variables = {f"PG{key.upper()}": str(value) for key, value in address.items()}
    command = [str(found[0].bin / "psql"), "-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-d", name]
    script = lzma.decompress(DATA.read_bytes())
    done = subprocess.run(command, env=os.environ | variables, input=script, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr.decode()


def test_the_first_releases_data_is_upgraded_and_serves(first_release: None, client: Client) -> None:
    before = counts()
    assert before["dossiers_dossier"] >= 10
    call_command("migrate", interactive=False, verbosity=0)

    after = counts()
    lost = {table: (rows, after.get(table)) for table, rows in before.items() if table not in GROWS and after.get(table) != rows}
    assert lost == {}, "a migration after the first release lost or made up rows"
    audit = verify()
    assert audit.ok, audit.first_broken

    for username, addresses in PAGES.items():
        client.force_login(User.objects.get(username=username))
        for address in addresses:
            assert client.get(address, follow=True).status_code == 200, (username, address)
    owned = Dossier.objects.filter(case__isnull=False).order_by("pk").first()
    assert owned is not None
    assert client.get(f"/can-bo/ho-so/{owned.code}/").status_code == 200


def test_it_is_small_enough_to_keep() -> None:
    assert DATA.stat().st_size < 500_000
