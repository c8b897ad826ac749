"""How long requests take inside the server: the whole stack of settings, from the address to the packed answer, without a network."""

import gzip
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from sonha.foundation.identity.models import User

ACCEPTS = "gzip"
Form = Mapping[str, str]
Ask = Callable[[int], tuple[str, Form | None]]
"""The address of the n-th request, and the form that is posted to it (None: it is only opened)."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in milliseconds; `statements` of SQL; `size` of the packed answer in bytes."""

    who: str
    address: str
    first: float
    median: float
    p95: float
    statements: int
    size: int


def client_of(username: str) -> Client:
    """A browser signed in as somebody, or as nobody."""
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS[0] != "*" else "localhost"})
    if username:
        client.force_login(User.objects.get(username=username), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def measure(client: Client, asked: str | Ask, *, times: int, who: str = "") -> Timing:
    """One request to see what it costs, then as many as asked for. An answer that is not 200 is an error: its time means nothing."""
    ask = opening(asked) if isinstance(asked, str) else asked
    statements, (first, size) = counted(client, *ask(0))
    took = [took_of(client, *ask(turn + 1))[0] for turn in range(times)]
    return Timing(who, ask(0)[0] if isinstance(asked, str) else "", first, median(took), percentile(took, 95), len(statements), size)


def opening(*addresses: str) -> Ask:
    """Opens these addresses in turn."""
    return lambda turn: (addresses[turn % len(addresses)], None)


def counted(client: Client, address: str, form: Form | None = None) -> tuple[list[str], tuple[float, int]]:
    """The SQL statements of one request, with its time and size."""
    statements: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *details: Any) -> Any:
        statements.append(sql)
        return execute(sql, *details)

    with connection.execute_wrapper(count):
        return statements, took_of(client, address, form)


def took_of(client: Client, address: str, form: Form | None = None) -> tuple[float, int]:
    """Milliseconds of one request and the bytes of its packed answer. ValueError when a page does not open or a form is not taken."""
    headers = {"accept-encoding": ACCEPTS}
    began = time.perf_counter()
    response = client.get(address, headers=headers) if form is None else client.post(address, dict(form), headers=headers)
    content = response.content
    took = (time.perf_counter() - began) * 1000
    if response.status_code != (200 if form is None else 302):
        raise ValueError(f"{address}: {response.status_code}")
    return took, len(content if response.get("Content-Encoding") else gzip.compress(content))


def percentile(values: list[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * int(percent) // 100) - 1)]
