"""Lists the demonstration accounts."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sonha.provinces.demonstration.accounts import Line, listing, password


class Command(BaseCommand):
    help = "In danh sách tài khoản trình diễn: tên đăng nhập, vai trò, đơn vị."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="mọi tài khoản, không chỉ các tài khoản chính")
        parser.add_argument("--json", action="store_true", help="in dưới dạng JSON (mọi tài khoản)")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = listing()
        if options["json"]:
            self.stdout.write(
                json.dumps({"password": password(), "accounts": [asdict(line) for line in lines]}, ensure_ascii=False, indent=2)
            )
            return
        if not lines:
            self.stdout.write(_("Chưa có tài khoản trình diễn. Chạy: ./sonha manage load_demo"))
            return
        shown = lines if options["all"] else [line for line in lines if line.main]
        self.stdout.write(_("Tài khoản trình diễn, mật khẩu chung: %(password)s") % {"password": password()})
        self._table(shown)
        if len(shown) < len(lines):
            self.stdout.write(_("… và %(count)d tài khoản khác: ./sonha manage demo_accounts --all") % {"count": len(lines) - len(shown)})

    def _table(self, lines: list[Line]) -> None:
        rows = [(_("Tên đăng nhập"), _("Họ và tên"), _("Vai trò"), _("Đơn vị, đại diện cho"))]
        rows += [(line.username, line.name, line.role if len(line.role) <= 44 else line.role[:43] + "…", line.unit) for line in lines]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
