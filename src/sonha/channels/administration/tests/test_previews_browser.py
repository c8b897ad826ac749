"""A list is corrected on a telephone, with the keyboard where it can be: seen, gone back to, saved, taken back."""

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from sonha.foundation.catalogues.models import CatalogueItem
from sonha.services.dossiers.tests.people import official
from sonha.testing.accessibility.checking import AXE, GRAVE, RULES
from sonha.testing.browser import PHONE

if TYPE_CHECKING:
    from sonha.testing.browser import Live

ASK = "async (options) => (await axe.run(document, options)).violations.map(({id, impact}) => [id, impact])"


def test_an_item_is_seen_before_it_is_saved_and_taken_back(lang_son: Any, live: "Live") -> None:
    item = CatalogueItem.objects.filter(catalogue__code="dan-toc").earliest("order")
    page = live.visitor(official("administrator", "UBND", "Trần Quang Huy").user, size=PHONE)
    page.goto(f"/quan-tri/danh-muc/dan-toc/muc/{item.pk}/sua/")
    page.get_by_label("Tên tiếng Anh").fill("Viet people")
    page.get_by_label("Tên tiếng Anh").press("Enter")
    expect(page.get_by_text("Xem trước, chưa lưu gì")).to_be_visible()
    expect(page.get_by_text("Viet people")).to_be_visible()
    in_order(page)

    page.get_by_role("button", name="Quay lại").press("Enter")
    expect(page.get_by_label("Tên tiếng Anh")).to_have_value("Viet people")
    item.refresh_from_db()
    assert item.name_en != "Viet people", "nothing is saved yet"
    page.get_by_role("button", name="Xem trước").press("Enter")
    page.get_by_role("button", name="Đúng như vậy, lưu").press("Enter")
    expect(page.get_by_text(f"Đã sửa mục {item.code}.")).to_be_visible()

    page.get_by_role("link", name="Xem, lấy lại").first.press("Enter")
    expect(page.get_by_role("heading", name="Lấy lại thay đổi")).to_be_visible()
    in_order(page)
    page.get_by_role("button", name="Lấy lại").press("Enter")
    expect(page.get_by_text("Đã lấy lại thay đổi.")).to_be_visible()
    before = item.name_en
    item.refresh_from_db()
    assert item.name_en == before


def in_order(page: Page) -> None:
    """No serious fault for people who use other means, and nothing wider than the screen."""
    page.evaluate(AXE.read_text())
    faults = [rule for rule, impact in page.evaluate(ASK, RULES) if impact in GRAVE]
    assert not faults
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
