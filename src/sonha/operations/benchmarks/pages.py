"""Times of everybody's pages, warm and cold, in the process that asks for them."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, connections

from sonha.operations.benchmarks.timing import client_of, counted, percentile, took_of
from sonha.operations.benchmarks.visits import Visit

Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """One row of the table; milliseconds. `cpu`: of the web process and its database session together, the mean of a request, which other
    work on the machine does not lengthen. `worst_cold` of `rounds` requests after caches were emptied before each."""

    who: str
    kind: str
    title: str
    target: int
    statements: int
    size: int
    cpu: float
    p50: float
    p95: float
    p50_cold: float | None = None
    worst_cold: float | None = None

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def warm_and_cold(visit: Visit, times: int, rounds: int, chill: Callable[[], None]) -> Measured:
    client = client_of(visit.who)
    statements, (_first, size) = counted(client, *visit.ask(0))
    for turn in range(3):
        took_of(client, *visit.ask(turn + 1))
    asks = [visit.ask(turn) for turn in range(times)]
    gc.collect()  # what the test client keeps of earlier answers, not of these
    before = processor_ms()
    warm = [took_of(client, *ask)[0] for ask in asks]
    cpu = (processor_ms() - before) / times
    cold = []
    for turn in range(rounds):
        ask = visit.ask(turn * 7 + 3)
        connections.close_all()
        chill()
        connection.ensure_connection()
        cold.append(took_of(client, *ask)[0])
    return Measured(
        visit.who, visit.kind, visit.title, visit.target, len(statements), size, cpu, median(warm), percentile(warm, 95),
        median(cold) if cold else None, max(cold) if cold else None,
    )  # fmt: skip


def processor_ms() -> float:
    """Processor time so far of this process and of the server process behind its connection (which counts in hundredths of a second)."""
    connection.ensure_connection()
    session = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(session[11]) + int(session[12])
    return time.process_time() * 1000 + ticks * 1000 / os.sysconf("SC_CLK_TCK")
