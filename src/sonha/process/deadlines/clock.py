"""When a limit ends, how much of it has run, how much is left.

Rules and their source (Bộ luật Dân sự 2015, 91/2015/QH13):

- A limit in days: the day on which it begins is not counted (Điều 147 khoản 2, 3); it ends with its last day (Điều 148
  khoản 1); when that is a day off, with the next working day (Điều 148 khoản 5).
- A limit in hours runs from the moment itself (Điều 147 khoản 1), here through office hours only.
- The law lets the last day run to 24:00 (Điều 148 khoản 6). Offices answer by the end of office hours, 17:00: the earlier, hence
  safer, end for the applicant. `end_of_date` gives the 24:00 that binds the applicant when the limit is the applicant's.
- A date on any part of which the clock was stopped is not counted: a convention (assumption, the province confirms it) chosen because
  nobody then needs to argue about hours. A limit in hours leaves out exactly the stopped time.
- A fraction of a working day is office time at 8 hours a day (Bộ luật Lao động 2019 Điều 105 khoản 1), at most one day's office
  hours: 0.5 day = 4 hours. It comes after the whole days.
- While the clock stands, the answer is the one that holds if it starts again now.

Instants are aware datetimes; a naive one is refused. Answers are in Vietnam's local time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal

from sonha.foundation.calendar.workdays import LOCAL, ONE_DAY, WorkCalendar

from .limits import Limit, Unit

Suspension = tuple[datetime, datetime | None]
"""(stopped at, started again at); the second is None while the clock stands."""

HOURS_PER_DAY = 8
MICROSECOND = timedelta(microseconds=1)
HOUR_MICROSECONDS = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a limit, or by how much it is late. `amount` is never negative: whole days, or hours with their fraction."""

    amount: Decimal
    unit: Unit
    late: bool
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock read at one moment. `due_at` holds as if the clock started again at that moment when `stopped`."""

    due_at: datetime
    elapsed: Decimal
    remaining: Remaining
    stopped: bool
    late: bool


def due(
    start: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    suspensions: Sequence[Suspension] = (),
    *,
    now: datetime | None = None,
) -> datetime:
    """The local instant at which `limit`, begun at `start`, ends.

    `now` is needed only while a suspension is open: that one then counts as ending at `now`. ValueError when a datetime is naive, a
    suspension ends before it begins, or `now` is missing.
    """
    begin = _aware(start)
    stops = _closed(suspensions, now)
    if limit.unit is Unit.working_hours:
        return _after_hours(begin, _hours(limit.amount), calendar, stops)
    if limit.unit is Unit.calendar_days:
        return _after_calendar_days(begin, int(limit.amount), calendar, stops)
    whole, fraction = divmod(limit.amount, 1)
    at = _after_working_days(begin, int(whole), calendar, stops) if whole else begin
    if not fraction:
        return at
    return _after_hours(at, min(_hours(fraction * HOURS_PER_DAY), calendar.day_length), calendar, stops)


def elapsed(
    start: datetime,
    until: datetime,
    unit: Unit,
    calendar: WorkCalendar,
    suspensions: Sequence[Suspension] = (),
    *,
    now: datetime | None = None,
) -> Decimal:
    """How much of a limit begun at `start` has run at `until`: whole days that have closed, or office hours exactly. 0 before `start`."""
    begin, end, unit = _aware(start), _aware(until), Unit(unit)
    stops = _closed(suspensions, until if now is None else now)
    if unit is Unit.working_hours:
        worked = sum((b - a for a, b in _running(begin, calendar, stops, end)), timedelta())
        return Decimal(worked // MICROSECOND) / HOUR_MICROSECONDS
    stopped_days = _days(stops)
    counted = 0
    day = begin.date() + ONE_DAY
    while calendar.closes(day) <= end:
        if unit is Unit.calendar_days or calendar.is_workday(day):
            counted += not _covers(stopped_days, day)
        day += ONE_DAY
    return Decimal(counted)


def remaining(now: datetime, due_at: datetime, unit: Unit, calendar: WorkCalendar, *, stopped: bool = False) -> Remaining:
    """What is left at `now` of a limit that ends at `due_at`.

    Days: the dates after today up to and including the due date (0 = it ends today); when late, the dates after the due date up to and
    including today. Working days leave out days off. Hours: office hours between the two instants.
    """
    here, end, unit = _aware(now), _aware(due_at), Unit(unit)
    late = here > end
    first, last = (end, here) if late else (here, end)
    if unit is Unit.working_hours:
        return Remaining(elapsed(first, last, unit, calendar), unit, late, stopped)
    days = 0
    day = first.date() + ONE_DAY
    while day <= last.date():
        days += unit is Unit.calendar_days or calendar.is_workday(day)
        day += ONE_DAY
    return Remaining(Decimal(days), unit, late, stopped)


def read(start: datetime, limit: Limit, calendar: WorkCalendar, suspensions: Sequence[Suspension] = (), *, now: datetime) -> Reading:
    """Due date, elapsed and remaining time of one clock at `now`. A standing clock is late only if it was late when it was stopped."""
    stopped = is_stopped(suspensions)
    due_at = due(start, limit, calendar, suspensions, now=now)
    left = remaining(now, due_at, limit.unit, calendar, stopped=stopped)
    return Reading(due_at, elapsed(start, now, limit.unit, calendar, suspensions, now=now), left, stopped, left.late)


def is_stopped(suspensions: Sequence[Suspension]) -> bool:
    """True while the newest suspension has no end."""
    return any(end is None for _, end in suspensions)


def end_of_date(due_at: datetime) -> datetime:
    """24:00 of the due date, local time: where a limit that binds the applicant ends (Bộ luật Dân sự 2015 Điều 148 khoản 6)."""
    return datetime.combine(_aware(due_at).date() + ONE_DAY, time(0), LOCAL)


def _after_working_days(begin: datetime, amount: int, calendar: WorkCalendar, stops: list[_Stop]) -> datetime:
    stopped_days = _days(stops)
    day = begin.date()
    while amount:
        day = calendar.next_workday(day)
        amount -= not _covers(stopped_days, day)
    return calendar.closes(day)


def _after_calendar_days(begin: datetime, amount: int, calendar: WorkCalendar, stops: list[_Stop]) -> datetime:
    stopped_days = _days(stops)
    day = begin.date()
    while amount:
        day += ONE_DAY
        amount -= not _covers(stopped_days, day)
    while not calendar.is_workday(day) or _covers(stopped_days, day):
        day += ONE_DAY
    return calendar.closes(day)


def _after_hours(begin: datetime, amount: timedelta, calendar: WorkCalendar, stops: list[_Stop]) -> datetime:
    for opens, closes in _running(begin, calendar, stops):
        if closes - opens >= amount:
            return opens + amount
        amount -= closes - opens
    raise AssertionError("office hours never end")


_Stop = tuple[datetime, datetime]


def _running(
    begin: datetime, calendar: WorkCalendar, stops: list[_Stop], until: datetime | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """Pieces of office time after `begin` (and before `until`) during which the clock runs, in order."""
    for opens, closes in calendar.windows(begin):
        if until is not None and opens >= until:
            return
        here, end = max(opens, begin), closes if until is None else min(closes, until)
        for stopped, resumed in stops:
            if resumed <= here:
                continue
            if stopped >= end:
                break
            if stopped > here:
                yield here, stopped
            here = max(here, resumed)
        if here < end:
            yield here, end


def _closed(suspensions: Sequence[Suspension], now: datetime | None) -> list[_Stop]:
    """Suspensions as local, sorted, merged periods; an open one ends at `now`; empty ones are dropped."""
    periods: list[_Stop] = []
    for stopped, resumed in suspensions:
        begin = _aware(stopped)
        if resumed is None:
            if now is None:
                raise ValueError("the clock stands: say at which moment (now=...) the due date is asked")
            end = max(begin, _aware(now))
        else:
            end = _aware(resumed)
        if end < begin:
            raise ValueError(f"a suspension cannot end ({end}) before it begins ({begin})")
        if begin < end:
            periods.append((begin, end))
    merged: list[_Stop] = []
    for begin, end in sorted(periods):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _days(stops: list[_Stop]) -> list[tuple[date, date]]:
    """First and last date touched by each period; a period that ends at midnight does not touch the new day."""
    return [(begin.date(), (end - MICROSECOND).date()) for begin, end in stops]


def _covers(stopped_days: list[tuple[date, date]], day: date) -> bool:
    return any(first <= day <= last for first, last in stopped_days)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(LOCAL)


def _hours(amount: Decimal) -> timedelta:
    return timedelta(microseconds=int((amount * HOUR_MICROSECONDS).to_integral_value(ROUND_CEILING)))
