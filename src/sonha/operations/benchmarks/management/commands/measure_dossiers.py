"""One part of `./sonha bench dossiers`, run inside the measured installation."""

import os
from argparse import ArgumentParser
from dataclasses import asdict
from statistics import median
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from sonha.bootstrap import cluster, environment, places
from sonha.operations.benchmarks import filling, lifecycles, pages, report, serving
from sonha.operations.benchmarks.installation import chill
from sonha.operations.benchmarks.visits import visits

LIVES = 6


class Command(BaseCommand):
    help = "Một phần của ./sonha bench dossiers; chỉ chạy trong bản sao dùng để đo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=["fill", "pages", "served", "engine"])
        parser.add_argument("--count", type=int, default=0)
        parser.add_argument("--times", type=int, default=40)
        parser.add_argument("--rounds", type=int, default=3)

    def handle(self, *args: Any, part: str, count: int, times: int, rounds: int, **options: Any) -> None:
        if settings.SONHA_DATA.name != "bench":
            raise CommandError("Lệnh này ghi dữ liệu giả; chỉ ./sonha bench dossiers gọi nó trong bản sao dùng để đo.")
        self.results = settings.SONHA_DATA / "results.json"
        report.keep(self.results, **{f"{part}_load": f"{os.getloadavg()[0]:.1f}"})
        if part == "fill":
            self._fill(count)
        elif part == "pages":
            self._pages(times, rounds)
        elif part == "served":
            report.keep(self.results, served=[asdict(row) for row in serving.measure(visits())])
        else:
            self._engine()

    def _fill(self, count: int) -> None:
        took = 0.0
        try:
            if filling.filled() < count:
                took = filling.fill(count, self.stdout.write)
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            version, size = cursor.fetchone()
        known = report.kept(self.results)
        report.keep(
            self.results, machine=report.machine(), day=f"{timezone.localdate():%Y-%m-%d}", rows=filling.summary(), bytes=size,
            postgres=version.split(" ")[0], filled_in=known.get("filled_in", 0) + took,
        )  # fmt: skip

    def _pages(self, times: int, rounds: int) -> None:
        here = places.from_environment()
        server = cluster.main_cluster(here, environment.child_environment(here))
        rows = []
        for visit in visits():
            row = pages.warm_and_cold(visit, times, rounds, lambda: chill(server))
            rows.append(row.as_row())
            cold = f"{row.worst_cold:6.0f}" if row.worst_cold is not None else ""
            self.stdout.write(
                f"{row.who:12} {row.title:26} SQL {row.statements:3}  p50 {row.p50:5.0f}  p95 {row.p95:5.0f}  {cold}  / {row.target}"
            )
            report.keep(self.results, pages=rows)

    def _engine(self) -> None:
        ours, theirs = lifecycles.live(LIVES), lifecycles.spiff(LIVES * 4)
        engine: dict[str, Any] = {"ours": _told(ours)}
        if theirs is not None:
            from importlib.metadata import version

            engine |= {"spiff": _told(theirs), "spiff_version": version("SpiffWorkflow")}
        report.keep(self.results, engine=engine)


def _told(lives: lifecycles.Lives) -> dict[str, Any]:
    medians = {name: median(took) for name, took in lives.steps.items()}
    return {
        "rate": lives.rate,
        "per_act": lives.per_act,
        "acts": {name: ms for name, ms in medians.items() if name not in lifecycles.PAPERS},
        "papers": {name: ms for name, ms in medians.items() if name in lifecycles.PAPERS},
    }
