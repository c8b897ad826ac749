"""Writing the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, models

from . import history, verbs
from .models import Event

Subject = models.Model | tuple[str, str | int]


def record(verb: str, *, subject: Subject, actor: Any, payload: Mapping[str, Any] | None = None, at: datetime | None = None) -> Event:
    """Appends one event to the chain of `subject`, in the caller's transaction: it is kept exactly when the caller's work is.

    `subject` is a saved row or a pair (kind, reference). `actor` is an access.Actor, or None for the system. `payload` must fit the verb's
    declaration. `at` (aware) only when it happened at another time than now. LookupError for an undeclared verb, ValueError for a bad
    payload. Writers of one subject wait for each other; who writes several subjects in one transaction does so in a fixed order.
    """
    return Event.objects.create(**_values(verb, subject, actor, payload, at))


def subject_key(subject: Subject) -> tuple[str, str]:
    """(kind, reference) of a chain. A row may choose its own by `audit_ref`."""
    if isinstance(subject, tuple):
        kind, ref = subject
    else:
        if subject.pk is None:
            raise ValueError("an unsaved row cannot be the subject of an event")
        kind, ref = subject._meta.label_lower, getattr(subject, "audit_ref", None) or subject.pk
    return str(kind), str(ref)


def _values(verb: str, subject: Subject, actor: Any, payload: Mapping[str, Any] | None, at: datetime | None) -> dict[str, Any]:
    kind, ref = subject_key(subject)
    user = getattr(actor, "user", None)
    outsider = user is not None and not getattr(actor, "is_official", True)
    values: dict[str, Any] = {
        "verb": verb,
        "subject_kind": kind,
        "subject_ref": ref,
        "payload": verbs.checked(verb, payload or {}),
        "actor_user_id": getattr(user, "pk", None),
        "actor_label": "" if actor is None or outsider else str(actor.label)[:200],
        "unit_id": getattr(actor, "unit_id", None),
    }
    if at is not None:
        values["at"] = at
    return values


def accept_change(actor: Any, history_table: str, number: int, *, document: str) -> Event:
    """Answers for a change made directly in the database (a repair by the database administrator): `verify` no longer reports snapshot
    `number` of `history_table`. `document` is the number of the paper that ordered it. LookupError when there is no such snapshot.
    """
    if history_table not in history.histories():
        raise LookupError(f"{history_table} is not a history table")
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{history_table}" WHERE pgh_id = %s AND pgh_context_id IS NULL', [number])
        if cursor.fetchone() is None:
            raise LookupError(f"{history_table} has no direct change with number {number}")
    payload = {"table": history_table, "number": number, "document": document}
    return record("audit.change_accepted", subject=("audit", history_table), actor=actor, payload=payload)
