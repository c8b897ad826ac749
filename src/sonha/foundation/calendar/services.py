"""Writes of the calendar. Each change tells the registered listeners, in the same transaction, which dates changed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sonha.foundation.audit import services as audit
from sonha.foundation.audit.history import changed_by_people

from .models import Holiday

Listener = Callable[[list[date]], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Registers `listener(changed_dates)`; it runs inside the changing transaction and should only enqueue a job. Usable as decorator."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@transaction.atomic
def set_day(actor: Any, day: date, kind: str, *, name: str, source: str, assumption: bool = False) -> Holiday:
    """Declares `day` off (`holiday`) or worked (`workday`), replacing what was said of it before.

    ValueError (in words for the reader) when the kind is unknown or the name or legal source is missing."""
    if kind not in Holiday.Kind.values:
        raise ValueError(_("Loại ngày phải là ngày nghỉ hoặc ngày làm bù."))
    if not name.strip() or not source.strip():
        raise ValueError(_("Cần ghi tên ngày và văn bản căn cứ."))
    row, created = Holiday.objects.update_or_create(
        date=day, defaults={"kind": kind, "name": name.strip(), "source": source.strip(), "assumption": assumption}
    )
    audit.record("calendar.day_set", subject=("calendar", str(day.year)), actor=actor, payload={"day": day, "kind": kind, "new": created})
    tell_changed([day])
    return row


@transaction.atomic
def clear_day(actor: Any, day: date) -> None:
    """Makes `day` an ordinary day of the week again. LookupError when nothing was declared for it."""
    deleted, _rows = Holiday.objects.filter(date=day).delete()
    if not deleted:
        raise LookupError(_("Ngày %(day)s chưa được khai báo.") % {"day": f"{day:%d/%m/%Y}"})
    audit.record("calendar.day_cleared", subject=("calendar", str(day.year)), actor=actor, payload={"day": day})
    tell_changed([day])


@transaction.atomic
def load_holidays(rows: Iterable[Mapping[str, Any]], actor: Any = None) -> int:
    """Loads rows {date, kind, name, source, assumption} (dates as `date` or "yyyy-mm-dd"); repeatable. What a person changed last stays.
    Returns how many rows changed.
    """
    known = {row.date: row for row in Holiday.objects.all()}
    by_people = changed_by_people(Holiday)
    changed: list[date] = []
    for data in rows:
        day = data["date"] if isinstance(data["date"], date) else date.fromisoformat(data["date"])
        values = {
            "kind": data.get("kind") or "holiday",
            "name": data["name"],
            "source": data["source"],
            "assumption": str(data.get("assumption", "")).lower() in {"true", "1", "yes"},
        }
        row = known.get(day)
        if row is None:
            Holiday.objects.create(date=day, **values)
        elif row.pk not in by_people and any(getattr(row, key) != value for key, value in values.items()):
            Holiday.objects.filter(pk=row.pk).update(**values)
        else:
            continue
        changed.append(day)
    if changed:
        audit.record("calendar.loaded", subject=("calendar", "all"), actor=actor, payload={"days": len(changed)})
        tell_changed(changed)
    return len(changed)


def tell_changed(days: list[date]) -> None:
    """Tells the listeners that these days changed, in the changing transaction; also after a change was taken back."""
    for listener in _listeners:
        listener(days)
