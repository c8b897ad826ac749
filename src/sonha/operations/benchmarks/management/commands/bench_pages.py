"""Times the main pages as the people of the demonstration see them."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.urls import reverse

from sonha.foundation.identity.models import User
from sonha.operations.benchmarks.timing import Timing, client_of, measure
from sonha.services.dossiers.models import Dossier

WIDTHS = "{:<12} {:<34} {:>9} {:>9} {:>9} {:>6} {:>8}"
HEAD = ("ai", "trang", "lần đầu", "giữa", "p95", "SQL", "kB nén")


class Command(BaseCommand):
    help = "Đo thời gian máy chủ trả các trang chính (mili giây), số câu SQL và dung lượng nén. Không ghi gì vào dữ liệu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--times", type=int, default=40, help="số lần gọi mỗi trang")

    def handle(self, *args: Any, times: int, **options: Any) -> None:
        pages = _pages()
        self.stdout.write(f"{Dossier.objects.count():,} hồ sơ; {os.cpu_count()} nhân; PostgreSQL {_postgres()}".replace(",", "."))
        self.stdout.write(WIDTHS.format(*HEAD))
        for number, (who, address) in enumerate(pages, start=1):
            if sys.stderr.isatty():
                self.stderr.write(f"{number}/{len(pages)} {address}", ending="\r")
            with transaction.atomic():  # signing in makes a session: it goes again
                self.stdout.write(_line(measure(client_of(who), address, times=times, who=who)))
                transaction.set_rollback(True)


def _pages() -> list[tuple[str, str]]:
    """Who asks for what. The dossier that is opened is the newest one of the demonstration at the department's water division."""
    newest = Dossier.objects.filter(case__tasks__assignee__username="chuyenvien").order_by("-pk").first()
    if newest is None or not User.objects.filter(username="congdan").exists():
        raise CommandError("Cần dữ liệu trình diễn để đo. Chạy ./sonha up trước.")
    lists = [("work", ""), ("dossiers", ""), ("dossiers", "?q=nong"), ("boards", ""), ("permits", "")]
    return [
        ("", reverse("home")),
        ("", reverse("procedures") + "?q=khoan+gieng"),
        ("", reverse("procedure", args=[860])),
        ("", reverse("track", args=[newest.code])),
        ("congdan", reverse("my_dossiers")),
        *(("chuyenvien", reverse(name) + query) for name, query in lists),
        ("chuyenvien", reverse("dossier", args=[newest.code])),
        *(("lanhdao", reverse(name)) for name in ("work", "dossiers", "boards")),
    ]


def _line(took: Timing) -> str:
    numbers = (f"{took.first:.0f}", f"{took.median:.0f}", f"{took.p95:.0f}", took.statements, f"{took.size / 1000:.1f}")
    return WIDTHS.format(took.who or "khách", took.address[:34], *numbers)


def _postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split(" ")[0]
