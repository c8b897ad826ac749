"""One declaration gives all: everything that follows from the thirty lines of testing/example, each thing tried for real.

Nothing outside sonha/testing/example knows these wells.
"""

import io
import json
import math
import sqlite3
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Unit
from sonha.registry.records.models import Change
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT", dated=date(2026, 1, 5))
CODE, SLUG = ExampleWells.code, ExampleWells.slug
LONGITUDE, LATITUDE = 106.76805905, 21.87584998  # of the well
SEARCHES = ["", "?q=G-77", "?q=nong+thi+lan", "?use=farm", "?sort=-depth", "?view=cards", "?view=map", "?day=2021-01-01"]


@pytest.fixture
def well() -> ExampleWell:
    values = {
        "code": "G-77",
        "use": "farm",
        "depth": "43.5",
        "owner_name": "Nông Thị Lan",
        "geometry": Point(450_000, 2_420_000, srid=9215),
    }
    with changing(CODE, SYSTEM, DECISION, kind="add") as change:
        row = change.add(ExampleWell, day=date(2020, 1, 1), **values)
    with changing(CODE, SYSTEM, DECISION) as change:
        return change.amend(row, day=date(2024, 6, 1), depth="55.5")


@pytest.fixture
def official(well: ExampleWell) -> Client:
    """A specialist of the department that keeps the register."""
    unit = Unit.objects.create(code="STNMT", name="Sở Nông nghiệp và Môi trường", level=Unit.Level.PROVINCE, path="STNMT/")
    user = User.objects.create_user("chuyenvien", "mat-khau-dai", full_name="Lý Văn Sơn", kind="official")
    Position.objects.create(user=user, unit=unit, role="specialist", title="Chuyên viên", valid_from=date(2020, 1, 1))
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def public(well: ExampleWell) -> Client:
    return Client()


def text(client: Client, address: str, status: int = 200, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()  # type: ignore[attr-defined]


class TestPages:
    @pytest.mark.parametrize("query", SEARCHES)
    def test_list(self, official: Client, query: str) -> None:
        assert "G-77" in text(official, reverse("registers:list", args=[SLUG]) + query)

    @pytest.mark.parametrize("name", ["record", "history", "compare", "print", "edit", "end", "withdraw"])
    def test_a_record(self, official: Client, well: ExampleWell, name: str) -> None:
        answer = official.get(reverse(f"registers:{name}", args=[SLUG, well.pk]))
        assert answer.status_code == 200
        assert "G-77" in answer.content.decode(errors="replace") or answer["Content-Type"] == "application/pdf"

    @pytest.mark.parametrize("name", ["registers:new", "registers:statistics", "formats:import", "formats:export", "quality:report"])
    def test_of_the_register(self, official: Client, name: str) -> None:
        assert "Giếng (ví dụ)" in text(official, reverse(name, args=[SLUG]))

    def test_the_index_and_its_database(self, official: Client) -> None:
        assert SLUG in text(official, reverse("registers:index"))
        assert "Giếng (ví dụ)" in text(official, reverse("registers:database", args=["vi-du"]))

    def test_bulk_changes(self, official: Client, well: ExampleWell) -> None:
        assert official.get(reverse("registers:bulk", args=[SLUG]), {"pk": well.pk}).status_code in (200, 302, 405)

    def test_an_edit_is_written_with_its_basis(self, official: Client, well: ExampleWell) -> None:
        address = reverse("registers:edit", args=[SLUG, well.pk])
        form = official.get(address).context
        assert form is not None
        page = official.get(address).content.decode()
        said = {**inputs_of(page), "depth": "60,5", "basis": "decision", "number": "13/QĐ-STNMT", "day": "2025-01-01", "act": "amend"}
        answer = official.post(address, said)
        assert answer.status_code == 302, answer.content.decode()
        well.refresh_from_db()
        assert str(well.depth) == "60.5" and well.change.number == "13/QĐ-STNMT"

    def test_statistics_count_and_sum(self, official: Client) -> None:
        page = text(official, reverse("registers:statistics", args=[SLUG]))
        assert "Theo mục đích" in page and "Tưới" in page and "55,5" in page

    def test_the_public_sees_the_list_without_personal_data(self, public: Client) -> None:
        page = text(public, reverse("registers:list", args=[SLUG]))
        assert "G-77" in page and "Nông Thị Lan" not in page


def inputs_of(page: str) -> dict[str, str]:
    """What a browser would send back of the form with the basis, unchanged."""
    from lxml import html

    form = next(each for each in html.fromstring(page).forms if "number" in each.fields)
    return {name: value for name, value in form.form_values() if name != "document"}


class TestRest:
    base = f"/api/v1/registers/{CODE}"

    @pytest.mark.parametrize("query", ["", "?q=G-77", "?use=farm", "?sort=depth", "?bbox=106.7,21.8,106.8,21.9", "?day=2021-01-01"])
    def test_search(self, public: Client, query: str) -> None:
        said = json.loads(text(public, self.base + query))
        assert [each["values"]["code"] for each in said["items"]] == ["G-77"] and "owner_name" not in said["items"][0]["values"]

    def test_one_and_its_versions(self, official: Client, well: ExampleWell) -> None:
        assert json.loads(text(official, f"{self.base}/{well.pk}"))["values"]["depth"] == 55.5
        assert json.loads(text(official, f"{self.base}/{well.pk}", day="2021-01-01"))["values"]["depth"] == 43.5
        assert len(json.loads(text(official, f"{self.base}/{well.pk}/versions"))["items"]) == 3

    def test_writing(self, official: Client, well: ExampleWell) -> None:
        body = {"basis": {"kind": "correction", "note": "gõ nhầm"}, "values": {"depth": 54}, "correct": True}
        answer = official.patch(f"{self.base}/{well.pk}", json.dumps(body), content_type="application/json")
        assert answer.status_code == 200 and answer.json()["values"]["depth"] == 54

    def test_the_published_document_has_its_paths_and_fields(self, public: Client) -> None:
        document = json.loads(text(public, "/api/v1/openapi.json"))
        assert {self.base, f"{self.base}/{{record_id}}", f"{self.base}/changes"} <= document["paths"].keys()
        assert document["components"]["schemas"]["ExampleWellsValues"]["properties"]["depth"]["x-unit"] == "m"

    def test_change_stream(self, official: Client, well: ExampleWell) -> None:
        said = json.loads(text(official, f"{self.base}/changes"))
        assert said["items"] == [] or [each["act"] for each in said["items"]] == ["added", "amended"]
        assert Change.objects.filter(register=CODE).count() == 2 and said["next"]


class TestMapServices:
    def test_ogc_api_features(self, public: Client, well: ExampleWell) -> None:
        assert CODE in [each["id"] for each in json.loads(text(public, "/ogc/collections"))["collections"]]
        items = f"/ogc/collections/{CODE}/items"
        said = json.loads(text(public, items, filter="depth > 50 AND S_INTERSECTS(geometry, BBOX(106.7, 21.8, 106.8, 21.9))"))
        assert said["features"][0]["properties"]["code"] == "G-77"
        assert json.loads(text(public, f"{items}/{well.pk}", datetime="2021-01-01"))["properties"]["depth"] == 43.5

    def test_wfs(self, public: Client) -> None:
        said = ElementTree.fromstring(text(public, "/ows/wfs", service="WFS", version="1.1.0", request="GetCapabilities"))
        names = [each.text or "" for each in said.iter() if each.tag.endswith("}Name")]
        named = next(name for name in names if name.rpartition(":")[2] == CODE)
        assert "G-77" in text(public, "/ows/wfs", service="WFS", version="1.1.0", request="GetFeature", typeName=named)

    def test_wms(self, public: Client) -> None:
        said = ElementTree.fromstring(text(public, "/ows/wms", service="WMS", version="1.3.0", request="GetCapabilities"))
        assert CODE in [each.text for each in said.iter() if each.tag.endswith("}Name")]
        box = f"{LONGITUDE - 0.01},{LATITUDE - 0.01},{LONGITUDE + 0.01},{LATITUDE + 0.01}"
        asked = {"service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": CODE, "styles": "", "crs": "CRS:84", "bbox": box,
                 "width": 64, "height": 64, "format": "image/png"}  # fmt: skip
        answer = public.get("/ows/wms", asked)
        assert answer["Content-Type"] == "image/png", answer.content[:500]
        assert len(colours(answer.content)) > 1, "the well is drawn"

    def test_vector_tile(self, public: Client) -> None:
        x = int((LONGITUDE + 180) / 360 * 2**14)
        y = int((1 - math.asinh(math.tan(math.radians(LATITUDE))) / math.pi) / 2 * 2**14)
        answer = public.get(f"/tiles/{CODE}/14/{x}/{y}")
        assert answer.status_code == 200 and b"G-77" in unzipped(answer)

    def test_metadata_record(self, public: Client) -> None:
        asked = {"service": "CSW", "version": "2.0.2", "request": "GetRecordById", "id": CODE, "elementSetName": "full"}
        said = text(public, "/csw", outputSchema="http://www.isotc211.org/2005/gmd", **asked)
        assert "MD_Metadata" in said and "Giếng (ví dụ)" in said


def colours(picture: bytes) -> set[Any]:
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        return set(image.convert("RGBA").get_flattened_data() if hasattr(image, "get_flattened_data") else image.convert("RGBA").getdata())


def unzipped(answer: Any) -> bytes:
    import gzip

    return gzip.decompress(answer.content) if answer.content[:2] == b"\x1f\x8b" else bytes(answer.content)


class TestOpenData:
    def test_page_and_entry_of_the_catalogue(self, public: Client) -> None:
        assert "Giếng (ví dụ)" in text(public, "/du-lieu-mo/")
        assert "Chiều sâu" in text(public, f"/du-lieu-mo/{SLUG}/")
        for kind in ("csv", "json"):
            text(public, f"/du-lieu-mo/{SLUG}/{kind}")
        entries = json.loads(text(public, "/du-lieu-mo/catalog.jsonld"))["dcat:dataset"]
        ours = next(each for each in entries if each["dct:identifier"] == CODE)
        assert {each["dct:title"]["@value"] for each in ours["dcat:distribution"]} >= {"CSV", "JSON", "OGC API Features"}
        assert f"/du-lieu-mo/{SLUG}/>" in text(public, "/du-lieu-mo/catalog.ttl")

    @pytest.mark.parametrize("kind", ["csv", "json", "geojson", "gpkg"])
    def test_downloads_hold_open_fields_only(self, public: Client, kind: str, tmp_path: Path) -> None:
        answer = public.get(f"/du-lieu-mo/{SLUG}/{kind}")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert answer.status_code == 200 and b"Lan" not in content and b"owner_name" not in content
        assert b"G-77" in content
        if kind == "gpkg":
            place = tmp_path / "wells.gpkg"
            place.write_bytes(content)
            with sqlite3.connect(place) as database:
                assert database.execute(f"SELECT code, depth FROM {CODE}").fetchall() == [("G-77", 55.5)]
        if kind == "geojson":
            assert json.loads(content)["features"][0]["geometry"]["coordinates"] == pytest.approx([LONGITUDE, LATITUDE], abs=1e-6)


class TestFiles:
    @pytest.mark.parametrize("kind", ["xlsx", "csv", "gpkg", "shp", "geojson", "gml", "parquet"])
    def test_export(self, official: Client, kind: str) -> None:
        answer = official.post(reverse("formats:export", args=[SLUG]), {"kind": kind, "srid": "9215"})
        assert answer.status_code == 200 and len(answer.content) > 100 and "attachment" in answer["Content-Disposition"]

    def test_an_import_is_received_and_shows_its_columns(self, official: Client) -> None:
        content = "code,use,depth,owner_name,X,Y\nG-88,home,12.5,Hoàng Văn Thụ,450100,2420000\n".encode()
        file = SimpleUploadedFile("gieng.csv", content, "text/csv")
        answer = official.post(reverse("formats:import", args=[SLUG]), {"file": file})
        assert answer.status_code == 302, answer.content.decode()
        assert "owner_name" in text(official, answer["Location"])


class TestQuality:
    def test_report(self, official: Client) -> None:
        assert "Giếng (ví dụ)" in text(official, reverse("quality:report", args=[SLUG]))


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Boxes of layers are kept for some minutes, from one test to the next."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


def test_the_declaration_is_thirty_lines() -> None:
    from sonha.testing.example import models, registers

    lines = [line for module in (models, registers) for line in Path(module.__file__ or "").read_text().splitlines() if line.strip()]
    assert len([line for line in lines if not line.startswith(("from ", "import "))]) <= 30
