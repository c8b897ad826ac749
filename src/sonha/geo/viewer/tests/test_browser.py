"""The map page in a browser: a layer off and on, what lies here, a past day, search, measuring, and a link that shows the same."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from pyproj import Transformer

from sonha.registry.records.services import changing
from sonha.testing.example.models import ExampleWell

from .test_map import DECISION, LAT, LNG, SYSTEM, specialist, well

if TYPE_CHECKING:
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
