"""An officer at the desk: searches while typing, sees the place on a map, writes a change with its basis, and compares."""

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.contrib.gis.geos import Point

from sonha.foundation.identity.models import User
from sonha.registry.declarations import register
from sonha.registry.records.services import changing
from sonha.testing.example.models import ExampleWell

from .wells import DECISION, HERE, LIST, SYSTEM, official, well

if TYPE_CHECKING:
    from sonha.testing.browser import Live


@pytest.mark.usefixtures("transactional_db")
def test_an_officer_finds_a_well_on_the_map_and_writes_a_change(live: "Live") -> None:
    row = well("G-01", owner_name="Nông Thị Lan")
    well("G-02", owner_name="Hoàng Văn Páo")
    official("so", "specialist")
    page = live.visitor(User.objects.get(username="acc-so"))
    page.goto(LIST)
    page.get_by_label("Tìm theo tên, số hiệu (không cần dấu)").press_sequentially("nong lan")
    page.get_by_role("link", name="G-02").wait_for(state="detached")
    page.get_by_role("link", name="G-01").click()
    page.locator("[data-record-map][data-ready]").wait_for()
    page.get_by_role("link", name="Cập nhật").click()
    page.get_by_label("Chiều sâu").fill("61,5")
    page.get_by_label("Loại căn cứ").select_option("decision")
    page.get_by_label("Số, ký hiệu văn bản").fill("15/QĐ-STNMT")
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.get_by_text("Đã ghi phiên bản mới của bản ghi.").wait_for()
    page.get_by_role("link", name="Lịch sử", exact=True).click()
    page.get_by_role("button", name="So sánh hai phiên bản").click()
    page.locator("tr.changed ins", has_text="61,5 m").wait_for()
    assert str(ExampleWell.objects.get(pk=row.pk).depth) == "61.5"


@pytest.mark.usefixtures("transactional_db")
def test_a_place_is_drawn_and_a_reference_chosen_by_keys(live: "Live") -> None:
    works = register("abstraction_works")
    with changing(works.database.code, SYSTEM, DECISION, kind="add") as change:
        licence = change.add(
            register("water_licences").model, number="12/GP-UBND", issued_on=date(2024, 1, 1), kind="surface", flow=90,
            works_name="Trạm bơm Nà Chuông", holder_name="x", commune_code=HERE, geometry=Point(450_000, 2_420_000, srid=9215),
        )  # fmt: skip
    official("so", "specialist")
    page = live.visitor(User.objects.get(username="acc-so"))
    page.goto(f"/csdl/{works.slug}/them/")
    box = page.get_by_role("combobox", name="Giấy phép")
    box.press_sequentially("na chuo")
    page.get_by_role("option", name="12/GP-UBND").wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    assert box.input_value() == f"12/GP-UBND #{licence.pk}"
    page.get_by_text("Vẽ hoặc xem trên bản đồ").click()
    page.locator("[data-place-map][data-ready]").wait_for()
    page.get_by_role("button", name="Chấm vị trí").click()
    page.locator("[data-place-map] canvas").press("Enter")
    page.get_by_text("Đã ghi toạ độ theo hình vẽ vào các ô.").wait_for()
    east = page.locator("[data-x]").input_value()
    assert 300_000 < float(east.replace(",", ".")) < 600_000, "metres of the province's system, at the centre of the map"
    page.locator("[data-x]").fill("1")
    page.get_by_text("nằm ngoài tỉnh").wait_for()


@pytest.mark.usefixtures("transactional_db")
def test_a_list_is_narrowed_to_a_box_drawn_on_its_map(live: "Live") -> None:
    well("G-01")
    well("G-02", geometry=Point(430_000, 2_400_000, srid=9215))
    official("so", "specialist")
    page = live.visitor(User.objects.get(username="acc-so"))
    page.goto(f"{LIST}?area=POLYGON((106.5 21.8,107 21.8,107 22,106.5 22,106.5 21.8))")
    page.get_by_role("link", name="G-01").wait_for()
    assert page.get_by_role("link", name="G-02").count() == 0
    page.locator("[data-area-map][data-ready]").wait_for()
    page.get_by_role("button", name="Bỏ khu vực").click()
    page.get_by_role("link", name="G-02").wait_for()
    page.get_by_role("button", name="Vẽ khung").click()
    stage = page.locator("[data-area-map] canvas")
    size = stage.bounding_box()
    assert size
    for off in (-80, 80):  # around the middle of the area that the map was opened at: the near well only
        stage.click(position={"x": size["width"] / 2 + off, "y": size["height"] / 2 + off})
    page.get_by_role("link", name="G-02").wait_for(state="detached")
    page.get_by_role("link", name="G-01").wait_for()
