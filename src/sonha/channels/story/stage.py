"""The stage of a story: one browser, a profile for each person, a line and a picture for each scene."""

import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

DESK, PHONE = (1440, 900), (390, 844)
PATIENCE = 30_000  # milliseconds; the first page after a start is slow on a small machine
Say = Callable[[str], None]


class StoryBroken(AssertionError):
    """A scene did not go as told: which one, and what was seen instead."""


class Stage:
    """People in front of the site at `url`; pictures go to `folder`."""

    def __init__(self, browser: Browser, url: str, folder: Path, *, password: str, say: Say = lambda line: None) -> None:
        self.browser, self.url, self.folder, self.password, self.say = browser, url, folder, password, say
        self.scenes = 0
        self.took = 0.0
        self._pages: dict[str, Page] = {}
        self._seen: Page | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def visitor(self, name: str = "", size: tuple[int, int] = DESK) -> Page:
        """The page of a person who is not signed in; the same name gives the same profile."""
        page = self._pages.get(name)
        if page is None:
            width, height = size
            context = self.browser.new_context(
                base_url=self.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": width, "height": height}
            )
            context.set_default_timeout(PATIENCE)
            page = self._pages[name] = context.new_page()
        self._seen = page
        return page

    def as_(self, username: str, size: tuple[int, int] = DESK) -> Page:
        """The page of a person signed in through the form."""
        known = username in self._pages
        page = self.visitor(username, size)
        if not known:
            page.goto("/tai-khoan/login/")
            page.fill("[name=login]", username)
            page.fill("[name=password]", self.password)
            page.locator("main form").get_by_role("button").first.click()
            page.wait_for_url(lambda address: "/login/" not in address)
        return page

    @contextmanager
    def scene(self, title: str) -> Iterator[None]:
        """Times what happens inside, prints the line and keeps a picture, also of a scene that breaks."""
        self.scenes += 1
        started = time.monotonic()
        try:
            yield
        except (BrowserError, AssertionError) as broken:
            where = self._picture(f"{self.scenes:02}-hong-{slug(title)}")
            at = self._seen.url if self._seen else self.url
            raise StoryBroken(f"{self.scenes}. {title}: {str(broken).strip()[:600]} [{at}; {where}]") from broken
        took = time.monotonic() - started
        self.took += took
        self._picture(f"{self.scenes:02}-{slug(title)}")
        self.say(f"  ✓ {self.scenes:2}. {title}  {took:.1f} s")

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def _picture(self, name: str) -> Path:
        path = self.folder / f"{name}.png"
        if self._seen is not None:
            self._seen.screenshot(path=path, full_page=True)
        return path


def slug(words: str) -> str:
    """`Một cửa tiếp nhận` -> `mot-cua-tiep-nhan`."""
    plain = unicodedata.normalize("NFD", words.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
