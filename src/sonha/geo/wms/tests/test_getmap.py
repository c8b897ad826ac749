"""GetMap, after the assertions of the OGC's test suite for WMS 1.3.0 (ets-wms13: basic, getmap, time)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sonha.registry.records.services import changing
from sonha.testing.example.models import ExampleWell

from .conftest import DECISION, FILL, MAP, SYSTEM, Wms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wells")]
WHITE, NOTHING = (255, 255, 255, 255), (0, 0, 0, 0)
SLD = (
    '<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">'
    "<NamedLayer><Name>example_wells</Name><UserStyle><FeatureTypeStyle>%s</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"
)
MARK = (
    "<PointSymbolizer><Graphic><Mark><WellKnownName>square</WellKnownName><Fill><CssParameter name='fill'>%s</CssParameter></Fill></Mark>"
    "<Size>20</Size></Graphic></PointSymbolizer>"
)

ANSWERED: list[tuple[str, dict[str, Any], str, tuple[int, int]]] = [
    ("names of parameters know no case", {"LaYeRs": "example_wells", "layers": None}, "image/png", (256, 256)),
    ("order of parameters does not matter", dict(reversed(MAP.items())), "image/png", (256, 256)),
    ("unknown parameters are passed over", {"vendor": "x", "map": "/etc/passwd"}, "image/png", (256, 256)),
    ("the service need not be named", {"service": None}, "image/png", (256, 256)),
    ("a box with exponents", {"bbox": "4.49744e5,2.419744E6,4.50256e+05,2420256.0"}, "image/png", (256, 256)),
    ("a small picture", {"width": "1", "height": "1"}, "image/png", (1, 1)),
    ("a picture of other proportions", {"width": "300", "height": "20"}, "image/png", (300, 20)),
    ("the largest picture offered", {"width": "2048", "height": "2048"}, "image/png", (2048, 2048)),
    ("eight bits", {"format": "image/png; mode=8bit"}, "image/png; mode=8bit", (256, 256)),
    ("JPEG", {"format": "image/jpeg"}, "image/jpeg", (256, 256)),
    ("a style by its name", {"styles": "default"}, "image/png", (256, 256)),
    ("no styles at all", {"styles": None}, "image/png", (256, 256)),
    ("two layers, styles by default", {"layers": "example_wells,example_wells", "styles": ""}, "image/png", (256, 256)),
    ("two layers, empty styles", {"layers": "example_wells,example_wells", "styles": ","}, "image/png", (256, 256)),
    ("two layers, one style by default", {"layers": "example_wells,example_wells", "styles": ",default"}, "image/png", (256, 256)),
    ("three layers", {"layers": ",".join(["example_wells"] * 3), "styles": ",,"}, "image/png", (256, 256)),
    ("exceptions as XML", {"exceptions": "XML"}, "image/png", (256, 256)),
    ("exceptions in the picture", {"exceptions": "INIMAGE"}, "image/png", (256, 256)),
    ("a moment of the past", {"time": "2021-06-01T00:00:00Z"}, "image/png", (256, 256)),
    ("the current day", {"time": "current"}, "image/png", (256, 256)),
    ("WMS 1.1.1", {"version": "1.1.1", "crs": None, "srs": "EPSG:9215"}, "image/png", (256, 256)),
]  # fmt: skip
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("no version", {"version": None}, "MissingParameterValue"),
    ("no layers", {"layers": None}, "LayerNotDefined"),
    ("an unknown layer", {"layers": "nowhere"}, "LayerNotDefined"),
    ("the first layer unknown", {"layers": "nowhere,example_wells", "styles": ","}, "LayerNotDefined"),
    ("the second layer unknown", {"layers": "example_wells,nowhere", "styles": ","}, "LayerNotDefined"),
    ("an unknown style", {"styles": "fancy"}, "StyleNotDefined"),
    ("the first style unknown", {"layers": "example_wells,example_wells", "styles": "fancy,"}, "StyleNotDefined"),
    ("the second style unknown", {"layers": "example_wells,example_wells", "styles": ",fancy"}, "StyleNotDefined"),
    ("too few styles", {"layers": ",".join(["example_wells"] * 3), "styles": ","}, "StyleNotDefined"),
    ("an outline of points", {"styles": "outline"}, "StyleNotDefined"),
    ("no system", {"crs": None}, "MissingParameterValue"),
    ("an unknown system", {"crs": "EPSG:99999"}, "InvalidCRS"),
    ("a withdrawn system", {"crs": "EPSG:6956"}, "InvalidCRS"),
    ("no box", {"bbox": None}, "MissingParameterValue"),
    ("west beyond east", {"bbox": "450256,2419744,449744,2420256"}, "InvalidParameterValue"),
    ("west is east", {"bbox": "450256,2419744,450256,2420256"}, "InvalidParameterValue"),
    ("south beyond north", {"bbox": "449744,2420256,450256,2419744"}, "InvalidParameterValue"),
    ("south is north", {"bbox": "449744,2420256,450256,2420256"}, "InvalidParameterValue"),
    ("three numbers", {"bbox": "1,2,3"}, "InvalidParameterValue"),
    ("no width", {"width": None}, "MissingParameterValue"),
    ("no height", {"height": ""}, "MissingParameterValue"),
    ("no format", {"format": None}, "MissingParameterValue"),
    ("an unknown format", {"format": "image/bogus"}, "InvalidFormat"),
    ("an unknown form of exceptions", {"exceptions": "loud"}, "InvalidParameterValue"),
    ("a nonsense colour", {"bgcolor": "red"}, "InvalidParameterValue"),
    ("a nonsense transparency", {"transparent": "perhaps"}, "InvalidParameterValue"),
    ("too many layers", {"layers": ",".join(["example_wells"] * 31), "styles": ""}, "InvalidParameterValue"),
    ("a nonsense day", {"time": "yesterday"}, "InvalidDimensionValue"),
    ("no such day", {"time": "2021-02-30"}, "InvalidDimensionValue"),
    ("an interval", {"time": "2020-01-01/2021-01-01"}, "InvalidDimensionValue"),
    ("a day to come", {"time": "2999-01-01"}, "InvalidDimensionValue"),
    ("a style by address", {"sld": "http://example.org/style.xml"}, "InvalidParameterValue"),
    ("an unknown request", {"request": "GetTile"}, "OperationNotSupported"),
    ("another service", {"service": "WFS"}, "InvalidParameterValue"),
]


@pytest.mark.parametrize(("said", "media_type", "size"), [each[1:] for each in ANSWERED], ids=[each[0] for each in ANSWERED])
def test_a_map_is_drawn(wms: Wms, said: dict[str, Any], media_type: str, size: tuple[int, int]) -> None:
    found = wms.picture(**said)
    assert (found.type, found.size) == (media_type, size)


@pytest.mark.parametrize(("said", "code"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_a_mistake_gets_its_report(wms: Wms, said: dict[str, Any], code: str) -> None:
    assert wms.fault(**said) == code


def test_the_older_version_is_told_in_its_own_words(wms: Wms) -> None:
    answer = wms.get(version="1.1.1", crs=None, srs="EPSG:1")
    assert answer["Content-Type"].startswith("application/vnd.ogc.se_xml")
    assert b'<ServiceException code="InvalidSRS"' in answer.content


def test_a_symbol_stands_where_the_well_is(wms: Wms) -> None:
    found = wms.picture()
    assert found.at(128, 128)[:3] == FILL
    assert {WHITE} == {found.at(x, y) for x, y in ((10, 10), (200, 60), (128, 140))}
    assert found.at(228, 128)[:3] == FILL  # 200 m east at 2 m a pixel
    assert found.at(128, 53)[:3] == FILL  # 150 m north is 75 pixels up


@pytest.mark.parametrize(
    ("version", "system", "box"),
    [
        ("1.3.0", "EPSG:4326", "21.8707,106.7631,21.8810,106.7731"),
        ("1.3.0", "CRS:84", "106.7631,21.8707,106.7731,21.8810"),
        ("1.3.0", "urn:ogc:def:crs:OGC:1.3:CRS84", "106.7631,21.8707,106.7731,21.8810"),
        ("1.3.0", "urn:ogc:def:crs:EPSG::4326", "21.8707,106.7631,21.8810,106.7731"),
        ("1.3.0", "EPSG:4756", "21.8717,106.7612,21.8820,106.7712"),
        ("1.3.0", "EPSG:3857", "11884815.966,2496076.052,11885915.966,2497176.052"),
        ("1.3.0", "EPSG:9215", "449500,2419500,450500,2420500"),
        ("1.1.1", "EPSG:4326", "106.7631,21.8707,106.7731,21.8810"),
        ("1.1.1", "EPSG:3857", "11884815.966,2496076.052,11885915.966,2497176.052"),
    ],
)
def test_axes_are_as_the_notation_says(wms: Wms, version: str, system: str, box: str) -> None:
    """The test vector: E 450000, N 2420000 (9215) = 21.87584998 N, 106.76805905 E = 11885365.966, 2496626.052."""
    name = "crs" if version == "1.3.0" else "srs"
    found = wms.picture(**{"version": version, "crs": None, name: system, "bbox": box, "layers": "example_wells"})
    assert {(127, 127), (128, 128)} & found.where(FILL), "the well is in the middle"
    assert found.at(10, 10) == WHITE


def test_ground_and_transparency(wms: Wms) -> None:
    assert wms.picture().at(5, 5) == WHITE
    assert wms.picture(bgcolor="0x0000FF").at(5, 5) == (0, 0, 255, 255)
    assert wms.picture(transparent="FALSE").at(5, 5) == WHITE
    clear = wms.picture(transparent="TRUE")
    assert clear.at(5, 5) == NOTHING
    assert clear.at(128, 128) == (*FILL, 255)
    assert wms.picture(transparent="TRUE", format="image/png; mode=8bit").at(5, 5)[3] == 0
    assert wms.picture(transparent="TRUE", format="image/jpeg").at(5, 5) == WHITE


@pytest.mark.parametrize("box", ["0,0,1000,1000", "1000000,2419744,1000512,2420256", "-9e9,-9e9,-8e9,-8e9"])
def test_a_view_of_nothing_is_empty(wms: Wms, box: str) -> None:
    assert wms.picture(bbox=box).colours() == {WHITE}


def test_the_whole_world_is_a_picture(wms: Wms) -> None:
    for system, box in (
        ("EPSG:4326", "-90,-180,90,180"),
        ("EPSG:3857", "-20037508,-20037508,20037508,20037508"),
        ("CRS:84", "-180,-90,180,90"),
    ):
        assert wms.picture(crs=system, bbox=box).size == (256, 256)


def test_mistakes_in_the_picture_or_as_an_empty_one(wms: Wms) -> None:
    blank = wms.picture(layers="nowhere", exceptions="BLANK", bgcolor="0xFF0000")
    assert (blank.type, blank.colours()) == ("image/png", {(255, 0, 0, 255)})
    assert wms.picture(layers="nowhere", exceptions="BLANK", transparent="TRUE").colours() == {NOTHING}
    assert wms.picture(layers="nowhere", exceptions="BLANK", format="image/jpeg").type == "image/jpeg"
    told = wms.picture(layers="nowhere", exceptions="INIMAGE")
    assert told.type == "image/png"
    assert told.where((0x20, 0x20, 0x20)), "a sentence is written"
    assert wms.fault(layers="nowhere", exceptions="INIMAGE", format="image/bogus") == "InvalidFormat"


def test_a_day_of_the_past_shows_what_was_so(wms: Wms, wells: dict[str, Any]) -> None:
    with changing("example_wells", SYSTEM, DECISION, kind="end") as change:
        change.end(ExampleWell.objects.get(pk=wells["G-01"].pk), day=date(2025, 1, 1))
    assert wms.picture().at(128, 128) == WHITE
    assert wms.picture(time="2024-12-31").at(128, 128)[:3] == FILL
    assert wms.picture(time="2025-01-01").at(128, 128) == WHITE
    assert wms.picture(time="2019-12-31").at(128, 128) == WHITE
    yesterday = timezone.localdate() - timedelta(days=1)
    assert wms.picture(time=f"{yesterday:%Y-%m-%d}").at(228, 128)[:3] == FILL


def test_a_secret_place_is_not_drawn(wms: Wms, wells: dict[str, Any]) -> None:
    with changing("example_wells", SYSTEM, DECISION) as change:
        change.amend(ExampleWell.objects.get(pk=wells["G-01"].pk), is_secret=True)
    assert wms.picture().at(128, 128) == WHITE


def test_a_style_that_is_sent_chooses_colours_by_value(wms: Wms) -> None:
    rule = "<Rule><ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>use</ogc:PropertyName><ogc:Literal>farm</ogc:Literal>"
    rule += f"</ogc:PropertyIsEqualTo></ogc:Filter>{MARK % '#ff0000'}</Rule>"
    found = wms.picture(sld_body=SLD % rule, layers=None)
    assert found.at(228, 128) == (255, 0, 0, 255)
    assert found.at(128, 128) == WHITE, "no rule takes the others"
    found = wms.picture(sld_body=SLD % (rule + f"<Rule><ElseFilter/>{MARK % '#00ff00'}</Rule>"))
    assert (found.at(228, 128), found.at(128, 128)) == ((255, 0, 0, 255), (0, 255, 0, 255))


def test_a_long_style_may_be_posted(wms: Wms) -> None:
    body = SLD % ("<Rule>" + MARK % "#123456" + "</Rule>" + "<!-- long -->" * 900)
    answer = wms.client.post("/ows/wms", {**MAP, "sld_body": body})
    assert answer["Content-Type"] == "image/png"


HIDDEN = (
    "<Rule><ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>owner_name</ogc:PropertyName><ogc:Literal>x</ogc:Literal>"
    f"</ogc:PropertyIsEqualTo></ogc:Filter>{MARK % '#ff0000'}</Rule>"
)
BAD_STYLES = {
    "not XML": "<Styled",
    "another document": "<a/>",
    "entities": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SLD % "<Rule>&a;</Rule>",
    "a billion laughs": '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><StyledLayerDescriptor>&b;</StyledLayerDescriptor>',
    "a thousand levels": "<StyledLayerDescriptor>" + "<a>" * 1000 + "</a>" * 1000 + "</StyledLayerDescriptor>",
    "very long": SLD % ("<Rule/>" * 10_000),
    "no rules": SLD % "",
    "a field that is personal": SLD % HIDDEN,
    "a colour that is none": SLD % ("<Rule>" + MARK % "red; drop table" + "</Rule>"),
    "a size that is none": SLD % ("<Rule>" + (MARK % "#ff0000").replace("20", "1e999") + "</Rule>"),
    "another filter": SLD % "<Rule><ogc:Filter><ogc:BBOX/></ogc:Filter><LineSymbolizer/></Rule>",
}


@pytest.mark.parametrize("body", BAD_STYLES.values(), ids=BAD_STYLES.keys())
def test_a_bad_style_is_refused(wms: Wms, body: str) -> None:
    answer = wms.client.post("/ows/wms", {**MAP, "sld_body": body})
    assert answer.status_code == 200
    assert b'code="InvalidParameterValue"' in answer.content, answer.content[:300]
    assert b"root:" not in answer.content
