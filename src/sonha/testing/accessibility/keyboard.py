"""Somebody without a mouse in front of a page: Tab, Enter, the space bar, arrows and letters, nothing else."""

from collections.abc import Iterator

from playwright.sync_api import Page

MANY = 160  # presses of Tab after which a thing counts as out of reach
HERE = """() => {
    const each = document.activeElement;
    const words = each.labels?.[0]?.innerText || each.getAttribute("aria-label") || each.innerText || each.value || "";
    return {tag: each.localName, type: each.type || "", words: words.trim().replace(/\\s+/g, " "), value: each.value || "",
            checked: !!each.checked,
            required: each.getAttribute("aria-required") === "true" || !!each.closest("[aria-required=true]"),
            main: !!each.closest("main"), numbers: /numeric|decimal/.test(each.inputMode || "")};
}"""
REACHABLE = """() => {
    const seen = (each) => each.checkVisibility({visibilityProperty: true}) && each.getBoundingClientRect().width > 0;
    const groups = new Set();
    let number = 0;
    document.querySelectorAll("a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary").forEach((each) => {
        if (!seen(each) || each.type === "hidden" || each.tabIndex < 0 || each.closest("canvas, .maplibregl-map")) return;
        if (each.type === "radio") { if (groups.has(each.name)) return; groups.add(each.name); }
        each.dataset.byKey = number++;
    });
    return number;
}"""
VISITED = """() => {
    const each = document.activeElement;
    if (each.type === "radio") {
        return document.querySelector(`[type=radio][name="${CSS.escape(each.name)}"][data-by-key]`)?.dataset.byKey ?? null;
    }
    return each.dataset?.byKey ?? null;
}"""


class OutOfReach(AssertionError):
    """No number of presses of the Tab key leads to the thing."""


class Keyboard:
    """One person's keyboard on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def here(self) -> dict[str, object]:
        """What has the focus."""
        found: dict[str, object] = self.page.evaluate(HERE)
        return found

    def to(self, words: str) -> None:
        """Tab until the thing with these words has the focus."""
        for _press in range(MANY):
            if self.here()["words"] == words:
                return
            self.page.keyboard.press("Tab")
        raise OutOfReach(f"{words!r} on {self.page.url}")

    def to_file(self, inside: str) -> None:
        """Tab until the field for files inside the element with this id has the focus."""
        for _press in range(MANY):
            if self.page.evaluate("id => document.activeElement.matches(`#${id} [type=file]`)", inside):
                return
            self.page.keyboard.press("Tab")
        raise OutOfReach(f"the files of {inside!r} on {self.page.url}")

    def enter(self, words: str) -> None:
        """Tab to it and press Enter; waits for the page that comes."""
        self.to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def answer_until(self, words: str) -> None:
        """Tab through a form, answering each required question that is open, until the button with these words has the focus."""
        for _press in range(MANY):
            here = self.here()
            if here["words"] == words and here["tag"] == "button":
                return
            if here["main"] and here["required"]:
                self._answer(here)
            self.page.keyboard.press("Tab")
        raise OutOfReach(f"{words!r} on {self.page.url}")

    def _answer(self, here: dict[str, object]) -> None:
        keys = self.page.keyboard
        if here["type"] in {"checkbox", "radio"}:
            if not here["checked"]:
                keys.press("Space")
        elif here["value"]:
            return
        elif here["tag"] == "select":
            keys.press("ArrowDown")
        elif here["tag"] in {"input", "textarea"} and here["type"] != "file":
            keys.type("2025" if here["numbers"] else "Theo quy định hiện hành")

    def out_of_reach(self) -> list[str]:
        """What can be pressed or filled on the page but is not reached by Tab from its beginning."""
        number = self.page.evaluate(REACHABLE)
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        visited: set[str] = set()
        for place in self._visited(number + 40):
            visited.add(place)
            if len(visited) == number:
                return []
        missing = [place for place in range(number) if str(place) not in visited]
        return [
            self.page.evaluate("place => document.querySelector(`[data-by-key='${place}']`)?.outerHTML.slice(0, 200)", place)
            for place in missing
        ]

    def _visited(self, presses: int) -> Iterator[str]:
        for _press in range(presses):
            self.page.keyboard.press("Tab")
            place = self.page.evaluate(VISITED)
            if place is not None:
                yield place
