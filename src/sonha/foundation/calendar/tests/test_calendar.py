"""An administrator corrects the calendar; every process counts with the corrected one at once."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sonha.foundation.audit.models import Event
from sonha.foundation.calendar import selectors, services
from sonha.foundation.calendar.models import Holiday

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2018, 12, 31)
MADE_UP = date(2019, 1, 5)
SOURCE = "Thông báo hoán đổi ngày làm việc"
ROWS = [
    {"date": NEW_YEAR, "kind": "holiday", "name": "Nghỉ hoán đổi", "source": SOURCE, "assumption": True},
    {"date": "2019-01-05", "kind": "workday", "name": "Làm bù", "source": SOURCE},
]


@pytest.fixture
def heard(monkeypatch) -> list[list[date]]:
    monkeypatch.setattr(services, "_listeners", [])
    changes: list[list[date]] = []
    services.on_change(changes.append)
    return changes


def test_loading_is_repeatable_and_tells_what_changed(heard) -> None:
    assert services.load_holidays(ROWS) == 2
    assert services.load_holidays(ROWS) == 0
    assert services.load_holidays([ROWS[0] | {"assumption": False}]) == 1
    assert heard == [[NEW_YEAR, MADE_UP], [NEW_YEAR]]
    calendar = selectors.working_calendar()
    assert not calendar.is_workday(NEW_YEAR) and calendar.is_workday(MADE_UP)


def test_a_day_is_set_and_cleared_and_written_down(heard) -> None:
    services.set_day(None, NEW_YEAR, "holiday", name="Nghỉ hoán đổi", source=SOURCE)
    assert not selectors.working_calendar().is_workday(NEW_YEAR)
    services.set_day(None, NEW_YEAR, "workday", name="Làm việc bình thường", source=SOURCE)
    assert selectors.working_calendar().is_workday(NEW_YEAR)
    services.clear_day(None, NEW_YEAR)
    assert selectors.working_calendar().is_workday(NEW_YEAR) and not Holiday.objects.exists()
    assert heard == [[NEW_YEAR]] * 3
    assert [event.verb for event in Event.objects.order_by("id")] == ["calendar.day_set", "calendar.day_set", "calendar.day_cleared"]
    assert [row.pgh_label for row in Holiday.pgh_event_model.objects.order_by("pgh_id")] == ["insert", "update", "delete"]
    with pytest.raises(LookupError, match="31/12/2018"):
        services.clear_day(None, NEW_YEAR)


@pytest.mark.parametrize("wrong", [{"kind": "maybe"}, {"name": " "}, {"source": ""}])
def test_a_day_needs_a_kind_a_name_and_a_source(wrong, heard) -> None:
    values = {"kind": "holiday", "name": "Nghỉ", "source": SOURCE} | wrong
    with pytest.raises(ValueError):
        services.set_day(None, NEW_YEAR, values.pop("kind"), **values)
    assert heard == []


def test_the_calendar_is_read_once_until_it_changes() -> None:
    services.load_holidays(ROWS)
    first = selectors.working_calendar()
    with CaptureQueriesContext(connection) as queries:
        assert selectors.working_calendar() is first
    assert len(queries) == 1
    with connection.cursor() as cursor:  # even when someone corrects it by hand
        cursor.execute("DELETE FROM calendar_holiday WHERE date = %s", [MADE_UP])
    assert not selectors.working_calendar().is_workday(MADE_UP)


def test_a_change_that_is_rolled_back_was_never_made() -> None:
    services.load_holidays(ROWS)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.clear_day(None, NEW_YEAR)
        assert selectors.working_calendar().is_workday(NEW_YEAR)
        raise ZeroDivisionError
    assert not selectors.working_calendar().is_workday(NEW_YEAR)


def test_days_of_a_period() -> None:
    services.load_holidays(ROWS)
    assert [row.date for row in selectors.days(date(2019, 1, 1), date(2019, 1, 31))] == [MADE_UP]
