"""What leaves as open data, and what never does."""

import csv
import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.geo.datasets import catalogue, views
from sonha.geo.datasets.models import DatasetFile
from sonha.geo.datasets.preparing import outdated, prepare
from sonha.geo.datasets.selecting import open_fields, open_registers, opened
from sonha.registry.grants.models import RegisterGrant
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
PAGE = "/du-lieu-mo/gieng-vi-du/"


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def well(code: str, **values: Any) -> ExampleWell:
    said = {"use": "home", "depth": "40.0", "owner_name": "Nông Thị Lan", "geometry": Point(450_000, 2_420_000, srid=9215), **values}
    with changing("example_wells", SYSTEM, Basis("decision", number="12/QĐ-STNMT"), kind="add") as change:
        return change.add(ExampleWell, day=date(2020, 1, 1), code=code, **said)


def downloaded(client: Client, kind: str) -> bytes:
    answer = client.get(PAGE + kind)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_grant_of_more_to_everybody_does_not_reach_the_files() -> None:
    grants = RegisterGrant.objects.filter(register="example_wells", audience="everybody")
    grants.update(fields=[], personal=True, secret=True)
    assert {each.name for each in open_fields(opened("example_wells"))} == set(ExampleWells.open_fields)


def test_a_register_that_is_shut_is_no_data_set(client: Client) -> None:
    well("G-1")
    RegisterGrant.objects.filter(register="example_wells", audience="everybody").delete()
    assert ExampleWells not in open_registers()
    assert client.get(PAGE).status_code == client.get(f"{PAGE}csv").status_code == 404
    assert b"gieng-vi-du" not in client.get("/du-lieu-mo/").content + client.get("/du-lieu-mo/catalog.jsonld").content


def test_secret_and_ended_records_stay_at_home(client: Client) -> None:
    well("G-1")
    well("G-2", is_secret=True)
    gone = well("G-3")
    with changing("example_wells", SYSTEM, Basis("decision", number="13/QĐ-STNMT"), kind="end") as change:
        change.end(gone, day=date(2024, 1, 1))
    assert [each["code"] for each in json.loads(downloaded(client, "json"))] == ["G-1"]


def test_csv_is_for_machines_and_harmless_in_spreadsheets(client: Client) -> None:
    well("=1+1", depth="12.5")
    rows = list(csv.DictReader(io.StringIO(downloaded(client, "csv").decode("utf-8-sig"))))
    assert rows == [
        {"code": "'=1+1", "use": "home", "depth": "12.5", "commune_code": "", "valid_from": "2020-01-01", "valid_to": ""}
    ]  # fmt: skip


def test_files_are_made_anew_when_the_register_changed() -> None:
    well("G-1")
    mine = [(asked.register.code, kind) for asked, kind in outdated() if asked.register is ExampleWells]
    assert mine == [("example_wells", kind) for kind in ("csv", "json", "geojson", "gpkg")]
    for kind in ("csv", "json"):
        prepare(opened("example_wells"), kind)
    assert [kind for asked, kind in outdated() if asked.register is ExampleWells] == ["geojson", "gpkg"]
    well("G-2")
    assert len([kind for asked, kind in outdated() if asked.register is ExampleWells]) == 4
    assert prepare(opened("example_wells"), "csv").rows == 2 and DatasetFile.objects.count() == 2


def test_a_long_file_is_made_by_a_job(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    well("G-1")
    monkeypatch.setattr(views, "AT_ONCE", 0)
    for _time in range(2):
        answer = client.get(f"{PAGE}gpkg")
        assert answer.status_code == 503 and answer["Retry-After"] == "60" and "GeoPackage" in answer.content.decode()
    prepare(opened("example_wells"), "gpkg")
    assert client.get(f"{PAGE}gpkg").status_code == 200


def addresses(tree: Any) -> set[str]:
    """Every address of a JSON-LD tree, except those of the context."""
    if isinstance(tree, list):
        return set().union(*map(addresses, tree)) if tree else set()
    if not isinstance(tree, dict):
        return set()
    inner = (addresses(value) for name, value in tree.items() if name != "@context")
    return ({tree["@id"]} if "@id" in tree else set()).union(*inner)


def test_the_catalogue_says_the_same_twice(client: Client) -> None:
    well("G-1")
    downloaded(client, "csv")
    tree = client.get("/du-lieu-mo/catalog.jsonld").json()
    said = client.get("/du-lieu-mo/catalog.ttl").content.decode()
    stood = set(re.findall(r"<([^>]+)>", re.sub(r"@prefix.*", "", said)))
    assert stood == addresses(tree)
    ours = next(each for each in tree["dcat:dataset"] if each["dct:identifier"] == "example_wells")
    csv_file = next(each for each in ours["dcat:distribution"] if each["dct:title"]["@value"] == "CSV")
    assert csv_file["dcat:downloadURL"]["@id"].endswith(f"{PAGE}csv") and int(csv_file["dcat:byteSize"]["@value"]) > 50
    assert ours["dct:modified"]["@type"] == "xsd:dateTime" and ours["dct:provenance"]["dct:description"]["@value"] == ExampleWells.source


def test_quotes_and_lines_survive_in_turtle() -> None:
    tree = {"@id": "http://x/", "@type": "dcat:Catalog", "dct:title": {"@value": 'a "b"\\ \n c', "@language": "vi"}}
    assert '"a \\"b\\"\\\\ \\n c"@vi' in catalogue.turtle(tree)


def test_other_names_are_not_there(client: Client) -> None:
    for address in ("khong-co/", "khong-co/csv", "example_wells/", "gieng-vi-du/exe"):
        assert client.get(f"/du-lieu-mo/{address}").status_code == 404
