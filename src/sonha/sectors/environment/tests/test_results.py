"""EIA decisions, environmental permits and hazardous-waste books: written by signed results, foretold to whoever appraises."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues.loading import load_folder
from sonha.foundation.identity.models import Party
from sonha.process.outcomes import Application, OutcomeRefused, findings, issued
from sonha.registry.records.selectors import records
from sonha.registry.records.services import Basis, changing
from sonha.sectors.environment import models
from sonha.sectors.environment.registers import EiaDecisions, EnvironmentalPermits, Facilities, HazardousWasteGenerators, HazardousWastes
from sonha.sectors.places import shown

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
EAST, NORTH = 450_000.0, 2_420_000.0
WASTES = [
    {"code": "17 02 03", "name": "Dầu thải", "state": "liquid", "quantity": "120.5", "treatment": "transfer"},
    {"code": "16 01 06", "name": "Bóng đèn huỳnh quang thải", "state": "solid", "quantity": 4, "treatment": "store"},
]


@pytest.fixture(autouse=True)
def _groups(db: None) -> None:
    load_folder(SYSTEM)


@pytest.fixture
def owner() -> Party:
    return Party.objects.create(kind="business", name="Công ty TNHH Cơ khí Bắc Lệ", tax_code="4900111112")


def place(east: float = 0, north: float = 0) -> dict[str, Any]:
    found: dict[str, Any] = shown(Point(EAST + east, NORTH + north, srid=9215))
    return found


def facility(owner: Party | None, east: float, code: str = "CS-1") -> models.Facility:
    with changing("pollution_sources", SYSTEM, Basis("decision", number="1/QĐ"), kind="add") as change:
        return change.add(
            models.Facility,
            day=date(2024, 1, 1),
            code=code,
            name=f"Xưởng {code}",
            owner=owner,
            owner_name="x",
            sector="industry",
            group="II",
            geometry=Point(EAST + east, NORTH, srid=9215),
        )


def application(owner: Party, procedure: str, /, *, granted: bool = False, **answers: Any) -> Application:
    said = {"owner_name": owner.name, "works_name": "Nhà máy cơ khí", "location_commune": "05977", "location": place(), **answers}
    result: dict[str, Any] = {}
    if granted:
        result = {"number": "9/QĐ-UBND", "issued_on": timezone.localdate() - timedelta(days=1), "valid_to": None}
    return Application("H37-1", procedure, said, owner, **result)


def test_an_eia_decision_keeps_point_and_area(owner: Party) -> None:
    corners = ((0, 0), (200, 0), (200, 100), (0, 100), (0, 0))
    area = shown(Polygon([(EAST + x, NORTH + y) for x, y in corners], srid=9215))
    issued(
        application(
            owner,
            "eia_appraisal",
            granted=True,
            sector="mining",
            project_group="I",
            land_area=2,
            area_polygon=area,
            measures=[{"name": "Bể"}],
        )
    )
    row = records(SYSTEM, EiaDecisions).get()
    assert (row.sector, row.group, row.land_ha, row.measures) == ("mining", "I", Decimal("2.00"), [{"name": "Bể"}])
    assert row.area.area == pytest.approx(20_000, rel=1e-3)


def test_an_environmental_permit_finds_its_facility(owner: Party) -> None:
    known = facility(owner, 60)
    facility(None, 10, "CS-2")
    issued(application(owner, "wastewater_discharge", granted=True, project_group="II", flow=80, has_emission=True, outlets=[]))
    row = records(SYSTEM, EnvironmentalPermits).get()
    assert (row.facility_id, row.group, row.flow, row.has_emission) == (known.pk, "II", 80, True)


def test_a_book_has_a_line_for_each_waste(owner: Party) -> None:
    issued(
        application(
            owner, "hazardous_waste_generator", granted=True, activity="Cơ khí", wastes=WASTES, storage_area=12, self_treatment=False
        )
    )
    book = records(SYSTEM, HazardousWasteGenerators).get()
    assert book.total_kg == Decimal("124.50")
    lines = records(SYSTEM, HazardousWastes).order_by("code").values_list("book_id", "code", "group", "quantity")
    assert list(lines) == [(book.pk, "16 01 06", "16", Decimal("4.00")), (book.pk, "17 02 03", "17", Decimal("120.50"))]


def test_an_amended_book_stays_one_book(owner: Party) -> None:
    issued(application(owner, "hazardous_waste_generator", granted=True, wastes=WASTES[:1], total=120.5))
    issued(application(owner, "hazardous_waste_generator", granted=True, wastes=WASTES[1:], total=4, old_code="Sổ 9/QĐ-UBND"))
    assert [row.total_kg for row in records(SYSTEM, HazardousWasteGenerators)] == [Decimal("4.00")]


def test_a_wrong_waste_code_is_noticed_and_not_written(owner: Party) -> None:
    asked = application(owner, "hazardous_waste_generator", wastes=[{"code": "99 01 01", "name": "?", "quantity": 1}])
    assert any("99 01 01" in each.sentence and each.tone == "warn" for each in findings(SYSTEM, asked))
    bad = application(owner, "hazardous_waste_generator", granted=True, wastes=[{"code": "17-02", "name": "?", "quantity": 1}])
    with pytest.raises(OutcomeRefused, match="chất thải nguy hại"):
        issued(bad)
    assert not records(SYSTEM, HazardousWasteGenerators).exists()


def test_neighbouring_facilities_are_told(owner: Party) -> None:
    facility(None, 120)
    said = [each.sentence for each in findings(SYSTEM, application(owner, "eia_appraisal"))]
    assert any("Xưởng CS-1" in each and "120 m" in each for each in said)


def test_rules_fire() -> None:
    row = facility(None, 0)
    with changing("pollution_sources", SYSTEM, Basis("decision", number="1/QĐ")) as change:
        change.amend(row, group="")
        assert [each.rule for each in change.problems] == ["MT-03"]
    assert {problem.rule for rule in Facilities.rules for problem in rule.scan(Facilities, models.Facility.objects.all())} == {"MT-03"}
