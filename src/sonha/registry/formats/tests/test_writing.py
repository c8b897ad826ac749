"""What is written can be read again by the libraries that people's programs use, holds what the reader may see, and nothing else."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from django.contrib.gis.geos import Point
from django.db import connection

from sonha.foundation.access.actor import Actor
from sonha.registry.declarations import Register
from sonha.registry.formats import reading
from sonha.registry.formats.loading import guess, load
from sonha.registry.formats.tests.test_loading import counts, imported, parcels
from sonha.registry.formats.writing.rows import Selection
from sonha.registry.formats.writing.writers import KINDS
from sonha.registry.grants.declared import load as load_grants
from sonha.registry.grants.rights import rights
from sonha.registry.pages.asking import Asked
from sonha.registry.records.services import Basis
from sonha.registry.records.tests.test_two_times import well
from sonha.testing.example.registers import ExampleWells
from sonha.testing.plots import SYSTEM, TestPlot

pytestmark = pytest.mark.django_db
MAPS = ("gpkg", "shp", "geojson", "gml", "gml311")


def written(register: type[Register], kind: str, folder: Path, *, actor: Actor = SYSTEM, srid: int = 9215, **parameters: str) -> Path:
    path = folder / f"out{KINDS[kind].ending}"
    asked = Asked(actor, register, rights(actor, register))
    KINDS[kind].write(Selection(asked, parameters, KINDS[kind].srid or srid), path, lambda count: None)
    return path


@pytest.mark.parametrize("kind", [*MAPS, "xlsx", "csv", "ods"])
def test_what_was_written_comes_in_again_and_changes_nothing(plots: type[Register], tmp_path: Path, kind: str) -> None:
    imported(parcels(tmp_path / "a"), plots, day=date(2025, 1, 1))
    path = written(plots, kind, tmp_path)
    with reading.opened(path) as source:
        layer = source.layers[0]
        assert layer.count == 3
        mapping = guess(plots, layer)
        assert {"number", "sheet", "owner", "area", "commune_code"} <= set(mapping.columns)
        outcome = load(plots, source, layer, mapping, actor=SYSTEM, basis=Basis("import", number="BB 13"))
    assert counts(outcome) == (0, 0, 3, 0)


@pytest.mark.parametrize("srid", [9215, 4326, 3857])
def test_in_the_system_asked_for(plots: type[Register], tmp_path: Path, srid: int) -> None:
    imported(parcels(tmp_path / "a"), plots)
    info = pyogrio.read_info(written(plots, "gpkg", tmp_path, srid=srid), force_total_bounds=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_XMin(e), ST_YMin(e) FROM (SELECT ST_Extent(ST_Transform(geometry, %s)) AS e FROM example_testplot) AS t", [srid]
        )
        assert info["total_bounds"][:2] == pytest.approx(cursor.fetchone())
    assert info["crs"] == f"EPSG:{srid}"


def test_a_shapefile_says_how_it_is_to_be_read(plots: type[Register], tmp_path: Path) -> None:
    imported(parcels(tmp_path / "a"), plots)
    with zipfile.ZipFile(written(plots, "shp", tmp_path)) as archive:
        assert archive.read("test_plots.cpg") == b"UTF-8"
        assert b"TOWGS84[-191.90441429" in archive.read("test_plots.prj")
        assert {"test_plots.shp", "test_plots.shx", "test_plots.dbf"} <= set(archive.namelist())
    found = pyogrio.raw.read(f"/vsizip/{tmp_path}/out.zip")
    assert "Nguyễn Văn Đức" in {value for column in found[3] for value in column}


def test_geoparquet(plots: type[Register], tmp_path: Path) -> None:
    imported(parcels(tmp_path / "a"), plots)
    table = pq.read_table(written(plots, "parquet", tmp_path))
    geo = json.loads(table.schema.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert geo["columns"]["geometry"]["encoding"] == "WKB" and geo["columns"]["geometry"]["crs"]["id"] == {
        "authority": "EPSG",
        "code": 9215,
    }
    assert shapely.from_wkb(table["geometry"][0].as_py()).area == pytest.approx(100)
    assert sorted(table["SoThuTuThua"].to_pylist()) == ["1", "2", "3"]


def test_dxf_holds_the_shapes(plots: type[Register], tmp_path: Path) -> None:
    imported(parcels(tmp_path / "a"), plots)
    assert pyogrio.read_info(written(plots, "dxf", tmp_path), force_feature_count=True)["features"] == 3


def test_the_gml_is_of_the_version_asked_for(plots: type[Register], tmp_path: Path) -> None:
    imported(parcels(tmp_path / "a"), plots)
    assert "http://www.opengis.net/gml/3.2" in written(plots, "gml", tmp_path).read_text()
    (tmp_path / "b").mkdir()
    text = written(plots, "gml311", tmp_path / "b").read_text()
    assert "http://www.opengis.net/gml/3.2" not in text and "http://www.opengis.net/gml" in text


def test_a_visitor_gets_what_is_open_and_nothing_else(tmp_path: Path) -> None:
    load_grants()
    well("G-1", owner_name="Nông Thị Lan")
    visitor = Actor.anonymous()
    for kind in (*MAPS, "xlsx", "csv", "parquet"):
        (tmp_path / kind).mkdir()
        path = written(ExampleWells, kind, tmp_path / kind, actor=visitor, srid=4326)
        raw = (
            path.read_bytes()
            if kind not in ("shp", "xlsx")
            else b"".join(zipfile.ZipFile(path).read(each) for each in zipfile.ZipFile(path).namelist())
        )
        assert b"G-1" in raw, kind
        assert "Nông".encode() not in raw and b"owner_name" not in raw, kind


def test_points_in_a_spreadsheet_come_back_where_they_were(tmp_path: Path) -> None:
    well("G-1", geometry=Point(450_000.25, 2_420_000.75, srid=9215))
    outcome = imported(written(ExampleWells, "xlsx", tmp_path), ExampleWells, mapping={"srid": 9215})
    assert counts(outcome) == (0, 0, 1, 0)


def test_the_filter_of_the_page(plots: type[Register], tmp_path: Path) -> None:
    imported(parcels(tmp_path / "a"), plots)
    assert TestPlot.objects.count() == 3
    rows: list[Any] = []
    with reading.opened(written(plots, "gpkg", tmp_path, q="Hoàng")) as source:
        for batch in source.batches(source.layers[0]):
            rows += batch.columns["TenChu"]
    assert rows == ["Hoàng Thị Bưởi"]
