"""Opening a page in four ways and saying what is wrong with it: page, rule, element."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from sonha.testing.accessibility.pages import Page
from sonha.testing.browser import DESK, PATIENCE, PHONE

AXE = settings.PROJECT / "node_modules/axe-core/axe.min.js"
OWN = (Path(__file__).parent / "own.js").read_text()
GRAVE = frozenset({"serious", "critical"})
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], "resultTypes": ["violations"], "iframes": False}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"], "iframes": False}
ASK = """async ([options, theme]) => {
    document.documentElement.dataset.theme = theme;
    await document.fonts.ready;
    const answer = await axe.run(document, options);
    const elements = (nodes) => nodes.slice(0, 4).map((node) => node.html.slice(0, 200));
    return answer.violations.map(({id, impact, help, nodes}) => [id, impact, help, elements(nodes)]);
}"""


class Looker:
    """Browsers in front of the site at `url`, one for each reader, on a telephone and on a desk."""

    def __init__(self, browser: Browser, url: str, sessions: dict[str, str]) -> None:
        self.browser, self.url, self.sessions = browser, url, sessions
        self.heard: list[str] = []
        self.titles: dict[str, str] = {}
        self._tabs: dict[tuple[str, tuple[int, int]], Tab] = {}
        self._axe = AXE.read_text()

    def faults(self, page: Page) -> list[str]:
        """Everything wrong with the page, a sentence each: on a telephone, light and dark; main pages on a desk too."""
        found = list(self._in(page, PHONE))
        if page.main:
            found += self._in(page, DESK)
        return list(dict.fromkeys(found))

    def close(self) -> None:
        for tab in self._tabs.values():
            tab.context.close()

    def _in(self, page: Page, size: tuple[int, int]) -> Iterable[str]:
        tab = self._tab(page.actor, size)
        self.heard.clear()
        answer = tab.goto(page.url)
        assert answer is not None
        if answer.status >= 500:
            return [f"{page.url} as {page.actor}: fails with {answer.status}"]
        tab.evaluate(self._axe)
        found = [*self._axe_faults(tab, RULES, "light"), *self._axe_faults(tab, COLOURS, "dark")]
        tab.keyboard.press("Tab")
        found += [f"{rule}: {element}: {words}" for rule, element, words in tab.evaluate(OWN, size == PHONE)]
        own_answer = "Failed to load resource" if answer.status >= 400 else None  # a page of refusal says so in the console too
        found += [f"console: {message}" for message in self.heard if not (own_answer and own_answer in message)]
        found += self._title(page, tab.title())
        if found:
            self._keep(tab, page, size)
        return [f"{page.url} as {page.actor}: {fault}" for fault in found]

    def _axe_faults(self, tab: Tab, options: dict[str, Any], theme: str) -> list[str]:
        answer = tab.evaluate(ASK, [options, theme])
        return [f"{rule} ({theme}): {help_}: {element}" for rule, impact, help_, nodes in answer if impact in GRAVE for element in nodes]

    def _title(self, page: Page, title: str) -> list[str]:
        """A title of its own: pages of other addresses have others. A query or another thing of the same kind may share it."""
        kind = "/".join(part for part in page.url.split("?")[0].split("/") if not any(letter.isdigit() for letter in part))
        other = self.titles.setdefault(title, kind)
        return [f"title: {title!r} is also the title of {other}"] if other != kind else []

    def _tab(self, actor: str, size: tuple[int, int]) -> Tab:
        tab = self._tabs.get((actor, size))
        if tab is None:
            tab = self._tabs[actor, size] = self._context(actor, size).new_page()
            tab.on("pageerror", lambda error: self.heard.append(str(error)))
            tab.on("console", lambda message: self.heard.append(message.text) if message.type == "error" else None)
        return tab

    def _context(self, actor: str, size: tuple[int, int]) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce", color_scheme="light",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        if session := self.sessions.get(actor):
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])
        return context

    def _keep(self, tab: Tab, page: Page, size: tuple[int, int]) -> None:
        """A picture of the faulty page in the data folder."""
        folder = settings.SONHA_DATA / "pictures-of-failures"
        folder.mkdir(parents=True, exist_ok=True)
        name = "-".join(part for part in page.url.replace("?", "/").split("/") if part) or "home"
        tab.screenshot(path=folder / f"{name[:80]}-{page.actor}-{size[0]}.png", full_page=True)
