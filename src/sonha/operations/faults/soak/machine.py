"""The installation seen from outside: its processes by /proc, its connections and queue by SQL; and whether any of it grows."""

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from django.db import Error, connection

PAGE = os.sysconf("SC_PAGE_SIZE")
MARKS = {"web": b"sonha.wsgi:application", "worker": b"django\0worker", "gateway": b"sonha.sandbox.payment_gateway"}
WARMING = 1 / 3  # share of the run before which growth is warming up
GROWTH, SLACK = 0.25, {"web": 60.0, "worker": 40.0, "connections": 4.0, "queue": 25.0}


def process_ids(parent: int) -> dict[str, list[int]]:
    """Programs of the installation whose launcher is `parent`: every process of `web`, `worker` and `gateway`, oldest first."""
    found: dict[str, list[int]] = {name: [] for name in MARKS}
    for process in sorted(_descendants(parent)):
        try:
            command = Path(f"/proc/{process}/cmdline").read_bytes()
        except OSError:
            continue
        for name, mark in MARKS.items():
            if mark in command:
                found[name].append(process)
    return found


def environment_of(process: int) -> dict[str, str]:
    try:
        raw = Path(f"/proc/{process}/environ").read_bytes().decode("utf-8", "replace")
    except OSError:
        return {}
    return dict(pair.split("=", 1) for pair in raw.split("\0") if "=" in pair)


def _descendants(parent: int) -> set[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    found: set[int] = set()
    fresh = {parent}
    while fresh:
        fresh = {process for process, above in parents.items() if above in fresh} - found
        found |= fresh
    return found


def _resident(processes: Sequence[int]) -> float:
    """Megabytes of memory held by the processes."""
    total = 0
    for process in processes:
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
        except (OSError, ValueError):
            continue
    return total / 1024 / 1024


@dataclass
class Series:
    """One figure over time: (seconds, value)."""

    name: str
    points: list[tuple[float, float]] = field(default_factory=list)

    def tail(self) -> list[tuple[float, float]]:
        if not self.points:
            return []
        start = self.points[0][0] + WARMING * (self.points[-1][0] - self.points[0][0])
        return [point for point in self.points if point[0] >= start]

    @property
    def growth(self) -> float:
        """What the straight line through the values gains from the end of warming up to the end of the run."""
        tail = self.tail()
        if len(tail) < 10:
            return 0.0
        at, value = mean(point[0] for point in tail), mean(point[1] for point in tail)
        spread = sum((point[0] - at) ** 2 for point in tail)
        slope = sum((point[0] - at) * (point[1] - value) for point in tail) / spread if spread else 0.0
        return slope * (tail[-1][0] - tail[0][0])

    @property
    def allowed(self) -> float:
        """A quarter of the usual value, and never less than the noise of killing and starting again."""
        tail = [value for _at, value in self.tail()] or [0.0]
        return max(GROWTH * median(tail), SLACK[self.name])

    @property
    def grows(self) -> bool:
        return self.growth > self.allowed

    def row(self) -> tuple[str, ...]:
        values = [value for _at, value in self.points] or [0.0]
        figures = (values[0], median(values), max(values), values[-1], self.growth, self.allowed)
        return (self.name, *(f"{figure:.0f}" for figure in figures))


class Sampler(threading.Thread):
    """Samples every few seconds until stopped; a database that is away leaves a gap, not an end."""

    def __init__(self, launcher: int, every: float = 3.0) -> None:
        super().__init__(daemon=True, name="sampler")
        self.launcher, self.every = launcher, every
        self.series = {name: Series(name) for name in SLACK}
        self._end = threading.Event()

    def run(self) -> None:
        began = time.monotonic()
        while not self._end.wait(self.every):
            now, processes = time.monotonic() - began, process_ids(self.launcher)
            for name in ("web", "worker"):
                if processes[name]:
                    self.series[name].points.append((now, _resident(processes[name])))
            try:
                for name, value in zip(("connections", "queue"), _of_database(), strict=True):
                    self.series[name].points.append((now, float(value)))
            except Error:
                connection.close()
        connection.close()

    def stop(self) -> None:
        self._end.set()
        self.join()


def _of_database() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
                      (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
                          AND (scheduled_at IS NULL OR scheduled_at <= now()))"""
        )
        connections, queue = cursor.fetchone()
        return connections, queue
