"""Taking back changes of lists that administrators keep, from the rows of their history. Every taking back is a change like any other:
it stands in the history, it is audited, and it can itself be taken back. `previews` shows a change of such a list before it is made.

A list is made known once:

    keep("holidays", Kept(Holiday, _("Ngày nghỉ, ngày làm bù"), {"date": _("Ngày"), "name": _("Tên")}, after=recompute))
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.audit import verbs
from sonha.foundation.audit.services import record

Values = Mapping[str, Any]
verbs.register("configuration.taken_back", gettext_lazy("{actor} lấy lại thay đổi số {number} của «{table}»"), table=str, number=int)


class Refused(ValueError):
    """Why a change cannot be taken back, as one sentence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One list. `fields` (name to label) are shown; all columns are restored.

    `after(actor, before, now)` tells who must know, in the same transaction. `touches(change)` says in sentences whom a change concerns.
    `guard(actor, change)` raises ValueError, in words, for a change that something stands upon. `told(change)` adds rows (field, before,
    now) for what columns hold in a form of their own.
    """

    model: type[models.Model]
    title: str | Promise
    fields: Mapping[str, str | Promise]
    only: models.Q = field(default_factory=models.Q)  # a condition on the history's rows: which of them belong to the list
    after: Callable[[Any, Values | None, Values | None], None] | None = None
    touches: Callable[["Change"], Iterable[str]] | None = None
    guard: Callable[[Any, "Change"], None] | None = None
    told: Callable[["Change"], Iterable[tuple[str, str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row. `before` is None for a new row, `now` for one that was removed."""

    key: str
    number: int
    row: int
    at: datetime
    user_id: int | None
    before: Values | None
    now: Values | None
    newest: bool

    @property
    def can_go_back(self) -> bool:
        """What a person did last. What was loaded with the platform is changed or ended, not taken back."""
        return self.newest and self.user_id is not None

    @property
    def kind(self) -> str:
        return "added" if self.before is None else "removed" if self.now is None else "changed"


_lists: dict[str, Kept] = {}


def keep(key: str, kept: Kept) -> None:
    _lists[key] = kept


def lists() -> Mapping[str, Kept]:
    return _lists


def history_of(kept: Kept) -> Any:
    """The model of the rows of its history."""
    return next(each for each in apps.get_models() if getattr(each, "pgh_tracked_model", None) is kept.model)


def changes(
    actor: Any, key: str, *, below: int | None = None, row: int | None = None, by_people: bool = False, limit: int = 50
) -> list[Change]:
    """Changes of one list, newest first; `below`: older than that number; `by_people`: without what the system loaded. For administrators
    and auditors, none for others.

    LookupError for a list that nobody keeps.
    """
    kept = _lists[key]
    if not (actor.is_system or actor.has_role("administrator", "auditor")):
        return []
    rows = history_of(kept).objects.select_related("pgh_context").order_by("-pgh_id").filter(kept.only)
    if below is not None:
        rows = rows.filter(pgh_id__lt=below)
    if by_people:
        rows = rows.filter(pgh_context__metadata__has_key="user")
    if row is not None:
        rows = rows.filter(pgh_obj_id=row)
    return [change_of(key, kept, event) for event in rows[:limit]]


def change(actor: Any, key: str, number: int) -> Change:
    """One change. LookupError when there is none, or it may not be read."""
    found = [each for each in changes(actor, key, below=number + 1, limit=1) if each.number == number]
    if not found:
        raise LookupError(f"{key} has no change {number}")
    return found[0]


def differing(kept: Kept, found: Change) -> list[tuple[str, str, str]]:
    """(name of the field, before, now) of what the change did, in words."""
    before, now = found.before or {}, found.now or {}
    rows = []
    for name, label in kept.fields.items():
        field = kept.model._meta.get_field(name)
        old, new = (_words(field, values.get(field.attname)) for values in (before, now))  # type: ignore[union-attr]
        if old != new:
            rows.append((str(label), old, new))
    return [*rows, *(kept.told(found) if kept.told else ())]


def name_of(kept: Kept, found: Change) -> str:
    """What the changed row is called: as it is now, or was when it was removed."""
    values = found.now or found.before or {}
    return str(kept.model(pk=found.row, **values))


def touched(kept: Kept, found: Change) -> list[str]:
    """Whom the change concerns, as sentences."""
    return list(kept.touches(found)) if kept.touches else []


def obstacle(actor: Any, key: str, number: int) -> str:
    """Why a change cannot be taken back now, as one sentence; empty when it can. It is tried and left as it was."""
    try:
        with transaction.atomic():
            take_back(actor, key, number)
            transaction.set_rollback(True)
    except Refused as refused:
        return str(refused)
    return ""


@transaction.atomic
def take_back(actor: Any, key: str, number: int) -> Change:
    """Puts the row where it was before the change. Administrators only; Refused in words when something later stands upon it."""
    if not (actor.is_administrator or actor.is_system):
        raise PermissionError
    kept, found = _lists[key], change(actor, key, number)
    kept.model._default_manager.select_for_update().filter(pk=found.row).first()
    found = change(actor, key, number)  # read again behind the lock
    if not found.newest:
        raise Refused(_("Mục này đã được sửa lần nữa sau đó. Hãy lấy lại lần sửa sau cùng trước."))
    if not found.can_go_back:
        raise Refused(_("Mục này do hệ thống nạp. Hãy sửa hoặc kết thúc hiệu lực của nó."))
    if kept.guard:
        try:
            kept.guard(actor, found)
        except ValueError as refused:
            raise Refused(str(refused)) from refused
    try:
        with transaction.atomic():
            _restore(kept, found)
    except ProtectedError:
        raise Refused(_("Mục này đã được dùng ở nơi khác nên không bỏ được nữa. Hãy kết thúc hiệu lực của nó.")) from None
    except (IntegrityError, ValidationError):
        raise Refused(_("Không đưa lại được như trước: nay đã có mục khác cùng mã, cùng ngày hoặc đang dựa vào mục này.")) from None
    if kept.after:
        kept.after(actor, found.now, found.before)
    record("configuration.taken_back", subject=("configuration", key), actor=actor, payload={"table": key, "number": number})
    return found


def _restore(kept: Kept, found: Change) -> None:
    rows = kept.model._default_manager.filter(pk=found.row)
    if found.before is None:
        rows.get().delete()
        return
    row = rows.first() or kept.model(pk=found.row)
    for name, value in found.before.items():
        setattr(row, name, value)
    empty = [field.name for field in _columns(kept.model) if getattr(row, field.attname) in ("", None, [], {})]
    row.full_clean(exclude=empty, validate_unique=False, validate_constraints=False)  # above all: what it refers to is still there
    row.save()


def change_of(key: str, kept: Kept, event: Any) -> Change:
    """What one row of the history says, with the row before it."""
    history = type(event).objects.filter(pgh_obj_id=event.pgh_obj_id)
    previous = history.filter(pgh_id__lt=event.pgh_id).order_by("-pgh_id").first()
    columns = [field.attname for field in _columns(kept.model)]
    gone = event.pgh_label == "delete"
    known = previous if previous is not None and previous.pgh_label != "delete" else None
    return Change(
        key=key,
        number=event.pgh_id,
        row=event.pgh_obj_id,
        at=event.pgh_created_at,
        user_id=(event.pgh_context.metadata or {}).get("user") if event.pgh_context else None,
        before=_values(event if gone else known, columns),
        now=None if gone else _values(event, columns),
        newest=not history.filter(pgh_id__gt=event.pgh_id).exists(),
    )


def _columns(model: type[models.Model]) -> Iterable[Any]:
    return (field for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField) and not field.primary_key)


def _values(event: Any, columns: Iterable[str]) -> Values | None:
    return {name: getattr(event, name) for name in columns if hasattr(event, name)} if event is not None else None


def _words(field: Any, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or value)
    if isinstance(value, bool):
        return str(_("Có") if value else _("Không"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
