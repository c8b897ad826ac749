"""Tests of the tests: a clock broken in any of these ways is noticed by the scenarios."""

import types
from datetime import datetime
from pathlib import Path

import pytest

from sonha.process.deadlines import clock

from .test_rules import CALENDAR, SCENARIOS, at, dates, days, hours

SOURCE = Path(clock.__file__).read_text(encoding="utf-8")
STOPPED = [
    ("05/03/2018 08:00", days(5), ("07/03/2018 09:00", "14/03/2018 15:00"), "20/03/2018 17:00"),
    ("05/03/2018 08:00", days(1), ("06/03/2018 09:00", "07/03/2018 00:00"), "07/03/2018 17:00"),
    ("06/03/2018 08:00", hours(3), ("06/03/2018 09:00", "06/03/2018 10:00"), "06/03/2018 14:00"),
    ("05/03/2018 08:00", dates(5), ("12/03/2018 08:00", "12/03/2018 09:00"), "13/03/2018 17:00"),
]
COUNTING = "    day = begin.date()\n    while amount:\n        day = calendar"
MOVING = "while not calendar.is_workday(day) or _covers(stopped_days, day):"
BREAKS = {
    "days off are counted": ("day = calendar.next_workday(day)", "day += ONE_DAY"),
    "the day of filing is counted": (COUNTING, COUNTING.replace("begin.date()", "begin.date() - ONE_DAY")),
    "the day of a stop is counted": ("amount -= not _covers(stopped_days, day)\n    return", "amount -= 1\n    return"),
    "a limit may end on a day off": (MOVING, "while False:"),
    "a limit may end on a stopped day": (MOVING, "while not calendar.is_workday(day):"),
    "midnight belongs to the day before": ("(end - MICROSECOND).date()", "end.date()"),
    "stopped hours are counted": ("if stopped > here:", "if False:"),
    "a day has seven hours": ("HOURS_PER_DAY = 8", "HOURS_PER_DAY = 7"),
    "fractions come for nothing": ("if not fraction:", "if True:"),
    "days end when offices open": ("return calendar.closes(day)", "return calendar.opens(day)"),
}  # fmt: skip


def broken(old: str, new: str) -> types.ModuleType:
    """clock.py with `old` replaced by `new`."""
    assert old in SOURCE, f"clock.py no longer has {old!r}: adapt this break"
    module = types.ModuleType(clock.__name__)
    module.__package__ = clock.__package__
    exec(compile(SOURCE.replace(old, new), clock.__file__, "exec"), module.__dict__)
    return module


def mistakes(module: types.ModuleType) -> int:
    """How many scenarios the clock gets wrong; one that fails altogether is wrong."""

    def answer(start: str, limit: object, stops: list) -> datetime | None:
        try:
            return module.due(at(start), limit, CALENDAR, stops)
        except (TypeError, ValueError, ArithmeticError):
            return None

    wrong = sum(answer(start, limit, []) != at(end) for start, limit, end in SCENARIOS)
    return wrong + sum(answer(start, limit, [(at(stop[0]), at(stop[1]))]) != at(end) for start, limit, stop, end in STOPPED)


def test_the_clock_itself_makes_no_mistake() -> None:
    assert mistakes(clock) == 0


@pytest.mark.parametrize(("old", "new"), BREAKS.values(), ids=BREAKS)
def test_a_broken_clock_is_noticed(old: str, new: str) -> None:
    assert mistakes(broken(old, new)) > 0
