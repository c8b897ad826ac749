"""Deadlines of a page's rows in words and colours, with the calendar read once for all of them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from sonha.foundation.calendar.selectors import working_calendar
from sonha.process.deadlines import Unit, remaining, words
from sonha.services.dossiers.filters import SOON


@dataclass(frozen=True, slots=True)
class Deadline:
    """`tone` is late, soon or good: the colour of the tag."""

    due_at: datetime
    words: str
    tone: str


class Deadlines:
    """Reads deadlines at one moment."""

    def __init__(self) -> None:
        self.now, self.calendar = timezone.now(), working_calendar()

    def of(self, due_at: datetime | None) -> Deadline | None:
        if due_at is None:
            return None
        left = words(remaining(self.now, due_at, Unit.working_days, self.calendar))
        tone = "late" if due_at < self.now else "soon" if due_at < self.now + SOON else "good"
        return Deadline(due_at, str(left), tone)
