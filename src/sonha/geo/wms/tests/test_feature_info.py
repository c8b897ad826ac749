"""GetFeatureInfo, after the assertions of ets-wms13 (getfeatureinfo, queryable)."""

import json
from typing import Any

import pytest
from lxml import etree

from .conftest import Wms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wells")]
ASKED = {"request": "GetFeatureInfo", "query_layers": "example_wells", "i": "128", "j": "128", "info_format": "application/json"}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("no layers to ask", {"query_layers": None}, "LayerNotDefined"),
    ("a layer that is not drawn", {"query_layers": "nowhere"}, "LayerNotDefined"),
    ("a layer that is not there", {"layers": "nowhere", "query_layers": "nowhere"}, "LayerNotDefined"),
    ("an unknown format", {"info_format": "application/bogus"}, "InvalidFormat"),
    ("left of the picture", {"i": "-1"}, "InvalidPoint"),
    ("right of the picture", {"i": "256"}, "InvalidPoint"),
    ("above", {"j": "-1"}, "InvalidPoint"),
    ("below", {"j": "256"}, "InvalidPoint"),
    ("no number", {"i": "x"}, "InvalidPoint"),
    ("no column", {"i": None}, "InvalidPoint"),
    ("no row", {"j": None}, "InvalidPoint"),
    ("a nonsense count", {"feature_count": "-3"}, "InvalidParameterValue"),
    ("an unknown system", {"crs": "EPSG:1"}, "InvalidCRS"),
    ("a nonsense day", {"time": "x"}, "InvalidDimensionValue"),
]


def found(wms: Wms, **said: Any) -> list[Any]:
    answer = wms.get(**{**ASKED, **said})
    assert answer["Content-Type"].startswith("application/json"), answer.content
    features: list[Any] = json.loads(answer.content)["features"]
    return features


@pytest.mark.parametrize(("said", "code"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_a_mistake_gets_its_report(wms: Wms, said: dict[str, Any], code: str) -> None:
    assert wms.fault(**{**ASKED, **said}) == code


def test_what_lies_under_the_pixel(wms: Wms, wells: dict[str, Any]) -> None:
    (feature,) = found(wms)
    assert feature["id"] == f"example_wells.{wells['G-01'].pk}"
    assert feature["properties"] == {"code": "G-01", "use": "home", "depth": 40.0}, "without the owner's name, which is personal"
    assert feature["geometry"]["coordinates"] == pytest.approx([106.76805905, 21.87584998], abs=1e-6)
    assert feature["url"] == f"/csdl/gieng-vi-du/{wells['G-01'].pk}/"
    assert found(wms, i="132") and not found(wms, i="150")
    assert not found(wms, time="2019-01-01")


def test_the_older_version_names_the_pixel_otherwise(wms: Wms) -> None:
    (feature,) = found(wms, version="1.1.1", crs=None, srs="EPSG:9215", i=None, j=None, x="228", y="128")
    assert feature["properties"]["code"] == "G-02"


def test_how_many_is_said_by_the_client(wms: Wms) -> None:
    whole = {"bbox": "440000,2410000,460000,2430000", "feature_count": "10"}
    assert len(found(wms, **whole)) == 3
    assert len(found(wms, **{**whole, "feature_count": "2"})) == 2
    assert len(found(wms, bbox=whole["bbox"])) == 1


def test_in_every_format(wms: Wms) -> None:
    """`A&B <3>` stands 75 pixels above the middle."""
    at = {**ASKED, "j": "53"}
    text = wms.get(**{**at, "info_format": "text/plain"})
    assert text["Content-Type"].startswith("text/plain")
    assert "A&B <3>" in text.content.decode() and "80.0 m" in text.content.decode() and "Sinh hoạt" in text.content.decode()
    page = wms.get(**{**at, "info_format": "text/html"})
    assert "A&amp;B &lt;3&gt;" in page.content.decode()
    gml = wms.get(**{**at, "info_format": "application/vnd.ogc.gml"})
    root = etree.fromstring(gml.content)
    assert root.findtext(".//{urn:sonha:gml}code") == "A&B <3>"
    assert root.findtext(".//{http://www.opengis.net/gml}pos") == "450000 2420150"
    assert wms.get(**{**ASKED, "info_format": None})["Content-Type"].startswith("text/plain")
