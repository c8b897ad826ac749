"""Properties that hold for every calendar, limit and suspension, and agreement with a slow oracle written from the law's text."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from sonha.process.deadlines import LOCAL, Limit, Suspension, Unit, WorkCalendar, due, elapsed, read

FIRST, LAST = date(2017, 11, 1), date(2018, 4, 30)
DATES = st.dates(FIRST, LAST)
MINUTES = st.datetimes(datetime.combine(FIRST, time()), datetime.combine(LAST, time())).map(
    lambda value: value.replace(second=0, microsecond=0, tzinfo=LOCAL)
)
WHOLE_DAYS = st.integers(1, 45).map(lambda n: Limit(Decimal(n), Unit.working_days))
PART_DAYS = st.integers(1, 90).map(lambda n: Limit(Decimal(n) / 4, Unit.working_days))
HOURS = st.integers(1, 200).map(lambda n: Limit(Decimal(n) / 4, Unit.working_hours))
CALENDAR_DAYS = st.integers(1, 60).map(lambda n: Limit(Decimal(n), Unit.calendar_days))
LIMITS = st.one_of(WHOLE_DAYS, PART_DAYS, HOURS, CALENDAR_DAYS)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    holidays = draw(st.frozensets(DATES, max_size=25))
    workdays = draw(st.frozensets(DATES.filter(lambda day: day.weekday() > 4), max_size=8))
    return WorkCalendar(holidays - workdays, workdays)


@st.composite
def stops(draw: st.DrawFn) -> list[Suspension]:
    begins = draw(st.lists(MINUTES, max_size=4))
    return [(begin, begin + timedelta(minutes=draw(st.integers(0, 30 * 24 * 60)))) for begin in begins]


@given(MINUTES, LIMITS, LIMITS, calendars(), stops())
def test_a_longer_limit_never_ends_earlier(start, one, other, calendar, suspended) -> None:
    if one.unit is other.unit:
        short, long = sorted((one, other), key=lambda limit: limit.amount)
        assert due(start, short, calendar, suspended) <= due(start, long, calendar, suspended)


@given(MINUTES, MINUTES, LIMITS, calendars(), stops())
def test_a_later_start_never_ends_earlier(one, other, limit, calendar, suspended) -> None:
    early, late = sorted((one, other))
    assert due(early, limit, calendar, suspended) <= due(late, limit, calendar, suspended)


@given(MINUTES, LIMITS, calendars(), stops(), DATES)
def test_one_more_day_off_never_brings_the_end_forward(start, limit, calendar, suspended, day) -> None:
    assert due(start, limit, calendar, suspended) <= due(start, limit, calendar.with_holidays(day), suspended)


@given(MINUTES, LIMITS, calendars(), stops(), stops())
def test_more_stops_never_bring_the_end_forward(start, limit, calendar, suspended, more) -> None:
    assert due(start, limit, calendar, suspended) <= due(start, limit, calendar, [*suspended, *more])


@given(MINUTES, LIMITS, calendars(), stops())
def test_the_end_is_office_time_after_the_start(start, limit, calendar, suspended) -> None:
    end = due(start, limit, calendar, suspended)
    assert end > start
    assert end.utcoffset() == timedelta(hours=7)
    assert calendar.is_workday(end.date())
    assert calendar.opens(end.date()) < end <= calendar.closes(end.date())


@given(MINUTES, st.one_of(WHOLE_DAYS, HOURS), calendars(), stops())
def test_counting_back_gives_the_amount(start, limit, calendar, suspended) -> None:
    end = due(start, limit, calendar, suspended)
    assert elapsed(start, end, limit.unit, calendar, suspended) == limit.amount
    a_minute_before = elapsed(start, end - timedelta(minutes=1), limit.unit, calendar, suspended)
    assert a_minute_before < limit.amount


@given(MINUTES, LIMITS, calendars(), stops(), calendars())
def test_a_changed_calendar_answers_as_if_it_had_always_been_so(start, limit, before, suspended, after) -> None:
    """No state is carried: recomputing after a retroactive change equals a fresh computation with an equal calendar."""
    due(start, limit, before, suspended)
    changed = before.with_holidays(*(after.holidays | before.workdays)).with_workdays(*(after.workdays | before.holidays - after.holidays))
    fresh = WorkCalendar(frozenset(changed.holidays), frozenset(changed.workdays))
    assert due(start, limit, changed, suspended) == due(start, limit, fresh, suspended)


@given(MINUTES, LIMITS, calendars(), stops())
def test_order_and_overlap_of_stops_do_not_matter(start, limit, calendar, suspended) -> None:
    split = [piece for begin, end in suspended for piece in ((begin, begin + (end - begin) / 2), (begin + (end - begin) / 2, end))]
    assert due(start, limit, calendar, suspended) == due(start, limit, calendar, split[::-1] + suspended)


@given(MINUTES, LIMITS, calendars(), MINUTES, MINUTES)
def test_an_open_stop_equals_one_closed_now(start, limit, calendar, stopped, now) -> None:
    closed = [(stopped, max(stopped, now))]
    assert due(start, limit, calendar, [(stopped, None)], now=now) == due(start, limit, calendar, closed)
    assert read(start, limit, calendar, [(stopped, None)], now=now).stopped


@settings(max_examples=60, deadline=None)
@given(MINUTES, LIMITS, calendars(), stops())
def test_agrees_with_the_oracle(start, limit, calendar, suspended) -> None:
    assert due(start, limit, calendar, suspended) == oracle(start, limit, calendar, suspended)


def oracle(start: datetime, limit: Limit, calendar: WorkCalendar, suspended: list[Suspension]) -> datetime:
    """Walks through time minute by minute (hours) or date by date (days), asking each one whether it counts."""
    if limit.unit is Unit.working_hours:
        return oracle_minutes(start, int(limit.amount * 60), calendar, suspended)
    if limit.unit is Unit.working_days and limit.amount % 1:
        whole, part = divmod(limit.amount, 1)
        here = oracle(start, Limit(whole, limit.unit), calendar, suspended) if whole else start
        return oracle_minutes(here, min(int(part * 8 * 60), 450), calendar, suspended)
    counted, day = 0, start.date()
    while counted < limit.amount or not calendar.is_workday(day) or touched(day, suspended):
        day += timedelta(days=1)
        if not touched(day, suspended) and (limit.unit is Unit.calendar_days or calendar.is_workday(day)):
            counted += 1
    return datetime.combine(day, time(17), LOCAL)


def oracle_minutes(here: datetime, minutes: int, calendar: WorkCalendar, suspended: list[Suspension]) -> datetime:
    while minutes:
        clock = here.time()
        open_now = time(7, 30) <= clock < time(11, 30) or time(13, 30) <= clock < time(17)
        if open_now and calendar.is_workday(here.date()) and not any(begin <= here < end for begin, end in suspended):
            minutes -= 1
        here += timedelta(minutes=1)
    return here


def touched(day: date, suspended: list[Suspension]) -> bool:
    midnight = datetime.combine(day, time(), LOCAL)
    return any(begin < end and begin < midnight + timedelta(days=1) and end > midnight for begin, end in suspended)
