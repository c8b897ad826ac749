"""The citizen's way with a telephone in hand: from the form to the receipt, with mistakes, a pause, photographs and the payment."""

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from sonha.channels.story.filling import fill
from sonha.foundation.access.actor import Actor
from sonha.foundation.files.services import store_bytes
from sonha.foundation.identity.models import User
from sonha.process.cases import engine
from sonha.process.cases.models import Task
from sonha.provinces.demonstration.accounts import load_accounts
from sonha.provinces.demonstration.filers import places
from sonha.provinces.demonstration.scans import scan
from sonha.provinces.demonstration.writing import Writer
from sonha.provinces.tests.running import filed
from sonha.services.dossiers import drafts
from sonha.services.dossiers.models import Dossier, Draft, Paper
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version
from sonha.testing.browser import PHONE
from sonha.testing.gateway import Sandbox

if TYPE_CHECKING:
    from sonha.testing.browser import Live

pytestmark = pytest.mark.usefixtures("lang_son", "accounts")

WELL = {
    "code": "GK1",
    "position:x": "21,8758",
    "position:y": "106,7681",
    "depth": "60",
    "diameter": "110",
    "flow": "120",
    "static_level": "12,5",
}
WORKS = {"works_name": "Giếng nhà bà Lan", "works_state": "new", "works_type": "drilled_well", "site_address": "Thôn Nà Chuông"}
USE = {"flow": "1.200,5", "purposes": ["farming"], "hours_a_day": "8", "years": "5"}


@pytest.fixture
def accounts(lang_son: None) -> None:
    load_accounts()


@pytest.fixture
def paying(live_server: Any, tmp_path: Path, settings: Any) -> Iterator[None]:
    gateway = Sandbox(tmp_path, f"{live_server.url}/api/payments/callback", "--retry-after", "0.5,0.5")
    settings.SONHA_PAYMENT = gateway.settings
    yield
    gateway.stop()


def photograph() -> bytes:
    """A large noisy picture, as a telephone makes them."""
    chance = random.Random(1)
    picture = Image.frombytes("RGB", (400, 300), chance.randbytes(400 * 300 * 3)).resize((2600, 1950))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=97)
    return out.getvalue()


def given_before() -> Dossier:
    """A dossier of the same citizen with a map of the works, to be given again."""
    dossier, actor, _writer = filed(858, business=False)
    file = store_bytes(scan("drawing"), name="so-do.pdf", media_type="application/pdf", purpose="dossier", actor_user=actor.user)
    Paper.objects.create(dossier=dossier, requirement="site_map", title="Sơ đồ", kind="works_map", file=file)
    return dossier


def go_on(page: Page, to: str) -> None:
    page.get_by_role("button", name="Tiếp tục", exact=True).click()
    page.wait_for_url(f"**trang={to}*")


def test_a_citizen_files_a_well_on_a_telephone_and_pays(live: "Live", paying: None) -> None:
    earlier = given_before()
    page = live.visitor("congdan", size=PHONE)
    page.goto("/thu-tuc/860/")
    page.get_by_role("link", name="Nộp hồ sơ").click()
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_label("Tên tổ chức, cá nhân")).to_have_value("Nông Thị Lan")
    go_on(page, "muc-works")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_hidden()

    page.get_by_role("button", name="Tiếp tục", exact=True).click()  # mistakes: nothing was answered here
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Ông/bà cần điền “Thôn, khối phố, địa điểm cụ thể”.").click()
    expect(page.locator("[name=site_address]")).to_be_focused()
    fill(page, WORKS)
    page.locator("select[name=location_commune]").select_option(label="Xã Bình Gia")
    canvas = page.locator('[data-field="location"] canvas').first
    canvas.scroll_into_view_if_needed()
    canvas.click(position={"x": 150, "y": 120})
    expect(page.locator("[name='location:x']")).not_to_have_value("")
    fill(page, {"aquifer": "Khe nứt - karst C-P"})
    page.locator("[name=site_address]").press("Tab")
    expect(page.locator("[data-saved]")).to_contain_text("Đã lưu lúc")
    expect(summary).to_be_hidden()
    go_on(page, "muc-use")
    page.go_back()
    expect(page.locator("[name=works_name]")).to_have_value("Giếng nhà bà Lan")
    page.go_forward()

    fill(page, USE)
    page.get_by_role("button", name="Lưu, làm tiếp sau").click()  # leaves, and comes back where it was
    page.get_by_role("link", name="Làm tiếp").first.click()
    expect(page.locator("[name=flow]")).to_have_value("1.200,5")
    go_on(page, "muc-wells")
    fill(page, {f"wells.0.{name}": value for name, value in WELL.items()})
    go_on(page, "muc-commitments")
    page.locator("[name=truthful]").check()
    go_on(page, "giay-to")

    hand_in(page, earlier)
    go_on(page, "nhan-ket-qua")
    expect(page.get_by_label("Nhận bản điện tử trên trang này")).to_be_checked()
    go_on(page, "xem-lai")
    expect(page.locator("#problems")).to_have_count(0)
    expect(page.get_by_text("5.000.000 đồng").first).to_be_visible()  # from the number 1200.5, not from the text «1.200,5»
    page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    page.wait_for_url("**/ho-so-cua-toi/**")
    dossier = Dossier.objects.exclude(pk=earlier.pk).get()
    expect(page.get_by_role("main")).to_contain_text(dossier.code)
    assert dossier.answers["flow"] == 1200.5
    assert dossier.papers.filter(reused_from__dossier=earlier).count() == 1
    assert dossier.papers.get(requirement="water_analysis").file.size < len(photograph()), "a telephone's picture is made smaller"
    pay(page, dossier)


def hand_in(page: Page, earlier: Dossier) -> None:
    """The map is given again; the analysis is refused as a text, then photographed twice and one picture taken back."""
    site_map = page.locator("#giay-site_map")
    expect(site_map).to_contain_text(earlier.code)
    site_map.get_by_role("button", name="Dùng lại, khỏi nộp").click()
    expect(site_map.locator("[data-given] li")).to_contain_text("dùng lại từ hồ sơ")
    analysis = page.locator("#giay-water_analysis")
    picker = analysis.locator("#f-water_analysis")
    picker.set_input_files({"name": "ghi-chu.txt", "mimeType": "text/plain", "buffer": b"khong phai anh"})
    expect(analysis.get_by_role("alert")).to_contain_text("không phải ảnh hoặc PDF")
    analysis.locator("#c-water_analysis").set_input_files({"name": "trang-1.jpg", "mimeType": "image/jpeg", "buffer": photograph()})
    expect(analysis.locator("[data-given] li")).to_have_count(1)
    picker.set_input_files({"name": "trang-2.pdf", "mimeType": "application/pdf", "buffer": scan("report")})
    expect(analysis.locator("[data-given] li")).to_have_count(2)
    analysis.get_by_role("button", name="Bỏ trang-2.pdf").click()
    expect(analysis.locator("[data-given] li")).to_have_count(1)
    report = page.locator("#f-exploration_report")
    report.set_input_files({"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": scan("report")})
    expect(page.locator("#giay-exploration_report [data-given] li")).to_have_count(1)


def pay(page: Page, dossier: Dossier) -> None:
    """The desk accepts; the citizen pays at the gateway, comes back, and sees that it was paid, and the receipt."""
    desk = Actor.of(User.objects.get(username="motcua"))
    engine.act(Task.objects.get(case=dossier.case, step="reception", state="open").pk, "accept", actor=desk)
    page.reload()
    expect(page.locator("#task")).to_contain_text("5.000.000 đồng")
    page.get_by_role("link", name="Nộp trực tuyến").click()
    page.get_by_role("button", name="Thanh toán trực tuyến").click()
    page.locator("button[value=pay]").click()
    expect(page.get_by_text("Phiếu đã được thanh toán").first).to_be_visible()
    page.get_by_role("link", name="Về hồ sơ").click()
    expect(page.locator(".tag", has_text="đã nộp").first).to_be_visible()
    expect(page.get_by_role("link", name="Giấy tiếp nhận hồ sơ và hẹn trả kết quả", exact=True)).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), "the page is wider than the telephone"


def drafted(stt: int, username: str) -> Draft:
    """A draft with everything answered but the last pages."""
    user = User.objects.get(username=username)
    represented = user.representations.first()
    party = represented.party if represented else user.party
    procedure = Procedure.objects.get(stt=stt)
    version = current_version(procedure)
    assert party and version
    draft = drafts.start_draft(Actor.of(user), version, owner=party)
    writer = Writer(party, places()[0], procedure.declaration, random.Random(stt), False)
    drafts.save_draft(draft, answers=writer.fill(drafts.form_of(draft), drafts.context_for(draft)))
    for paper, required in drafts.required_papers(version, drafts.about(draft)):
        if required and paper.form != "electronic":
            file = store_bytes(scan("report"), name="giay.pdf", media_type="application/pdf", purpose="dossier", actor_user=user)
            drafts.give_paper(draft, paper.code, [str(file.pk)])
    return draft


def test_land_a_commune_matter_and_a_business_reach_their_desk(live: "Live") -> None:
    land, matter, business = (send(live, *each) for each in ((816, "congdan"), (1657, "congdan"), (848, "doanhnghiep")))
    assert land.agency == land.procedure.agency and matter.agency.name == "Ủy ban nhân dân xã Bình Gia"
    assert business.owner.kind == "business" and business.applicant_name != business.owner_name


def send(live: "Live", stt: int, username: str) -> Dossier:
    """The last pages of a filing: where to, an address that was forgotten, and off it goes."""
    draft = drafted(stt, username)
    page = live.visitor(username, size=PHONE)
    page.goto(f"/nop-ho-so/{draft.pk}/?trang=nhan-ket-qua")
    if draft.version.procedure.agency is None:
        page.locator("select[name=receiving_commune]").select_option(label="Xã Bình Gia")
    page.get_by_label("Nhận qua bưu chính công ích").check()
    page.locator("[name=return_address]").fill("")
    page.get_by_role("button", name="Tiếp tục", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Địa chỉ nhận qua bưu chính")
    page.locator("[name=return_address]").fill("Thôn Nà Pàn, xã Bình Gia")
    go_on(page, "xem-lai")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url("**/ho-so-cua-toi/**")
    dossier = Dossier.objects.select_related("owner", "agency", "procedure__agency").get(draft=draft)
    assert dossier.owner_id == draft.owner_id and dossier.return_channel == "post"
    expect(page.get_by_role("main")).to_contain_text(dossier.code)
    return dossier
