"""Figures for Prometheus: requests by view as they happen, and the state of the installation whenever it is asked for.

Several web processes write into `<data>/metrics` (PROMETHEUS_MULTIPROC_DIR, emptied at each start); whichever is asked answers for all.
Labels are names of views, never addresses: those hold dossier codes.
"""

import os
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sonha.foundation.jobs import selectors as jobs
from sonha.operations.backup import state as backup

from . import status

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10)
COUNTS_KEPT = 60
"""Seconds for which counts over whole tables are remembered: a scrape every 15 s must not count a million dossiers each time."""

requests = Counter("sonha_http_requests", "Requests answered", ["view", "method", "status"])
durations = Histogram("sonha_http_request_duration_seconds", "Time to answer", ["view"], buckets=BUCKETS)


class Measured:
    """Outermost middleware: counts every answer and its duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = (match.view_name or match.func.__name__) if match else "none"
        method = request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
        requests.labels(view, method, response.status_code).inc()
        durations.labels(view).observe(time.perf_counter() - began)
        return response


class Installation(Collector):
    """Gauges of the moment: queue, dossiers, database, backup. A part that fails is left out and counted in `sonha_metrics_failed`."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        failed = 0
        for part in (_queue, _dossiers, _database, _archive, _backup):
            try:
                yield from part()
            except Exception:  # a sick part must not hide the others from whoever watches
                failed += 1
        yield GaugeMetricFamily("sonha_metrics_failed", "Groups of figures that could not be had", failed)


def text() -> bytes:
    """Everything in Prometheus' text format."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(requests)
        registry.register(durations)
    registry.register(Installation())
    return generate_latest(registry)


def may_ask(request: HttpRequest) -> bool:
    """From this machine or SONHA_METRICS_NETWORKS, never through a proxy that we do not know; or with the token, from anywhere."""
    token = settings.SONHA_METRICS_TOKEN_FILE
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and given and compare_digest(given.encode(), Path(token).read_bytes().strip()):
        return True
    if "X-Forwarded-For" in request.headers and not settings.SONHA_PROXIES:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or any(address in ip_network(network) for network in settings.SONHA_METRICS_NETWORKS)


def _gauge(name: str, meaning: str, values: dict[str, Any], label: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family


def _queue() -> Iterator[GaugeMetricFamily]:
    found = jobs.status()
    by_state = {name: found[name] for name in ("waiting", "scheduled", "running", "failed")}
    yield _gauge("sonha_jobs", "Background jobs by state", by_state, "state")
    yield _gauge("sonha_queue_waiting", "Jobs that wait, by queue", found["queues"], "queue")
    yield GaugeMetricFamily("sonha_queue_oldest_seconds", "How long the oldest due job has waited", found["oldest"])
    yield GaugeMetricFamily("sonha_workers", "Living workers", found["workers"])


def _dossiers() -> Iterator[GaugeMetricFamily]:
    by_state: dict[str, int] = cache.get_or_set("metrics-dossiers", lambda: status.dossiers()["by_state"], COUNTS_KEPT) or {}
    yield _gauge("sonha_dossiers", "Dossiers by state", by_state, "state")


def _database() -> Iterator[GaugeMetricFamily]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(state, 'background'), count(*), coalesce(max(extract(epoch FROM now() - xact_start)), 0)
               FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"""
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('max_connections')::int")
        size, most = cursor.fetchone()
    yield _gauge("sonha_database_connections", "Connections to the database by state", {state: count for state, count, _ in rows}, "state")
    yield GaugeMetricFamily("sonha_database_connections_most", "Connections that the database accepts", most)
    yield GaugeMetricFamily(
        "sonha_database_oldest_transaction_seconds", "Age of the oldest transaction", float(max(age for *_, age in rows))
    )
    yield GaugeMetricFamily("sonha_database_bytes", "Size of the database", size)


def _archive() -> Iterator[GaugeMetricFamily]:
    if settings.SONHA_WAL_ARCHIVE is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0), active::int
               FROM pg_replication_slots WHERE slot_name = 'sonha_archive'"""
        )
        found = cursor.fetchone()
    yield GaugeMetricFamily("sonha_wal_archive_lag_bytes", "Log that the archive has not fetched yet", float(found[0]) if found else -1)
    yield GaugeMetricFamily("sonha_wal_archive_active", "1 while the archive is fetching", float(found[1]) if found else 0)


def _backup() -> Iterator[GaugeMetricFamily]:
    last = backup.last()
    if last is not None:
        yield GaugeMetricFamily("sonha_backup_age_seconds", "Since the state held by the last backup", last["age"])
        yield GaugeMetricFamily("sonha_backup_bytes", "Size of the last backup", last["bytes"])
        yield GaugeMetricFamily("sonha_backup_seconds", "How long the last backup took", last["seconds"])
