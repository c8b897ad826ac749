"""Writing the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from . import verbs
from .models import Event

Subject = models.Model | tuple[str, str | int]


def record(
    verb: str, *, subject: Subject, actor: Any, payload: Mapping[str, Any] | None = None, at: datetime | None = None
) -> Event:
    """Appends one event to the chain of `subject`, in the caller's transaction: it is kept exactly when the caller's work is.

    `subject` is a saved row or a pair (kind, reference). `actor` is an access.Actor, or None for the system. `payload` must fit the
    verb's declaration. `at` (aware) only when it happened at another time than now. LookupError for an undeclared verb, ValueError for a bad
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
