"""Plays a story against the running system, through a browser: a groundwater permit, or a parcel that is split."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Chạy trọn một câu chuyện (cấp giấy phép STT 860, hoặc tách thửa STT 816) qua trình duyệt, in từng bước và giữ ảnh chụp."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="groundwater", choices=["groundwater", "parcel_split"], help="câu chuyện nào")
        parser.add_argument("--url", default=f"http://127.0.0.1:{settings.SONHA_PORT}", help="địa chỉ của hệ thống đang chạy")
        parser.add_argument("--pictures", type=Path, default=settings.SONHA_DATA / "story", help="thư mục giữ ảnh chụp")

    def handle(self, *args: Any, name: str, url: str, pictures: Path, **options: Any) -> None:
        from sonha.channels.story import groundwater, parcel_split
        from sonha.channels.story.stage import Stage, StoryBroken
        from sonha.provinces.demonstration.accounts import password
        from sonha.testing.browser import running_browser

        story: Any = {"groundwater": groundwater, "parcel_split": parcel_split}[name]
        self.stdout.write(_("Câu chuyện %(count)d cảnh trên %(url)s") % {"count": len(story.SCENES), "url": url})
        with running_browser() as browser:
            stage = Stage(browser, url.rstrip("/"), pictures, password=password(), say=self._say)
            try:
                told = story.tell(stage)
            except StoryBroken as broken:
                raise CommandError(str(broken)) from broken
            finally:
                stage.close()
        about = {"code": told.code, "result": told.result, "seconds": f"{stage.took:.0f}", "folder": pictures}
        self.stdout.write(_("Xong: hồ sơ %(code)s, %(result)s, %(seconds)s giây; ảnh chụp ở %(folder)s") % about)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
