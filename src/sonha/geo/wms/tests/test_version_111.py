"""Older desktop programs: WMS 1.1.1 against its DTD, and which version answers whom."""

import io
import shutil
import subprocess
from typing import Any

import pytest
from lxml import etree
from owslib.wms import WebMapService
from PIL import Image

from sonha.geo.wms import capabilities_111
from sonha.testing.schemas import FOLDER

from .conftest import FILL, NS, Wms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wells")]
HREF = f"{{{NS['xlink']}}}href"


def accepted(root: Any, name: str) -> None:
    dtd = etree.DTD(str(FOLDER / "wms/1.1.1" / name))
    assert dtd.validate(root), dtd.error_log


@pytest.fixture
def older(wms: Wms) -> Any:
    return wms.capabilities(version="1.1.1")


def test_the_document_fits_the_dtd(older: Any) -> None:
    accepted(older, "capabilities_1_1_1.dtd")
    assert older.getroottree().docinfo.system_url == capabilities_111.DTD
    assert older.findtext("Service/Name") == "OGC:WMS"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("1.1.1", "1.1.1"), ("1.1.0", "1.1.1"), ("1.0.0", "1.1.1"), ("1.2.0", "1.1.1"), ("1.2", "1.1.1"),
     ("1.3.0", "1.3.0"), ("1.3.1", "1.3.0"), ("2.0.0", "1.3.0"), ("", "1.3.0"), ("mới", "1.3.0")],
)  # fmt: skip
def test_versions_are_negotiated(wms: Wms, asked: str, answered: str) -> None:
    """OGC 01-068r3 and 06-042, 6.2.4: the highest version that is not above the one asked for; below all of them, the lowest."""
    root = wms.capabilities(version=asked)
    assert root.get("version") == answered
    assert etree.QName(root).localname == ("WMT_MS_Capabilities" if answered == "1.1.1" else "WMS_Capabilities")


def test_the_oldest_way_of_asking(wms: Wms) -> None:
    answer = wms.client.get("/ows/wms", {"wmtver": "1.0.0", "request": "capabilities"})
    assert answer["Content-Type"].startswith("application/vnd.ogc.wms_xml")
    assert etree.fromstring(answer.content).get("version") == "1.1.1"


def test_it_offers_the_same_layers_places_and_days(wms: Wms, older: Any) -> None:
    newer = wms.capabilities()
    assert [each.text for each in older.iterfind(".//Layer/Name")] == [each.text for each in newer.iterfind(".//wms:Layer/wms:Name", NS)]
    (well,) = older.xpath("//Layer[Name='example_wells']")
    (same,) = newer.xpath("//wms:Layer[wms:Name='example_wells']", namespaces=NS)
    boxes = {each.get("SRS"): [each.get(corner) for corner in capabilities_111.CORNERS] for each in well.findall("BoundingBox")}
    theirs = {each.get("CRS"): [each.get(corner) for corner in capabilities_111.CORNERS] for each in same.findall("wms:BoundingBox", NS)}
    assert boxes == {"EPSG:4326": theirs["CRS:84"], "EPSG:3857": theirs["EPSG:3857"], "EPSG:9215": theirs["EPSG:9215"]}
    assert theirs["EPSG:4326"] == [boxes["EPSG:4326"][at] for at in (1, 0, 3, 2)], "latitude first only in 1.3.0"
    assert [round(float(well.find("LatLonBoundingBox").get(corner)), 4) for corner in capabilities_111.CORNERS] == [
        round(float(each), 4) for each in boxes["EPSG:4326"]
    ]
    assert "CRS:84" not in {each.text for each in older.iter("SRS")}
    assert well.find("Dimension").attrib == {"name": "time", "units": "ISO8601"}
    assert well.findtext("Extent") == same.findtext("wms:Dimension", namespaces=NS)
    assert all("VERSION=1.1.1" in link.get(HREF) for link in well.findall("Style/LegendURL/OnlineResource"))


def test_every_box_and_exception_form_that_is_offered_works(wms: Wms, older: Any) -> None:
    (well,) = older.xpath("//Layer[Name='example_wells']")
    for box in well.findall("BoundingBox"):
        sides = ",".join(box.get(corner) for corner in capabilities_111.CORNERS)
        assert wms.picture(version="1.1.1", crs=None, srs=box.get("SRS"), bbox=sides).where(FILL)
    for form in [each.text for each in older.iterfind("Capability/Exception/Format")]:
        answer = wms.get(version="1.1.1", crs=None, srs="EPSG:9215", layers="nowhere", exceptions=form)
        assert answer["Content-Type"].startswith("application/vnd.ogc.se_xml" if form.endswith("se_xml") else "image/png")


def test_reports_fit_their_dtd_and_speak_of_srs(wms: Wms) -> None:
    root = etree.fromstring(wms.get(version="1.1.1", crs=None, srs="EPSG:1").content)
    accepted(root, "exception_1_1_1.dtd")
    assert root[0].get("code") == "InvalidSRS"


def test_scales_are_told_by_the_diagonal_of_a_pixel() -> None:
    layer = etree.fromstring(
        "<Layer><Title>x</Title><MinScaleDenominator>1000</MinScaleDenominator><MaxScaleDenominator>50000</MaxScaleDenominator></Layer>"
    )
    capabilities_111._layer(layer)
    assert dict(layer.find("ScaleHint").attrib) == {"min": "0.39598", "max": "19.799"}


def test_owslib_and_gdal_as_old_clients(transactional_db: None, wells: Any, live_server: Any) -> None:
    address = f"{live_server.url}/ows/wms"
    service = WebMapService(address, version="1.1.1")
    layer = service["example_wells"]
    assert layer.title == "Giếng (ví dụ)"
    west, south, east, north = layer.boundingBoxWGS84
    assert 106 < west < east < 108 and 21 < south < north < 23
    picture = service.getmap(
        layers=["example_wells"], styles=[""], srs="EPSG:4326", bbox=(106.7631, 21.8707, 106.7731, 21.8810), size=(256, 256),
        format="image/png",
    )  # fmt: skip
    assert any(
        pixel == pytest.approx(FILL, abs=40)
        for pixel in Image.open(io.BytesIO(picture.read())).convert("RGB").get_flattened_data()  # type: ignore[attr-defined]
    )
    told = service.getfeatureinfo(
        layers=["example_wells"], srs="EPSG:9215", bbox=(449_744, 2_419_744, 450_256, 2_420_256), size=(256, 256), format="image/png",
        query_layers=["example_wells"], info_format="text/plain", xy=(128, 128),
    )  # fmt: skip
    assert "G-01" in told.read().decode()
    program = shutil.which("gdalinfo")
    assert program, "apt-get install gdal-bin"
    listed = subprocess.run([program, f"WMS:{address}?SERVICE=WMS&VERSION=1.1.1"], capture_output=True, text=True, timeout=60)
    assert listed.returncode == 0, listed.stderr
    assert "LAYERS=example_wells&SRS=" in listed.stdout and "VERSION=1.1.1" in listed.stdout
    (name,) = [line.split("=", 1)[1] for line in listed.stdout.splitlines() if "_NAME=" in line and "LAYERS=example_wells&" in line]
    opened = subprocess.run([program, name], capture_output=True, text=True, timeout=60)
    assert opened.returncode == 0 and "Driver: WMS/OGC Web Map Service" in opened.stdout, opened.stderr
