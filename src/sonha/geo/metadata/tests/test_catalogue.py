"""CSW 2.0.2 and the pages: what a visitor may know of, found and written by the standards."""

from typing import Any

import pytest
from django.test import Client
from lxml import etree

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.geo.metadata.models import Description
from sonha.geo.metadata.records import records
from sonha.geo.metadata.services import describe
from sonha.testing.schemas import check

pytestmark = pytest.mark.django_db
CSW, GMD, DC = "http://www.opengis.net/cat/csw/2.0.2", "http://www.isotc211.org/2005/gmd", "http://purl.org/dc/elements/1.1/"
OWS = "http://www.opengis.net/ows"
FILTER = '<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml">{}</ogc:Filter>'
EQUAL = (
    "<ogc:PropertyIsEqualTo><ogc:PropertyName>dc:identifier</ogc:PropertyName>"
    "<ogc:Literal>example_wells</ogc:Literal></ogc:PropertyIsEqualTo>"
)
BOX = (
    '<ogc:BBOX><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName><gml:Envelope srsName="{}">'
    "<gml:lowerCorner>{}</gml:lowerCorner><gml:upperCorner>{}</gml:upperCorner></gml:Envelope></ogc:BBOX>"
)


def ask(client: Client, request: str = "GetRecords", **said: Any) -> Any:
    given = {"service": "CSW", "version": "2.0.2", "request": request, "typenames": "csw:Record", "resulttype": "results", **said}
    return client.get("/csw", {key: value for key, value in given.items() if value is not None})


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [each.text or "" for each in etree.fromstring(answer.content).iter(f"{{{DC}}}identifier")]


def test_the_public_finds_public_records_only(client: Client) -> None:
    everything = {each.id for each in records(Actor.system("test"))}
    found = set(ids(ask(client, maxrecords=100)))
    assert found == {each.id for each in records(Actor.anonymous())}
    assert "example_wells" in found
    assert found < everything
    hidden = min(everything - found)
    assert ids(ask(client, "GetRecordById", id=f"{hidden},example_wells")) == ["example_wells"]
    assert client.get(f"/sieu-du-lieu/{hidden}/").status_code == 404


@pytest.mark.parametrize(
    ("request_name", "said"),
    [
        ("GetCapabilities", {}),
        ("DescribeRecord", {}),
        *(("GetRecords", {"elementsetname": size}) for size in ("brief", "summary", "full")),
        ("GetRecords", {"resulttype": "hits"}),
        ("GetRecordById", {"id": "example_wells", "elementsetname": "full"}),
    ],
)
def test_answers_fit_the_schemas(client: Client, request_name: str, said: dict[str, str]) -> None:
    answer = ask(client, request_name, **said)
    assert answer.status_code == 200, answer.content.decode()
    check(answer.content)


def test_iso_records_fit_the_schema(client: Client) -> None:
    found = etree.fromstring(ask(client, "GetRecordById", id="example_wells", outputschema=GMD).content)
    check(etree.tostring(found.find(f"{{{GMD}}}MD_Metadata")))
    check(client.get("/sieu-du-lieu/example_wells/iso19139.xml").content)


@pytest.mark.parametrize(
    ("language", "constraint", "is_found"),
    [
        ("CQL_TEXT", "dc:title LIKE '%Giếng%'", True),
        ("CQL_TEXT", "csw:AnyText LIKE '%giếng%' AND dc:type = 'dataset'", True),
        ("CQL_TEXT", "dc:identifier = 'example_wells' OR dc:identifier = 'x'", True),
        ("CQL_TEXT", "NOT dc:identifier = 'example_wells'", False),
        ("CQL_TEXT", "dct:modified > '2999-01-01'", False),
        ("FILTER", EQUAL, True),
        ("FILTER", BOX.format("EPSG:4326", "106 21", "107 22"), True),
        ("FILTER", BOX.format("urn:ogc:def:crs:EPSG::4326", "21 106", "22 107"), True),
        ("FILTER", BOX.format("EPSG:4326", "10 50", "11 51"), False),
    ],
)  # fmt: skip
def test_constraints(client: Client, language: str, constraint: str, is_found: bool) -> None:
    text = FILTER.format(constraint) if language == "FILTER" else constraint
    answer = ask(client, constraintlanguage=language, constraint=text, maxrecords=100)
    assert ("example_wells" in ids(answer)) is is_found


def test_pages_follow_each_other(client: Client) -> None:
    everything, found, start = ids(ask(client, maxrecords=100, sortby="dc:title:A")), [], 1
    while start:
        page = ask(client, maxrecords=2, startposition=start, sortby="dc:title:A")
        found += ids(page)
        start = int(etree.fromstring(page.content).find(f"{{{CSW}}}SearchResults").get("nextRecord"))
    assert found == everything


def test_xml_requests(client: Client) -> None:
    query = '<csw:Query typeNames="csw:Record"><csw:ElementSetName>brief</csw:ElementSetName></csw:Query>'
    text = f'<csw:GetRecords xmlns:csw="{CSW}" service="CSW" version="2.0.2" resultType="results" maxRecords="100">{query}</csw:GetRecords>'
    assert "example_wells" in ids(client.post("/csw", text, content_type="text/xml"))


def domain(client: Client, **said: Any) -> dict[str, list[str]]:
    """Values by name, of a document that its schema accepts."""
    answer = ask(client, "GetDomain", **said)
    assert answer.status_code == 200, answer.content.decode()
    root = check(answer.content)
    return {each[0].text: [value.text for value in each.iter(*(f"{{{CSW}}}{n}Value" for n in ("", "Min", "Max")))] for each in root}


def test_values_of_properties_are_those_of_records_that_one_sees(client: Client) -> None:
    told = domain(client, propertyname="dc:identifier,dc:type,dct:modified,csw:AnyText,dc:nothing")
    assert set(told["dc:identifier"]) == {each.id for each in records(Actor.anonymous())}
    assert told["dc:type"] == ["dataset"]
    first, last = told["dct:modified"]
    assert first <= last
    assert told["csw:AnyText"] == told["dc:nothing"] == []


def test_values_of_parameters_are_those_that_the_capabilities_list(client: Client) -> None:
    told = domain(client, parametername="GetRecords.resultType,getrecordbyid.elementsetname,GetRecordById.resultType,x")
    assert told["GetRecords.resultType"] == ["hits", "results"]
    assert told["getrecordbyid.elementsetname"] == ["brief", "summary", "full"]
    assert told["GetRecordById.resultType"] == told["x"] == []
    for operation in check(ask(client, "GetCapabilities").content).iter(f"{{{OWS}}}Operation"):
        for parameter in operation.findall(f"{{{OWS}}}Parameter"):
            name = f"{operation.get('name')}.{parameter.get('name')}"
            assert domain(client, parametername=name)[name] == [each.text for each in parameter]


def test_a_domain_is_asked_for_in_xml(client: Client) -> None:
    text = f'<csw:GetDomain xmlns:csw="{CSW}" service="CSW" version="2.0.2"><csw:PropertyName>dc:type</csw:PropertyName></csw:GetDomain>'
    assert b"<csw:Value>dataset</csw:Value>" in client.post("/csw", text, content_type="text/xml").content


@pytest.mark.parametrize(
    ("said", "count", "following"),
    [
        ({"startposition": "0", "maxrecords": "2"}, 2, 3),
        ({"startposition": "1", "maxrecords": "0"}, 0, 1),
        ({"startposition": "9999"}, 0, 0),
        ({"maxrecords": "99999"}, None, 0),
        ({"resulttype": "hits"}, 0, 0),
        ({"outputformat": "text/xml", "maxrecords": "1"}, 1, 2),
    ],
)
def test_habits_of_clients_that_page(client: Client, said: dict[str, str], count: int | None, following: int) -> None:
    """Counting from 0, asking for the number first, asking beyond the end, asking for all at once."""
    everything = len(records(Actor.anonymous()))
    results = check(ask(client, **said).content).find(f"{{{CSW}}}SearchResults")
    assert int(results.get("numberOfRecordsMatched")) == everything
    assert int(results.get("numberOfRecordsReturned")) == (everything if count is None else count)
    assert int(results.get("nextRecord")) == following


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"request": "Harvest"}, ("OperationNotSupported", "request")),
        ({"request": "GetDomain"}, ("MissingParameterValue", "propertyname")),
        ({"request": "GetDomain", "propertyname": "a", "parametername": "b"}, ("InvalidParameterValue", "parametername")),
        ({"outputformat": "text/html"}, ("InvalidParameterValue", "outputformat")),
        ({"service": "WFS"}, ("InvalidParameterValue", "service")),
        ({"version": "3.0.0"}, ("InvalidParameterValue", "version")),
        ({"request": "GetRecordById"}, ("MissingParameterValue", "id")),
        ({"elementsetname": "huge"}, ("InvalidParameterValue", "elementsetname")),
        ({"outputschema": "urn:x"}, ("InvalidParameterValue", "outputschema")),
        ({"startposition": "-1"}, ("InvalidParameterValue", "startposition")),
        ({"constraint": "dc:title LIKE"}, ("InvalidParameterValue", "constraint")),
        ({"constraint": "dc:nothing = 'x'"}, ("InvalidParameterValue", "constraint")),
        ({"sortby": "dc:nothing:A"}, ("InvalidParameterValue", "sortby")),
    ],
)
def test_mistakes_are_exception_reports(client: Client, said: dict[str, str], expected: tuple[str, str]) -> None:
    answer = client.get("/csw", {"service": "CSW", "version": "2.0.2", "request": "GetRecords", **said})
    assert answer.status_code == 400
    found = check(answer.content)[0]
    assert (found.get("exceptionCode"), found.get("locator")) == expected


def test_what_an_administrator_writes_is_told_and_noted(client: Client) -> None:
    described = Description(register="example_wells", lineage="Đo bằng máy GNSS", keywords="nước, giếng", contact_email="a@b.vn")
    describe(Actor.system("test"), described)
    for address in ("/sieu-du-lieu/example_wells/", "/sieu-du-lieu/example_wells/iso19139.xml"):
        assert "Đo bằng máy GNSS" in client.get(address).content.decode()
    assert "example_wells" in ids(ask(client, constraint="dc:subject = 'giếng'"))
    assert Event.objects.filter(verb="metadata.changed").count() == 1
    assert client.get("/sieu-du-lieu/example_wells/sua/").status_code == 302


def test_the_page_finds_by_words(client: Client) -> None:
    assert "Giếng (ví dụ)" in client.get("/sieu-du-lieu/", {"q": "giếng ví"}).content.decode()
    assert "Giếng (ví dụ)" not in client.get("/sieu-du-lieu/", {"q": "không-có-gì"}).content.decode()
