"""How long requests take inside the server: the whole stack of settings, from the address to the packed answer, without a network."""

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from sonha.foundation.identity.models import User

ACCEPTS = "gzip"


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


def measure(client: Client, address: str, *, times: int, who: str = "") -> Timing:
    """One request to see what it costs, then as many as asked for. An answer that is not 200 is an error: its time means nothing."""
    statements: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *details: Any) -> Any:
        statements.append(sql)
        return execute(sql, *details)

    with connection.execute_wrapper(count):
        first, size = _took(client, address)
    took = [_took(client, address)[0] for _turn in range(times)]
    p95 = quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
    return Timing(who, address, first, median(took), p95, len(statements), size)


def _took(client: Client, address: str) -> tuple[float, int]:
    began = time.perf_counter()
    response = client.get(address, headers={"accept-encoding": ACCEPTS})
    content = response.content
    took = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise ValueError(f"{address}: {response.status_code}")
    return took, len(content if response.get("Content-Encoding") else gzip.compress(content))
