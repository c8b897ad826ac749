"""Forms suggest what a reference may point to, within one's grants, and take places from a map; nobody lists people by asking."""

from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client

from sonha.foundation.identity.models import Party
from sonha.registry.declarations import register
from sonha.registry.grants.models import RegisterGrant
from sonha.registry.records.services import Basis, changing

from .wells import HERE, LIST, SYSTEM, official, text_of, well

pytestmark = pytest.mark.django_db
WORKS, LICENCES = "/csdl/cong-trinh-khai-thac-nuoc/", "water_licences"
PLACE = f"{LIST}vi-tri/geometry/"


def suggested(client: Client, path: str, words: str) -> list[str]:
    answer = client.get(path, {"q": words})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return [each["text"] for each in answer.json()["found"]]


@pytest.fixture
def licence() -> Any:
    of = register(LICENCES)
    with changing(of.database.code, SYSTEM, Basis("decision", number="1/QĐ"), kind="add") as change:
        return change.add(
            of.model, day=date(2024, 1, 1), number="12/GP-UBND", issued_on=date(2024, 1, 1), kind="surface",
            works_name="Trạm bơm Nà Chuông", flow=90, holder_name="Nông Thị Lan",
            commune_code=HERE, geometry=Point(450_000, 2_420_000, srid=9215),
        )  # fmt: skip


def test_records_are_suggested_while_one_types_without_marks_and_kept_by_their_number(licence: Any) -> None:
    client = official("so", "specialist")
    path = f"{WORKS}goi-y/licence/"
    assert suggested(client, path, "tram bom na chuo") == [f"12/GP-UBND #{licence.pk}"]
    assert suggested(client, path, "12/GP") == suggested(client, path, "12/gp-ubnd") == [f"12/GP-UBND #{licence.pk}"]
    assert suggested(client, path, "t") == [] and suggested(client, path, "khong co") == []
    page = text_of(client.get(f"{WORKS}them/"))
    assert f'data-suggest="{path}"' in page


def test_what_one_may_not_read_is_not_suggested_nor_named(licence: Any) -> None:
    client = official("so", "specialist")
    RegisterGrant.objects.filter(register=LICENCES).delete()
    assert suggested(client, f"{WORKS}goi-y/licence/", "12/GP") == []
    said = {"licence": f"x #{licence.pk}", "basis": "decision", "number": "1/QĐ"}
    page = client.post(f"{WORKS}them/", said)
    assert page.status_code == 422 and "Không tìm thấy" in text_of(page) and "12/GP-UBND" not in text_of(page)


def test_people_are_suggested_only_where_this_register_names_them_or_by_their_whole_number() -> None:
    met = Party.objects.create(kind="person", name="Lương Văn Hải", personal_id="020085001234")
    other = Party.objects.create(kind="person", name="Lương Thị Hoa", personal_id="020085009999")
    works = register("abstraction_works")
    with changing(works.database.code, SYSTEM, Basis("decision", number="1/QĐ"), kind="add") as change:
        change.add(works.model, code="CT-1", name="Hồ", kind="reservoir", use="irrigation", owner=met, owner_name=met.name, capacity=1,
                   geometry=Point(450_000, 2_420_000, srid=9215))  # fmt: skip
    client = official("so", "specialist")
    path = f"{WORKS}goi-y/owner/"
    assert suggested(client, path, "luong") == [f"Lương Văn Hải #{met.pk}"]
    assert suggested(client, path, "020085009999") == [f"Lương Thị Hoa #{other.pk}"]
    assert suggested(client, path, "02008500") == [], "half a number names nobody"
    for typed in ("Lương Thị", f"#{other.pk}"):
        page = client.post(f"{WORKS}them/", {"owner": typed, "basis": "decision", "number": "1/QĐ"})
        assert "Lương Thị Hoa" not in text_of(page) and "số định danh" in text_of(page)


def test_suggestions_are_for_those_who_write_and_for_references_only() -> None:
    assert Client().get(f"{WORKS}goi-y/owner/", {"q": "lu"}).status_code == 302
    assert official("mc", "receptionist").get(f"{WORKS}goi-y/owner/", {"q": "lu"}).status_code == 403
    client = official("so", "specialist")
    assert client.get(f"{WORKS}goi-y/owner_name/", {"q": "lu"}).status_code == 404
    assert client.get(f"{WORKS}goi-y/password/", {"q": "lu"}).status_code == 404


def test_what_is_drawn_becomes_numbers_in_the_system_that_was_chosen() -> None:
    client = official("so", "specialist")
    drawn = '{"type": "Point", "coordinates": [106.768059, 21.87585]}'
    told = client.post(PLACE, {"geojson": drawn, "crs": "9215"}).json()
    assert told["geometry"]["coordinates"] == pytest.approx([106.768059, 21.87585])
    assert [float(told["typed"][each].replace(",", ".")) for each in "xy"] == pytest.approx([450_000, 2_420_000], abs=0.1)
    degrees = client.post(PLACE, {"geojson": drawn, "crs": "4326"}).json()["typed"]
    assert [float(degrees[each].replace(",", ".")) for each in "xy"] == pytest.approx([21.87585, 106.768059], abs=1e-7)
    shown = client.post(PLACE, {"crs": "9215", "x": "450000", "y": "2420000"}).json()
    assert shown["geometry"]["coordinates"] == pytest.approx([106.768059, 21.87585], abs=1e-6)
    assert client.post(PLACE, {}).json() == {"geometry": None, "typed": None}


@pytest.mark.parametrize("wrong", [
    {"geojson": '{"type": "Point", "coordinates": [2.35, 48.85]}'},
    {"geojson": '{"type": "Polygon", "coordinates": [[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9], [106.7, 21.8]]]}'},
    {"geojson": "{"},
    {"crs": "9215", "x": "450000", "y": "abc"},
    {"crs": "1"},
])  # fmt: skip
def test_a_place_that_cannot_be_is_answered_in_words(wrong: dict[str, str]) -> None:
    answer = official("so", "specialist").post(PLACE, {"x": "450000", "y": "2420000", **wrong})
    assert answer.status_code == 422 and len(answer.json()["error"]) > 10


def test_several_parts_of_an_area_come_back_as_corners() -> None:
    client = official("so", "specialist")
    areas = MultiPolygon(*(Polygon.from_bbox((east, 21.8, east + 0.01, 21.81)) for east in (106.7, 106.72)), srid=4326)
    told = client.post("/csdl/hanh-lang-bao-ve-nguon-nuoc/vi-tri/geometry/", {"geojson": areas.geojson, "crs": "4326"}).json()
    assert told["geometry"]["type"] == "MultiPolygon" and len(told["typed"]["lines"].split("\n\n")) == 2


def test_the_form_of_a_record_has_its_map() -> None:
    row = well("G-01")
    page = text_of(official("so", "specialist").get(f"{LIST}{row.pk}/sua/"))
    assert f'data-url="{PLACE}"' in page and 'data-shape="point"' in page and "Vẽ thêm một phần" not in page
