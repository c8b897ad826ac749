"""A list, and every export of it, within an area that was drawn or sent as a file."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pyogrio import raw

from sonha.registry.pages.tests.wells import LIST, official, text_of, well
from sonha.registry.pages.within import read_area

pytestmark = pytest.mark.django_db
EAST, NORTH = 450_000.0, 2_420_000.0
SEND = f"{LIST}khu-vuc/"


@pytest.fixture(autouse=True)
def wells() -> None:
    for number, away in enumerate((0, 500, 5_000), start=1):
        well(f"G-0{number}", geometry=Point(EAST + away, NORTH, srid=9215))


def boundary(folder: Path, shape: Any, name: str = "ranh-gioi") -> SimpleUploadedFile:
    """A zipped Shapefile in VN-2000, as an officer has it."""
    path = folder / f"{name}.shp"
    shapes, names = shapely.to_wkb(np.array([shape], dtype=object)), [np.array(["x"], dtype=object)]
    raw.write(path, shapes, names, ["ten"], geometry_type=shape.geom_type, crs="EPSG:9215", driver="ESRI Shapefile")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in sorted(folder.glob(f"{name}.*")):
            archive.write(part, part.name)
    return SimpleUploadedFile(f"{name}.zip", packed.getvalue())


def codes(client: Client, address: str) -> set[str]:
    page = text_of(client.get(address))
    return {code for code in ("G-01", "G-02", "G-03") if code in page}


def test_a_boundary_from_a_file_narrows_the_list_and_what_is_exported(tmp_path: Path) -> None:
    client = official("so", "specialist")
    circle = shapely.Point(EAST, NORTH).buffer(800, quad_segs=8)
    answer = client.post(f"{SEND}?use=home", {"file": boundary(tmp_path, circle)})
    assert answer.status_code == 302
    parameters = parse_qs(urlsplit(answer.url).query)
    assert parameters["use"] == ["home"]
    assert codes(client, answer.url) == {"G-01", "G-02"}
    page = text_of(client.get(answer.url))
    assert "Trong vùng" in page and f"{LIST}xuat/?" in page
    file = client.post(f"{LIST}xuat/?{urlsplit(answer.url).query}", {"kind": "geojson"})
    assert {each["properties"]["code"] for each in json.loads(file.content)["features"]} == {"G-01", "G-02"}
    table = client.post(f"{LIST}bang/?{urlsplit(answer.url).query}", {"kind": "csv"}).content.decode("utf-8-sig")
    assert "G-02" in table and "G-03" not in table


def test_a_boundary_of_many_corners_is_made_simple_and_that_is_said(tmp_path: Path) -> None:
    client = official("so", "specialist")
    angles = np.linspace(0, 2 * np.pi, 4_000, endpoint=False)
    radius = 1_000 + 3 * np.sin(angles * 300)
    rough = shapely.Polygon(np.column_stack([EAST + radius * np.cos(angles), NORTH + radius * np.sin(angles)]))
    answer = client.post(SEND, {"file": boundary(tmp_path, rough)}, follow=True)
    assert "đã được đơn giản hoá, lệch không quá" in text_of(answer)
    kept = read_area(parse_qs(urlsplit(answer.redirect_chain[-1][0]).query)["area"][0])
    assert kept is not None and kept.num_coords <= 150
    assert kept.area == pytest.approx(rough.area, rel=0.05)


@pytest.mark.parametrize("shape, said", [
    (shapely.LineString([(EAST, NORTH), (EAST + 100, NORTH)]), "không có vùng nào"),
    (shapely.box(10, 10, 20, 20), "toạ độ"),
])  # fmt: skip
def test_a_file_that_is_no_boundary_is_refused_in_words(tmp_path: Path, shape: Any, said: str) -> None:
    answer = official("so", "specialist").post(SEND, {"file": boundary(tmp_path, shape)}, follow=True)
    assert said in text_of(answer) and "area=" not in answer.redirect_chain[-1][0]


def test_files_are_read_for_those_who_are_signed_in_and_drawing_is_for_all(tmp_path: Path) -> None:
    visitor = Client()
    answer = visitor.post(SEND, {"file": boundary(tmp_path, shapely.Point(EAST, NORTH).buffer(800))})
    assert answer.status_code == 302 and "login" in answer.url
    page = text_of(visitor.get(LIST))
    assert "data-area-map" in page and 'id="area-file"' not in page
    assert "Hãy chọn một tệp" in text_of(official("so", "specialist").post(SEND, follow=True))
