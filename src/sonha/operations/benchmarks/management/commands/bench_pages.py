"""Times the main pages as the people of the demonstration see them."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from sonha.operations.benchmarks import visits
from sonha.operations.benchmarks.report import NAMES
from sonha.operations.benchmarks.timing import Timing, client_of, measure
from sonha.services.dossiers.models import Dossier

WIDTHS = "{:<14} {:<26} {:>9} {:>9} {:>9} {:>6} {:>8}"
HEAD = ("ai", "trang", "lần đầu", "giữa", "p95", "SQL", "kB nén")


class Command(BaseCommand):
    help = "Đo thời gian máy chủ trả các trang chính (mili giây), số câu SQL và dung lượng nén. Không ghi gì vào dữ liệu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--times", type=int, default=40, help="số lần gọi mỗi trang")

    def handle(self, *args: Any, times: int, **options: Any) -> None:
        try:
            pages = [visit for visit in visits.visits() if visit.kind != "submit"]
        except LookupError:
            raise CommandError("Cần dữ liệu trình diễn để đo. Chạy ./sonha up trước.") from None
        self.stdout.write(f"{Dossier.objects.count():,} hồ sơ; {os.cpu_count()} nhân; PostgreSQL {_postgres()}".replace(",", "."))
        self.stdout.write(WIDTHS.format(*HEAD))
        for number, visit in enumerate(pages, start=1):
            if sys.stderr.isatty():
                self.stderr.write(f"{number}/{len(pages)} {visit.title}", ending="\r")
            with transaction.atomic():  # signing in makes a session: it goes again
                self.stdout.write(_line(visit.title, measure(client_of(visit.who), visit.ask, times=times, who=visit.who)))
                transaction.set_rollback(True)


def _line(title: str, took: Timing) -> str:
    numbers = (f"{took.first:.0f}", f"{took.median:.0f}", f"{took.p95:.0f}", took.statements, f"{took.size / 1000:.1f}")
    return WIDTHS.format(NAMES.get(took.who, took.who), title, *numbers)


def _postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split(" ")[0]
