"""Supplies of survey data: counted, kept, secret when the data are; marks of national networks hidden from whoever may not read secrets."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party
from sonha.geo.layers.served import served
from sonha.process.outcomes import Application, findings, issued
from sonha.registry.records.selectors import records
from sonha.registry.records.services import Basis, changing
from sonha.sectors.mapping.models import SurveyMark
from sonha.sectors.mapping.registers import DataRequests, SurveyMarks
from sonha.sectors.places import shown

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
EAST, NORTH = 450_000.0, 2_420_000.0


@pytest.fixture
def marks() -> None:
    with changing("surveying", SYSTEM, Basis("decision", number="1/QĐ"), kind="add") as change:
        for number, secret in (("LS-1", False), ("LS-2", False), ("QG-3", True)):
            change.add(
                SurveyMark,
                day=date(2024, 1, 1),
                number=number,
                kind="coordinate",
                grade="III" if secret else "local",
                state="good",
                is_secret=secret,
                height="310.125",
                built_on=date(2010, 5, 1),
                checked_on=date(2025, 5, 1),
                geometry=Point(EAST + 10, NORTH + 10, srid=9215),
            )


def application(*, granted: bool = False, secret_level: str = "open") -> Application:
    owner = Party.objects.create(kind="business", name="Công ty Đo đạc Xứ Lạng")
    corners = ((0, 0), (500, 0), (500, 500), (0, 500), (0, 0))
    area = shown(Polygon([(EAST + x, NORTH + y) for x, y in corners], srid=9215))
    said: dict[str, Any] = {
        "owner_name": owner.name, "location_commune": "05977", "location": area, "purpose": "cadastre", "purpose_note": "Lập bản đồ",
        "kinds": ["coordinate_points", "vector_maps"], "coordinate_points": 3, "elevation_points": 2, "vector_maps": 4,
    }  # fmt: skip
    entered = {"appraise": {"inventory": "3 điểm toạ độ, 4 mảnh", "secret_level": secret_level}}
    result = {"number": "", "issued_on": timezone.localdate() - timedelta(days=1)} if granted else {}
    return Application("H37-868", "survey_data_supply", said, owner, entered=entered, **result)  # type: ignore[arg-type]


def test_a_supply_is_written_with_what_was_handed_over() -> None:
    issued(application(granted=True))
    row = records(SYSTEM, DataRequests).get()
    assert (row.code, row.points, row.sheets, row.kinds, row.inventory, row.is_secret) == (
        "H37-868", 5, 4, "coordinate_points, vector_maps", "3 điểm toạ độ, 4 mảnh", False,
    )  # fmt: skip
    assert row.area.area == pytest.approx(250_000, rel=1e-3)


def test_a_supply_of_secret_data_is_itself_secret() -> None:
    issued(application(granted=True, secret_level="confidential"))
    row = records(SYSTEM, DataRequests).get()
    assert (row.secrecy, row.is_secret) == ("mat", True)
    assert not records(Actor.anonymous(), DataRequests).exists()


def test_whoever_appraises_is_told_how_many_marks_are_there(marks: None) -> None:
    said = {each.tone: each.sentence for each in findings(SYSTEM, application())}
    assert "2 mốc đo đạc không mật" in said["plain"]
    assert "1 mốc thuộc danh mục bí mật nhà nước" in said["warn"]


def test_secret_marks_and_heights_are_kept_from_the_public(marks: None) -> None:
    visitor = Actor.anonymous()
    assert sorted(records(visitor, SurveyMarks).values_list("number", flat=True)) == ["LS-1", "LS-2"]
    layer = served(visitor)["survey_marks"]
    assert "height" not in {each.name for each in layer.fields}
    assert "NOT r.is_secret" in layer.where()[0]
