"""Wells of the example register in three systems' reach, and who asks for them."""

from base64 import b64encode
from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from lxml import etree

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.tokens import issue_token
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Unit
from sonha.registry.grants.models import RegisterGrant
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell

SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT", dated=date(2026, 1, 5))
NS = {
    "wfs": "http://www.opengis.net/wfs", "gml": "http://www.opengis.net/gml", "ows": "http://www.opengis.net/ows",
    "ogc": "http://www.opengis.net/ogc", "sonha": "urn:sonha:layers", "xsd": "http://www.w3.org/2001/XMLSchema",
}  # fmt: skip
WELLS = (
    ("G-01", "home", "40.0", date(2019, 5, 1), "Nông Thị Lan", (450_000, 2_420_000)),
    ("G-02", "farm", "55.5", None, "Hoàng Văn Tứ", (450_500, 2_420_000)),
    ("G-03", "farm", "12.0", date(2021, 2, 3), "Lý A Páo", (451_000, 2_421_000)),
    ("A&B <3>", "home", "80.0", None, "x\x01y", (460_000, 2_430_000)),
)


@pytest.fixture
def wells(db: None) -> dict[str, Any]:
    """The four wells by code."""
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return {
            code: change.add(
                ExampleWell, day=date(2020, 1, 1), code=code, use=use, depth=depth, drilled_on=drilled, owner_name=owner,
                geometry=Point(*place, srid=9215),
            )
            for code, use, depth, drilled, owner, place in WELLS
        }  # fmt: skip


class Service:
    """Asks the service by keywords or by XML and reads the answer."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, request: str = "GetFeature", **said: Any) -> Any:
        given = {"service": "WFS", "version": "1.1.0", "request": request, **said}
        return self.client.get("/ows/wfs", {key: value for key, value in given.items() if value is not None})

    def post(self, body: str) -> Any:
        return self.client.post("/ows/wfs", body, content_type="text/xml")

    def codes(self, answer: Any) -> list[str]:
        """Codes of the wells in an answer, in order."""
        assert answer.status_code == 200, answer.content.decode()
        return [each.text or "" for each in etree.fromstring(answer.content).iterfind(".//sonha:code", NS)]

    def problem(self, answer: Any) -> tuple[str, str]:
        """Code and locator of an exception report."""
        assert answer.status_code in (400, 413, 503), answer.content.decode()
        root = etree.fromstring(answer.content)
        assert root.tag == "{http://www.opengis.net/ows}ExceptionReport"
        found = root.find("ows:Exception", NS)
        assert found.findtext("ows:ExceptionText", namespaces=NS)
        return found.get("exceptionCode"), found.get("locator", "")


@pytest.fixture
def service(client: Client) -> Service:
    return Service(client)


def official_token() -> str:
    """Of a specialist who reads the example wells everywhere, personal fields too."""
    unit = Unit.objects.create(code="STNMT", name="Sở Nông nghiệp và Môi trường", level=Unit.Level.PROVINCE, path="STNMT/")
    user = User.objects.create_user("chuyenvien", "mat-khau-dai", full_name="Lý Văn Sơn", kind="official")
    Position.objects.create(user=user, unit=unit, role="specialist", title="Chuyên viên", valid_from=date(2020, 1, 1))
    RegisterGrant.objects.create(register="example_wells", audience="specialist", level=2, personal=True, everywhere=True)
    return issue_token(user, "QGIS")


@pytest.fixture
def colleague(wells: dict[str, Any]) -> Service:
    """The service as that specialist's desktop map asks it: user `x`, the token as password."""
    return Service(Client(headers={"Authorization": f"Basic {b64encode(f'x:{official_token()}'.encode()).decode()}"}))
