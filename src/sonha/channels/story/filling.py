"""Filling declared forms through the browser: each field of the page that an answer names, by the kind of its control."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
OPTIONAL = "each => each.closest('[data-field]')?.querySelector('[data-optional]')?.hidden === false"


def fill(scope: Page | Locator, answers: Mapping[str, Any], prefix: str = "") -> set[str]:
    """Fills the visible fields of `scope` named in `answers`; returns the names found.

    A text or number is typed, a choice chosen by its value, a list ticked; True ticks one box. `prefix` goes before each name, as in
    the forms of steps.
    """
    filled = set()
    for name, value in answers.items():
        for control in scope.locator(f'[name="{prefix}{name}"]:not([type=hidden])').all():
            kind = control.get_attribute("type") or ""
            if kind in {"radio", "checkbox"}:
                wanted = [str(each) for each in (value if isinstance(value, list) else [value])]
                if control.get_attribute("value") in wanted or (value is True and kind == "checkbox"):
                    control.check()
                    filled.add(name)
            elif control.is_visible():
                if control.evaluate("each => each.tagName") == "SELECT":
                    control.select_option(str(value))
                else:
                    control.fill(str(value))
                filled.add(name)
    return filled


def favourable(form: Locator) -> None:
    """Answers a step's form as an official who has nothing to object: the first choice of each, today's work in words.

    What is optional stays as it is.
    """
    for group in form.get_by_role("radiogroup").all():
        if group.is_visible():
            group.get_by_role("radio").first.check()
    for control in form.locator("select, input[type=text], input[inputmode], textarea").all():
        if not control.is_visible() or control.get_attribute("name") in {"comment", "item_reason"} or control.evaluate(OPTIONAL):
            continue
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(index=1)
        elif not control.input_value():
            control.fill(_plain_answer(control))


def _plain_answer(control: Locator) -> str:
    if control.locator("xpath=ancestor::*[contains(@class, 'field-date')]").count():
        return datetime.now(VIETNAM).strftime("%d/%m/%Y")
    return "10" if control.get_attribute("inputmode") in {"numeric", "decimal"} else "Đạt yêu cầu, đủ điều kiện theo quy định."
