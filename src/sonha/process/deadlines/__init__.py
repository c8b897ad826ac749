"""Deadlines (thời hạn): pure arithmetic of limits, working days and stopped clocks. No database.

    due(start, limit, calendar, suspensions) -> when the limit ends
    elapsed(start, until, unit, calendar, suspensions) -> how much of it has run
    remaining(now, due_at, unit, calendar) -> how much is left, or by how much it is late
    read(start, limit, calendar, suspensions, now) -> all of it at once, for a page or a stored row
    words(remaining) -> "còn 3 ngày làm việc"

The rules, with their legal source, stand in clock.py; docs/adr/0009-deadlines.md says why. Imported by process, services and office.
"""

from sonha.foundation.calendar.workdays import LOCAL, WorkCalendar

from .clock import Reading, Remaining, Suspension, due, elapsed, end_of_date, is_stopped, read, remaining
from .limits import Limit, Unit
from .words import limit_words, words

__all__ = [
    "LOCAL",
    "Limit",
    "Reading",
    "Remaining",
    "Suspension",
    "Unit",
    "WorkCalendar",
    "due",
    "elapsed",
    "end_of_date",
    "is_stopped",
    "limit_words",
    "read",
    "remaining",
    "words",
]
