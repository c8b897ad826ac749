"""Reads of the calendar. Days off are public knowledge: no actor is needed to know them."""

from datetime import date

from django.db.models import QuerySet

from .models import CalendarVersion, Holiday
from .workdays import WorkCalendar

_cached: tuple[int, WorkCalendar] | None = None


def working_calendar() -> WorkCalendar:
    """The calendar in force, from memory while nobody changed it (one tiny query asks)."""
    global _cached
    number = version()
    if _cached is None or _cached[0] != number:
        _cached = (number, _load())
    return _cached[1]


def version() -> int:
    """Number of changes so far; 0 before the first load."""
    return CalendarVersion.objects.values_list("number", flat=True).filter(pk=1).first() or 0


def days(first: date, last: date) -> QuerySet[Holiday]:
    """Special days from `first` to `last`, both included, in order."""
    return Holiday.objects.filter(date__range=(first, last))


def _load() -> WorkCalendar:
    kinds: dict[str, set[date]] = {"holiday": set(), "workday": set()}
    for day, kind in Holiday.objects.values_list("date", "kind"):
        kinds[kind].add(day)
    return WorkCalendar(frozenset(kinds["holiday"]), frozenset(kinds["workday"]))
