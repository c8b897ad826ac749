"""Processor time of what answers a request: this process, the database's back end, and a peer's process. From /proc; Linux only."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds


def of_process(pid: int) -> float:
    """Milliseconds of processor time that a process has used, in ticks of the system (10 ms); 0 when it is not on this machine."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * TICK


def back_end() -> int:
    """Process number of this connection's PostgreSQL back end."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request, on average: milliseconds of the program and of the database, bytes of the answer, and how many were asked."""

    program: float
    database: float
    size: float
    times: int

    @property
    def total(self) -> float:
        return self.program + self.database


def cost(ask: Callable[[int], int], times: int, *, pids: list[int] | None = None, seconds: float = 6.0) -> Cost:
    """Asks `ask(n)`, which gives the bytes of the n-th answer, `times` times or for `seconds` at least: ticks are coarse.

    `pids`: the processes that answer, when it is not this one; their database back ends are found by their connections.
    """
    ask(0)
    mine = pids is None
    databases = [back_end()] if mine else _others()
    before = _now(pids), sum(map(of_process, databases))
    began, done, size = time.monotonic(), 0, 0
    while done < times or time.monotonic() - began < seconds / 2:
        size += ask(done + 1)
        done += 1
        if time.monotonic() - began > seconds:
            break
    after = _now(pids), sum(map(of_process, databases))
    return Cost((after[0] - before[0]) / done, (after[1] - before[1]) / done, size / done, done)


def _now(pids: list[int] | None) -> float:
    return time.process_time() * 1000 if pids is None else sum(map(of_process, pids))


def _others() -> list[int]:
    """Back ends of connections that are not of this product: the peer's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'peer'")
        return [int(row[0]) for row in cursor.fetchall()]


def in_words(found: Cost) -> dict[str, Any]:
    return {
        "cpu": round(found.total, 2), "program": round(found.program, 2), "database": round(found.database, 2),
        "kb": round(found.size / 1000, 1), "times": found.times,
    }  # fmt: skip
