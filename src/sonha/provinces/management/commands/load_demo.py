"""Loads the demonstration: accounts, the land of the communes where they live, then dossiers. Safe to run again."""

import gc
import os
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sonha.geo.rasters import demonstration as rasters
from sonha.provinces.demonstration import cadastre, sectors
from sonha.provinces.demonstration.accounts import load_accounts
from sonha.provinces.demonstration.clock import at
from sonha.provinces.demonstration.story import FIRST_DAY, USUAL, crowd, tell
from sonha.services.dossiers.models import Dossier


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
        self._land()
        gc.disable()  # a tenth of the time goes to looking for garbage that the end of the command removes anyway
        made = tell(options["dossiers"], say=self.stdout.write)
        if made:
            self.stdout.write(_("Hồ sơ minh hoạ: %(count)d, %(seconds).0f giây") % {"count": made, "seconds": time.monotonic() - started})
        else:
            self.stdout.write(_("Hồ sơ minh hoạ: đã có, giữ nguyên"))
        if records := sectors.load():
            self.stdout.write(_("Cơ sở dữ liệu chuyên ngành minh hoạ: %(count)d bản ghi") % {"count": records})
        rasters.load()

    def _land(self) -> None:
        """Before the dossiers, which name its parcels; the rest of the cadastre follows beside the running site (demo_cadastre)."""
        if Dossier.objects.filter(is_demo=True).exists():
            return
        crowd()
        with at(FIRST_DAY - timedelta(days=1)):
            made = cadastre.load(int(os.environ.get("SONHA_DEMO_PARCELS", cadastre.USUAL)), communes=cadastre.homes())
        self.stdout.write(_("Thửa đất nơi người của bộ trình diễn ở: %(count)d") % {"count": made})
