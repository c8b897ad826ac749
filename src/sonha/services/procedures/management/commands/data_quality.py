"""Prints the data-quality report of the procedure catalogue as the database holds it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sonha.services.procedures.importing import stored_report


class Command(BaseCommand):
    help = "In báo cáo chất lượng dữ liệu của danh mục thủ tục hành chính."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="in dạng JSON")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        report = stored_report()
        self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else report.as_text())
