"""Loads the demonstration: accounts, then dossiers. Safe to run again."""

import gc
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sonha.geo.rasters import demonstration as rasters
from sonha.provinces.demonstration import sectors
from sonha.provinces.demonstration.accounts import load_accounts
from sonha.provinces.demonstration.story import USUAL, tell


class Command(BaseCommand):
    help = "Nạp dữ liệu trình diễn: tài khoản và hồ sơ minh hoạ. Chạy lại được."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts-only", action="store_true", help="chỉ tạo tài khoản")
        parser.add_argument("--dossiers", type=int, default=USUAL, metavar="N", help=f"số hồ sơ (mặc định {USUAL})")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(_("Không nạp dữ liệu trình diễn vào hệ thống vận hành chính thức."))
        self.stdout.write(_("Tài khoản trình diễn: tạo mới %(count)d") % {"count": load_accounts()})
        if options["accounts_only"]:
            return
        started = time.monotonic()
        gc.disable()  # a tenth of the time goes to looking for garbage that the end of the command removes anyway
        made = tell(options["dossiers"], say=self.stdout.write)
        if made:
            self.stdout.write(_("Hồ sơ minh hoạ: %(count)d, %(seconds).0f giây") % {"count": made, "seconds": time.monotonic() - started})
        else:
            self.stdout.write(_("Hồ sơ minh hoạ: đã có, giữ nguyên"))
        if records := sectors.load():
            self.stdout.write(_("Cơ sở dữ liệu chuyên ngành minh hoạ: %(count)d bản ghi") % {"count": records})
        rasters.load()
