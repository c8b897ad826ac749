"""A browser in front of the live site sees the styled page, and its complaints fail the test."""

import asyncio

import pytest

from sonha.testing.browser import PHONE, Live

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_front_page_is_styled_in_both_sizes(live: Live) -> None:
    for page in (live.page, live.visitor(size=PHONE)):
        page.goto("/")
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith(("Be Vietnam Pro", '"Be Vietnam Pro"'))
        assert page.locator("h1").count() == 1
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], "the page scrolls sideways"  # type: ignore[index]


def test_a_script_error_is_collected(live: Live) -> None:
    live.page.goto("/")
    live.page.evaluate("setTimeout(() => { throw new Error('vỡ') }, 0)")
    live.page.wait_for_timeout(200)
    assert any("vỡ" in problem for problem in live.problems)
    live.problems.clear()


def test_an_inline_script_is_a_breach_of_the_policy(live: Live) -> None:
    live.page.goto("/")
    live.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.inlined = 1'}))")
    live.page.wait_for_timeout(200)
    assert live.page.evaluate("window.inlined") is None
    assert any("Content Security Policy" in problem for problem in live.problems)
    live.problems.clear()


def test_asynchronous_libraries_work_beside_the_browser(live: Live) -> None:
    live.page.goto("/healthz/live")

    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert asyncio.run(answer()) == 42
