"""A day of the administrator, in a browser: a new version of STT 866 from the first click to the citizen who files under it."""

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from sonha.foundation.audit.models import Event
from sonha.provinces.tests.running import filed
from sonha.services.dossiers.models import Dossier
from sonha.services.procedures.models import Procedure

if TYPE_CHECKING:
    from sonha.testing.browser import Live

DRAFT = "/quan-tri/thu-tuc/866/soan/"


def test_a_new_version_from_draft_to_the_first_citizen(lang_son: Any, live: "Live") -> None:
    older, _applicant, _writer = filed(866, business=False)
    page = live.visitor("quantri")
    page.goto("/quan-tri/thu-tuc/?q=hanh+nghe+khoan")
    page.get_by_role("link", name="Cấp phép hành nghề khoan nước dưới đất").first.click()
    page.get_by_role("button", name="Soạn phiên bản mới").click()

    change_a_fee_and_try_it(page)
    add_a_field_and_see_it(page)
    add_a_step(page)
    break_and_repair(page)

    page.get_by_role("link", name="Kiểm tra, công bố").click()
    expect(page.get_by_text("Không còn lỗi")).to_be_visible()
    expect(page.get_by_text("1.400.000 → 1.600.000")).to_be_visible()
    expect(page.get_by_text("Thêm «Họp hội đồng kỹ thuật»")).to_be_visible()
    page.get_by_role("button", name="Công bố phiên bản").click()
    expect(page.get_by_text("Đã công bố phiên bản 3.")).to_be_visible()

    newest = Procedure.objects.get(stt=866).versions.order_by("-number").first()
    assert newest is not None and newest.state == "published"
    assert Dossier.objects.get(pk=older.pk).version.number == newest.number - 1
    assert {"procedure.drafted", "procedure.draft_changed", "procedure.published"} <= set(Event.objects.values_list("verb", flat=True))
    file_as_citizen(live.visitor("congdan"))

    page.get_by_role("link", name="Xem trước việc chuyển").click()
    page.get_by_role("link", name="từ phiên bản 2").click()
    expect(page.get_by_role("row", name=older.code)).to_contain_text("Kiểm tra và tiếp nhận hồ sơ")
    page.get_by_role("button", name="Chuyển các hồ sơ đã chọn").click()
    expect(page.get_by_text("Đã chuyển 1 hồ sơ")).to_be_visible()
    assert Dossier.objects.get(pk=older.pk).version == newest


def change_a_fee_and_try_it(page: Page) -> None:
    page.get_by_role("link", name="Phí, lệ phí").click()
    page.get_by_role("link", name="Phí thẩm định hồ sơ").click()
    page.locator("#p-then-amount").fill("1.600.000")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    page.get_by_role("button", name="Thử").click()
    expect(page.get_by_role("status").filter(has_text="Tổng cộng")).to_contain_text("1.600.000 đồng")


def add_a_field_and_see_it(page: Page) -> None:
    page.get_by_role("link", name="Tờ khai", exact=True).click()
    page.get_by_role("link", name="+ Thêm mục").first.click()
    page.locator("#p-label").fill("Số giếng đã khoan trong năm")
    page.locator("#p-type").select_option("integer")
    expect(page.locator("#p-unit")).to_be_visible()
    page.locator("#p-unit").fill("giếng")
    page.get_by_role("button", name="Lưu", exact=True).click()
    preview = page.get_by_label("Xem trước tờ khai")
    expect(preview.get_by_label("Số giếng đã khoan trong năm")).to_be_attached()
    page.get_by_text("Điện thoại", exact=True).last.click()
    assert (preview.locator(".preview-frame").bounding_box() or {})["width"] <= 390


def add_a_step(page: Page) -> None:
    page.get_by_role("link", name="Các bước").click()
    page.locator("#new-title").fill("Họp hội đồng kỹ thuật")
    page.locator("#new-after").select_option("field_check")
    page.get_by_role("button", name="Thêm bước").click()
    expect(page.locator("[data-diagram] .flow-step.chosen")).to_contain_text("Họp hội đồng")
    page.locator("[data-diagram] [data-step='assign']").click()
    expect(page.locator("#p-title")).to_have_value("Phân công thụ lý")


def break_and_repair(page: Page) -> None:
    """A field that the printed permit needs is taken away: the sentence says so and leads to the text; then it is put back."""
    page.get_by_role("link", name="Kết quả", exact=True).click()
    body = page.locator("#p-body")
    whole = body.input_value()
    body.fill(whole + "\n4. Số giếng: {answers.so_gieng}.")
    page.get_by_role("button", name="Lưu", exact=True).click()
    sentence = page.get_by_role("link", name="Văn bản kết quả dùng «{answers.so_gieng}»")
    expect(sentence).to_be_visible()
    page.get_by_role("link", name="Kiểm tra, công bố").click()
    expect(page.get_by_role("button", name="Công bố phiên bản")).to_be_disabled()
    sentence.click()
    body.fill(whole + "\n4. Số giếng: {answers.so_gieng_da_khoan_trong_nam}.")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(sentence).to_have_count(0)


def file_as_citizen(page: Page) -> None:
    page.goto("/thu-tuc/866/nop/")
    page.locator("main form button").last.click()
    page.wait_for_url("**/nop-ho-so/**")
    expect(page.get_by_label("Số giếng đã khoan trong năm")).to_be_visible()
