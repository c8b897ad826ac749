"""Shapes of the reader's own: lists and exports within them, reports of overlaps from a file, and on the printed map."""

import io
import json
import subprocess
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from sonha.foundation.rendering.tests.paper_reading import text_of, words_in
from sonha.registry.pages.within import MOST_CORNERS, area_text, read_area

from .test_map import DECISION, LAT, LNG, SYSTEM, X, Y, ask, plots, records, specialist, square, well

__all__ = ["DECISION", "SYSTEM", "plots"]
pytestmark = pytest.mark.django_db


def groups(client: Client, **body: Any) -> list[Any]:
    answer = ask(client, {"geometry": square(), **body})
    assert answer.status_code == 200, answer.content
    found: list[Any] = answer.json()["groups"]
    return found


def test_what_lies_in_an_area_can_be_listed_and_exported(client: Client) -> None:
    well("G-01")
    well("G-02", east=50)
    well("G-03", east=5_000)
    (group,) = groups(client)
    assert [each["title"] for each in group["records"]] == ["G-01", "G-02"]
    listed = client.get(group["narrowed"])
    assert [row["name"] for row in listed.context["rows"]] == ["G-02", "G-01"]
    assert ("area", "Trong vùng") in [each[:2] for each in listed.context["chosen"]]
    page = client.get(group["export"])
    assert page.context["count"] == 2
    made = client.post(group["export"], {"kind": "geojson"})
    assert {each["properties"]["code"] for each in json.loads(made.content)["features"]} == {"G-01", "G-02"}


def test_the_day_goes_along_and_a_press_has_no_area(client: Client) -> None:
    well()
    assert "day=2024-12-31" in groups(client, day="2024-12-31")[0]["export"]
    (group,) = client.get(f"/ban-do/tai-day.json?lng={LNG}&lat={LAT}&metres=10&press=1").json()["groups"]
    assert "narrowed" not in group and "export" not in group
    (around,) = client.get(f"/ban-do/tai-day.json?lng={LNG}&lat={LAT}&metres=100").json()["groups"]
    assert client.get(around["export"]).context["count"] == 1


def test_the_export_is_for_those_who_may_download(client: Client) -> None:
    from sonha.registry.grants.models import RegisterGrant

    well()
    RegisterGrant.objects.filter(register="example_wells").update(level=RegisterGrant.Level.READ)
    (group,) = groups(client)
    assert "narrowed" in group
    assert "export" not in group


@pytest.mark.parametrize("text", ["x", "POINT(106 21)", "POLYGON((0 0,1 0,1 1,0 0))", "POLYGON((106 21,107 21,106 21))", "POLYGON(("])
def test_an_area_that_cannot_be_read_lists_nothing_rather_than_all(client: Client, text: str) -> None:
    well()
    listed = client.get("/csdl/gieng-vi-du/", {"area": text})
    assert listed.status_code == 200
    assert listed.context["rows"] == []
    assert "không đọc được" in listed.content.decode()


def test_who_does_not_see_where_records_lie_does_not_find_out_by_asking(client: Client) -> None:
    from sonha.registry.grants.models import RegisterGrant

    well()
    (group,) = groups(client)
    for grant in RegisterGrant.objects.filter(register="example_wells"):
        grant.fields = ["code", "use"]
        grant.save()
    assert client.get(group["narrowed"]).context["rows"] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    corners=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 3_000)), min_size=3, max_size=12, unique=True),
    away=st.integers(4_000, 9_000),
)
def test_the_text_of_an_area_says_the_same_area(db: None, corners: list[tuple[int, int]], away: int) -> None:
    shape = Polygon([(X + x, Y + y) for x, y in [*corners, corners[0]]], srid=9215).buffer(0)
    other = Polygon.from_bbox((X + away, Y, X + away + 50, Y + 50))
    if shape.geom_type != "Polygon" or shape.area < 100:
        return
    whole = MultiPolygon(shape, other, srid=9215)
    back = read_area(area_text(whole))
    assert back is not None
    assert back.sym_difference(whole).area < 0.3 * whole.length
    assert area_text(Point(X, Y, srid=9215).buffer(100, quadsegs=MOST_CORNERS)) == "", "too long for an address"


@given(text=st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    for each in (text, f"POLYGON(({text}))", f"POLYGON({text}"):
        if not any(sign.isdigit() for sign in each):
            assert read_area(each) is None


def file_of(*shapes: dict[str, Any], name: str = "khu.geojson") -> SimpleUploadedFile:
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    return SimpleUploadedFile(name, json.dumps({"type": "FeatureCollection", "features": features}).encode())


def test_a_file_is_taken_for_the_report_of_overlaps(client: Client, plots: Any) -> None:
    from sonha.testing.plots import plot
    from sonha.testing.plots import square as metres

    plot("17", metres(0, 0, size=10))
    client.force_login(specialist())
    page = client.post("/ban-do/chong-lan/", {"name": "Mỏ đá A", "file": file_of(square(), {"type": "Point", "coordinates": [LNG, LAT]})})
    assert page.status_code == 200, page.context["form"].error
    (group,) = [group for group in page.context["form"].groups if group["layer"] == "test_plots"]
    assert [round(record["part"]) for record in group["records"]] == [100]
    refused = client.post("/ban-do/chong-lan/", {"file": file_of({"type": "Point", "coordinates": [LNG, LAT]})})
    assert refused.status_code == 422
    assert "vùng khép kín" in refused.context["form"].error


PRINT = {"lng": LNG, "lat": LAT, "scale": 2_000, "layers": "", "paper": "a4"}


def dark(answer: Any, colour: tuple[int, int, int]) -> Any:
    """Where on the sheet, in mm from the upper left, about that colour is printed."""
    assert answer["Content-Type"] == "application/pdf", answer.content
    drawn = subprocess.run(["pdftoppm", "-r", "288", "-png", "-singlefile", "-"], input=answer.content, capture_output=True, check=True)
    pixels = np.asarray(Image.open(io.BytesIO(drawn.stdout)).convert("RGB")).astype(int)
    rows, columns = np.nonzero(np.abs(pixels - colour).max(axis=2) < 30)
    return np.column_stack((columns, rows)) / (288 / 25.4)


FILE, DRAWN = (0x8A, 0x4B, 0x00), (0x0F, 0x5B, 0x45)


def test_shapes_of_ones_own_are_printed_where_they_lie(client: Client) -> None:
    """The area of the file lies around the middle of the frame, true to scale; a line that was drawn goes through it."""
    half = 0.0004  # degrees: about 41 m east-west, at 1:2.000 about 20 mm
    marks = {"file": {"type": "Feature", "properties": {}, "geometry": square(half)},
             "drawn": {"type": "LineString", "coordinates": [[LNG - half, LAT], [LNG + half, LAT]]}}  # fmt: skip
    answer = client.post("/ban-do/in/", {**PRINT, "marks": json.dumps(marks)})
    left, top = (297 / 2, 26 + (210 - 20 - 16 - 34) / 2)  # the middle of the frame on A4
    found = dark(answer, FILE)
    found = found[(found[:, 1] > 26) & (found[:, 1] < 166)]
    west, east = found[:, 0].min(), found[:, 0].max()
    assert (west + east) / 2 == pytest.approx(left, abs=0.6)
    assert east - west == pytest.approx(2 * half * 111_320 * np.cos(np.radians(LAT)) / 2, abs=1.2)
    line = dark(answer, DRAWN)
    line = line[(line[:, 1] > 26) & (line[:, 1] < 166)]
    assert line[:, 1].mean() == pytest.approx(top, abs=0.6)
    words = words_in(text_of(answer.content))
    assert "Hình từ tệp của người in" in words and "Hình người in tự vẽ" in words


def test_what_lies_beside_the_sheet_is_not_told_of(client: Client) -> None:
    far = {"type": "Point", "coordinates": [107.2, 22.2]}
    answer = client.post("/ban-do/in/", {**PRINT, "marks": json.dumps({"file": far})})
    assert "Hình từ tệp" not in words_in(text_of(answer.content))


@pytest.mark.parametrize(
    "marks",
    ["[", "5", '{"file": 5}', '{"file": {"type": "Nothing"}}', '{"drawn": {"type": "Point", "coordinates": [0, 0]}}',
     '{"drawn": {"type": "Point", "coordinates": [1e999, 21]}}', '{"file": {"type": "Polygon", "coordinates": [[[106,21],[107,21]]]}}',
     json.dumps({"file": {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": square()}] * 5_001}})],
    ids=range(8),
)  # fmt: skip
def test_shapes_that_cannot_be_printed_get_a_sentence(client: Client, marks: str) -> None:
    answer = client.post("/ban-do/in/", {**PRINT, "marks": marks})
    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")


def test_nothing_drawn_prints_as_before(client: Client) -> None:
    empty = {"type": "FeatureCollection", "features": []}
    assert client.post("/ban-do/in/", {**PRINT, "marks": json.dumps({"file": empty, "drawn": empty})})["Content-Type"] == "application/pdf"
    assert records(client.get(f"/ban-do/tai-day.json?lng={LNG}&lat={LAT}&metres=5")) == []
