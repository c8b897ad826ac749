"""Imports the procedure catalogue of the profile and reports its quality."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sonha.services.procedures.importing import CatalogueError, import_catalogue, read_catalogue, stored_report


class Command(BaseCommand):
    help = "Nạp danh mục thủ tục hành chính (lặp lại được) và in báo cáo chất lượng dữ liệu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = Path(settings.PACKAGE) / "provinces" / settings.SONHA_PROFILE / "catalogue"
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=default,
            help="thư mục danh mục (mặc định: của hồ sơ tỉnh đang dùng)",
        )
        parser.add_argument("--check", action="store_true", help="chỉ đọc tệp và báo cáo, không ghi")
        parser.add_argument("--json", action="store_true", dest="as_json", help="in báo cáo dạng JSON")

    def handle(self, *args: Any, folder: Path, check: bool, as_json: bool, **options: Any) -> None:
        try:
            if check:
                quality = read_catalogue(folder).report()
                outcome = None
            else:
                outcome = import_catalogue(folder)
                quality = stored_report()
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        if as_json:
            self.stdout.write(_json({"imported": asdict(outcome) if outcome else None, "quality": quality.as_dict()}))
            return
        if outcome:
            self.stdout.write(
                f"Thêm {outcome.created}, đổi {outcome.changed}, giữ nguyên {outcome.unchanged} thủ tục; {outcome.fragments} mảnh dòng."
            )
        self.stdout.write(quality.as_text())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
