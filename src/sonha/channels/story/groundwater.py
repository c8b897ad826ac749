"""A groundwater abstraction permit (STT 860), from the search on the home page to the permit in the register.

Scenes follow one another; each is what one person does at one sitting. Everybody is a demonstration account.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from sonha.channels.story.filling import favourable, fill
from sonha.channels.story.stage import PHONE, Stage
from sonha.provinces.demonstration.scans import kind_of, scan

STT = 860
CITIZEN, DESK_OFFICER, HEAD, SPECIALIST = "congdan", "motcua", "truongphong", "chuyenvien"
COMMUNE_OFFICER, LEADER, CLERK = "canboxa", "chutich", "vanthu.ubnd"
CODE = re.compile(r"H37\.[\w.]+-\d{6}-\d{4}")
ANSWERS = {
    "works_name": "Giếng khoan thôn Nà Chuông",
    "works_state": "new",
    "works_type": "drilled_well",
    "site_address": "Thôn Nà Chuông",
    "aquifer": "Khe nứt - karst C-P",
    "flow": "120",
    "purposes": ["farming"],
    "hours_a_day": "8",
    "years": "5",
    "truthful": True,
}
WELL = {
    "code": "GK1",
    "position:x": "21,8758",
    "position:y": "106,7681",
    "depth": "60",
    "diameter": "110",
    "flow": "120",
    "static_level": "12,5",
}
LACKING = "Bổ sung kết quả bơm nước thí nghiệm của giếng GK1."


@dataclass
class Told:
    """What the story has come to know so far."""

    code: str = ""
    permit_number: str = ""
    papers: list[Path] = field(default_factory=list)

    @property
    def result(self) -> str:
        return f"giấy phép {self.permit_number}"


def tell(stage: Stage) -> Told:
    """Plays the whole story. StoryBroken names the scene that did not go as told."""
    told = Told()
    for title, scene in SCENES:
        with stage.scene(title):
            scene(stage, told)
    return told


def find_the_procedure(stage: Stage, told: Told) -> None:
    page = stage.as_(CITIZEN, PHONE)
    page.goto("/")
    page.get_by_role("searchbox").first.fill("khai thac nuoc duoi dat")
    page.get_by_role("searchbox").first.press("Enter")
    page.locator(f'a[href*="/thu-tuc/{STT}/"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("khai thác, sử dụng nước dưới đất")


def file_it(stage: Stage, told: Told) -> None:
    page = stage.as_(CITIZEN)
    page.goto(f"/thu-tuc/{STT}/nop/")
    page.get_by_role("button", name="Bắt đầu").click()
    while "trang=giay-to" not in page.url:
        answer_page(page)
        before = page.url
        page.get_by_role("button", name="Tiếp tục").click()
        expect(page).not_to_have_url(before)


def answer_page(page: Page) -> None:
    """Fills what this page asks: fields, the point on the map, the row of a well."""
    fill(page, ANSWERS)
    commune = page.locator('select[name="location_commune"]')
    if commune.count():
        commune.select_option(label="Xã Bình Gia")
    point_on_the_map(page)
    fill(page, {f"wells.0.{name}": value for name, value in WELL.items()})


def point_on_the_map(page: Page) -> None:
    place = page.locator('[data-field="location"]')
    if not place.count():
        return
    canvas = place.locator("canvas").first
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    canvas.click(position={"x": 150, "y": 120})
    expect(place.locator("[data-x]")).not_to_have_value("")


def hand_in_papers(stage: Stage, told: Told) -> None:
    page = stage.as_(CITIZEN)
    for group in page.locator("[data-paper]").all():
        picker = group.locator("input[type=file]").first
        if not picker.count() or not group.get_by_text("Bắt buộc").count():
            continue
        title = group.locator("legend").inner_text()
        picker.set_input_files({"name": "ban-chup.pdf", "mimeType": "application/pdf", "buffer": scan(kind_of(title))})
        expect(group.locator("[data-given] li").first).to_be_visible()
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_url("**trang=nhan-ket-qua*")
    page.locator("[name=return_channel][value=desk]").check()
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_url("**trang=xem-lai*")


def submit(stage: Stage, told: Told) -> None:
    page = stage.as_(CITIZEN)
    expect(page.locator("#problems")).to_have_count(0)
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url("**/ho-so-cua-toi/**")
    found = CODE.search(page.url)
    assert found, f"không thấy mã hồ sơ ở {page.url}"
    told.code = found[0]


def track_without_sign_in(stage: Stage, told: Told) -> None:
    page = stage.visitor("khach", PHONE)
    page.goto("/tra-cuu/")
    page.get_by_role("main").get_by_role("textbox").or_(page.get_by_role("main").get_by_role("searchbox")).first.fill(told.code)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tra-cuu/{told.code}/")
    shown = page.get_by_role("main").inner_text()
    assert told.code in shown and "Nông Thị Lan" not in shown, "trang tra cứu phải có mã và không có tên người nộp"


def the_desk_accepts(stage: Stage, told: Told) -> None:
    act(stage, told, DESK_OFFICER, "Tiếp nhận")
    page = stage.as_(DESK_OFFICER)
    expect(page.get_by_role("link", name=re.compile("Giấy tiếp nhận")).first).to_be_visible()


def pay(stage: Stage, told: Told) -> None:
    page = my_dossier(stage, told)
    page.get_by_role("link", name=re.compile("Nộp trực tuyến|Nộp phí")).first.click()
    page.get_by_role("button", name="Thanh toán trực tuyến").click()
    page.locator("button[value=pay]").or_(page.get_by_role("button").first).first.click()
    page.wait_for_url(f"{stage.url}/**")
    page = my_dossier(stage, told)
    expect(page.locator(".tag", has_text="đã nộp").first).to_be_visible()


def the_head_assigns(stage: Stage, told: Told) -> None:
    act(stage, told, HEAD, "Giao chuyên viên")


def the_specialist_asks_for_more(stage: Stage, told: Told) -> None:
    page = dossier(stage, told, SPECIALIST)
    claim = page.get_by_role("button", name="Nhận việc này")
    if claim.count():
        claim.first.click()
    task = page.locator("section.next").first
    task.get_by_text("Danh sách cần bổ sung").click()
    task.locator("input[name=item_reason]").nth(1).fill(LACKING)
    task.get_by_label("Ý kiến", exact=True).fill(LACKING)
    task.get_by_role("button", name="Yêu cầu chỉnh sửa, bổ sung").click()
    expect(page.get_by_role("main")).to_contain_text("Đã thực hiện")
    expect(page.get_by_role("main")).to_contain_text("tạm dừng, còn")


def the_citizen_answers(stage: Stage, told: Told) -> None:
    page = my_dossier(stage, told)
    expect(page.get_by_role("main")).to_contain_text(LACKING)
    expect(page.get_by_role("main")).to_contain_text("tạm dừng")
    task = page.locator("#task")
    task.locator("input[type=file]").first.set_input_files(
        {"name": "bom-thi-nghiem.pdf", "mimeType": "application/pdf", "buffer": scan(kind_of("báo cáo"))}
    )
    expect(task.locator("[data-given] li").first).to_be_visible()
    task.get_by_role("textbox").last.fill("Tôi đã bổ sung kết quả bơm thí nghiệm.")
    task.get_by_role("button", name="Nộp bổ sung").click()
    expect(page.get_by_role("main")).not_to_contain_text("đang tạm dừng")


def the_specialist_concludes(stage: Stage, told: Told) -> None:
    act(stage, told, SPECIALIST, "Kết luận thẩm định")


def the_commune_is_consulted(stage: Stage, told: Told) -> None:
    act(stage, told, COMMUNE_OFFICER, "Gửi ý kiến")


def the_site_is_inspected(stage: Stage, told: Told) -> None:
    act(stage, told, SPECIALIST, "Gửi kết quả kiểm tra")


def the_result_is_drafted(stage: Stage, told: Told) -> None:
    page = dossier(stage, told, SPECIALIST)
    page.get_by_role("link", name=re.compile("dự thảo kết quả")).first.click()
    page.get_by_role("button", name=re.compile("Lưu")).first.click()
    act(stage, told, SPECIALIST, "Trình trưởng phòng")


def the_head_agrees(stage: Stage, told: Told) -> None:
    act(stage, told, HEAD, "Đồng ý, trình ký")


def the_leader_signs(stage: Stage, told: Told) -> None:
    act(stage, told, LEADER, "Ký giấy phép", size=PHONE)


def the_clerk_numbers(stage: Stage, told: Told) -> None:
    act(stage, told, CLERK, "Lấy số và đóng dấu")


def the_result_is_downloaded(stage: Stage, told: Told) -> None:
    page = my_dossier(stage, told)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Tải kết quả")).first.click()
    path = stage.folder / f"{told.code}.pdf"
    waiting.value.save_as(path)
    told.papers.append(path)
    said = pdfsig(path)
    assert said.count("Signature is Valid") == said.count("Signature #") >= 2, said


def pdfsig(path: Path) -> str:
    """What poppler's `pdfsig` says of the signatures of a PDF."""
    program = shutil.which("pdfsig")
    assert program, "thiếu chương trình pdfsig (gói poppler-utils)"
    return subprocess.run([program, str(path)], capture_output=True, text=True, env={"LC_ALL": "C"}).stdout


def anyone_checks_the_signature(stage: Stage, told: Told) -> None:
    page = stage.visitor("khach")
    page.goto("/kiem-tra/")
    page.locator("input[type=file]").set_input_files(told.papers[-1])
    page.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Lê Văn Sơn")


def the_permit_is_in_the_register(stage: Stage, told: Told) -> None:
    page = dossier(stage, told, SPECIALIST)
    link = page.locator('a[href*="/can-bo/giay-phep/"]:not(header a)').first
    told.permit_number = link.inner_text()
    link.click()
    expect(page.get_by_role("main")).to_contain_text(told.permit_number)
    expect(page.get_by_role("main")).to_contain_text("Còn hiệu lực")


def the_desk_hands_over(stage: Stage, told: Told) -> None:
    act(stage, told, DESK_OFFICER, "Đã trả kết quả")


def the_citizen_rates(stage: Stage, told: Told) -> None:
    page = my_dossier(stage, told)
    page.get_by_label("Rất hài lòng", exact=True).check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("Cảm ơn ông/bà").first).to_be_visible()


SCENES = (
    ("Người dân tìm thủ tục bằng chữ không dấu", find_the_procedure),
    ("Điền tờ khai, chọn điểm trên bản đồ", file_it),
    ("Tải giấy tờ lên, chọn cách nhận kết quả", hand_in_papers),
    ("Nộp hồ sơ, nhận mã", submit),
    ("Ai có mã cũng tra cứu được, không thấy tên", track_without_sign_in),
    ("Một cửa tiếp nhận, hẹn ngày trả", the_desk_accepts),
    ("Nộp phí qua cổng thanh toán thử nghiệm", pay),
    ("Trưởng phòng giao việc", the_head_assigns),
    ("Chuyên viên yêu cầu bổ sung, thời hạn dừng", the_specialist_asks_for_more),
    ("Người dân bổ sung, thời hạn chạy tiếp", the_citizen_answers),
    ("Chuyên viên thẩm định", the_specialist_concludes),
    ("Uỷ ban nhân dân xã cho ý kiến", the_commune_is_consulted),
    ("Kiểm tra thực địa", the_site_is_inspected),
    ("Soạn dự thảo giấy phép, trình", the_result_is_drafted),
    ("Trưởng phòng đồng ý", the_head_agrees),
    ("Lãnh đạo ký số", the_leader_signs),
    ("Văn thư lấy số, đóng dấu", the_clerk_numbers),
    ("Người dân tải giấy phép, pdfsig xác nhận chữ ký", the_result_is_downloaded),
    ("Ai cũng kiểm tra được chữ ký", anyone_checks_the_signature),
    ("Giấy phép có trong sổ", the_permit_is_in_the_register),
    ("Một cửa trả kết quả", the_desk_hands_over),
    ("Người dân đánh giá", the_citizen_rates),
)


def act(stage: Stage, told: Told, username: str, button: str, size: tuple[int, int] | None = None) -> None:
    """Opens the dossier as an official, answers the step's form and presses the button."""
    page = dossier(stage, told, username, size)
    task = task_with(page, button)
    favourable(task)
    task.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Đã thực hiện")


def task_with(page: Page, button: str) -> Locator:
    return page.locator("section.next").filter(has=page.get_by_role("button", name=button, exact=True)).first


def dossier(stage: Stage, told: Told, username: str, size: tuple[int, int] | None = None) -> Page:
    page = stage.as_(username, size) if size else stage.as_(username)
    page.goto(f"/can-bo/ho-so/{told.code}/")
    return page


def my_dossier(stage: Stage, told: Told) -> Page:
    page = stage.as_(CITIZEN)
    page.goto(f"/ho-so-cua-toi/{told.code}/")
    return page
