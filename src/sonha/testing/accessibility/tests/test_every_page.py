"""Every page of the product, looked at by axe-core and by our own checks (sonha/testing/accessibility), and tests of these tests."""

import types
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import override_settings
from django.urls import path
from playwright.sync_api import Browser

from sonha import urls
from sonha.testing.access.checking import Checker
from sonha.testing.access.people import dismiss, populate
from sonha.testing.access.things import furnish
from sonha.testing.accessibility.checking import Looker
from sonha.testing.accessibility.pages import Page, pages, stand_in
from sonha.testing.browser import Live


@pytest.fixture
def checker(lang_son: Any) -> Checker:
    """The small province: people, six dossiers, and a draft of a procedure under the administrator's hands."""
    people = populate()
    things = furnish(people)
    dismiss(people)
    checker = Checker(people, things)
    assert checker.clients["administrator"].post("/quan-tri/thu-tuc/860/soan/", {"reason": "x"}).status_code == 302
    return checker


@pytest.fixture
def looker(checker: Checker, browser: Browser, live_server: Any) -> Iterator[Looker]:
    sessions = {name: client.cookies[settings.SESSION_COOKIE_NAME].value for name, client in checker.clients.items() if client.cookies}
    looker = Looker(browser, live_server.url, sessions)
    yield looker
    looker.close()


def test_no_page_has_a_serious_fault(checker: Checker, looker: Looker) -> None:
    looked = [*pages(checker), *stand_in()]
    assert len(looked) > 80, "the list of pages is drawn from all addresses"
    faults = [fault for page in looked for fault in looker.faults(page)]
    assert not faults, f"{len(faults)} faults on {len(looked)} pages:\n" + "\n".join(faults)


# Tests of the tests: what the one above must notice.

FAULTY = """{% extends "ui/base.html" %}
{% block title %}{% endblock %}
{% block content %}
<h1>Trang</h1><h1>Trang nữa</h1>
<img src="/static/ui/mark.svg">
<p style="color: #bbb; background: #fff">chữ quá nhạt</p>
<form><input name="q"><button style="height: 20px; outline: none !important; box-shadow: none">Tìm</button></form>
<span style="cursor: pointer">bấm được, phím không tới</span>
<div style="width: 900px">rộng quá</div>
<script>thi_truong()</script>
{% endblock %}"""
NOTICED = (
    "color-contrast (light)",
    '<img src="/static/ui/mark.svg">',
    "title: html",
    "one-h1: h1",
    "label: input",
    "sideways: div",
    'touch: button "Tìm": 20 px high',
    'keyboard: span "bấm được',
    'focus-visible: button "Tìm"',
    "console: Executing inline script violates the following Content Security Policy",
)


def a_page_in_a_hurry(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(FAULTY).render({}, request))


def test_a_faulty_page_is_found_with_rule_and_element(live: Live, settings: Any, tmp_path: Any) -> None:
    settings.SONHA_DATA = tmp_path
    module = types.ModuleType("sonha.testing.accessibility.tests.faulty_urls")
    module.urlpatterns = [path("voi-vang/", a_page_in_a_hurry), *urls.urlpatterns]  # type: ignore[attr-defined]
    looker = Looker(live.browser, live.url, {})
    with override_settings(ROOT_URLCONF=module):
        found = "\n".join(looker.faults(Page("/voi-vang/", "anonymous")))
    looker.close()
    assert all(line.startswith("/voi-vang/ as anonymous: ") for line in found.splitlines())
    for words in NOTICED:
        assert words in found, f"{words} was not noticed:\n{found}"
    assert list(tmp_path.glob("pictures-of-failures/voi-vang-anonymous-390.png")), "a picture of it is kept"


def test_a_page_in_order_is_not_accused(live: Live) -> None:
    looker = Looker(live.browser, live.url, {})
    assert looker.faults(Page("/tai-khoan/login/", "anonymous", main=True)) == []
    looker.close()
