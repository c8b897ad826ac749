"""Loads a province profile; safe to run again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sonha.provinces.loading import load_profile
from sonha.provinces.profiles import ProfileError, available


class Command(BaseCommand):
    help = "Nạp hồ sơ tỉnh: địa bàn, cơ quan, lịch làm việc, danh mục và khai báo thủ tục. Chạy lại được."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "profile",
            nargs="?",
            default=settings.SONHA_PROFILE,
            help=f"mặc định {settings.SONHA_PROFILE}; có: {', '.join(available())}",
        )
        parser.add_argument("--force", action="store_true", help="nạp lại mọi bước dù tệp không đổi")

    def handle(self, *args: Any, profile: str, force: bool, **options: Any) -> None:
        try:
            load_profile(profile, say=self.stdout.write, force=force)
        except ProfileError as error:
            raise CommandError(str(error)) from error
