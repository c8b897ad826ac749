"""Reading records: as far as the actor may, as of a day, as it was known at a moment."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.registry.declarations import Register
from sonha.registry.grants.rights import rights

from .models import Change


def records(
    actor: Actor, register: type[Register], *, day: date | None = None, known_at: datetime | None = None, ended: bool = False
) -> QuerySet[Any]:
    """What is so today; with `day` what was so then, with `known_at` as the register said at that moment (aware; default: now).

    `ended=True` adds records that have ended. Rows of a past day are of the model `register.model.Version`, with the same fields.
    """
    return rows(register, day=day, known_at=known_at, ended=ended).filter(rights(actor, register).condition())


def rows(register: type[Register], *, day: date | None = None, known_at: datetime | None = None, ended: bool = False) -> QuerySet[Any]:
    """The same for callers that have applied an actor's rights already, or act for the system."""
    today = timezone.localdate()
    if known_at is None and (day is None or day == today):
        current = register.model._default_manager.all()
        return current if ended else current.filter(Q(valid_to=None) | Q(valid_to__gte=today))
    return register.model.Version.objects.filter(at(day or today, known_at))  # type: ignore[attr-defined]


def at(day: date, known_at: datetime | None = None) -> Q:
    """The version that holds on `day`, as known at a moment (default: now)."""
    valid = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    if known_at is None:
        return valid & Q(closed_at=None)
    return valid & Q(recorded_at__lte=known_at) & (Q(closed_at=None) | Q(closed_at__gt=known_at))


def record(actor: Actor, register: type[Register], pk: int, *, day: date | None = None, known_at: datetime | None = None) -> Any:
    """One record; the model's DoesNotExist when it is not there or not the actor's to read. Ended records are found too."""
    return records(actor, register, day=day, known_at=known_at, ended=True).get(pk=pk)


def versions(register: type[Register], pk: int) -> QuerySet[Any]:
    """Every version of a record that the caller read through `records`, newest belief first."""
    return register.model.Version.objects.filter(pk=pk).select_related("change", "closed_by").order_by("-recorded_at", "-valid_from")  # type: ignore[attr-defined]


def changes(register: type[Register]) -> QuerySet[Change]:
    """Changes that named this register or its database, newest first."""
    return Change.objects.filter(register__in=[register.code, register.database.code]).order_by("-pk")
