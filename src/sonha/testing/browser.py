"""A headless Chromium (Debian's) driven by Playwright, against a live server of the tests."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

PREFIX_BROWSER = Path(__file__).resolve().parents[3] / ".sonha/prefix/usr/lib/chromium/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=vi"]
PATIENCE = 20_000  # milliseconds before a missing element is an error
DESK, PHONE = (1440, 900), (390, 844)


def chromium() -> str:
    """Path of the browser: SONHA_CHROMIUM, the system's, or the one unpacked without root."""
    given = os.environ.get("SONHA_CHROMIUM") or shutil.which("chromium")
    return given or str(PREFIX_BROWSER)


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, _asyncio_beside_playwright():
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS, env={**os.environ, "LANGUAGE": "vi"})
        yield browser
        browser.close()


@contextmanager
def _asyncio_beside_playwright() -> Iterator[None]:
    """Playwright keeps an event loop running in this thread, where asyncio.run (as in signing) refuses to work: it gets a thread."""
    ordinary: Callable[..., Any] = asyncio.run

    def run(main: Coroutine[Any, Any, Any], **options: Any) -> Any:
        if asyncio._get_running_loop() is None:
            return ordinary(main, **options)
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(ordinary, main, **options).result()

    asyncio.run = run
    try:
        yield
    finally:
        asyncio.run = ordinary


class Live:
    """A running site and people in front of it, each with a browser profile of their own.

    `page` is the first visitor's page; `visitor()` opens further ones. Errors of scripts and breaches of the content security policy
    are collected in `problems`; the fixture fails the test that caused one.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.problems: list[str] = []
        self._contexts: list[BrowserContext] = []
        self._first: Page | None = None

    @property
    def page(self) -> Page:
        if self._first is None:
            self._first = self.visitor()
        return self._first

    def visitor(self, user: Any = None, *, size: tuple[int, int] = DESK) -> Page:
        """A page of a new browser profile, signed in as `user` (a User or a username) when given."""
        context = self.browser.new_context(
            base_url=self.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": size[0], "height": size[1]}
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._listen(page, message))
        if user is not None:
            self.sign_in(page, user)
        return page

    def sign_in(self, page: Page, user: Any) -> None:
        """Give the page's profile a session of the user, without going through the sign-in form."""
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.test import Client

        account = get_user_model().objects.get(username=user) if isinstance(user, str) else user
        client = Client()
        client.force_login(account)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])

    def keep_pictures(self, name: str) -> None:
        """What each person saw last, into the data folder: for a test that failed."""
        from django.conf import settings

        folder = settings.SONHA_DATA / "pictures-of-failures"
        folder.mkdir(parents=True, exist_ok=True)
        plain = re.sub(r"[^\w-]+", "-", name)[:80]
        for number, page in enumerate(page for context in self._contexts for page in context.pages):
            page.screenshot(path=folder / f"{plain}-{number}.png")

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _listen(self, page: Page, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.problems.append(f"{page.url}: {message.text}")
