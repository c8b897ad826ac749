"""Loads the demonstration: accounts, then dossiers. Safe to run again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sonha.provinces.demonstration.accounts import load_accounts


class Command(BaseCommand):
    help = "Nạp dữ liệu trình diễn: tài khoản và hồ sơ minh hoạ. Chạy lại được."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts-only", action="store_true", help="chỉ tạo tài khoản")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(_("Không nạp dữ liệu trình diễn vào hệ thống vận hành chính thức."))
        self.stdout.write(_("Tài khoản trình diễn: tạo mới %(count)d") % {"count": load_accounts()})
