"""Polygons with holes, shapes of several parts and lines: our WFS against MapServer's and against ogr reading the tables themselves.

Compared are ids, counts, every coordinate and how GDAL, and QGIS with it, names the kind of shape.
"""

import json
import re
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Polygon
from django.test import Client
from django.utils.http import urlencode
from lxml import etree

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.served import served
from sonha.geo.wms import mapserver
from sonha.registry.records.services import changing
from sonha.sectors.land.models import Parcel
from sonha.sectors.land.tests.cadastre import DECISION, EAST, NORTH, SYSTEM, land_types
from sonha.sectors.minerals.models import ForbiddenArea
from sonha.sectors.water.models import RiverReach
from sonha.testing.schemas import check

GML = "{http://www.opengis.net/gml}"
LAYERS = {"parcels": "Polygon", "mineral_forbidden_areas": "Multi Polygon", "river_reaches": "Line String"}
BEGAN = date(2020, 1, 1)


def ring(x: float, y: float, size: float) -> tuple[tuple[float, float], ...]:
    x, y = EAST + x, NORTH + y
    return ((x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y))


@pytest.fixture
def shapes(transactional_db: None) -> None:
    """Parcels plain, with one hole and with two; forbidden areas of one part, and of two with a hole; two reaches."""
    land_types("ONT", "CLN")
    parcels = (
        Polygon(ring(0, 0, 20)),
        Polygon(ring(20.125, 0.335, 40), ring(30, 10, 5)),
        Polygon(ring(80, 0, 60), ring(90, 10, 5.5), ring(110.001, 20.002, 12.25)),
        Polygon(((EAST, NORTH + 90), (EAST + 33.3, NORTH + 91.7), (EAST + 12.1, NORTH + 140.9), (EAST, NORTH + 90))),
    )
    with changing("land", SYSTEM, DECISION) as change:
        for number, shape in enumerate(parcels, 1):
            shape.srid = 9215
            change.add(
                Parcel, day=BEGAN, sheet_number="5", parcel_number=number, land_type="ONT", area=Decimal(f"{shape.area:.1f}"),
                commune_code="06112", geometry=shape,
            )  # fmt: skip
    areas = (
        MultiPolygon(Polygon(ring(500, 500, 300))),
        MultiPolygon(Polygon(ring(1_000, 0, 200), ring(1_050, 50, 30)), Polygon(ring(1_400, 100, 77.7))),
    )
    with changing("minerals", SYSTEM, DECISION) as change:
        for number, area in enumerate(areas, 1):
            area.srid = 9215
            change.add(
                ForbiddenArea, day=BEGAN, code=f"KVC-{number}", name="Rừng đặc dụng", kind="forbidden", reason="forest", decision="thử",
                area_ha=Decimal("1.5"), commune_code="06112", geometry=area,
            )  # fmt: skip
    with changing("water", SYSTEM, DECISION) as change:
        for number in (1, 2):
            line = LineString(*((EAST + 100.5 * at, NORTH + 40.25 * at * number) for at in range(5)), srid=9215)
            change.add(
                RiverReach, day=BEGAN, code=f"S-{number}", river="Kỳ Cùng", name=f"đoạn {number}", from_node=f"{number}",
                to_node=f"{number + 1}", stream_order=1, length_km=Decimal("0.5"), commune_code="06112", geometry=line,
            )  # fmt: skip


def read(text: bytes) -> dict[str, shapely.Geometry]:
    """id -> shape, of a GML 3.1.1 collection of any server: parts by their rings, whatever they are wrapped in."""
    found = {}
    for member in etree.fromstring(text).iter(f"{GML}featureMember"):
        feature = member[0]
        for bounds in feature.findall(f"{GML}boundedBy"):
            feature.remove(bounds)
        areas = [
            shapely.Polygon(line(each.find(f"{GML}exterior")), [line(inner) for inner in each.findall(f"{GML}interior")])
            for each in feature.iter(f"{GML}Polygon")
        ]
        found[feature.get(f"{GML}id")] = shapely.MultiPolygon(areas) if areas else shapely.LineString(line(feature))
    return found


def line(element: Any) -> list[tuple[float, float]]:
    numbers = [float(each) for each in re.split(r"[\s,]+", "".join(element.find(f".//{GML}posList").itertext()).strip())]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def same(ours: shapely.Geometry, theirs: shapely.Geometry, within: float) -> bool:
    return bool(shapely.equals_exact(shapely.normalize(ours), shapely.normalize(theirs), within))


SYSTEMS = ("EPSG:9215", "urn:ogc:def:crs:EPSG::9215", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "EPSG:3857")


@pytest.mark.parametrize("layer", LAYERS)
def test_mapserver_says_the_same(shapes: None, client: Client, tmp_path: Path, layer: str) -> None:
    """To a millimetre, or to the six decimals of a degree that MapServer writes; also what lies in a box.

    `EPSG:4326` is left out: in WFS 1.1.0 MapServer writes latitude first even for the short name, we and GeoServer only for the URN.
    """
    assert mapserver.program(), "apt-get install cgi-mapserver"
    mapfile = mapserver.mapfile(served(Actor.anonymous(), [layer]).values(), mapserver.connection_string(), tmp_path)
    asked = {"service": "WFS", "version": "1.1.0", "request": "GetFeature", "typename": layer}
    requests = [{"srsname": system} for system in SYSTEMS if system != "EPSG:4326"]
    requests.append({"srsname": "EPSG:9215", "bbox": f"{EAST + 25},{NORTH + 5},{EAST + 1_200},{NORTH + 30},EPSG:9215"})
    for said in requests:
        ours = read(client.get("/ows/wfs", {**asked, **said}).content)
        theirs = read(mapserver.ask(mapfile, urlencode({**asked, **said})))
        assert ours and ours.keys() == theirs.keys()
        within = 1e-6 if "4326" in said["srsname"] else 1e-3
        for key, shape in ours.items():
            assert same(shape, theirs[key], within), (said, key, shape.wkt, theirs[key].wkt)


def run(*command: str) -> str:
    program = shutil.which(command[0])
    assert program, "apt-get install gdal-bin"
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ogr_reads_from_the_service_what_it_reads_from_the_table(shapes: None, live_server: Any) -> None:
    tables = {"parcels": Parcel, "mineral_forbidden_areas": ForbiddenArea, "river_reaches": RiverReach}
    for layer, kind in LAYERS.items():
        source = f"WFS:{live_server.url}/ows/wfs"
        told = run("ogrinfo", "-ro", "-so", source, f"sonha:{layer}")
        assert f"Geometry: {kind}\n" in told
        assert f"Feature Count: {tables[layer].objects.count()}\n" in told
        for system in ("EPSG:9215", "EPSG:4326"):
            common = ("ogr2ogr", "-f", "GeoJSON", "-t_srs", system, "-lco", "COORDINATE_PRECISION=10", "/vsistdout/")
            served_here = json.loads(run(*common, source, f"sonha:{layer}"))["features"]
            sql = f"SELECT id, geometry FROM {tables[layer]._meta.db_table}"
            in_table = json.loads(run(*common, "-sql", sql, f"PG:{mapserver.connection_string()}"))["features"]
            ours = {each["properties"]["gml_id"]: shapely.geometry.shape(each["geometry"]) for each in served_here}
            theirs = {f"{layer}.{each['properties']['id']}": shapely.geometry.shape(each["geometry"]) for each in in_table}
            assert ours and ours.keys() == theirs.keys()
            for key, shape in ours.items():
                assert shape.geom_type == theirs[key].geom_type == kind.replace(" ", "")
                assert same(shape, theirs[key], 1e-3 if system == "EPSG:9215" else 1e-8), (system, shape.wkt, theirs[key].wkt)


@pytest.mark.parametrize("layer", LAYERS)
def test_shapes_fit_the_schema_that_describes_them(shapes: None, client: Client, layer: str) -> None:
    asked = {"service": "WFS", "version": "1.1.0", "typename": f"sonha:{layer}"}
    described = client.get("/ows/wfs", {**asked, "request": "DescribeFeatureType"}).content
    for system in SYSTEMS:
        check(client.get("/ows/wfs", {**asked, "request": "GetFeature", "srsname": system}).content, extra=[described])


def test_what_is_written_is_what_is_stored(shapes: None, client: Client) -> None:
    text = client.get("/ows/wfs", {"service": "WFS", "version": "1.1.0", "request": "GetFeature", "typename": "parcels"}).content
    stored = {
        f"parcels.{pk}": shapely.from_wkb(bytes(GEOSGeometry(shape).wkb)) for pk, shape in Parcel.objects.values_list("pk", "geometry")
    }
    for key, shape in read(text).items():
        assert same(shape, shapely.MultiPolygon([stored[key]]), 1e-4)
