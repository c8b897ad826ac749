"""What a person with a telephone and a bad line needs: small photographs, a filing that outlives the line, two devices, simple mode."""

import gzip
import io
import random
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect

from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import read_bytes
from sonha.foundation.identity.models import User
from sonha.provinces.demonstration.scans import scan
from sonha.services.dossiers import filing
from sonha.services.dossiers.models import Draft
from sonha.services.dossiers.tests.people import citizen, groundwater_answers
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version
from sonha.testing.browser import PHONE

if TYPE_CHECKING:
    from sonha.testing.browser import Live

pytestmark = pytest.mark.usefixtures("lang_son")
PATIENT = 30_000  # milliseconds: other tests may have the processor
DECLARED = ("owner_name", "personal_id", "address", "phone")


@pytest.fixture
def lan(lang_son: None) -> User:
    user = citizen().user
    assert user
    return user


def begun(user: User) -> Draft:
    """A draft to take groundwater, with what the account knows."""
    version = current_version(Procedure.objects.get(stt=860))
    assert version
    answers = {name: value for name, value in groundwater_answers().items() if name in DECLARED}
    return Draft.objects.create(user=user, version=version, owner=user.party, answers=answers)


def twelve_megapixels() -> bytes:
    """A photograph as a telephone makes it: 4000 x 3000, about five megabytes, lying on its side with a note how to turn it (EXIF 6)."""
    chance = random.Random(1)
    picture = Image.frombytes("RGB", (800, 600), chance.randbytes(800 * 600 * 3)).resize((4000, 3000), Image.Resampling.BILINEAR)
    turned = Image.Exif()
    turned[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, exif=turned)
    return out.getvalue()


def photographs(live: "Live", lan: User) -> None:
    """A photograph is made small and upright before it is sent, and a PDF stays as it is."""
    draft = begun(lan)
    page = live.visitor(lan, size=PHONE)
    page.goto(f"/nop-ho-so/{draft.pk}/?trang=giay-to")
    photograph = twelve_megapixels()
    assert len(photograph) > 3_500_000
    paper = page.locator("#giay-water_analysis")
    paper.locator("#f-water_analysis").set_input_files({"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": photograph})
    expect(paper.locator("[data-given] li")).to_have_count(1, timeout=PATIENT)
    expect(paper.locator("[data-status]")).to_contain_text(re.compile(r"ảnh [\d,]+ MB được thu nhỏ còn \d+ kB"))
    small = scan("report")
    paper.locator("#f-water_analysis").set_input_files({"name": "phieu.pdf", "mimeType": "application/pdf", "buffer": small})
    expect(paper.locator("[data-given] li")).to_have_count(2, timeout=PATIENT)
    draft.refresh_from_db()
    files = {file.original_name: file for file in _files(draft.papers["water_analysis"])}
    assert files["anh.jpg"].size < 800_000
    wide, high = Image.open(io.BytesIO(read_bytes(files["anh.jpg"]))).size
    assert wide * 4 == high * 3 and 1500 <= high <= 2000
    assert read_bytes(files["phieu.pdf"]) == small


def _packed(response: Response) -> int:
    """Bytes of an answer as the product sends it: text compressed, fonts as they are."""
    body = response.body()
    return len(body) if response.url.endswith(".woff2") else len(gzip.compress(body, 6))


def _files(idents: list[str]) -> Any:
    return StoredFile.objects.filter(pk__in=idents)


def a_broken_line(live: "Live", lan: User) -> None:
    """A filing goes on without a line, and what was typed arrives later; signing out takes the copies away."""
    draft = begun(lan)
    page = live.visitor(lan, size=PHONE)
    page.goto(f"/nop-ho-so/{draft.pk}/?trang=muc-owner")
    page.evaluate("navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready).then(() => true)")
    page.locator("#keep-offline").check()
    page.get_by_text("Các trang đã được giữ trên máy này").wait_for(timeout=PATIENT)

    page.context.set_offline(True)
    page.locator("[name=address]").fill("Thôn Nà Mạng")
    page.locator("[name=phone]").fill("0912345678")
    expect(page.locator("[data-saved]")).to_contain_text("được giữ trên máy này")
    page.get_by_role("button", name="Tiếp tục", exact=True).click()
    page.wait_for_url("**trang=muc-works")
    page.locator("[name=works_name]").fill("Giếng ngoài mạng")
    expect(page.locator("[data-saved]")).to_contain_text("được giữ trên máy này")
    draft.refresh_from_db()
    assert "works_name" not in draft.answers
    page.goto("/thu-tuc/")
    expect(page.get_by_role("heading", name="Không có mạng")).to_be_visible()
    expect(page.locator("[data-drafts] a")).to_have_count(1)

    page.context.set_offline(False)  # the page comes back by itself, which a goto() of ours would run into
    page.get_by_text("Đã gửi những gì ông/bà gõ khi mất mạng").wait_for()
    draft.refresh_from_db()
    assert (draft.answers["address"], draft.answers["works_name"]) == ("Thôn Nà Mạng", "Giếng ngoài mạng")
    page.get_by_role("button", name="Danh mục").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/")
    page.wait_for_function("() => caches.has('sonha-pages').then((there) => { window.gone = !there; }) && window.gone")


def two_devices(live: "Live", lan: User) -> None:
    """Two devices on one page are told of each other."""
    draft = begun(lan)
    here, there = live.visitor(lan, size=PHONE), live.visitor(lan)
    for device in (here, there):
        device.goto(f"/nop-ho-so/{draft.pk}/?trang=muc-owner")
    there.locator("[name=address]").fill("gõ trên máy kia")
    _saved(draft, "gõ trên máy kia")
    here.locator("[name=address]").fill("gõ trên máy này")
    told = here.locator("[data-clash]")
    expect(told).to_contain_text("vừa được sửa trên máy khác lúc")
    _saved(draft, "gõ trên máy kia")
    here.get_by_role("button", name="Tiếp tục", exact=True).click()
    expect(told).to_be_visible()  # nothing is sent before the person decides
    told.get_by_role("button", name="Giữ bản đang ở màn hình này").click()
    _saved(draft, "gõ trên máy này")
    expect(told).to_have_count(0)


def _saved(draft: Draft, address: str) -> None:
    for _attempt in range(80):
        draft.refresh_from_db()
        if draft.answers.get("address") == address:
            return
        time.sleep(0.1)
    raise AssertionError(f"{draft.answers.get('address')!r} is kept, not {address!r}")


def asked(page: Page) -> str:
    return page.locator("[data-field].asked").last.locator("label, legend").first.inner_text().split("\n")[0].strip()


def simple_mode(live: "Live", lan: User) -> None:
    """One question at a time, remembered on the device."""
    draft = begun(lan)
    page = live.visitor(lan, size=PHONE)
    page.goto(f"/nop-ho-so/{draft.pk}/?trang=muc-works")
    page.get_by_role("button", name="Mỗi lần một câu hỏi").click()
    expect(page.locator(".question-place")).to_have_text("Câu 1 trong 7")
    assert asked(page) == "Tên công trình"
    going = page.get_by_role("button", name="Tiếp tục", exact=True)
    going.click()
    expect(page.locator("#f-works_name-error")).to_have_text("Ông/bà cần điền “Tên công trình”.")
    page.locator("[name=works_name]").fill("Giếng nhà ông Páo")
    going.click()
    assert asked(page) == "Tình trạng công trình"
    assert page.locator("main [data-field]:visible").count() == 1
    page.get_by_label("Chưa khai thác").check()
    going.click()
    assert asked(page) == "Loại công trình"
    page.get_by_role("button", name="Quay lại", exact=True).click()
    assert asked(page) == "Tình trạng công trình"
    page.reload()
    expect(page.locator(".question-place")).to_have_text("Câu 1 trong 7")
    expect(page.locator("[name=works_name]")).to_have_value("Giếng nhà ông Páo")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    page.get_by_role("button", name="Trở lại cách thường").click()
    assert page.locator("main [data-field]:visible").count() > 5


def the_first_page(live: "Live") -> None:
    """The first page weighs less than 200 kB and asks before anything else."""
    page = live.visitor(size=PHONE)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/", wait_until="networkidle")
    came = {answer.url: _packed(answer) for answer in answers}
    assert 100_000 < sum(came.values()) < 200_000, came
    page.get_by_role("searchbox").fill("toi muon khoan gieng")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row-link]").first).to_contain_text("nước dưới đất")


def a_daughter_for_her_father(live: "Live", lan: User) -> None:
    """She types who he is, his number and name must belong together, and the authorisation is required."""
    page = live.visitor(lan, size=PHONE)
    page.goto("/thu-tuc/860/nop/")
    page.get_by_label("Cha, mẹ hoặc người thân của tôi").check()
    page.get_by_role("button", name="Bắt đầu").click()
    page.get_by_label("Người thân là gì của ông/bà?").select_option(label="Cha, mẹ")
    page.locator("[name=name]").fill("Nông Văn Già")
    page.locator("[name=address]").fill("Thôn Nà Lốc")
    citizen("Hoàng Văn Lạ", "020084000007")
    page.locator("[name=personal_id]").fill("020084000007")
    page.get_by_role("button", name="Tiếp tục", exact=True).click()
    expect(page.locator("#f-personal_id-error")).to_contain_text("không đi với họ tên")
    page.locator("[name=personal_id]").fill("020045001234")
    page.get_by_role("button", name="Tiếp tục", exact=True).click()
    page.wait_for_url("**muc-owner*", timeout=PATIENT)
    expect(page.locator("[name=owner_name]")).to_have_value("Nông Văn Già")
    draft = Draft.objects.latest("created_at")
    _answers, problems = filing.check(draft)
    assert problems.papers["authorisation"].startswith("Thiếu giấy tờ: Văn bản uỷ quyền")
    assert problems.owner == {}
    page.goto(f"/nop-ho-so/{draft.pk}/giay-uy-quyen/")
    expect(page.get_by_role("article")).to_contain_text("Nông Văn Già")


def test_a_first_visit_photographs_and_filing_for_ones_father(live: "Live", lan: User) -> None:
    the_first_page(live)
    photographs(live, lan)
    a_daughter_for_her_father(live, lan)


def test_typing_without_a_line_on_two_devices_and_one_question_at_a_time(live: "Live", lan: User) -> None:
    a_broken_line(live, lan)
    two_devices(live, lan)
    simple_mode(live, lan)
