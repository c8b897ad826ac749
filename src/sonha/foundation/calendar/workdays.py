"""`WorkCalendar`: which dates are worked and during which hours. Pure: no database, no settings.

Legal ground: working week and public holidays, Bộ luật Lao động 2019 (45/2019/QH14) Điều 105, 111, 112; civil servants'
five-day week, Quyết định 188/1999/QĐ-TTg; swapped days (hoán đổi ngày làm việc) by yearly announcement.
Office hours are an assumption that the province must confirm: 07:30-11:30 and 13:30-17:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
"""Civil time of the state offices; UTC+7 without summer time since 1975-06-13."""

ONE_DAY = timedelta(days=1)
MORNING = (time(7, 30), time(11, 30))
AFTERNOON = (time(13, 30), time(17, 0))


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Dates off and dates worked out of turn, with office hours in local time (`LOCAL`).

    `holidays`: dates off besides Saturdays and Sundays. `workdays`: Saturdays or Sundays (or holidays taken back) that are worked.
    A date cannot be both: ValueError.
    """

    holidays: frozenset[date] = field(default_factory=frozenset)
    workdays: frozenset[date] = field(default_factory=frozenset)
    morning: tuple[time, time] = MORNING
    afternoon: tuple[time, time] = AFTERNOON

    def __post_init__(self) -> None:
        both = self.holidays & self.workdays
        if both:
            raise ValueError(f"{min(both):%d/%m/%Y} is both a day off and a working day")
        if not self.morning[0] < self.morning[1] <= self.afternoon[0] < self.afternoon[1]:
            raise ValueError("office hours must be two periods of one day, the morning before the afternoon")

    def is_workday(self, day: date) -> bool:
        """True when offices work on `day`."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def next_workday(self, day: date) -> date:
        """First working date after `day`."""
        day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def opens(self, day: date) -> datetime:
        """Start of office hours on `day`, local time."""
        return datetime.combine(day, self.morning[0], LOCAL)

    def closes(self, day: date) -> datetime:
        """End of office hours on `day`, local time."""
        return datetime.combine(day, self.afternoon[1], LOCAL)

    @property
    def day_length(self) -> timedelta:
        """Office hours of one working day (7 h 30 with the default hours)."""
        return sum((_span(part) for part in (self.morning, self.afternoon)), timedelta())

    def windows(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Periods of office time that end after `start`, in order, without end; the first may have begun before `start`."""
        day = start.astimezone(LOCAL).date()
        while True:
            if self.is_workday(day):
                for opens, closes in (self.morning, self.afternoon):
                    end = datetime.combine(day, closes, LOCAL)
                    if end > start:
                        yield datetime.combine(day, opens, LOCAL), end
            day += ONE_DAY

    def with_holidays(self, *days: date) -> Self:
        """The same calendar with more days off (a make-up working day among them is taken back)."""
        added = frozenset(days)
        return replace(self, holidays=self.holidays | added, workdays=self.workdays - added)

    def with_workdays(self, *days: date) -> Self:
        """The same calendar with more working days (a holiday among them is taken back)."""
        added = frozenset(days)
        return replace(self, workdays=self.workdays | added, holidays=self.holidays - added)


def _span(part: tuple[time, time]) -> timedelta:
    anchor = date(2000, 1, 1)
    return datetime.combine(anchor, part[1]) - datetime.combine(anchor, part[0])
