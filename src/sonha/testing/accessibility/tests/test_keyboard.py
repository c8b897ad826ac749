"""The main acts with the keyboard alone: nothing in these tests clicks."""

from typing import Any

import pytest
from playwright.sync_api import expect

from sonha.channels.help.tours import TOURS
from sonha.provinces.demonstration.accounts import load_accounts
from sonha.provinces.demonstration.scans import scan
from sonha.provinces.tests.running import filed
from sonha.services.dossiers.models import Dossier, State
from sonha.testing.accessibility.keyboard import Keyboard, OutOfReach
from sonha.testing.browser import Live

pytestmark = pytest.mark.usefixtures("lang_son", "accounts")
SHORT = 1645
"""A declaration of a few questions and one paper."""


@pytest.fixture
def accounts(lang_son: Any) -> None:
    load_accounts()


def test_a_citizen_files_by_keyboard(live: Live) -> None:
    page = live.visitor("congdan")
    page.on("filechooser", lambda _chooser: None)  # from the beginning: a browser told of it only when Enter comes may miss the first
    keyboard = Keyboard(page)
    page.goto(f"/thu-tuc/{SHORT}/")
    page.keyboard.press("Tab")
    assert keyboard.here()["words"] == "Đến nội dung chính", "the first press of Tab offers to skip the menu"
    page.keyboard.press("Enter")
    keyboard.enter("Nộp hồ sơ")
    keyboard.enter("Bắt đầu")
    while "trang=giay-to" not in page.url:
        before = page.url
        keyboard.answer_until("Tiếp tục")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url != before, page.locator("[data-error-summary]").inner_text()
    for paper in page.locator("fieldset.paper:has(.tag.soon)").all():
        keyboard.to_file(str(paper.get_attribute("id")))
        with page.expect_file_chooser() as chosen:
            page.keyboard.press("Enter")
        chosen.value.set_files({"name": "giay-to.pdf", "mimeType": "application/pdf", "buffer": scan("data")})
        expect(paper.locator("[data-given] li").first).to_be_visible()
    while "trang=xem-lai" not in page.url:
        keyboard.answer_until("Tiếp tục")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    keyboard.enter("Nộp hồ sơ")
    assert "/ho-so-cua-toi/H" in page.url, page.get_by_role("main").inner_text()
    assert Dossier.objects.get().code in page.url


def test_a_receptionist_accepts_by_keyboard(live: Live) -> None:
    dossier, _actor, _writer = filed(860, business=False)
    page = live.visitor("motcua")
    keyboard = Keyboard(page)
    page.goto("/can-bo/")
    page.keyboard.press("j")
    assert keyboard.here()["words"] == dossier.code, "j walks to the first dossier"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert keyboard.out_of_reach() == []
    page.keyboard.press("Home")
    keyboard.enter("Tiếp nhận")
    dossier.refresh_from_db()
    assert dossier.state != State.SUBMITTED
    assert dossier.due_at is not None


def test_everything_on_a_page_is_reached_by_tab_and_what_is_not_is_noticed(live: Live) -> None:
    page = live.visitor("congdan")
    keyboard = Keyboard(page)
    page.goto("/thu-tuc/858/nop/")
    keyboard.enter("Bắt đầu")
    keyboard.answer_until("Tiếp tục")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[data-place]").first).to_be_visible()
    assert page.locator("[name='location:x']").count(), "a place has fields to type, beside the map"
    assert keyboard.out_of_reach() == []
    page.evaluate("document.querySelector('main').append(Object.assign(document.createElement('button'), {textContent: 'Giấu'}))")
    page.evaluate("addEventListener('focusin', (event) => { if (event.target.innerText === 'Giấu') event.target.blur(); })")
    assert any("Giấu" in each for each in keyboard.out_of_reach())
    with pytest.raises(OutOfReach):
        keyboard.to("Không có nút này")


TAKEN = {
    "": "citizen",
    "motcua": "receptionist",
    "chuyenvien": "specialist",
    "truongphong": "head",
    "lanhdao": "leader",
    "vanthu": "clerk",
    "quantri": "administrator",
    "kiemtoan": "auditor",
}
"""Who is offered which tour."""


def test_every_tour_walks_by_keyboard_and_is_remembered(live: Live) -> None:
    for who, tour in TAKEN.items():
        page = live.visitor(who or None)
        address = {"home": "/", "work": "/can-bo/", "administration:home": "/quan-tri/"}[TOURS[tour].view]
        page.goto(address)
        offer = page.locator("[data-tour]")
        expect(offer).to_be_visible()
        assert offer.get_attribute("data-tour") == tour
        Keyboard(page).to("Xem hướng dẫn")
        page.keyboard.press("Enter")
        card = page.get_by_role("dialog")
        for number, step in enumerate(TOURS[tour].steps, 1):
            expect(card.get_by_role("heading")).to_have_text(str(step.title))
            expect(card).to_be_focused()
            pointed = page.locator(step.at).first.evaluate("each => each.classList.contains('tour-here')")
            assert pointed, f"{tour}: step {number} points at nothing"
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
    page.goto(address)
    expect(offer).to_be_hidden()
    page.goto("/tro-giup/")
    page.get_by_role("link", name="Xem lại phần giới thiệu trang").click()
    expect(card).to_be_visible()
