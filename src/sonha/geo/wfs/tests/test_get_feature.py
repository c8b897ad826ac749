"""GetFeature and DescribeFeatureType as the abstract tests of WFS 1.1.0 (ets-wfs11) ask: keywords, filters, systems, paging, mistakes."""

import json
import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from lxml import etree

from sonha.geo.wfs.tests.conftest import DECISION, NS, SYSTEM
from sonha.registry.records.services import changing

pytestmark = pytest.mark.django_db
ALL = ["G-01", "G-02", "G-03", "A&B <3>"]
XML = (
    'xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml" xmlns:wfs="http://www.opengis.net/wfs"'
    ' xmlns:sonha="urn:sonha:layers"'
)


def compare(name: str, field: str, value: str, more: str = "") -> str:
    return (
        f"<ogc:PropertyIs{name}{more}><ogc:PropertyName>{field}</ogc:PropertyName><ogc:Literal>{value}</ogc:Literal></ogc:PropertyIs{name}>"
    )


def spatial(name: str, shape: str, distance: str = "") -> str:
    return f"<ogc:{name}><ogc:PropertyName>sonha:geometry</ogc:PropertyName>{shape}{distance}</ogc:{name}>"


def box(west: float, south: float, east: float, north: float, system: str = "EPSG:9215") -> str:
    return (
        f'<gml:Envelope srsName="{system}"><gml:lowerCorner>{west} {south}</gml:lowerCorner>'
        f"<gml:upperCorner>{east} {north}</gml:upperCorner></gml:Envelope>"
    )


SQUARE = (
    '<gml:Polygon srsName="EPSG:9215"><gml:exterior><gml:LinearRing><gml:posList>449900 2419900 450600 2419900'
    " 450600 2420100 449900 2420100 449900 2419900</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
)
POINT = '<gml:Point srsName="EPSG:9215"><gml:pos>450000 2420000</gml:pos></gml:Point>'
LIKE = (
    '<ogc:PropertyIsLike wildCard="*" singleChar="." escapeChar="!"{more}><ogc:PropertyName>code</ogc:PropertyName>'
    "<ogc:Literal>{pattern}</ogc:Literal></ogc:PropertyIsLike>"
)
FILTERS = {
    "equal": (compare("EqualTo", "sonha:use", "farm"), ["G-02", "G-03"]),
    "not equal": (compare("NotEqualTo", "use", "farm"), ["G-01", "A&B <3>"]),
    "less": (compare("LessThan", "depth", "40"), ["G-03"]),
    "at most": (compare("LessThanOrEqualTo", "depth", "40"), ["G-01", "G-03"]),
    "greater": (compare("GreaterThan", "depth", "40"), ["G-02", "A&B <3>"]),
    "at least": (compare("GreaterThanOrEqualTo", "depth", "40.0"), ["G-01", "G-02", "A&B <3>"]),
    "case": (compare("EqualTo", "code", "g-01"), []),
    "no case": (
        '<ogc:PropertyIsEqualTo matchCase="false"><ogc:PropertyName>code</ogc:PropertyName>'
        "<ogc:Literal>g-01</ogc:Literal></ogc:PropertyIsEqualTo>",
        ["G-01"],
    ),
    "literal first": (
        "<ogc:PropertyIsLessThan><ogc:Literal>50</ogc:Literal><ogc:PropertyName>depth</ogc:PropertyName></ogc:PropertyIsLessThan>",
        ["G-02", "A&B <3>"],
    ),
    "escaped text": (compare("EqualTo", "code", "A&amp;B &lt;3&gt;"), ["A&B <3>"]),
    "sql in text": (compare("EqualTo", "code", "' OR 1=1 --"), []),
    "like": (LIKE.format(more="", pattern="G-*"), ["G-01", "G-02", "G-03"]),
    "like one": (LIKE.format(more="", pattern="G-.3"), ["G-03"]),
    "like escaped": (LIKE.format(more="", pattern="G!-01"), ["G-01"]),
    "like per cent": (LIKE.format(more="", pattern="%"), []),
    "like no case": (LIKE.format(more=' matchCase="false"', pattern="g-*"), ["G-01", "G-02", "G-03"]),
    "between": (
        "<ogc:PropertyIsBetween><ogc:PropertyName>depth</ogc:PropertyName>"
        "<ogc:LowerBoundary><ogc:Literal>40</ogc:Literal></ogc:LowerBoundary>"
        "<ogc:UpperBoundary><ogc:Literal>60</ogc:Literal></ogc:UpperBoundary></ogc:PropertyIsBetween>",
        ["G-01", "G-02"],
    ),
    "null": ("<ogc:PropertyIsNull><ogc:PropertyName>depth</ogc:PropertyName></ogc:PropertyIsNull>", []),
    "and": (f"<ogc:And>{compare('EqualTo', 'use', 'farm')}{compare('LessThan', 'depth', '20')}</ogc:And>", ["G-03"]),
    "or": (f"<ogc:Or>{compare('EqualTo', 'code', 'G-01')}{compare('LessThan', 'depth', '20')}</ogc:Or>", ["G-01", "G-03"]),
    "not": (f"<ogc:Not>{compare('EqualTo', 'use', 'farm')}</ogc:Not>", ["G-01", "A&B <3>"]),
    "id": ('<ogc:FeatureId fid="{id}"/>', ["G-02"]),
    "gml id": ('<ogc:GmlObjectId gml:id="{id}"/>', ["G-02"]),
    "bbox": (f"<ogc:BBOX>{box(450_400, 2_419_000, 452_000, 2_422_000)}</ogc:BBOX>", ["G-02", "G-03"]),
    "bbox lat lon": (spatial("BBOX", box(21.8, 106.7, 21.9, 106.8, "urn:ogc:def:crs:EPSG::4326")), ["G-01", "G-02", "G-03"]),
    "bbox lon lat": (spatial("BBOX", box(106.7, 21.8, 106.8, 21.9, "EPSG:4326")), ["G-01", "G-02", "G-03"]),
    "bbox of the world": (spatial("BBOX", box(-180, -90, 180, 90, "EPSG:4326")), ALL),
    "intersects": (spatial("Intersects", SQUARE), ["G-01", "G-02"]),
    "within": (spatial("Within", SQUARE), ["G-01", "G-02"]),
    "disjoint": (spatial("Disjoint", SQUARE), ["G-03", "A&B <3>"]),
    "equals": (spatial("Equals", POINT), ["G-01"]),
    "contains": (spatial("Contains", POINT), ["G-01"]),
    "touches": (spatial("Touches", SQUARE), []),
    "crosses": (spatial("Crosses", SQUARE), []),
    "overlaps": (spatial("Overlaps", SQUARE), []),
    "near": (spatial("DWithin", POINT, '<ogc:Distance units="m">600</ogc:Distance>'), ["G-01", "G-02"]),
    "beyond": (spatial("Beyond", POINT, '<ogc:Distance units="km">2</ogc:Distance>'), ["A&B <3>"]),
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("posted", [False, True], ids=["get", "post"])
def test_filters(service: Any, wells: Any, name: str, posted: bool) -> None:
    inside, expected = FILTERS[name]
    inside = inside.replace("{id}", f"example_wells.{wells['G-02'].pk}")
    text = f"<ogc:Filter {XML}>{inside}</ogc:Filter>"
    if posted:
        query = f'<wfs:Query typeName="sonha:example_wells">{text}</wfs:Query>'
        answer = service.post(f'<wfs:GetFeature service="WFS" version="1.1.0" {XML}>{query}</wfs:GetFeature>')
    else:
        answer = service.get(typename="sonha:example_wells", filter=text)
    assert service.codes(answer) == expected


ASKED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no prefix": ({"typename": "example_wells"}, ALL),
    "own prefix": ({"typename": "x:example_wells", "namespace": "xmlns(x=urn:sonha:layers)"}, ALL),
    "sorted": ({"sortby": "depth"}, ["G-03", "G-01", "G-02", "A&B <3>"]),
    "sorted down": ({"sortby": "sonha:depth D"}, ["A&B <3>", "G-02", "G-01", "G-03"]),
    "sorted twice": ({"sortby": "use,depth D"}, ["G-02", "G-03", "A&B <3>", "G-01"]),
    "first two": ({"maxfeatures": 2}, ["G-01", "G-02"]),
    "second page": ({"maxfeatures": 2, "startindex": 2}, ["G-03", "A&B <3>"]),
    "count": ({"count": 1, "startIndex": 1}, ["G-02"]),
    "beyond the end": ({"startindex": 10}, []),
    "bbox": ({"bbox": "450400,2419000,452000,2422000"}, ["G-02", "G-03"]),
    "bbox in degrees": ({"bbox": "21.8,106.7,21.9,106.8,urn:ogc:def:crs:EPSG::4326"}, ["G-01", "G-02", "G-03"]),
    "bbox of mercator": ({"bbox": "11878000,2490000,11890000,2500000,EPSG:3857"}, ["G-01", "G-02", "G-03"]),
    "bbox of a zone without end": ({"bbox": "-1e14,-1e14,1e14,1e14,EPSG:9215"}, ALL),
    "two types": ({"typename": "example_wells,example_wells", "maxfeatures": 5}, [*ALL, "G-01"]),
    "page over two types": ({"typename": "(example_wells)(example_wells)", "startindex": 3, "count": 2}, ["A&B <3>", "G-01"]),
    "post of keywords": ({"REQUEST": "GetFeature"}, ALL),
}


@pytest.mark.parametrize("name", ASKED)
def test_keywords(service: Any, wells: Any, name: str) -> None:
    said, expected = ASKED[name]
    assert service.codes(service.get(**{"typename": "sonha:example_wells", **said})) == expected


def test_hits_count_all_whatever_the_page(service: Any, wells: Any) -> None:
    answer = service.get(
        typename="example_wells", resulttype="hits", filter=f"<ogc:Filter {XML}>{compare('EqualTo', 'use', 'farm')}</ogc:Filter>"
    )
    root = etree.fromstring(answer.content)
    assert root.get("numberOfFeatures") == "2"
    assert not len(root)


def test_only_what_is_asked_for(service: Any, wells: Any) -> None:
    member = etree.fromstring(service.get(typename="example_wells", propertyname="sonha:depth", featureid=None, maxfeatures=1).content)
    assert [etree.QName(each).localname for each in member.find("gml:featureMember/*", NS)] == ["depth"]


@pytest.mark.parametrize(
    ("name", "latitude_first"),
    [
        ("EPSG:4326", False),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("urn:x-ogc:def:crs:EPSG:4326", True),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", False),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", True),
        ("CRS:84", False),
        ("EPSG:4756", False),
        ("urn:ogc:def:crs:EPSG::4756", True),
    ],
)
def test_coordinates_in_the_order_that_the_name_means(service: Any, wells: Any, name: str, latitude_first: bool) -> None:
    root = etree.fromstring(service.get(typename="example_wells", srsname=name, maxfeatures=1).content)
    place = root.find(".//gml:Point", NS)
    x, y = map(float, place.findtext("gml:pos", namespaces=NS).split())
    assert place.get("srsName") == name
    assert (x < 30 < y) if latitude_first else (y < 30 < x)


def test_a_test_vector_of_the_province_zone(service: Any, wells: Any) -> None:
    root = etree.fromstring(service.get(typename="example_wells", srsname="EPSG:4326", maxfeatures=1).content)
    assert list(map(float, root.findtext(".//gml:pos", namespaces=NS).split())) == pytest.approx([106.76805905, 21.87584998], abs=1e-7)


MISTAKES: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "no request": ({"request": ""}, ("MissingParameterValue", "request")),
    "unknown request": ({"request": "Transaction"}, ("OperationNotSupported", "request")),
    "other service": ({"service": "WMS"}, ("InvalidParameterValue", "service")),
    "other version": ({"version": "2.0.0"}, ("InvalidParameterValue", "version")),
    "no type": ({"typename": ""}, ("MissingParameterValue", "typename")),
    "unknown type": ({"typename": "sonha:nothing"}, ("InvalidParameterValue", "typename")),
    "other namespace": ({"typename": "x:example_wells"}, ("InvalidParameterValue", "typename")),
    "unknown property": ({"propertyname": "owner_name"}, ("InvalidParameterValue", "propertyname")),
    "unknown sort": ({"sortby": "owner_name"}, ("InvalidParameterValue", "sortby")),
    "bad sort": ({"sortby": "depth X"}, ("InvalidParameterValue", "sortby")),
    "bad format": ({"outputformat": "text/gibberish"}, ("InvalidParameterValue", "outputformat")),
    "bad result type": ({"resulttype": "all"}, ("InvalidParameterValue", "resulttype")),
    "bad number": ({"maxfeatures": "-1"}, ("InvalidParameterValue", "maxfeatures")),
    "bad start": ({"startindex": "x"}, ("InvalidParameterValue", "startindex")),
    "short bbox": ({"bbox": "1,2,3"}, ("InvalidParameterValue", "bbox")),
    "no numbers": ({"bbox": "a,b,c,d"}, ("InvalidParameterValue", "bbox")),
    "nan": ({"bbox": "nan,0,1,1"}, ("InvalidParameterValue", "bbox")),
    "swapped corners": ({"bbox": "5,5,1,1"}, ("InvalidParameterValue", "bbox")),
    "bbox of nowhere": ({"bbox": "1,1,2,2,EPSG:6956"}, ("InvalidParameterValue", "bbox")),
    "unknown system": ({"srsname": "EPSG:6956"}, ("InvalidParameterValue", "srsname")),
    "bad day": ({"day": "2024-13-01"}, ("InvalidParameterValue", "day")),
    "bad moment": ({"known_at": "yesterday"}, ("InvalidParameterValue", "known_at")),
    "two conditions": ({"bbox": "1,1,2,2", "featureid": "example_wells.1"}, ("InvalidParameterValue", "bbox")),
}
BROKEN = {
    "no XML": "<ogc:Filter",
    "hidden field": compare("EqualTo", "owner_name", "x"),
    "no number": compare("EqualTo", "depth", "deep"),
    "huge number": compare("EqualTo", "depth", "1e99999999"),
    "no field": "<ogc:PropertyIsEqualTo><ogc:Literal>1</ogc:Literal><ogc:Literal>1</ogc:Literal></ogc:PropertyIsEqualTo>",
    "function": '<ogc:PropertyIsEqualTo><ogc:Function name="pg_sleep"><ogc:Literal>9</ogc:Literal></ogc:Function>'
    "<ogc:Literal>1</ogc:Literal></ogc:PropertyIsEqualTo>",
    "unknown operator": "<ogc:PropertyIsOdd/>",
    "self-crossing": spatial("Within", SQUARE.replace("450600 2420100 449900 2420100", "449900 2420100 450600 2420100")),
    "open ring": spatial("Within", SQUARE.replace(" 449900 2419900</gml", " 449900 2419950</gml")),
    "nan": spatial("Equals", POINT.replace("450000", "NaN")),
    "nested too deep": "<ogc:Not>" * 1_000 + compare("EqualTo", "use", "farm") + "</ogc:Not>" * 1_000,
    "too many vertices": spatial("Intersects", f'<gml:LineString><gml:posList>{"1 2 3 4 " * 1_500}</gml:posList></gml:LineString>'),
    "arc": spatial("Intersects", "<gml:Curve><gml:segments><gml:Arc/></gml:segments></gml:Curve>"),
    "odd distance": spatial("DWithin", POINT, '<ogc:Distance units="leagues">3</ogc:Distance>'),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_exception_reports(service: Any, wells: Any, name: str) -> None:
    said, expected = MISTAKES[name]
    answer = service.get(**{"request": "GetFeature", "typename": "sonha:example_wells", **said})
    assert service.problem(answer) == expected


@pytest.mark.parametrize("name", BROKEN)
def test_broken_filters_are_exception_reports(service: Any, wells: Any, name: str) -> None:
    answer = service.get(typename="sonha:example_wells", filter=f"<ogc:Filter {XML}>{BROKEN[name]}</ogc:Filter>")
    assert service.problem(answer) == ("InvalidParameterValue", "filter")


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("start", [LAUGHS, OUTSIDE])
def test_entities_are_refused(service: Any, wells: Any, start: str) -> None:
    entity = "&b;" if start is LAUGHS else "&a;"
    text = f"{start}<ogc:Filter {XML}>{compare('EqualTo', 'use', entity)}</ogc:Filter>"
    answer = service.get(typename="example_wells", filter=text)
    assert service.problem(answer)[0] == "InvalidParameterValue"
    assert b"root:" not in answer.content
    assert service.problem(service.post(text))[0] in {"InvalidParameterValue", "OperationNotSupported"}


def test_versions_are_negotiated(service: Any) -> None:
    assert service.get("GetCapabilities", version=None, acceptversions="2.0.0,1.1.0").status_code == 200
    assert service.problem(service.get("GetCapabilities", acceptversions="2.0.0")) == ("VersionNegotiationFailed", "acceptversions")


def test_described_fields_are_those_that_the_caller_sees(service: Any, colleague: Any, wells: Any) -> None:
    asked = {"typename": "sonha:example_wells"}
    described = (each.get("DescribeFeatureType", **asked).content.decode() for each in (service, colleague))
    public, official = (re.findall(r'element name="(\w+)"', each) for each in described)
    assert "owner_name" not in public
    assert {"code", "depth", "owner_name", "drilled_on"} <= set(official)
    answer = colleague.get(**asked)
    assert "Nông Thị Lan".encode() in answer.content
    assert b"<sonha:owner_name>xy</sonha:owner_name>" in answer.content  # without the character that XML forbids


def test_other_formats(service: Any, wells: Any) -> None:
    asked = {"typename": "example_wells"}
    found = json.loads(service.get(**asked, outputformat="application/json").content)
    assert [each["properties"]["code"] for each in found["features"]] == ALL
    assert len(json.loads(service.get(**asked, outputformat="json", bbox="450400,2419000,452000,2422000").content)["features"]) == 2
    assert found["features"][0]["geometry"]["coordinates"] == pytest.approx([106.768059, 21.87585], abs=1e-6)
    assert service.get(**asked, outputformat="csv").content.decode("utf-8-sig").splitlines()[1].startswith("example_wells.")
    with zipfile.ZipFile(BytesIO(service.get(**asked, outputformat="SHAPE-ZIP").content)) as archive:
        assert {name.rpartition(".")[2] for name in archive.namelist()} == {"cpg", "dbf", "prj", "shp", "shx"}


def test_as_it_was_and_as_it_was_known(service: Any, wells: Any) -> None:
    before = timezone.now().isoformat()
    with changing("example_wells", SYSTEM, DECISION) as change:
        change.end(wells["G-01"], day=date(2024, 6, 1))
    assert "G-01" not in service.codes(service.get(typename="example_wells"))
    assert "G-01" in service.codes(service.get(typename="example_wells", day="2024-05-31"))
    assert "G-01" in service.codes(service.get(typename="example_wells", time="2024-05-31T00:00:00Z"))
    assert "G-01" in service.codes(service.get(typename="example_wells", known_at=before))
    assert service.codes(service.get(typename="example_wells", day="2019-12-31")) == []
