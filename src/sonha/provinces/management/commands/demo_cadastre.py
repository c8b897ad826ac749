"""Loads the generated boundaries and cadastre. Safe to run again: what is there stays."""

import gc
import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sonha.provinces.demonstration.cadastre import USUAL, load


class Command(BaseCommand):
    help = "Nạp địa giới và bản đồ địa chính tạo ra để trình diễn. Chạy lại được."

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = int(os.environ.get("SONHA_DEMO_PARCELS", USUAL))
        parser.add_argument("--parcels", type=int, default=usual, metavar="N", help=f"số thửa đất (mặc định {usual})")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(_("Không nạp dữ liệu trình diễn vào hệ thống vận hành chính thức."))
        if options["parcels"] < 1:
            raise CommandError(_("Số thửa đất phải lớn hơn 0."))
        started = time.monotonic()
        gc.disable()  # a million small rows that the end of the command removes anyway
        made = load(options["parcels"], say=self.stdout.write)
        if made:
            self.stdout.write(
                _("Thửa đất trình diễn: %(count)d, %(seconds).0f giây") % {"count": made, "seconds": time.monotonic() - started}
            )
        else:
            self.stdout.write(_("Thửa đất trình diễn: đã có, giữ nguyên"))
