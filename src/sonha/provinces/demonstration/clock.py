"""Another day: what is done inside `at(moment)` happens, for the whole platform, at that moment.

Only the generator of the demonstration uses it, in its own process. Rows, deadlines and audit events then carry their own days from
the start, and nothing has to be rewritten afterwards. Signatures are made by the real clock: a certificate does not lie about its day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django.utils import timezone

from sonha.foundation.calendar.workdays import WorkCalendar

LATEST = time(16, 40)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """`timezone.now()` answers `moment` (aware) until the block ends, also where a field took it as its default."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return moment.astimezone(tz) if tz else moment.replace(tzinfo=None)

    real = timezone.datetime  # type: ignore[attr-defined]
    timezone.datetime = Then  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.datetime = real  # type: ignore[attr-defined]


def in_office(moment: datetime, calendar: WorkCalendar) -> datetime:
    """The moment itself when the offices are open, else when they are open next (with some minutes of its own)."""
    local = timezone.localtime(moment)
    day = local.date()
    minutes = timedelta(minutes=local.minute % 50, seconds=local.second)
    if not calendar.is_workday(day) or local.time() > LATEST:
        return calendar.opens(calendar.next_workday(day)) + minutes
    if local < calendar.opens(day):
        return calendar.opens(day) + minutes
    if time(11, 30) < local.time() < time(13, 30):
        return local.replace(hour=13, minute=30) + minutes
    return local
