"""From an application to wells, outlets and licences in the registers, and what whoever appraises is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party
from sonha.process.outcomes import Application, findings, issued
from sonha.registry.records.selectors import records
from sonha.registry.records.services import Basis, changing
from sonha.sectors.places import shown
from sonha.sectors.water import models
from sonha.sectors.water.registers import DrillingLicences, WastewaterDischarges, WaterLicences, Wells
from sonha.sectors.water.river import along

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="7/QĐ-UBND", dated=date(2026, 1, 5))
EAST, NORTH = 450_000.0, 2_420_000.0
CODE = "000.00.51.H37-261101-0001"


def place(east: float = 0, north: float = 0) -> dict[str, Any]:
    found: dict[str, Any] = shown(Point(EAST + east, NORTH + north, srid=9215))
    return found


def square(east: float, north: float, size: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((EAST + east, NORTH + north, EAST + east + size, NORTH + north + size)), srid=9215)


@pytest.fixture
def owner() -> Party:
    return Party.objects.create(kind="business", name="Công ty TNHH Nước Nà Chuông", tax_code="4900111112")


def application(owner: Party, procedure: str, /, *, granted: bool = False, **answers: Any) -> Application:
    said = {"owner_name": owner.name, "works_name": "Trạm cấp nước Nà Chuông", "location_commune": "05977", "location": place(), **answers}
    result: dict[str, Any] = {}
    if granted:
        day = timezone.localdate() - timedelta(days=2)
        entered = {"appraise": {"flow_proposed": 90, "years_proposed": 5}}
        result = {"number": "33/GP-UBND", "issued_on": day, "valid_to": date(2031, 11, 1), "entered": entered}
    return Application(CODE, procedure, said, owner, **result)


def abstraction(owner: Party, **said: Any) -> Application:
    wells = [
        {"code": "GK1", "position": place(), "depth": 60, "diameter": 110, "flow": 60, "static_level": 5},
        {"code": "GK2", "position": place(50, 0), "depth": 55.5, "diameter": 110, "flow": "40.5", "static_level": 6},
    ]
    answers = {
        "flow": 100.5,
        "purposes": ["domestic", "farming"],
        "works_type": "drilled_well",
        "aquifer": "karst C-P",
        "wells": wells,
        "years": 10,
    }
    return application(owner, "groundwater_abstraction", **(answers | said))


def add(model: Any, where: str, **values: Any) -> Any:
    with changing(where, SYSTEM, DECISION, kind="add") as change:
        return change.add(model, day=date(2024, 1, 1), **values)


def reach(code: str, upper: str, lower: str, line: list[tuple[float, float]]) -> models.RiverReach:
    shape = LineString([(EAST + x, NORTH + y) for x, y in line], srid=9215)
    made = add(
        models.RiverReach,
        "water_survey",
        code=code,
        river="Sông Kỳ Cùng",
        name=f"{upper} - {lower}",
        from_node=upper,
        to_node=lower,
        stream_order=1,
        length_km=round(shape.length / 1000, 2),
        geometry=shape,
    )
    assert isinstance(made, models.RiverReach)
    return made


def tones(asked: Application) -> list[tuple[str, str]]:
    return [(each.tone, each.sentence) for each in findings(SYSTEM, asked)]


def test_a_signed_abstraction_licence_brings_its_wells_along(owner: Party) -> None:
    issued(abstraction(owner, granted=True))
    licence = records(SYSTEM, WaterLicences).get()
    assert (licence.kind, licence.flow, licence.years, licence.purposes, licence.expires_on) == (
        "groundwater", 90, 5, "domestic, farming", date(2031, 11, 1),
    )  # fmt: skip
    wells = list(records(SYSTEM, Wells).order_by("code"))
    assert [(well.code, str(well.flow), well.licence_id, well.state, well.owner_id) for well in wells] == [
        (f"{CODE}/GK1", "60.00", licence.pk, "in_use", owner.pk),
        (f"{CODE}/GK2", "40.50", licence.pk, "in_use", owner.pk),
    ]
    assert wells[0].change_id == wells[1].change_id == licence.change_id
    assert not records(SYSTEM, Wells, day=licence.issued_on - timedelta(days=1)).exists()


def test_wells_of_an_exploration_are_planned_ones(owner: Party) -> None:
    wells = [{"code": "TD1", "position": place(), "depth": 80, "diameter": 110, "flow": 20}]
    issued(application(owner, "groundwater_exploration", granted=True, wells=wells, flow=20, aquifer="karst", months=12))
    assert records(SYSTEM, WaterLicences).get().kind == "gw_exploration"
    assert records(SYSTEM, Wells).get().state == "planned"


def test_bans_neighbouring_wells_and_corridors_are_told(owner: Party) -> None:
    ban = {"decision": "9/QĐ-UBND", "reason": "sụt lún", "area_km2": "0.01", "measures": "không cấp phép mới", "aquifer": "karst"}
    add(models.AbstractionBan, "water_survey", code="VC", name="Vùng cấm Na Dương", kind="forbidden", geometry=square(-50, -50, 70), **ban)
    add(models.AbstractionBan, "water_survey", code="VH", name="Vùng hạn chế 1", kind="restricted_1", geometry=square(30, -50, 70), **ban)
    add(models.ProtectionCorridor, "water_survey", code="HL", name="Hành lang Kỳ Cùng", function="bank", width_m=20, decision="1/QĐ",
        geometry=square(-50, -50, 200))  # fmt: skip
    add(models.Well, "water_supervision", code="G-1", kind="drilled_well", state="in_use", owner_name="Lý Văn Nam", depth=40, flow=8,
        geometry=Point(EAST + 150, NORTH, srid=9215))  # fmt: skip
    add(
        models.Well,
        "water_supervision",
        code="G-2",
        kind="drilled_well",
        state="sealed",
        sealed_on=date(2025, 1, 1),
        owner_name="x",
        depth=40,
        flow=8,
        geometry=Point(EAST + 100, NORTH, srid=9215),
    )
    said = tones(abstraction(owner))
    assert said[0][0] == "stop"
    assert "Giếng GK1 nằm trong Vùng cấm Na Dương" in said[0][1]
    warned = [sentence for tone, sentence in said if tone == "warn"]
    assert any("Giếng GK2 nằm trong Vùng hạn chế 1" in each for each in warned)
    assert any("Giếng GK1 cách giếng G-1 150 m" in each for each in warned)
    assert any("hành lang bảo vệ nguồn nước Hành lang Kỳ Cùng" in each for each in warned)
    assert not any("G-2" in each for each in warned)


def test_an_outlet_knows_its_river_its_column_and_its_licence(owner: Party) -> None:
    river = reach("KC-05", "A", "B", [(-1_000, 0), (1_000, 0)])
    outlets = [{"code": "CX1", "position": place(0, 30), "flow": 120, "mode": "gravity", "regime": "continuous"}]
    answers = {
        "flow": 120,
        "activity": "production",
        "receiving_water": "Sông Kỳ Cùng",
        "standard": "QCVN 40:2011/BTNMT, cột B",
        "outlets": outlets,
    }
    issued(application(owner, "wastewater_discharge", granted=True, project_group="II", **answers))
    row = records(SYSTEM, WastewaterDischarges).get()
    assert (row.reach_id, row.column, row.licence_number, row.licence_until, row.flow) == (
        river.pk,
        "B",
        "33/GP-UBND",
        date(2031, 11, 1),
        120,
    )
    assert not records(SYSTEM, WaterLicences).exists()  # since 2022 the environmental permit covers it


def test_before_2022_a_discharge_had_a_licence_of_water_resources(owner: Party) -> None:
    issued(application(owner, "wastewater_discharge", granted=True, flow=50, activity="production", standard="QCVN 40:2011/BTNMT",
                       receiving_water="Suối", outlets=[{"code": "1", "position": place(), "flow": 50}]))  # fmt: skip
    assert records(SYSTEM, WaterLicences).get().kind == "discharge"


def test_whoever_appraises_a_discharge_sees_who_drinks_below(owner: Party) -> None:
    reach("KC-05", "A", "B", [(-1_000, 0), (1_000, 0)])
    reach("KC-06", "B", "C", [(1_000, 0), (4_000, 0)])
    works = {"kind": "pumping", "use": "domestic", "owner_name": "x", "capacity": 500, "protected_m": 200}
    add(
        models.AbstractionWorks,
        "water_supervision",
        code="D",
        name="Nhà máy nước dưới",
        geometry=Point(EAST + 3_000, NORTH + 50, srid=9215),
        **works,
    )
    add(
        models.AbstractionWorks,
        "water_supervision",
        code="U",
        name="Nhà máy nước trên",
        geometry=Point(EAST - 600, NORTH, srid=9215),
        **works,
    )
    asked = application(owner, "wastewater_discharge", outlets=[{"code": "CX1", "position": place()}])
    said = [sentence for _tone, sentence in tones(asked)]
    assert any("thượng lưu công trình cấp nước sinh hoạt Nhà máy nước dưới, cách 3,0 km theo sông" in each for each in said)
    assert not any("Nhà máy nước trên" in each for each in said)
    assert any("ở gần đoạn A - B" in each for each in said)
    assert [each.row.code for each in along(SYSTEM, Point(EAST, NORTH, srid=9215), "upstream", 5_000, "abstraction_works")] == ["U"]


def test_a_driller_stands_in_the_register_with_the_rigs_counted(owner: Party) -> None:
    rigs = [{"name": "XY-1", "quantity": 2}, {"name": "GK-200", "quantity": 1}]
    issued(
        application(
            owner,
            "drilling_practice",
            granted=True,
            scale="small",
            chief_name="Nông Văn Bình",
            chief_years=8,
            rigs=rigs,
            workers=6,
            years=5,
        )
    )
    row = records(SYSTEM, DrillingLicences).get()
    assert (row.scale, row.rigs, row.chief_name, row.years) == ("small", 3, "Nông Văn Bình", 5)


def test_rules_say_what_is_wrong() -> None:
    well = add(
        models.Well,
        "water_supervision",
        code="G-9",
        kind="drilled_well",
        state="sealed",
        owner_name="x",
        depth=20,
        flow=1,
        static_level=30,
        geometry=Point(EAST, NORTH, srid=9215),
    )
    codes = {problem.rule for rule in Wells.rules for problem in rule.scan(Wells, models.Well.objects.filter(pk=well.pk))}
    assert {"TN-74", "TN-76"} <= codes
