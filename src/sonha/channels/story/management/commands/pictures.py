"""Takes the pictures of the documentation from the running demonstration, and writes the page that shows them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Chụp các trang dùng trong tài liệu từ bản trình diễn đang chạy vào docs/pictures, ở hai bề rộng, kèm trang README.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=f"http://127.0.0.1:{settings.SONHA_PORT}", help="địa chỉ của hệ thống đang chạy")
        parser.add_argument("--folder", type=Path, default=settings.PROJECT / "docs/pictures")

    def handle(self, *args: Any, url: str, folder: Path, **options: Any) -> None:
        from sonha.channels.story import gallery
        from sonha.channels.story.stage import Stage
        from sonha.provinces.demonstration.accounts import password
        from sonha.testing.browser import running_browser

        total = 0
        with running_browser() as browser:
            stage = Stage(browser, url.rstrip("/"), folder, password=password())
            for path in gallery.take(stage, folder):
                size = path.stat().st_size
                total += size
                self.stdout.write(f"{path.name}  {size / 1000:.0f} kB")
            stage.close()
        (folder / "README.md").write_text(gallery.gallery())
        self.stdout.write(f"{len(gallery.names())} ảnh, {total / 1e6:.1f} MB: {folder / 'README.md'}")
