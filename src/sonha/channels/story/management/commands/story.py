"""Plays the story of a groundwater permit against the running system, through a browser."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Chạy trọn câu chuyện cấp giấy phép (STT 860) qua trình duyệt trên hệ thống đang chạy, in từng bước và giữ ảnh chụp."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=f"http://127.0.0.1:{settings.SONHA_PORT}", help="địa chỉ của hệ thống đang chạy")
        parser.add_argument("--pictures", type=Path, default=settings.SONHA_DATA / "story", help="thư mục giữ ảnh chụp")

    def handle(self, *args: Any, url: str, pictures: Path, **options: Any) -> None:
        from sonha.channels.story.groundwater import SCENES, tell
        from sonha.channels.story.stage import Stage, StoryBroken
        from sonha.provinces.demonstration.accounts import password
        from sonha.testing.browser import running_browser

        self.stdout.write(_("Câu chuyện %(count)d cảnh trên %(url)s") % {"count": len(SCENES), "url": url})
        with running_browser() as browser:
            stage = Stage(browser, url.rstrip("/"), pictures, password=password(), say=self._say)
            try:
                told = tell(stage)
            except StoryBroken as broken:
                raise CommandError(str(broken)) from broken
            finally:
                stage.close()
        about = {"code": told.code, "permit": told.permit_number, "seconds": f"{stage.took:.0f}", "folder": pictures}
        self.stdout.write(_("Xong: hồ sơ %(code)s, giấy phép %(permit)s, %(seconds)s giây; ảnh chụp ở %(folder)s") % about)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
