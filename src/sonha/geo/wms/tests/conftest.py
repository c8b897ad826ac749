"""Wells of the example register, and a client that asks WMS and looks at pictures."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from lxml import etree
from PIL import Image

from sonha.foundation.access.actor import Actor
from sonha.geo.wms import extents, styles
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell

SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT", dated=date(2026, 1, 5))
CENTRE = (450_000, 2_420_000)  # of the usual view, where the first well is
FILL = (0x1F, 0x6F, 0x8B)  # as the register declares
WELLS = (
    ("G-01", "home", "40.0", "Nông Thị Lan", CENTRE),
    ("G-02", "farm", "55.5", "Hoàng Văn Tứ", (450_200, 2_420_000)),
    ("A&B <3>", "home", "80.0", "x", (450_000, 2_420_150)),
)
MAP = {
    "service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": "example_wells", "styles": "", "crs": "EPSG:9215",
    "bbox": "449744,2419744,450256,2420256", "width": "256", "height": "256", "format": "image/png",
}  # fmt: skip
NS = {"wms": "http://www.opengis.net/wms", "ogc": "http://www.opengis.net/ogc", "xlink": "http://www.w3.org/1999/xlink",
      "sld": "http://www.opengis.net/sld"}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    extents._known.clear()
    styles._coded.clear()
    yield


@pytest.fixture
def wells(db: None) -> dict[str, Any]:
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return {
            code: change.add(
                ExampleWell, day=date(2020, 1, 1), code=code, use=use, depth=depth, owner_name=owner, geometry=Point(*place, srid=9215)
            )
            for code, use, depth, owner, place in WELLS
        }


class Wms:
    """Asks with the usual map's parameters, changed as said; `None` leaves one out."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, **said: Any) -> Any:
        given = {**MAP, **said}
        return self.client.get("/ows/wms", {key: value for key, value in given.items() if value is not None})

    def picture(self, **said: Any) -> "Picture":
        answer = self.get(**said)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("image/"), answer.content.decode()
        return Picture(answer)

    def fault(self, **said: Any) -> str:
        """The code of the exception report that the answer is, and must be."""
        answer = self.get(**said)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/xml"), answer["Content-Type"]
        root = etree.fromstring(answer.content)
        assert root.tag == f"{{{NS['ogc']}}}ServiceExceptionReport"
        assert root[0].text
        return root[0].get("code") or ""

    def capabilities(self, **said: Any) -> Any:
        answer = self.client.get("/ows/wms", {"service": "WMS", "request": "GetCapabilities", **said})
        assert answer.status_code == 200
        return etree.fromstring(answer.content)


class Picture:
    def __init__(self, answer: Any) -> None:
        self.type = answer["Content-Type"]
        self.image = Image.open(io.BytesIO(answer.content))
        self.image.load()

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    def at(self, x: int, y: int) -> tuple[int, ...]:
        return tuple(self.image.convert("RGBA").getpixel((x, y)))  # type: ignore[arg-type]

    def colours(self) -> set[tuple[int, ...]]:
        pixels = np.asarray(self.image.convert("RGBA")).reshape(-1, 4)
        return {tuple(int(part) for part in pixel) for pixel in np.unique(pixels, axis=0)}

    def where(self, colour: tuple[int, int, int], near: int = 40) -> set[tuple[int, int]]:
        """Pixels about of that colour."""
        pixels = np.asarray(self.image.convert("RGB")).astype(int)
        rows, columns = np.nonzero(np.abs(pixels - colour).max(axis=2) <= near)
        return set(zip(columns.tolist(), rows.tolist(), strict=True))


@pytest.fixture
def wms(client: Client) -> Wms:
    return Wms(client)
