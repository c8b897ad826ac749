"""What people use: GDAL's OAPIF driver (which QGIS' habits resemble) and OWSLib, against the live server."""

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from owslib.ogcapi.features import Features

from sonha.foundation.access.tokens import issue_token

from .test_core import official
from .wells import row_of_wells

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)
OGRINFO = shutil.which("ogrinfo") or ""


def ogrinfo(*arguments: str) -> str:
    done = subprocess.run([OGRINFO, "-ro", *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not OGRINFO, reason="GDAL's programs are not installed")
def test_gdal_reads_layers_pages_filters_and_boxes(live_server: "LiveServer") -> None:
    row_of_wells(23)
    source = f"OAPIF:{live_server.url}/ogc"
    assert "example_wells" in ogrinfo(source)
    layer = ogrinfo(source, "example_wells", "-so", "-oo", "PAGE_SIZE=5")
    assert "Feature Count: 23" in layer and "Geometry: Point" in layer and "depth: Real" in layer and "valid_from: Date" in layer
    assert "Feature Count: 2" in ogrinfo(source, "example_wells", "-so", "-where", "depth > 30")
    assert "Feature Count: 8" in ogrinfo(source, "example_wells", "-so", "-where", "use = 'farm'")
    assert "Feature Count: 1" in ogrinfo(source, "example_wells", "-so", "-spat", "106.7679", "21.8757", "106.7682", "21.8760")


@pytest.mark.skipif(not OGRINFO, reason="GDAL's programs are not installed")
def test_gdal_with_a_token_sees_more(live_server: "LiveServer") -> None:
    row_of_wells(1)
    token = issue_token(official(), "QGIS")
    source = f"OAPIF:{live_server.url}/ogc"
    assert "owner_name" not in ogrinfo(source, "example_wells", "-so")
    assert "owner_name: String" in ogrinfo(source, "example_wells", "-so", "-oo", f"USERPWD=qgis:{token}")


def test_owslib_reads_what_is_there(live_server: "LiveServer") -> None:
    row_of_wells(4)
    service = Features(f"{live_server.url}/ogc/")
    assert "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter" in service.conformance()["conformsTo"]
    assert "example_wells" in service.feature_collections()
    assert service.collection("example_wells")["id"] == "example_wells"
    assert "depth" in service.collection_queryables("example_wells")["properties"]
    found = service.collection_items("example_wells", filter="depth > 11", limit=1)
    assert found["numberReturned"] == 1 and found["features"][0]["properties"]["code"] == "G-002"
    tree = json.dumps({"op": "=", "args": [{"property": "use"}, "farm"]})
    assert service.collection_items("example_wells", **{"filter": tree, "filter-lang": "cql2-json"})["numberReturned"] == 2
    assert service.collection_item("example_wells", str(found["features"][0]["id"]))["properties"]["code"] == "G-002"
    assert service.api()["openapi"].startswith("3.0")
