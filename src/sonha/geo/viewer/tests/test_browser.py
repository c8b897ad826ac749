"""The map page in a browser: a layer off and on, what lies here, a past day, search, measuring, and a link that shows the same."""

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from pyproj import Transformer

from sonha.registry.records.services import changing
from sonha.testing.example.models import ExampleWell

from .test_map import DECISION, LAT, LNG, SYSTEM, specialist, square, well

if TYPE_CHECKING:
    from pathlib import Path

    from sonha.testing.browser import Live

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_officer_finds_out_what_lies_where_and_what_lay_there(live: "Live") -> None:
    well("G-01")
    old = well("G-02", east=1)
    with changing("example_wells", SYSTEM, DECISION, kind="end") as change:
        change.end(old, day=date(2025, 1, 1))
    page = live.visitor(specialist())
    page.goto(f"/ban-do/#map=16/{LAT}/{LNG}&layers=example_wells")
    page.locator("[data-atlas][data-ready]").wait_for()

    box = page.locator("#layer-example_wells")
    assert box.is_checked()
    box.uncheck()
    assert "layers=&" in f"{page.url}&"
    box.check()
    assert "layers=example_wells" in page.url

    page.locator(".maplibregl-canvas").press("Enter")
    page.locator(".atlas-record").wait_for()
    assert page.locator(".atlas-record > button").all_inner_texts() == ["G-01"]
    assert "Nông Thị Lan" in page.locator(".atlas-record dl").inner_text()

    with page.expect_request(re.compile(r"/tiles/example_wells/.*day=2024-06-01")):
        page.locator("[data-day]").fill("2024-06-01")
        page.locator("[data-day]").blur()
    page.get_by_role("button", name="G-02").wait_for()
    assert "day=2024-06-01" in page.url
    page.locator("[data-today]").click()

    page.locator("#atlas-q").fill("g-0")
    page.locator("#atlas-q").press("Enter")
    page.get_by_text("Tìm thấy 1 bản ghi").first.wait_for()
    assert "q=g-0" in page.url
    page.get_by_role("link", name="Mở bản ghi").click()
    page.wait_for_url(re.compile(rf"/csdl/gieng-vi-du/{ExampleWell.objects.get(code='G-01').pk}/"))


def test_the_browser_counts_coordinates_as_the_database_does(live: "Live") -> None:
    page = live.visitor()
    page.goto("/ban-do/chong-lan/")
    places = [[LNG, LAT], [106.1, 21.35], [107.35, 22.45], [107.25, 21.9]]
    script = (
        "async (places) => { const m = await import('/static/viewer/vn2000.js'); return places.map((each) => m.toPlane(each, 107.25)); }"
    )
    turn = Transformer.from_crs(4326, 9215, always_xy=True)
    told: Any = page.evaluate(script, places)
    for place, (east, north) in zip(places, told, strict=True):
        assert (east, north) == pytest.approx(turn.transform(*place), abs=0.001)


def test_a_file_laid_over_the_map_is_asked_with_reported_on_and_printed(live: "Live", tmp_path: "Path") -> None:
    well("G-01")
    well("G-02", east=60)
    well("G-03", east=3_000)
    page = live.visitor(specialist())
    page.goto(f"/ban-do/#map=16/{LAT}/{LNG}&layers=example_wells")
    page.locator("[data-atlas][data-ready]").wait_for()
    page.locator("#tab-tools").click()
    given = tmp_path / "khu-vuc.geojson"
    given.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": square()}))
    page.locator("[data-file]").set_input_files(given)

    page.get_by_role("button", name="Trong vùng của tệp có gì").click()
    page.locator(".atlas-record").nth(1).wait_for()
    assert page.locator(".atlas-record > button").all_inner_texts() == ["G-01", "G-02"]
    export = page.get_by_role("link", name="Xuất dữ liệu: Giếng (ví dụ)").get_attribute("href")
    assert page.request.get(f"{live.url}{export}").ok
    page.get_by_role("link", name="Mở danh sách: Giếng (ví dụ)").click()
    page.get_by_text("Trong vùng").wait_for()
    assert page.get_by_role("row").count() == 3, "the head and the two wells"
    page.locator("input[name=q]").first.fill("G-02")
    page.locator("input[name=q]").first.press("Enter")
    page.wait_for_url(re.compile(r"q=G-02"))
    assert "area=MULTIPOLYGON" in page.url, "looking further stays within the area"
    page.go_back()

    page.goto(f"/ban-do/#map=16/{LAT}/{LNG}&layers=")
    page.reload()
    page.locator("[data-atlas][data-ready]").wait_for()
    page.locator("#tab-tools").click()
    page.locator("[data-file]").set_input_files(given)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Báo cáo chồng lấn").click()
    opened.value.get_by_role("link", name="G-02").wait_for()
    assert "khu-vuc" in opened.value.locator(".facts").inner_text()
    assert opened.value.get_by_role("link", name="G-03").count() == 0
    opened.value.close()
    with page.context.expect_event("request", lambda request: request.url.endswith("/ban-do/in/")) as asked:
        page.get_by_role("button", name="Tạo PDF").click()
    sent = parse_qs(asked.value.post_data or "")
    assert json.loads(sent["marks"][0])["file"]["geometry"]["type"] == "Polygon"
