"""Clients that people use, in front of the running service: OWSLib and GDAL; and MapServer on the same data."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from owslib.csw import CatalogueServiceWeb
from owslib.fes import PropertyIsLike
from owslib.util import Authentication
from owslib.wfs import WebFeatureService

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.served import served
from sonha.geo.wfs.tests.conftest import NS, official_token
from sonha.geo.wms import mapserver

LAYER = "example_wells"


@pytest.fixture
def site(transactional_db: None, live_server: Any, wells: Any) -> str:
    return str(live_server.url)


def test_owslib_and_gdal_see_more_with_a_token(site: str, tmp_path: Path) -> None:
    token = official_token()
    visitor = WebFeatureService(f"{site}/ows/wfs", version="1.1.0")
    official = WebFeatureService(f"{site}/ows/wfs", version="1.1.0", auth=Authentication("x", token))
    assert set(visitor.contents) < set(official.contents)
    name = f"sonha:{LAYER}"
    assert "owner_name" not in visitor.get_schema(name)["properties"]
    assert "owner_name" in official.get_schema(name)["properties"]
    page = visitor.getfeature(typename=[name], maxfeatures=2, startindex=1).read()
    assert [each.text for each in etree.fromstring(page).iterfind(".//sonha:code", NS)] == ["G-02", "G-03"]

    catalogue = CatalogueServiceWeb(f"{site}/csw")
    catalogue.getrecords2(constraints=[PropertyIsLike("csw:AnyText", "%example_wells%")], esn="full")
    assert list(catalogue.records) == [LAYER]
    catalogue.getdomain("GetRecords.resultType")
    assert catalogue.results["values"] == ["hits", "results"]
    catalogue.getdomain("dc:identifier", dtype="property")
    everything, paged, start = catalogue.results["values"], [], 0
    while start is not None:
        catalogue.getrecords2(maxrecords=7, startposition=start)
        paged += list(catalogue.records)
        start = catalogue.results["nextrecord"] or None
    assert sorted(paged) == sorted(everything)
    catalogue.getrecordbyid([LAYER], outputschema="http://www.isotc211.org/2005/gmd")
    assert catalogue.records[LAYER].identification[0].title

    ogrinfo = shutil.which("ogrinfo")
    assert ogrinfo, "gdal-bin is not installed"
    found = {}
    for who, options in (
        ("visitor", []),
        ("official", ["--config", "GDAL_HTTP_USERPWD", f"x:{token}", "--config", "GDAL_HTTP_AUTH", "BASIC"]),
    ):
        command = [ogrinfo, "-ro", "-al", *options, f"WFS:{site}/ows/wfs", name]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, cwd=tmp_path, env={"HOME": str(tmp_path), "PATH": "/usr/bin"}
        )
        assert done.returncode == 0, done.stderr
        found[who] = done.stdout
    assert "Feature Count: 4" in found["visitor"]
    assert "POINT (450000 2420000)" in found["visitor"]
    assert "owner_name" not in found["visitor"]
    assert "owner_name (String) = Nông Thị Lan" in found["official"]


def _members(text: bytes) -> dict[str, tuple[str, tuple[float, ...]]]:
    """id -> (code, coordinates)."""
    root = etree.fromstring(text)
    found = {}
    for member in root.iter("{http://www.opengis.net/gml}featureMember"):
        feature = member[0]
        words = {etree.QName(each).localname: each for each in feature.iter() if isinstance(each.tag, str)}
        place = tuple(float(each) for each in re.split(r"[\s,]+", "".join(words["Point"].itertext()).strip()))
        found[feature.get("{http://www.opengis.net/gml}id")] = ("".join(words["code"].itertext()), place)
    return found


REQUESTS: tuple[dict[str, Any], ...] = (
    {},
    {"maxfeatures": 2},
    {"bbox": "450400,2419000,452000,2422000,EPSG:9215"},
    {"bbox": "21.8,106.7,21.9,106.8,urn:ogc:def:crs:EPSG::4326", "srsname": "urn:ogc:def:crs:EPSG::4326"},
    {"srsname": "EPSG:3857"},
    {"filter": '<Filter><PropertyIsEqualTo><PropertyName>use</PropertyName><Literal>farm</Literal></PropertyIsEqualTo></Filter>'},
    {
        "filter": '<Filter><PropertyIsLike wildCard="*" singleChar="." escapeChar="!">'
        "<PropertyName>code</PropertyName><Literal>G-*</Literal></PropertyIsLike></Filter>"
    },
)  # fmt: skip


@pytest.mark.parametrize("said", REQUESTS, ids=lambda said: "-".join(said) or "all")
def test_mapserver_says_the_same(transactional_db: None, service: Any, wells: Any, tmp_path: Path, said: dict[str, Any]) -> None:
    """Ids, codes and coordinates to a millimetre (or 1e-8 degrees)."""
    assert mapserver.program(), "cgi-mapserver is not installed"
    layers = served(Actor.anonymous(), [LAYER]).values()
    mapfile = mapserver.mapfile(layers, mapserver.connection_string(), tmp_path)
    said = {"srsname": "EPSG:9215", **said}
    asked = {"service": "WFS", "version": "1.1.0", "request": "GetFeature", "typename": LAYER, **said}
    theirs = _members(mapserver.ask(mapfile, urlencode(asked)))
    ours = _members(service.get(typename=LAYER, **said).content)
    assert ours.keys() == theirs.keys()
    for key, (code, place) in ours.items():
        assert code == theirs[key][0]
        assert place == pytest.approx(theirs[key][1], abs=1e-3 if place[0] > 1_000 else 1e-6)


KEYS = st.sampled_from(
    [
        "typename",
        "filter",
        "bbox",
        "featureid",
        "srsname",
        "sortby",
        "propertyname",
        "maxfeatures",
        "startindex",
        "outputformat",
        "day",
        "known_at",
        "namespace",
        "request",
        "constraint",
    ]
)
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["example_wells", "(a)(b)", "<ogc:Filter/>", "1,2,3,4", "1e308,1,1e309,2", "EPSG:4326", "depth D", "-0", "x.9", "\x00", "%s", "'"]
    ),
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.dictionaries(KEYS, WORDS, max_size=5), path=st.sampled_from(["/ows/wfs", "/csw"]), body=st.binary(max_size=200))
def test_whatever_is_asked_the_answer_is_an_answer_or_a_report(service: Any, said: dict[str, str], path: str, body: bytes) -> None:
    start = {"service": "WFS" if path == "/ows/wfs" else "CSW", "version": "1.1.0" if path == "/ows/wfs" else "2.0.2"}
    known = {"request": "GetFeature" if path == "/ows/wfs" else "GetRecords", "typename": LAYER}
    for answer in (service.client.get(path, {**start, **known, **said}), service.client.post(path, body, content_type="text/xml")):
        assert answer.status_code in (200, 400, 413), answer.content
        assert answer.status_code == 200 or b"ows:ExceptionReport" in answer.content
