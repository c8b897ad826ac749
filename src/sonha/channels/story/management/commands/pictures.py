"""Takes the pictures of the documentation from the running demonstration."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

PAGES = {
    "home": ("", "/", None),
    "dossier": ("chuyenvien", "/can-bo/", '[data-row-link], a[href^="/can-bo/ho-so/H"]'),
}
"""File name -> who looks (nobody signed in when empty), at which address, and the link to follow from there."""
SIZE = (1280, 860)


class Command(BaseCommand):
    help = "Chụp các trang dùng trong tài liệu từ bản trình diễn đang chạy vào docs/pictures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=f"http://127.0.0.1:{settings.SONHA_PORT}", help="địa chỉ của hệ thống đang chạy")
        parser.add_argument("--folder", type=Path, default=settings.PROJECT / "docs/pictures")

    def handle(self, *args: Any, url: str, folder: Path, **options: Any) -> None:
        from sonha.channels.story.stage import Stage
        from sonha.provinces.demonstration.accounts import password
        from sonha.testing.browser import running_browser

        with running_browser() as browser:
            stage = Stage(browser, url.rstrip("/"), folder, password=password())
            for name, (username, address, link) in PAGES.items():
                page = stage.as_(username, SIZE) if username else stage.visitor("", SIZE)
                page.goto(address)
                if link:
                    page.locator(link).first.click()
                page.wait_for_load_state("networkidle")
                page.screenshot(path=folder / f"{name}.png")
                self.stdout.write(str(folder / f"{name}.png"))
            stage.close()
