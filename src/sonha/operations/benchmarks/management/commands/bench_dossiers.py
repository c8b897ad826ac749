"""A million dossiers in an installation of its own, and what everything costs there."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sonha.bootstrap.readiness import given_database
from sonha.operations.benchmarks import report
from sonha.operations.benchmarks.installation import Installation

PARTS = ("pages", "served", "engine")


class Command(BaseCommand):
    help = (
        "Tạo bản sao riêng của cơ sở dữ liệu trong <data>/bench, nhân lên --count hồ sơ, rồi đo trang, máy chủ và quy trình. "
        "Bản sao được giữ lại cho lần đo sau; dữ liệu của hệ thống không bị động đến."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=1_000_000, help="số hồ sơ")
        parser.add_argument("--times", type=int, default=40, help="số lần gọi mỗi trang")
        parser.add_argument("--rounds", type=int, default=3, help="số lần gọi nguội mỗi trang (0: không đo nguội)")
        parser.add_argument("--parts", default=",".join(PARTS), help="phần cần đo, cách nhau bằng dấu phẩy")
        parser.add_argument("--fresh", action="store_true", help="xoá bản sao cũ và làm lại từ đầu")
        parser.add_argument("--drop", action="store_true", help="xoá bản sao, không đo")
        parser.add_argument("--write", action="store_true", help="ghi kết quả vào docs/benchmarks.md")

    def handle(self, *args: Any, count: int, fresh: bool, drop: bool, write: bool, **options: Any) -> None:
        if given_database():
            raise CommandError("Phép đo này cần cơ sở dữ liệu riêng của ./sonha: hãy bỏ SONHA_DATABASE_URL rồi chạy lại.")
        measured = Installation()
        if drop or fresh:
            measured.remove()
        if drop:
            self.stdout.write("Đã xoá bản sao dùng để đo.")
            return
        if not measured.exists:
            self.stdout.write("Chép cơ sở dữ liệu…")
            measured.create()
        with measured.held():
            steps = [["migrate", "--no-input", "-v0"], ["measure_dossiers", "fill", f"--count={count}"]]
            steps += [
                ["measure_dossiers", part, f"--times={options['times']}", f"--rounds={options['rounds']}"]
                for part in options["parts"].split(",")
            ]
            for step in steps:
                if measured.run(step):
                    raise CommandError(f"Phép đo dừng ở bước «{' '.join(step)}».")
        results = report.kept(measured.results)
        self.stdout.write("\n".join(report.lines(results)))
        if write:
            report.write(results)
            self.stdout.write(f"Đã ghi {report.DOCUMENT.relative_to(report.PROJECT)}.")
