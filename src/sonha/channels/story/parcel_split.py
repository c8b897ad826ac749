"""A parcel split by a signed decision (STT 816): looked up and divided on a phone, checked and signed, and two parcels on the map.

`./sonha story parcel_split` plays it against a running installation; the tests play what the citizen does (`FILED` scenes).

Everybody is a demonstration account; the parcel is one of the citizen's own in the generated cadastre.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from sonha.channels.story import groundwater as common
from sonha.channels.story.filling import VIETNAM, fill
from sonha.channels.story.groundwater import CITIZEN, Told, act
from sonha.channels.story.stage import PHONE, Stage
from sonha.provinces.demonstration.scans import kind_of, scan

STT = 816
DESK_OFFICER, HEAD, SPECIALIST = "motcua", "truongphong.vpdk", "chuyenvien.vpdk"
LEADER, CLERK = "lanhdao.vpdk", "vanthu.vpdk"
FILTER = (
    '<Filter xmlns="http://www.opengis.net/ogc"><PropertyIsLike wildCard="*" singleChar="?" escapeChar="!">{}</PropertyIsLike></Filter>'
)
AREAS = re.compile(r"([0-9.]+(?:,[0-9])?) m²")


@dataclass
class Split(Told):
    """`parcel`: as the certificate names it; `parts`: areas of the new parcels, m², as told."""

    parcel: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    @property
    def result(self) -> str:
        return f"thửa {self.parcel.get('parcel_number', '')} thành {' + '.join(self.parts)} m²"


def tell(stage: Stage, scenes: int | None = None) -> Split:
    """Plays the whole story, or its first scenes. StoryBroken names the scene that did not go as told."""
    told = Split()
    for title, scene in SCENES[:scenes]:
        with stage.scene(title):
            scene(stage, told)
    return told


def choose_my_parcel(stage: Stage, told: Split) -> None:
    page = stage.as_(CITIZEN, PHONE)
    page.goto(f"/thu-tuc/{STT}/nop/")
    page.get_by_role("button", name="Bắt đầu").click()
    go_to(page, "muc-parcels")
    mine = page.get_by_label("Thửa đất của tôi")
    largest = max(mine.locator("option").all(), key=lambda each: area_in(each.inner_text()))
    mine.select_option(label=largest.inner_text())
    said = page.locator('[data-told="parcel"]')
    expect(said).to_contain_text("Giấy chứng nhận")
    expect(page.locator("[name=area]")).not_to_have_value("")
    told.parcel = {
        name: page.locator(f"[name={name}]").input_value() for name in ("map_sheet", "parcel_number", "certificate_number", "land_type")
    }
    assert area_in(said.inner_text()) == area_in(largest.inner_text())


def a_parcel_that_is_not_there(stage: Stage, told: Split) -> None:
    """Is said kindly, and typing goes on."""
    page = stage.as_(CITIZEN, PHONE)
    number = page.locator("[name=parcel_number]")
    number.fill("99999")
    expect(page.locator('[data-told="parcel"]')).to_contain_text("Chưa thấy thửa 99999")
    number.fill(told.parcel["parcel_number"])
    expect(page.locator('[data-told="parcel"]')).to_contain_text(told.parcel["certificate_number"])
    page.locator("[name=kind][value=split]").check()
    go_on(page, "muc-split")


def draw_the_line(stage: Stage, told: Split) -> None:
    page = stage.as_(CITIZEN, PHONE)
    question = page.locator('[data-field="split_line"]')
    question.scroll_into_view_if_needed()
    canvas = question.locator("canvas").first
    canvas.wait_for()
    page.wait_for_timeout(600)  # the map comes to rest over the parcel
    room = canvas.bounding_box()
    assert room
    said = question.locator('[data-told="split_line"]')
    click(page, canvas, room, 0.02, 0.06)
    click(page, canvas, room, 0.02, 0.94)
    expect(said).to_contain_text("không cắt qua")
    question.get_by_role("button", name="Xoá hết").click()
    click(page, canvas, room, 0.48, 0.04)
    click(page, canvas, room, 0.52, 0.96)
    expect(question.locator("[data-map-status]")).to_be_empty()
    expect(said).to_contain_text("thành 2 phần")
    told.parts = AREAS.findall(said.inner_text())
    assert len(told.parts) == 2
    said.get_by_role("button", name=re.compile("Điền vào tờ khai")).click()
    kind = {"land_type": told.parcel["land_type"]}
    for row in ("0", "1"):
        fill(
            page,
            {f"new_parcels.{row}.name": f"Thửa {int(row) + 1}", **{f"new_parcels.{row}.{name}": value for name, value in kind.items()}},
        )
        expect(page.locator(f'[name="new_parcels.{row}.area"]')).to_have_value(told.parts[int(row)])
    fill(page, {"access": "public"})


def areas_that_differ_are_told(stage: Stage, told: Split) -> None:
    page = stage.as_(CITIZEN, PHONE)
    first = page.locator('[name="new_parcels.0.area"]')
    first.fill("1")
    said = page.locator('[data-told="split_line"]')
    expect(said).to_contain_text("khác với diện tích vẽ")
    first.fill(told.parts[0])
    expect(said).not_to_contain_text("khác với diện tích vẽ")
    go_on(page, "muc-reason")


def file_it(stage: Stage, told: Split) -> None:
    page = stage.as_(CITIZEN, PHONE)
    fill(page, {"reason": "family", "drawing_by": "Chi nhánh Văn phòng Đăng ký đất đai", "new_certificates": "2"})
    go_on(page, "muc-commitments")
    fill(page, {"truthful": True})
    go_on(page, "giay-to")
    for group in page.locator("[data-paper]").all():
        picker = group.locator("input[type=file]").first
        if picker.count() and group.get_by_text("Bắt buộc").count():
            paper = scan(kind_of(group.locator("legend").inner_text()))
            picker.set_input_files({"name": "ban-chup.pdf", "mimeType": "application/pdf", "buffer": paper})
            expect(group.locator("[data-given] li").first).to_be_visible()
    go_on(page, "nhan-ket-qua")
    page.locator("[name=return_channel][value=desk]").check()
    go_on(page, "xem-lai")
    common.submit(stage, told)


def the_office_checks(stage: Stage, told: Split) -> None:
    act(stage, told, DESK_OFFICER, "Tiếp nhận")
    act(stage, told, HEAD, "Giao chuyên viên")
    page = common.dossier(stage, told, SPECIALIST)
    claim = page.get_by_role("button", name="Nhận việc này")
    if claim.count():
        claim.first.click()
    shown = page.get_by_role("main").inner_text()
    assert "Người đề nghị là người có quyền sử dụng thửa đất." in shown
    for number, area in enumerate(sorted(told.parts, key=number_of), start=1):
        assert f"{area}" in shown, f"thửa mới thứ {number} ({area} m²) phải có ở phần đối chiếu"
    act(stage, told, SPECIALIST, "Kết luận thẩm định")


def the_line_is_inspected(stage: Stage, told: Split) -> None:
    page = common.dossier(stage, told, SPECIALIST)
    task = common.task_with(page, "Gửi kết quả kiểm tra")
    expect(task.locator("[data-told]").filter(has_text="thành 2 phần")).to_be_visible()
    act(stage, told, SPECIALIST, "Gửi kết quả kiểm tra")


def it_is_signed(stage: Stage, told: Split) -> None:
    page = common.dossier(stage, told, SPECIALIST)
    page.get_by_role("link", name=re.compile("dự thảo kết quả")).first.click()
    page.get_by_role("button", name=re.compile("Lưu")).first.click()
    act(stage, told, SPECIALIST, "Trình trưởng phòng")
    act(stage, told, HEAD, "Đồng ý, trình ký")
    act(stage, told, LEADER, "Ký", size=PHONE)
    act(stage, told, CLERK, "Lấy số và đóng dấu")


def wfs_shows_both_and_yesterday_the_old(stage: Stage, told: Split) -> None:
    """What anybody with a map program sees, without signing in."""
    page = stage.visitor("khach")
    today = datetime.now(VIETNAM).date()
    now = {parcel["parcel_number"]: parcel["area"] for parcel in parcels(page, told, today.isoformat())}
    before = {parcel["parcel_number"]: parcel["area"] for parcel in parcels(page, told, (today - timedelta(days=1)).isoformat())}
    old = int(told.parcel["parcel_number"])
    assert old in before and old not in now, "thửa cũ phải có vào hôm qua và không còn hôm nay"
    made = sorted(now[number] for number in now.keys() - before.keys())
    assert made == sorted(number_of(area) for area in told.parts), f"hai thửa mới phải có trên WFS: {made}"
    page.goto("/ban-do/")
    expect(page.locator("canvas").first).to_be_visible()


FILED = 5
SCENES = (
    ("Người dân chọn thửa đất của mình trên điện thoại", choose_my_parcel),
    ("Thửa không có thì được nói rõ, vẫn ghi tiếp được", a_parcel_that_is_not_there),
    ("Vẽ đường tách, diện tích hai phần hiện ngay", draw_the_line),
    ("Diện tích ghi khác diện tích vẽ thì được báo", areas_that_differ_are_told),
    ("Nộp hồ sơ, nhận mã", file_it),
    ("Một cửa tiếp nhận, chuyên viên đối chiếu địa chính", the_office_checks),
    ("Kiểm tra thực địa, đường tách có sẵn", the_line_is_inspected),
    ("Trình, duyệt, ký, đóng dấu", it_is_signed),
    ("WFS có hai thửa mới; hôm qua là thửa cũ", wfs_shows_both_and_yesterday_the_old),
)


def parcels(page: Page, told: Split, day: str) -> list[dict[str, Any]]:
    """The parcels of the citizen's sheet on a day, as WFS tells everybody."""
    like = f"<PropertyName>code</PropertyName><Literal>06112.{told.parcel['map_sheet']}.*</Literal>"
    asked: dict[str, str | float | bool] = {
        "service": "WFS",
        "version": "1.1.0",
        "request": "GetFeature",
        "typeName": "parcels",
        "outputFormat": "application/json",
    }
    asked |= {"day": day, "maxFeatures": "1000", "filter": FILTER.format(like)}
    answer = page.request.get("/ows/wfs", params=asked)
    assert answer.ok, answer.text()[:300]
    return [each["properties"] for each in json.loads(answer.text())["features"]]


def go_to(page: Page, key: str) -> None:
    page.goto(f"{page.url.partition('?')[0]}?trang={key}")
    page.wait_for_url(f"**trang={key}*")


def go_on(page: Page, key: str) -> None:
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_url(f"**trang={key}*")


def click(page: Page, canvas: Locator, room: Any, across: float, down: float) -> None:
    canvas.click(position={"x": room["width"] * across, "y": room["height"] * down})
    page.wait_for_timeout(350)  # not a double click


def area_in(text: str) -> float:
    found = AREAS.search(text)
    return number_of(found[1]) if found else 0.0


def number_of(area: str) -> float:
    """`1.683,4` as a number."""
    return float(area.replace(".", "").replace(",", "."))
