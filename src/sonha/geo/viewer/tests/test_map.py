"""What the map page answers: as far as the reader may see, on the day that was asked for, in sentences when it cannot."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Unit
from sonha.foundation.rendering.tests.paper_reading import boxes_of, pages_of
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT", dated=date(2026, 1, 5))
X, Y = 450_000, 2_420_000
LNG, LAT = 106.76805905, 21.87584998  # of that place
HERE = f"/ban-do/tai-day.json?lng={LNG}&lat={LAT}"


def well(code: str = "G-01", east: float = 0, **values: Any) -> Any:
    said = {"use": "home", "depth": "40.0", "owner_name": "Nông Thị Lan", "geometry": Point(X + east, Y, srid=9215), **values}
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return change.add(ExampleWell, day=date(2020, 1, 1), code=code, **said)


def specialist() -> User:
    unit = Unit.objects.create(code="SO", name="Sở", kind=Unit.Kind.DEPARTMENT, is_agency=True)
    user = User.objects.create_user("can-bo", "x", kind="official", full_name="Cán bộ")
    Position.objects.create(user=user, unit=unit, role="specialist", valid_from="2020-01-01")
    return user


def square(size: float = 0.001) -> dict[str, Any]:
    """Around the place, in degrees."""
    w, s, e, n = LNG - size, LAT - size, LNG + size, LAT + size
    return {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}


def records(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.content
    return [record for group in answer.json()["groups"] for record in group["records"]]


def ask(client: Client, body: Any) -> Any:
    return client.post("/ban-do/tai-day.json", json.dumps(body), content_type="application/json")


def test_the_page_names_every_layer_with_its_legend(client: Client) -> None:
    page = client.get("/ban-do/")
    layers = {layer["name"]: layer for group in page.context["settings"]["groups"] for layer in group["layers"]}
    assert layers["example_wells"]["legend"][0]["fill"] == "#1f6f8b"
    assert layers["example_wells"]["source"]["tiles"] == ["/tiles/example_wells/{z}/{x}/{y}"]
    assert "atlas-settings" in page.content.decode()


def test_a_press_tells_what_lies_there(client: Client) -> None:
    well("G-01")
    well("G-02", east=400)
    (found,) = records(client.get(f"{HERE}&metres=50"))
    assert found["title"] == "G-01"
    assert found["url"].endswith(f"/{ExampleWell.objects.get(code='G-01').pk}/")
    assert [each["title"] for each in records(client.get(f"{HERE}&metres=500"))] == ["G-01", "G-02"]
    assert records(client.get(f"{HERE}&metres=50&layers=nothing")) == []


def test_the_owner_is_told_to_officials_and_to_nobody_else(client: Client) -> None:
    well()
    assert "Nông Thị Lan" not in client.get(f"{HERE}&metres=50").content.decode()
    client.force_login(specialist())
    assert any("Nông Thị Lan" in value for _name, value in records(client.get(f"{HERE}&metres=50"))[0]["fields"])


def test_an_area_that_is_drawn_is_asked_on_the_day_that_is_shown(client: Client) -> None:
    row = well()
    with changing("example_wells", SYSTEM, DECISION, kind="end") as change:
        change.end(row, day=date(2025, 1, 1))
    assert records(ask(client, {"geometry": square()})) == []
    (found,) = records(ask(client, {"geometry": square(), "day": "2024-12-31"}))
    assert found["shape"]["coordinates"] == pytest.approx([LNG, LAT], abs=1e-6)
    assert found["url"].endswith("?day=2024-12-31")


def test_search_finds_by_number_and_by_name_only_who_may(client: Client) -> None:
    well("GL-17")
    (found,) = records(client.get("/ban-do/tim.json", {"q": "gl-1"}))
    assert found["title"] == "GL-17"
    assert records(client.get("/ban-do/tim.json", {"q": "nong thi lan"})) == []
    client.force_login(specialist())
    assert [each["title"] for each in records(client.get("/ban-do/tim.json", {"q": "nong thi lan"}))] == ["GL-17"]
    assert records(client.get("/ban-do/tim.json", {"q": "x"})) == []


def test_secret_wells_are_nowhere(client: Client) -> None:
    well("GL-18", is_secret=True)
    client.force_login(specialist())
    assert records(client.get(f"{HERE}&metres=50")) == []
    assert records(client.get("/ban-do/tim.json", {"q": "GL-18"})) == []
    assert "GL-18" not in client.post("/ban-do/chong-lan/", {"drawn": json.dumps(square())}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?lng=x&lat=1",
        "?lng=nan&lat=21",
        "?lng=0&lat=0",
        "?lng=106.7&lat=21.8&metres=1e9",
        "?lng=106.7&lat=21.8&day=tomorrow",
        "?lng=106&lat=91",
    ],
)
def test_questions_that_make_no_sense_get_a_sentence(client: Client, query: str) -> None:
    answer = client.get(f"/ban-do/tai-day.json{query}")
    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")


coordinates = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=4), max_leaves=12
)
kinds = st.sampled_from(["Point", "Polygon", "MultiPolygon", "GeometryCollection", "Circle", ""])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=coordinates, kind=kinds)
def test_no_shape_breaks_the_question(client: Client, body: Any, kind: str) -> None:
    answer = ask(client, {"geometry": {"type": kind, "coordinates": body}})
    assert answer.status_code in (200, 422)


def test_posts_that_are_no_question(client: Client) -> None:
    for body in ("[", "[]", "null", '{"geometry": 5}', "{}", '{"geometry": {"type": "Polygon", "coordinates": [[[106,21],[107,21]]]}}'):
        assert client.post("/ban-do/tai-day.json", body, content_type="application/json").status_code == 422
    many = [[106 + index / 1e5, 21.5] for index in range(6_000)]
    assert ask(client, {"geometry": {"type": "LineString", "coordinates": many}}).status_code == 422
    assert (
        ask(client, {"geometry": {"type": "Polygon", "coordinates": [[[101, 6], [118, 6], [118, 24], [101, 24], [101, 6]]]}}).status_code
        == 422
    )


@pytest.fixture
def plots(db: Any) -> Iterator[Any]:
    from sonha.registry.grants.declared import load
    from sonha.testing.plots import plots

    with plots() as register:
        load()
        yield register


def test_overlaps_are_measured_and_told(client: Client, plots: Any) -> None:
    from sonha.testing.plots import plot
    from sonha.testing.plots import square as metres

    plot("17", metres(0, 0, size=10), owner="Vi Văn Hùng")
    plot("18", metres(10, 0, size=10))
    client.force_login(specialist())
    lines = f"{X + 5} {Y}\n{X + 15} {Y}\n{X + 15} {Y + 10}\n{X + 5} {Y + 10}"
    page = client.post("/ban-do/chong-lan/", {"name": "Mỏ đá A", "crs": "9215", "lines": lines})
    group = next(group for group in page.context["form"].groups if group["layer"] == "test_plots")
    assert {record["title"]: round(record["part"], 1) for record in group["records"]} == {"1 / 17": 50.0, "1 / 18": 50.0}
    assert page.context["form"].area == "100 m²"
    assert "Mỏ đá A" in page.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"lines": "1 2 3", "crs": "9215"}, {"drawn": "{"}, {"drawn": '{"type":"Point","coordinates":[106.7,21.8]}'}]
)
def test_an_area_that_cannot_be_read_is_refused_and_kept_as_typed(client: Client, sent: dict[str, str]) -> None:
    page = client.post("/ban-do/chong-lan/", sent)
    assert page.status_code == 422
    assert page.context["form"].error
    assert sent.get("lines", "") in page.content.decode()


def test_a_file_is_shown_and_not_kept(client: Client) -> None:
    data = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"ten": "Thửa"}, "geometry": square()}]}
    given = SimpleUploadedFile("khu.geojson", json.dumps(data).encode())
    shown = client.post("/ban-do/mo-tep/", {"file": given}).json()["data"]["features"]
    assert shown[0]["properties"] == {"ten": "Thửa"}
    assert shown[0]["geometry"]["type"] == "Polygon"
    for content in (b"", b"%PDF-1.4", b"PK\x03\x04 nothing", b'{"type": "FeatureCollection", "features": []}'):
        assert client.post("/ban-do/mo-tep/", {"file": SimpleUploadedFile("x.zip", content)}).status_code == 422


def printed(client: Client, **said: Any) -> Any:
    return client.get("/ban-do/in/", {"lng": LNG, "lat": LAT, "layers": "example_wells", "title": "Giếng ở Hoa Thám", **said})


@pytest.mark.parametrize(("scale", "paper", "upright", "size"), [(500, "a4", "", (297, 210)), (100_000, "a3", "1", (297, 420))])
def test_a_print_is_true_to_scale(client: Client, scale: int, paper: str, upright: str, size: tuple[int, int]) -> None:
    well()
    answer = printed(client, scale=scale, paper=paper, upright=upright)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    (text,) = pages_of(answer.content)
    assert "GIẾNG Ở HOA THÁM" in text.upper()
    assert f"1:{scale:,}".replace(",", ".") in text
    words = boxes_of(answer.content)
    assert max(word.right for word in words) < size[0]
    assert max(word.bottom for word in words) < size[1]
    easts = {int(word.text.replace(".", "")): (word.left + word.right) / 2 for word in words if re.fullmatch(r"4\d\d\.\d{3}", word.text)}
    (first, left), *_between, (last, right) = sorted(easts.items())
    assert (last - first) * 1000 / scale == pytest.approx(right - left, abs=0.15)


@pytest.mark.parametrize("said", [{"scale": "0"}, {"scale": "x"}, {"scale": "5e9"}, {"paper": "a0"}, {"lng": "nan"}])
def test_prints_that_make_no_sense_get_a_sentence(client: Client, said: dict[str, str]) -> None:
    assert printed(client, **said).status_code == 422
