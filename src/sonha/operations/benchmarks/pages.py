"""Times of everybody's pages, warm and cold, in the process that asks for them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from django.db import connection, connections

from sonha.operations.benchmarks.timing import client_of, counted, percentile, took_of
from sonha.operations.benchmarks.visits import Visit

Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """One row of the table; milliseconds. `worst_cold` of `rounds` requests after caches were emptied before each."""

    who: str
    kind: str
    title: str
    target: int
    statements: int
    size: int
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
    warm = [took_of(client, *ask)[0] for ask in asks]
    cold = []
    for turn in range(rounds):
        ask = visit.ask(turn * 7 + 3)
        connections.close_all()
        chill()
        connection.ensure_connection()
        cold.append(took_of(client, *ask)[0])
    return Measured(
        visit.who, visit.kind, visit.title, visit.target, len(statements), size, median(warm), percentile(warm, 95),
        median(cold) if cold else None, max(cold) if cold else None,
    )  # fmt: skip
