"""Probes tell a living process from one that can work."""

import pytest
from django.db import OperationalError
from django.test import Client

from sonha.operations.health import views


class BrokenConnection:
    def cursor(self) -> None:
        raise OperationalError("the server has gone")


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_current", False)


def test_live_needs_no_database(client: Client) -> None:
    answer = client.get("/healthz/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_database_and_schema_are(client: Client) -> None:
    assert client.get("/healthz/ready").json() == {"status": "ready"}


def test_not_ready_without_the_database_and_no_details_leak(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "connection", BrokenConnection())
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reason": "database"})
    assert client.get("/healthz/live").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_migrations_are_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_schema_is_current", lambda: False)
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "migrations")


def test_probes_are_read_only(client: Client) -> None:
    assert client.post("/healthz/live").status_code == 405
