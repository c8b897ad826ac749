"""The rules of the law as scenarios: each states a filing, a limit, and the minute at which it ends."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sonha.process.deadlines import LOCAL, Limit, Unit, WorkCalendar, due, elapsed, end_of_date, is_stopped, read, remaining

TET_2018 = [date(2018, 2, day) for day in range(14, 21)]
CALENDAR = WorkCalendar(
    holidays=frozenset(
        [date(2018, 1, 1), *TET_2018, date(2018, 4, 25), date(2018, 4, 30), date(2018, 5, 1), date(2018, 12, 31), date(2019, 1, 1)]
    ),
    workdays=frozenset([date(2019, 1, 5)]),  # 31/12/2018 off, made up on Saturday 05/01/2019
)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=LOCAL)


def days(amount: str | int) -> Limit:
    return Limit(Decimal(str(amount)), Unit.working_days)


def hours(amount: str | int) -> Limit:
    return Limit(Decimal(str(amount)), Unit.working_hours)


def dates(amount: int) -> Limit:
    return Limit(Decimal(amount), Unit.calendar_days)


SCENARIOS = [
    ("05/03/2018 08:00", days(1), "06/03/2018 17:00"),  # the day of filing is not counted
    ("05/03/2018 16:59", days(1), "06/03/2018 17:00"),
    ("05/03/2018 23:30", days(1), "06/03/2018 17:00"),  # filed at night: still that day
    ("10/03/2018 09:00", days(1), "12/03/2018 17:00"),  # filed on Saturday
    ("09/03/2018 08:00", days(1), "12/03/2018 17:00"),  # over the weekend
    ("13/02/2018 08:00", days(1), "21/02/2018 17:00"),  # over Tết
    ("28/12/2018 08:00", days(3), "04/01/2019 17:00"),  # over the year end, 31/12 and 01/01 off
    ("28/12/2018 08:00", days(4), "05/01/2019 17:00"),  # the make-up Saturday counts
    ("05/03/2018 08:00", days(30), "16/04/2018 17:00"),
    ("05/03/2018 08:00", dates(5), "12/03/2018 17:00"),  # the fifth date is Saturday
    ("05/03/2018 08:00", dates(4), "09/03/2018 17:00"),
    ("24/04/2018 08:00", dates(6), "02/05/2018 17:00"),  # 30/04 and 01/05 are days off
    ("05/03/2018 08:00", hours(4), "05/03/2018 14:00"),  # noon break left out
    ("05/03/2018 07:30", hours(4), "05/03/2018 11:30"),
    ("05/03/2018 16:00", hours(4), "06/03/2018 10:30"),
    ("09/03/2018 20:00", hours(4), "12/03/2018 11:30"),
    ("05/03/2018 08:00", days("0.5"), "05/03/2018 14:00"),  # half a day = 4 working hours
    ("05/03/2018 08:00", days("1.5"), "07/03/2018 11:30"),
    ("05/03/2018 08:00", days("2.25"), "08/03/2018 09:30"),
]


@pytest.mark.parametrize(("start", "limit", "end"), SCENARIOS)
def test_when_a_limit_ends(start: str, limit: Limit, end: str) -> None:
    assert due(at(start), limit, CALENDAR) == at(end)


def test_the_clock_stands_while_the_applicant_supplements() -> None:
    filed = at("05/03/2018 08:00")
    assert due(filed, days(5), CALENDAR) == at("12/03/2018 17:00")
    stopped = [(at("07/03/2018 09:00"), at("14/03/2018 15:00"))]
    # counted: 06, then 15, 16, 19, 20; neither the day of stopping nor that of resuming
    assert due(filed, days(5), CALENDAR, stopped) == at("20/03/2018 17:00")


def test_a_short_stop_takes_the_whole_day_but_only_its_own_hours() -> None:
    filed = at("05/03/2018 08:00")
    stopped = [(at("06/03/2018 09:00"), at("06/03/2018 10:00"))]
    assert due(filed, days(1), CALENDAR, stopped) == at("07/03/2018 17:00")
    assert due(at("06/03/2018 08:00"), hours(3), CALENDAR, stopped) == at("06/03/2018 14:00")


def test_a_stop_until_midnight_leaves_the_next_day_alone() -> None:
    stopped = [(at("06/03/2018 09:00"), at("07/03/2018 00:00"))]
    assert due(at("05/03/2018 08:00"), days(1), CALENDAR, stopped) == at("07/03/2018 17:00")


def test_two_stops_of_one_day_count_once() -> None:
    stopped = [(at("06/03/2018 09:00"), at("06/03/2018 10:00")), (at("06/03/2018 14:00"), at("06/03/2018 15:00"))]
    assert due(at("05/03/2018 08:00"), days(1), CALENDAR, stopped) == at("07/03/2018 17:00")


def test_an_open_stop_answers_as_if_resumed_now() -> None:
    filed, stopped = at("05/03/2018 08:00"), [(at("07/03/2018 09:00"), None)]
    assert is_stopped(stopped)
    with pytest.raises(ValueError, match="now"):
        due(filed, days(5), CALENDAR, stopped)
    now = at("14/03/2018 15:00")
    assert due(filed, days(5), CALENDAR, stopped, now=now) == at("20/03/2018 17:00")
    reading = read(filed, days(5), CALENDAR, stopped, now=now)
    assert (reading.stopped, reading.late, reading.elapsed, reading.remaining.amount) == (True, False, 1, 4)


def test_a_stop_after_the_end_changes_nothing() -> None:
    filed = at("05/03/2018 08:00")
    reading = read(filed, days(2), CALENDAR, [(at("09/03/2018 08:00"), None)], now=at("12/03/2018 08:00"))
    assert reading.due_at == at("07/03/2018 17:00")
    assert reading.late


def test_a_calendar_limit_whose_next_working_day_is_stopped_moves_on() -> None:
    stopped = [(at("12/03/2018 08:00"), at("12/03/2018 09:00"))]
    assert due(at("05/03/2018 08:00"), dates(5), CALENDAR, stopped) == at("13/03/2018 17:00")


@pytest.mark.parametrize(
    ("now", "amount", "late"),
    [
        ("05/03/2018 08:00", 5, False),
        ("09/03/2018 16:00", 1, False),
        ("10/03/2018 10:00", 1, False),
        ("12/03/2018 16:59", 0, False),
        ("12/03/2018 17:00", 0, False),
        ("12/03/2018 17:01", 0, True),
        ("13/03/2018 08:00", 1, True),
        ("17/03/2018 08:00", 4, True),
    ],
)
def test_remaining_working_days(now: str, amount: int, late: bool) -> None:
    left = remaining(at(now), at("12/03/2018 17:00"), Unit.working_days, CALENDAR)
    assert (left.amount, left.late) == (amount, late)


def test_remaining_hours_are_exact() -> None:
    left = remaining(at("05/03/2018 11:00"), at("05/03/2018 14:15"), Unit.working_hours, CALENDAR)
    assert (left.amount, left.late) == (Decimal("1.25"), False)
    assert remaining(at("05/03/2018 11:00"), at("05/03/2018 14:15"), "working_hours", CALENDAR) == left  # type: ignore[arg-type]


def test_elapsed_counts_days_that_have_closed() -> None:
    filed = at("05/03/2018 08:00")
    assert elapsed(filed, at("06/03/2018 16:59"), Unit.working_days, CALENDAR) == 0
    assert elapsed(filed, at("06/03/2018 17:00"), Unit.working_days, CALENDAR) == 1
    assert elapsed(filed, at("12/03/2018 17:00"), Unit.working_days, CALENDAR) == 5
    assert elapsed(filed, at("12/03/2018 17:00"), Unit.calendar_days, CALENDAR) == 7
    assert elapsed(filed, at("04/03/2018 17:00"), Unit.working_days, CALENDAR) == 0


def test_the_applicant_has_until_midnight() -> None:
    assert end_of_date(at("12/03/2018 17:00")) == at("13/03/2018 00:00")


def test_instants_in_another_zone_are_the_same_instants() -> None:
    late_utc = datetime(2018, 3, 5, 18, 0, tzinfo=UTC)  # 01:00 of the 6th in Vietnam
    assert due(late_utc, days(1), CALENDAR) == at("07/03/2018 17:00")


def test_naive_instants_are_refused() -> None:
    naive = datetime(2018, 3, 5, 8, 0)
    with pytest.raises(ValueError, match="time zone"):
        due(naive, days(1), CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        due(at("05/03/2018 08:00"), days(1), CALENDAR, [(naive, None)], now=at("06/03/2018 08:00"))
    with pytest.raises(ValueError, match="time zone"):
        remaining(naive, at("05/03/2018 08:00"), Unit.working_days, CALENDAR)


def test_impossible_declarations_are_refused() -> None:
    for amount, unit in (
        (0, "working_days"),
        (-1, "working_days"),
        ("0.5", "calendar_days"),
        ("NaN", "working_hours"),
        (99999, "working_days"),
    ):
        with pytest.raises(ValueError):
            Limit(Decimal(amount), Unit(unit))
    with pytest.raises(ValueError, match="before it begins"):
        due(at("05/03/2018 08:00"), days(1), CALENDAR, [(at("07/03/2018 08:00"), at("06/03/2018 08:00"))])
    with pytest.raises(ValueError, match="both a day off and a working day"):
        WorkCalendar(frozenset([date(2018, 1, 1)]), frozenset([date(2018, 1, 1)]))


def test_a_declaration_is_read_as_data() -> None:
    assert Limit.from_data({"amount": 30, "unit": "working_days", "source": "nd201"}) == days(30)
    assert Limit.from_data({"amount": 0.5, "unit": "working_days"}) == days("0.5")
