"""Checking answers: the shared examples, hostile bodies, and what must hold for any answers at all."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.process.forms.lookups import lookups_from
from sonha.process.forms.shapes import area_ha, to_vn2000, to_wgs84
from sonha.process.forms.validation import storable, validate, visible_sections

VECTORS = json.loads((Path(__file__).parent / "validation.json").read_text())
EVERYTHING = json.loads((Path(__file__).parent / "everything.json").read_text())


def run(vector: dict[str, Any], answers: Any, *, partial: bool | None = None) -> Any:
    return validate(
        vector["form"],
        answers,
        partial=vector.get("partial", False) if partial is None else partial,
        context=vector.get("context"),
        lookups=lookups_from(vector["lookups"]) if "lookups" in vector else None,
        today=date.fromisoformat(vector.get("today", "2025-03-05")),
    )


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_shared_example(vector: dict[str, Any]) -> None:
    result = run(vector, vector["answers"])
    assert result.errors == vector["errors"]
    assert result.clean == vector["clean"] and json.dumps(result.clean) == json.dumps(vector["clean"])
    assert run(vector, result.clean, partial=True).clean == vector["clean"]


keys = sorted({key for section in EVERYTHING["sections"] for field in section["fields"] for key in [field["key"]]})
plausible = st.sampled_from(
    [
        "",
        "a",
        "b",
        "12,5",
        "1.250",
        "5/3/2025",
        "2025-03-05",
        "0912345678",
        "0100233488",
        "an@example.vn",
        "020090001234",
        "11111",
        True,
        False,
        0,
        7,
        250.25,
    ]
)
places = st.builds(lambda x, y: {"type": "Point", "coordinates": [x, y]}, st.floats(100, 120), st.floats(5, 25))
scalars = plausible | places | st.none() | st.integers() | st.floats(allow_nan=True, allow_infinity=True) | st.text(max_size=20)
row_keys = st.sampled_from(["name", "depth", "deep_note", "flow", "price", "kind", "position"])
rows = st.lists(st.dictionaries(row_keys, scalars, max_size=5), max_size=5)
any_json = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6) | row_keys, inner, max_size=4), max_leaves=12
)
any_answers = st.dictionaries(st.sampled_from(keys), any_json | rows | st.lists(plausible, max_size=3), max_size=12)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(any_answers, st.booleans())
def test_any_answers_are_cleaned_once_and_for_all(answers: dict[str, Any], partial: bool) -> None:
    today = date(2025, 3, 5)
    first = validate(EVERYTHING, answers, partial=partial, today=today)
    again = validate(EVERYTHING, first.clean, partial=True, today=today)
    assert again.errors == {} and again.clean == first.clean
    json.dumps(first.clean, allow_nan=False).encode()
    if first.ok:
        assert validate(EVERYTHING, first.clean, partial=partial, today=today).errors == {}
    assert set(first.errors) <= first.visible


@settings(deadline=None)
@given(any_json)
def test_anything_at_all_can_be_checked_and_stored(body: Any) -> None:
    validate(EVERYTHING, body, today=date(2025, 3, 5))
    kept = storable(EVERYTHING, body)
    json.dumps(kept, allow_nan=False, ensure_ascii=False).encode()


@settings(deadline=None)
@given(any_answers)
def test_a_draft_keeps_what_was_typed_and_still_validates_alike(answers: dict[str, Any]) -> None:
    today = date(2025, 3, 5)
    kept = storable(EVERYTHING, answers)
    assert storable(EVERYTHING, kept) == kept
    assert validate(EVERYTHING, kept, today=today).clean == validate(EVERYTHING, storable(EVERYTHING, kept), today=today).clean


def test_a_hostile_body_costs_little() -> None:
    megabytes = "ă" * 5_000_000
    deep: Any = {}
    for _level in range(800):
        deep = {"type": "Polygon", "coordinates": [deep]}
    ring = [[106.0 + i * 1e-7, 21.0] for i in range(500_000)]
    body = dict.fromkeys(keys, megabytes)
    body |= {
        "area": {"type": "Polygon", "coordinates": [ring]},
        "wells": [{"name": megabytes}] * 100_000,
        "place": deep,
        "kinds": ["z"] * 500_000,
    }
    start = time.process_time()
    result = validate(EVERYTHING, body)
    kept = storable(EVERYTHING, body)
    assert time.process_time() - start < 2
    assert len(json.dumps(result.clean)) < 100_000 and len(json.dumps(kept)) < 30_000_000
    assert "quá 2.000 đỉnh" in result.errors["area"] and "nhiều nhất 5 dòng" in result.errors["wells"]


def test_one_section_at_a_time() -> None:
    form = {
        "sections": [{"key": k, "title": k, "fields": [{"key": k + "1", "type": "text", "label": k, "required": True}]} for k in ("a", "b")]
    }
    assert list(validate(form, {}, section="b").errors) == ["b1"]
    assert visible_sections(form, {}) == ["a", "b"]


def test_errors_come_in_the_order_of_the_form() -> None:
    vector = next(vector for vector in VECTORS if vector["name"].startswith("rows, relative"))
    errors = run(vector, {"wells": [{"depth": 150, "flow": 2}, {}]}).errors
    assert list(errors) == ["wells.1.depth", "big"]


def test_vn2000_coordinates_are_converted_on_the_server() -> None:
    assert to_wgs84(450_000, 2_420_000) == pytest.approx((106.76805905, 21.87584998), abs=1e-7)
    form = {"sections": [{"key": "s", "title": "s", "fields": [{"key": "x", "type": "point", "label": "Vị trí"}]}]}
    clean = validate(form, {"x": {"crs": "vn2000", "x": "450.000", "y": "2 420 000"}}).clean
    assert clean["x"]["coordinates"] == pytest.approx([106.76805905, 21.87584998], abs=1e-7)
    assert validate(form, {"x": {"crs": "vn2000", "x": "1", "y": "2"}}).errors["x"].endswith("đổi chỗ.")


@settings(deadline=None)
@given(st.floats(300_000, 700_000), st.floats(2_340_000, 2_500_000))
def test_vn2000_there_and_back_within_two_centimetres(east: float, north: float) -> None:
    back = to_vn2000(*to_wgs84(east, north))
    assert back == pytest.approx((east, north), abs=0.02)


@settings(deadline=None)
@given(st.floats(104, 109), st.floats(8.5, 23), st.floats(0.001, 0.2), st.floats(0.001, 0.2))
def test_areas_agree_with_the_geodesic(west: float, south: float, width: float, height: float) -> None:
    from pyproj import Geod

    ring = [[west, south], [west + width, south], [west + width, south + height], [west, south + height], [west, south]]
    exact, _perimeter = Geod(ellps="WGS84").polygon_area_perimeter([p[0] for p in ring], [p[1] for p in ring])
    assert area_ha([ring]) == pytest.approx(abs(exact) / 10_000, rel=2e-3)
