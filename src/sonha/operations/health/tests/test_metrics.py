"""Figures for Prometheus: right, without addresses or persons in them, and for monitoring alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from sonha.foundation.identity.models import User
from sonha.operations.backup import state
from sonha.operations.health import metrics

pytestmark = pytest.mark.django_db


def figures(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics/", headers=headers)
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}


def test_requests_are_counted_by_view_not_by_address(client: Client) -> None:
    name = 'sonha_http_requests_total{method="GET",status="200",view="health:live"}'
    before = figures(client).get(name, 0)
    for _ in range(3):
        client.get("/healthz/live")
    client.get("/tra-cuu/000.00.12.H37-261121-0001/")
    after = figures(client)
    assert after[name] == before + 3
    assert after['sonha_http_request_duration_seconds_count{view="health:live"}'] >= before + 3
    assert not [key for key in after if "H37" in key or "tra-cuu" in key]


def test_the_installation_is_described(client: Client) -> None:
    found = figures(client)
    assert found["sonha_metrics_failed"] == 0
    for name in ("sonha_queue_oldest_seconds", "sonha_workers", "sonha_database_connections_most", 'sonha_jobs{state="failed"}'):
        assert name in found
    assert sum(count for name, count in found.items() if name.startswith("sonha_database_connections{")) >= 1


def test_the_age_of_the_last_backup_is_told(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.SONHA_DATA = tmp_path
    assert "sonha_backup_age_seconds" not in figures(client), "absent until there was one, which an alarm can ask for"
    state.remember("2026-11-20T10:00:00+07:00", size=1_000, seconds=2.5, kind="dump", where=tmp_path)
    found = figures(client)
    assert found["sonha_backup_age_seconds"] > 0
    assert found["sonha_backup_bytes"] == 1_000


def test_a_sick_part_does_not_hide_the_others(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics.jobs, "status", lambda: 1 / 0)
    found = figures(client)
    assert found["sonha_metrics_failed"] == 1
    assert "sonha_database_bytes" in found


@pytest.mark.parametrize(
    ("remote", "headers", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("10.1.2.3", {}, True),
        ("203.0.113.9", {}, False),
        ("", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, False),  # came through a proxy that nobody declared
        ("203.0.113.9", {"Authorization": "Bearer so-bi-mat"}, True),
        ("203.0.113.9", {"Authorization": "Bearer khac"}, False),
    ],
)
def test_only_monitoring_may_ask(
    client: Client, settings: Any, tmp_path: Path, remote: str, headers: dict[str, str], allowed: bool
) -> None:
    (tmp_path / "token").write_text("so-bi-mat\n")
    settings.SONHA_METRICS_TOKEN_FILE = str(tmp_path / "token")
    settings.SONHA_METRICS_NETWORKS = ["10.1.0.0/16"]
    answer = client.get("/metrics/", headers=headers, REMOTE_ADDR=remote)
    assert answer.status_code == (200 if allowed else 404)


@pytest.mark.parametrize(("forwarded", "allowed"), [("203.0.113.9", False), ("10.1.2.3, 203.0.113.9", False), ("10.1.2.3", True)])
def test_behind_our_own_proxy_the_caller_counts(client: Client, settings: Any, forwarded: str, allowed: bool) -> None:
    """A forged first part of X-Forwarded-For buys nothing: one proxy of ours wrote the last part."""
    settings.SONHA_PROXIES, settings.SONHA_METRICS_NETWORKS = 1, ["10.1.0.0/16"]
    answer = client.get("/metrics/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == (200 if allowed else 404)


def test_started_waits_for_the_provinces_data(client: Client, lang_son: object) -> None:
    assert client.get("/healthz/started").json() == {"status": "started"}


def test_not_started_without_data(client: Client) -> None:
    answer = client.get("/healthz/started")
    assert (answer.status_code, answer.json()["reason"]) == (503, "profile")


def test_production_refuses_demonstration_accounts() -> None:
    from django.core.management import CommandError, call_command

    call_command("production_check")
    User.objects.create(username="hoa", full_name="Nguyễn Thị Hoa", is_demo=True)
    with pytest.raises(CommandError, match="1 tài khoản trình diễn"):
        call_command("production_check")


def test_metrics_are_valid_text(client: Client) -> None:
    body = client.get("/metrics/").content.decode()
    assert re.search(r"^# TYPE sonha_http_requests_total counter$", body, re.M)
    assert json.dumps(body)
