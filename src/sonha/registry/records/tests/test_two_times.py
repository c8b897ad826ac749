"""What was so, and what was known: every version of a record stays readable by both times."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.registry.records.selectors import at, records, versions
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT", dated=date(2026, 1, 5))


def well(code: str = "G-01", day: date = date(2020, 1, 1), **values: Any) -> Any:
    said = {"use": "home", "depth": "40.0", "owner_name": "Nông Thị Lan", "geometry": Point(450_000, 2_420_000, srid=9215), **values}
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return change.add(ExampleWell, day=day, code=code, **said)


def amend(row: Any, day: date, **values: Any) -> Any:
    with changing("example_wells", SYSTEM, DECISION) as change:
        return change.amend(row, day=day, **values)


def depth_on(day: date, known_at: Any = None) -> list[str]:
    return [str(each.depth) for each in records(SYSTEM, ExampleWells, day=day, known_at=known_at)]


def test_the_coordinate_system_of_the_province_is_there() -> None:
    point = Point(450_000, 2_420_000, srid=9215)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), 9215), 4326) AS g", [point.x, point.y])
        x, y = cursor.fetchone()
    assert (x, y) == pytest.approx((106.76805905, 21.87584998), abs=1e-7)


def test_an_amendment_leaves_what_was_so_before() -> None:
    row = well()
    before = timezone.now()
    amend(row, date(2024, 6, 1), depth="55.0")
    assert depth_on(date(2024, 5, 31)) == ["40.0"]
    assert depth_on(date(2024, 6, 1)) == ["55.0"]
    assert depth_on(timezone.localdate()) == ["55.0"]
    assert depth_on(date(2024, 6, 1), known_at=before) == ["40.0"]
    assert depth_on(date(2019, 12, 31)) == []


def test_a_correction_is_so_from_the_first_day_and_what_was_believed_stays() -> None:
    row = well()
    before = timezone.now()
    with changing("example_wells", SYSTEM, Basis("correction", note="gõ nhầm")) as change:
        change.correct(row, depth="41.0")
    assert depth_on(date(2020, 1, 1)) == ["41.0"]
    assert depth_on(date(2020, 1, 1), known_at=before) == ["40.0"]


def test_news_of_an_earlier_day_replaces_what_was_said_of_the_time_since() -> None:
    row = amend(well(), date(2023, 1, 1), depth="50.0")
    amend(row, date(2022, 1, 1), depth="45.0")
    assert [depth_on(date(year, 6, 1)) for year in (2021, 2022, 2023)] == [["40.0"], ["45.0"], ["45.0"]]


def test_an_ended_record_is_gone_today_and_there_yesterday() -> None:
    row = well()
    with changing("example_wells", SYSTEM, DECISION, kind="end") as change:
        change.end(row, day=date(2025, 1, 1))
    assert depth_on(date(2024, 12, 31)) == ["40.0"]
    assert depth_on(date(2025, 1, 1)) == []
    assert not records(SYSTEM, ExampleWells).exists()
    assert records(SYSTEM, ExampleWells, ended=True).exists()


def test_a_withdrawn_record_never_was_but_was_believed() -> None:
    row = well()
    before = timezone.now()
    with changing("example_wells", SYSTEM, Basis("correction", note="nhập trùng"), kind="withdraw") as change:
        change.withdraw(row)
    assert depth_on(date(2021, 1, 1)) == []
    assert depth_on(date(2021, 1, 1), known_at=before) == ["40.0"]


def test_nothing_is_written_without_a_basis() -> None:
    row = well()
    with pytest.raises(DatabaseError, match="names its basis"), transaction.atomic():
        ExampleWell.objects.update(depth="1.0")
    with pytest.raises(DatabaseError, match="names its basis"), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ExampleWell.objects.create(code="x", use="home", depth=1, owner_name="x", geometry=Point(0, 0, srid=9215))
    for empty in (
        Basis("decision"),
        Basis("correction"),
        Basis("rumour", number="1"),
        Basis("decision", number="1", dated=date(2999, 1, 1)),
    ):
        with pytest.raises(ValidationError), changing("example_wells", SYSTEM, empty):
            pass


def test_bad_values_and_days_to_come_leave_nothing() -> None:
    row = well()
    tomorrow = timezone.localdate() + timedelta(days=1)
    for values in ({"depth": "deep"}, {"use": "pool"}, {"code": ""}):
        with pytest.raises(ValidationError):
            amend(row, date(2024, 1, 1), **values)
    with pytest.raises(ValidationError):
        amend(row, tomorrow, depth="1.0")
    assert versions(ExampleWells, row.pk).count() == 1


def test_the_same_again_changes_nothing() -> None:
    row = well()
    amend(ExampleWell.objects.get(pk=row.pk), timezone.localdate(), use="home", owner_name="Nông Thị Lan")
    assert versions(ExampleWells, row.pk).count() == 1


days = st.dates(date(2015, 1, 1), date(2026, 11, 1))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(days, st.integers(1, 9_999)), min_size=1, max_size=7), asked=days)
def test_every_day_has_one_truth_at_every_moment(acts: list[tuple[date, int]], asked: date) -> None:
    """Against a model that is obviously right: each act overwrites all days from its own on."""
    ExampleWell.History.objects.all().delete()
    with transaction.atomic():
        row = well(f"G-{timezone.now().timestamp()}", day=date(2014, 1, 1), depth="0.0")
        truth = {date(2014, 1, 1): 0}
        moments = [(timezone.now(), dict(truth))]
        for day, depth in acts:
            amend(row, day, depth=depth)
            truth = {key: value for key, value in truth.items() if key < day} | {day: depth}
            moments.append((timezone.now(), dict(truth)))
        for moment, then in moments:
            said = ExampleWell.Version.objects.filter(at(asked, moment), pk=row.pk)
            expected = then[max(key for key in then if key <= asked)]
            assert [each.depth for each in said] == [expected]
        transaction.set_rollback(True)
