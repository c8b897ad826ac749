"""Tiles carry what the caller may see, where it lies, on the day that was asked for."""

import gzip
import json
from datetime import date
from math import asinh, atan, degrees, floor, pi, radians, sinh, tan
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.geo.tiles.grid import DEEPEST, EXTENT, OutOfGrid, Tile, zoom_of
from sonha.geo.tiles.tests.decoding import Read, layers
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT", dated=date(2026, 1, 5))
PLACE = Point(450_000, 2_420_000, srid=9215)
LONGITUDE, LATITUDE = 106.76805905, 21.87584998


def well(code: str, east: float = 0, **values: Any) -> Any:
    said = {"use": "home", "depth": "40.0", "owner_name": "Nông Thị Lan", "geometry": Point(PLACE.x + east, PLACE.y, srid=9215), **values}
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return change.add(ExampleWell, day=date(2020, 1, 1), code=code, **said)


def tile_at(zoom: int) -> str:
    x = floor((LONGITUDE / 360 + 0.5) * 2**zoom)
    y = floor((0.5 - asinh(tan(radians(LATITUDE))) / 2 / pi) * 2**zoom)
    return f"/tiles/example_wells/{zoom}/{x}/{y}"


def read(client: Client, address: str) -> list[Read]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return layers(answer.content)["example_wells"]


def test_a_well_lies_in_its_tile_at_every_zoom(client: Client) -> None:
    row = well("G-01")
    for zoom in (0, 5, 12, 17, DEEPEST):
        (found,) = read(client, tile_at(zoom))
        assert found.id == row.pk
        assert found.kind == 1
        assert found.properties == {"code": "G-01"}
        assert all(0 <= each <= EXTENT for each in found.positions[0])


def test_the_position_in_the_tile_is_the_place(client: Client) -> None:
    well("G-01")
    (found,) = read(client, tile_at(DEEPEST) + ".mvt")
    _z, x, y = (int(part) for part in tile_at(DEEPEST).split("/")[-3:])
    longitude = ((x + found.positions[0][0] / EXTENT) / 2**DEEPEST - 0.5) * 360
    latitude = degrees(atan(sinh(pi * (1 - 2 * (y + found.positions[0][1] / EXTENT) / 2**DEEPEST))))
    assert (longitude, latitude) == pytest.approx((LONGITUDE, LATITUDE), abs=1e-7)


def test_elsewhere_is_empty(client: Client) -> None:
    well("G-01")
    assert client.get("/tiles/example_wells/17/0/0").status_code == 204
    neighbour = tile_at(17).rsplit("/", 1)
    assert client.get(f"{neighbour[0]}/{int(neighbour[1]) + 3}").status_code == 204


@pytest.mark.parametrize("where", ["30/1/1", "23/0/0", "5/32/0", "5/0/32", f"3/{10**40}/1", f"{10**30}/1/1"])
def test_tiles_that_are_none_are_refused_in_a_sentence(client: Client, where: str) -> None:
    answer = client.get(f"/tiles/example_wells/{where}")
    assert answer.status_code == 400
    assert "0 đến 22" in answer.content.decode()


@pytest.mark.parametrize("path", ["5/-1/1", "5/x/1", "5/1.5/1", f"5/{'9' * 5000}/1"])
def test_what_is_no_number_is_no_address(client: Client, path: str) -> None:
    assert client.get(f"/tiles/example_wells/{path}").status_code == 404


def test_a_secret_well_and_an_unknown_layer_are_not_there(client: Client) -> None:
    well("G-01", is_secret=True)
    assert client.get(tile_at(12)).status_code == 204
    for name in ("nothing", "example_wells--", "pg_class"):
        assert client.get(f"/tiles/{name}/12/1/1").status_code == 404


def test_a_past_day_shows_what_was_so_then(client: Client) -> None:
    row = well("G-01")
    with changing("example_wells", SYSTEM, DECISION, kind="end") as change:
        change.end(row, day=date(2025, 1, 1))
    assert client.get(tile_at(12)).status_code == 204
    (found,) = read(client, f"{tile_at(12)}?day=2024-12-31")
    assert found.id == row.pk
    assert client.get(f"{tile_at(12)}?day=2019-12-31").status_code == 204
    for day in ("tomorrow", "2999-01-01", "0001-01-01", "2024-13-01"):
        assert client.get(f"{tile_at(12)}?day={day}").status_code == 400


def test_answers_are_kept_for_a_while_and_not_sent_twice(client: Client) -> None:
    well("G-01")
    first = client.get(tile_at(12))
    assert first["Cache-Control"] == "public, max-age=300"
    assert client.get(tile_at(12), headers={"If-None-Match": first["ETag"]}).status_code == 304
    client.force_login(User.objects.create_user("dan", "x"))
    assert "private" in client.get(tile_at(12))["Cache-Control"]


def test_large_tiles_go_out_packed(client: Client) -> None:
    for number in range(80):
        well(f"G-{number:03}", east=number)
    plain, packed = client.get(tile_at(12)), client.get(tile_at(12), headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(layers(plain.content)["example_wells"]) == 80


def test_a_layer_describes_itself(client: Client) -> None:
    described = json.loads(client.get("/tiles/example_wells.json").content)
    assert described["tilejson"] == "3.0.0"
    assert described["tiles"] == ["http://testserver/tiles/example_wells/{z}/{x}/{y}"]
    assert list(described["vector_layers"][0]["fields"]) == ["code"]
    drawn = json.loads(client.get("/tiles/example_wells/style.json?day=2024-01-01").content)
    assert [each["type"] for each in drawn["layers"]] == ["background", "circle", "symbol"]
    assert drawn["layers"][1]["paint"]["circle-color"] == "#1f6f8b"
    assert drawn["sources"]["example_wells"]["tiles"][0].endswith("?day=2024-01-01")
    assert client.get("/tiles/nothing.json").status_code == 404


def test_writing_and_forged_tokens_are_refused(client: Client) -> None:
    assert client.post("/tiles/example_wells/1/1/0").status_code == 405
    assert client.get("/tiles/example_wells/1/1/0", headers={"Authorization": "Bearer forged"}).status_code == 401


@given(z=st.integers(-2, 40), x=st.integers(-2, 2**42), y=st.integers(-2, 2**42))
def test_a_tile_is_in_the_grid_or_refused(z: int, x: int, y: int) -> None:
    inside = 0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z
    try:
        box = Tile(z, x, y).degrees()
    except OutOfGrid:
        assert not inside
    else:
        assert inside
        assert box is None or (box[0] < box[2] and box[1] < box[3])


@given(z=st.integers(6, DEEPEST - 1), data=st.data())
def test_four_tiles_fill_their_parent(z: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, 2**z - 1)), data.draw(st.integers(0, 2**z - 1))
    parent = Tile(z, x, y)
    children = [Tile(z + 1, 2 * x + dx, 2 * y + dy) for dx in (0, 1) for dy in (0, 1)]
    assert all(each.width == parent.width / 2 for each in children)
    boxes = [box for each in children if (box := each.degrees())]
    whole = parent.degrees()
    if whole and boxes:
        assert min(box[0] for box in boxes) >= whole[0] - 1e-9
        assert max(box[3] for box in boxes) <= whole[3] + 1e-9


def test_zooms_follow_scales() -> None:
    assert zoom_of(5_000) - zoom_of(10_000) == pytest.approx(1)
    assert 15 < zoom_of(5_000) < 16.5
