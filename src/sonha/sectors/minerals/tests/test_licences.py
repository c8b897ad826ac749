"""From an application to a licence in the register: what the registers say of it, what the signed result writes, what was so before."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues.loading import load_folder
from sonha.foundation.identity.models import Party
from sonha.process.outcomes import Application, OutcomeRefused, findings, issued
from sonha.registry.records.selectors import records
from sonha.registry.records.services import Basis, changing
from sonha.sectors.minerals.models import ExtractionLicence, ForbiddenArea, MineralArea
from sonha.sectors.minerals.registers import ExplorationLicences, ExtractionLicences
from sonha.sectors.places import overlaps, shown, stored

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
EAST, NORTH = 452_000, 2_420_000


@pytest.fixture(autouse=True)
def _kinds(db: None) -> None:
    load_folder(SYSTEM)


def box(east: float = EAST, north: float = NORTH, width: float = 200, height: float = 100) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((east, north, east + width, north + height)), srid=9215)


def answers(drawn: MultiPolygon, /, **said: Any) -> dict[str, Any]:
    place = shown(drawn)
    return {
        "owner_name": "Công ty TNHH Đá Hồng Phong",
        "works_name": "Mỏ đá Hồng Phong II",
        "location_commune": "05977",
        "location": {"type": "Polygon", "coordinates": place["coordinates"][0]},
        "mineral": "limestone",
        "area": drawn.area / 10_000,
        "capacity": 50_000,
        "reserve": 900_000,
        "extractable": 800_000,
        "level_from": 350,
        "level_to": 280,
        "years": 16,
        "months": 12,
        **said,
    }


def application(owner: Party, procedure: str, place: MultiPolygon, /, **said: Any) -> Application:
    return Application("000.00.51.H37-1", procedure, answers(place, **said), owner)


def granted(asked: Application, **said: Any) -> Application:
    result = {
        "number": "15/GP-UBND",
        "issued_on": timezone.localdate() - timedelta(days=3),
        "entered": {"appraise": {"years_proposed": 14}},
    }
    return Application(asked.code, asked.procedure, asked.answers, asked.owner, **(result | said))


@pytest.fixture
def owner() -> Party:
    return Party.objects.create(kind="business", name="Công ty TNHH Đá Hồng Phong", tax_code="4900111112")


def forbid(area: MultiPolygon, name: str = "Di tích Nhị - Tam Thanh") -> ForbiddenArea:
    with changing("minerals", SYSTEM, Basis("decision", number="45/QĐ-UBND"), kind="add") as change:
        return change.add(
            ForbiddenArea, code=f"KC-{ForbiddenArea.objects.count() + 1}", name=name, kind="forbidden", reason="heritage",
            decision="45/QĐ-UBND", area_ha=area.area / 10_000, geometry=area,
        )  # fmt: skip


def said(asked: Application, tone: str) -> list[str]:
    return [each.sentence for each in findings(SYSTEM, asked) if each.tone == tone]


def test_a_signed_licence_stands_in_the_register_from_its_day_on(owner: Party) -> None:
    issued(granted(application(owner, "mineral_extraction", box())))
    row = records(SYSTEM, ExtractionLicences).get()
    assert (row.number, row.holder, row.holder_name, row.years, row.capacity, row.commune_code) == (
        "15/GP-UBND", owner, "Công ty TNHH Đá Hồng Phong", 14, 50_000, "05977",
    )  # fmt: skip
    assert row.geometry.srid == 9215
    assert row.geometry.area == pytest.approx(20_000, rel=1e-3)
    assert row.change.dossier_code == "000.00.51.H37-1"
    yesterday_of = row.issued_on - timedelta(days=1)
    assert not records(SYSTEM, ExtractionLicences, day=yesterday_of).exists()
    assert records(SYSTEM, ExtractionLicences, day=row.issued_on).exists()


def test_an_exploration_licence_is_written_too(owner: Party) -> None:
    issued(granted(application(owner, "mineral_exploration", box(), depth=60, project_name="Đề án thăm dò")))
    row = records(SYSTEM, ExplorationLicences).get()
    assert (row.works_name, row.months, row.depth, row.project) == ("Mỏ đá Hồng Phong II", 12, 60, "Đề án thăm dò")


def test_an_amendment_changes_the_licence_that_the_applicant_named(owner: Party) -> None:
    old = granted(application(owner, "mineral_extraction", box()), issued_on=date(2025, 3, 1))
    issued(old)
    issued(granted(application(owner, "mineral_extraction", box(), capacity=70_000, old_permit="Giấy phép số 15/GP-UBND ngày 01/3/2025"),
                   number="88/GP-UBND", issued_on=date(2026, 2, 1)))  # fmt: skip
    row = ExtractionLicence.objects.get()
    assert (row.number, row.capacity) == ("88/GP-UBND", 70_000)
    assert [each.capacity for each in records(SYSTEM, ExtractionLicences, day=date(2025, 12, 31))] == [50_000]


def test_without_a_boundary_nothing_is_issued(owner: Party) -> None:
    asked = application(owner, "mineral_extraction", box(), location=None)
    assert said(asked, "warn") == ["Hồ sơ chưa có ranh giới khu vực trên bản đồ nên chưa đối chiếu được với các khu vực khác."]
    with pytest.raises(OutcomeRefused, match="ranh giới"):
        issued(granted(asked))
    assert not ExtractionLicence.objects.exists()


def test_what_the_registers_cannot_take_is_refused_in_words(owner: Party) -> None:
    with pytest.raises(OutcomeRefused, match="cơ sở dữ liệu chuyên ngành"):
        issued(granted(application(owner, "mineral_extraction", box(), capacity="nhiều")))
    assert not ExtractionLicence.objects.exists()


def test_whoever_appraises_is_told_of_forbidden_areas_other_licences_and_the_planning(owner: Party) -> None:
    forbid(box(EAST + 100, NORTH))
    other = Party.objects.create(kind="business", name="Công ty khác", tax_code="4900222221")
    issued(granted(application(other, "mineral_extraction", box(EAST - 150, NORTH), works_name="Mỏ bên cạnh")))
    asked = application(owner, "mineral_extraction", box())
    stops = said(asked, "stop")
    assert any("Chồng 1,00 ha lên Di tích Nhị - Tam Thanh" in each for each in stops)
    assert any("Chồng 0,50 ha lên 15/GP-UBND" in each for each in stops)
    assert any("không nằm trong khu vực khoáng sản nào" in each for each in said(asked, "warn"))
    with changing("minerals", SYSTEM, Basis("decision", number="1/QĐ"), kind="add") as change:
        change.add(MineralArea, code="KV-01", name="Khu vực Hồng Phong", mineral="limestone", planning="extraction", decision="1/QĐ",
                   area_ha=2, geometry=box())  # fmt: skip
    assert any("Khu vực Hồng Phong" in each for each in said(asked, "plain"))


def test_ones_own_exploration_licence_is_no_obstacle(owner: Party) -> None:
    issued(granted(application(owner, "mineral_exploration", box())))
    asked = application(owner, "mineral_extraction", box())
    assert said(asked, "stop") == []
    assert any("15/GP-UBND" in each for each in said(asked, "plain"))


def test_an_area_written_otherwise_than_drawn_is_noticed(owner: Party) -> None:
    asked = application(owner, "mineral_extraction", box(), area=3.5)
    assert any("khai 3,50 ha, ranh giới vẽ trên bản đồ là 2,00 ha" in each for each in said(asked, "warn"))


side = st.integers(1, 400)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dx=st.integers(-450, 450), dy=st.integers(-450, 450), width=side, height=side)
def test_overlaps_are_what_rectangles_have_in_common(dx: int, dy: int, width: int, height: int) -> None:
    forbidden = forbid(box(EAST, NORTH, 200, 100))
    try:
        proposed = box(EAST + dx, NORTH + dy, width, height)
        common = max(0, min(dx + width, 200) - max(dx, 0)) * max(0, min(dy + height, 100) - max(dy, 0))
        found = [each.hectares * 10_000 for each in overlaps(ForbiddenArea.objects.all(), proposed)]
        assert found == ([pytest.approx(common)] if common > 100 else [])
    finally:
        with changing("minerals", SYSTEM, Basis("correction", note="test")) as change:
            change.withdraw(forbidden)


def test_places_survive_the_way_through_degrees() -> None:
    area = box()
    there = stored(shown(area), areas=True)
    assert there is not None
    assert there.sym_difference(area).area < 10
