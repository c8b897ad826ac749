"""GetCapabilities, after the assertions of ets-wms13 (getcapabilities, basic_elements, dimensions), and whom it shows what."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from lxml import etree

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.limits import OFFICIAL
from sonha.geo.wms import capabilities
from sonha.geo.wms.faults import ServiceException, report
from sonha.testing.schemas import FOLDER

from .conftest import MAP, NS, Wms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wells")]
PARSER = etree.XMLParser(no_network=True)


def accepted(document: Any, place: str) -> None:
    schema = etree.XMLSchema(etree.parse(str(FOLDER / place), PARSER))
    assert schema.validate(document), schema.error_log


def test_the_document_fits_the_schema(wms: Wms) -> None:
    accepted(wms.capabilities(), "sld/1.1.0/sld_capabilities.xsd")


@pytest.mark.parametrize("said", [{}, {"version": "1.3.0"}, {"version": "9.9.9"}, {"format": "text/xml"},
                                  {"format": "bogus"}, {"updatesequence": "7"}, {"REQUEST": "capabilities"}])  # fmt: skip
def test_however_it_is_asked_for(wms: Wms, said: dict[str, str]) -> None:
    root = wms.capabilities(**said)
    assert (root.tag, root.get("version")) == (f"{{{NS['wms']}}}WMS_Capabilities", "1.3.0")


def test_it_is_sent_as_xml_and_needs_the_service_named(wms: Wms) -> None:
    assert wms.client.get("/ows/wms?service=WMS&request=GetCapabilities")["Content-Type"].startswith("text/xml")
    assert wms.fault(request="GetCapabilities", service=None) == "MissingParameterValue"
    assert wms.fault(request=None) == "MissingParameterValue"


def test_reports_fit_their_schema() -> None:
    for fault in (ServiceException("Không có lớp «a<b>»\x00.", "LayerNotDefined", "LAYERS"), ServiceException("một câu")):
        text, media_type = report(fault, "1.3.0")
        accepted(etree.fromstring(text.encode()), "wms/1.3.0/exceptions_1_3_0.xsd")
        assert media_type == "text/xml"


def layers(root: Any) -> list[Any]:
    return root.findall(".//wms:Layer[wms:Name]", NS)


def inherited(layer: Any, tag: str) -> list[Any]:
    return [found for each in (layer, *layer.iterancestors(f"{{{NS['wms']}}}Layer")) for found in each.findall(f"wms:{tag}", NS)]


def test_every_layer_says_what_a_client_needs(wms: Wms) -> None:
    root = wms.capabilities()
    names = [each.findtext("wms:Name", namespaces=NS) for each in layers(root)]
    assert "example_wells" in names
    assert len(names) == len(set(names))
    for layer in layers(root):
        systems = {each.text for each in inherited(layer, "CRS")}
        assert {"CRS:84", "EPSG:4326", "EPSG:3857", "EPSG:9215"} <= systems
        boxes = [each.get("CRS") for each in layer.findall("wms:BoundingBox", NS)]
        assert len(boxes) == len(set(boxes)) >= 1
        assert set(boxes) <= systems
        west, east, south, north = (
            float(layer.findtext(f"wms:EX_GeographicBoundingBox/wms:{side}", namespaces=NS))
            for side in ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
        )
        assert west < east and south < north
        styles = [each.findtext("wms:Name", namespaces=NS) for each in layer.findall("wms:Style", NS)]
        assert styles[0] == "default"
        assert len(styles) == len(set(styles))
        (time,) = [each for each in layer.findall("wms:Dimension", NS) if each.get("name") == "time"] or [None]
        assert time is None or (time.get("units") == "ISO8601" and time.text.count("/") == 2)


def test_layers_stand_under_their_database(wms: Wms) -> None:
    (well,) = wms.capabilities().xpath("//wms:Layer[wms:Name='example_wells']", namespaces=NS)
    assert well.getparent().findtext("wms:Title", namespaces=NS) == "Ví dụ"
    assert well.get("queryable") == "1"


def test_every_system_and_style_that_is_offered_is_drawn(wms: Wms) -> None:
    root = wms.capabilities()
    (well,) = root.xpath("//wms:Layer[wms:Name='example_wells']", namespaces=NS)
    for box in well.findall("wms:BoundingBox", NS):
        sides = ",".join(box.get(side) for side in ("minx", "miny", "maxx", "maxy"))
        for form in root.findall(".//wms:GetMap/wms:Format", NS):
            assert wms.picture(crs=box.get("CRS"), bbox=sides, format=form.text).type == form.text
    for system in {each.text for each in inherited(well, "CRS")}:
        assert wms.picture(crs=system, bbox="1,1,2,2").size == (256, 256)


def test_legends_are_where_it_says(wms: Wms) -> None:
    for link in wms.capabilities().iterfind(".//wms:LegendURL/wms:OnlineResource", NS):
        parts = urlsplit(link.get(f"{{{NS['xlink']}}}href"))
        answer = wms.client.get(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))
        assert answer["Content-Type"] == "image/png", answer.content
    assert wms.fault(request="GetLegendGraphic", layer="nowhere") == "LayerNotDefined"
    assert wms.fault(request="GetLegendGraphic", layer=None) == "MissingParameterValue"


def test_operations_and_exceptions_are_listed(wms: Wms) -> None:
    root = wms.capabilities()
    assert [each.text for each in root.findall(".//wms:Exception/wms:Format", NS)] == ["XML", "INIMAGE", "BLANK"]
    for operation in ("GetCapabilities", "GetMap", "GetFeatureInfo"):
        address = root.find(f".//wms:{operation}/wms:DCPType/wms:HTTP/wms:Get/wms:OnlineResource", NS).get(f"{{{NS['xlink']}}}href")
        assert address.endswith("/ows/wms?")
    assert root.findtext(".//wms:GetCapabilities/wms:Format", namespaces=NS) == "text/xml"


def test_a_layer_that_is_not_ones_own_does_not_exist(wms: Wms, monkeypatch: pytest.MonkeyPatch) -> None:
    """To a visitor a register that is not public is as unknown as one that was never declared."""
    from sonha.registry.grants.models import RegisterGrant

    RegisterGrant.objects.filter(register="example_wells").delete()
    assert b"example_wells" not in wms.client.get("/ows/wms?service=WMS&request=GetCapabilities").content
    hidden, unknown = wms.get(layers="example_wells"), wms.get(layers="nowhere_wells")
    assert hidden.content.replace(b"example_wells", b"nowhere_wells") == unknown.content


def test_a_wrong_token_is_refused_and_never_taken_for_a_visitor(client: Client) -> None:
    answer = client.get("/ows/wms", MAP, headers={"Authorization": "Bearer sonha_wrong"})
    assert answer.status_code == 401


def test_extents_do_not_betray_single_records(wms: Wms) -> None:
    (well,) = wms.capabilities().xpath("//wms:Layer[wms:Name='example_wells']", namespaces=NS)
    west = float(well.findtext("wms:EX_GeographicBoundingBox/wms:westBoundLongitude", namespaces=NS))
    assert west * 10 == pytest.approx(round(west * 10), abs=1e-6)


def test_the_document_of_the_system_itself(db: None) -> None:
    assert "example_wells" in capabilities.document(Actor.system("test"), OFFICIAL, "http://x/ows/wms?")
