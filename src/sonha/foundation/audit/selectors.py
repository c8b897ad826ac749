"""Reads of the audit log."""

from typing import Any

from django.db.models import QuerySet

from . import verbs
from .models import Check, Event
from .services import Subject, subject_key

OVERSEERS = ("administrator", "auditor")


def events_for(actor: Any, subject: Subject) -> QuerySet[Event]:
    """Events of `subject`, oldest first. Whoever may read the subject (the caller has checked) may read them: officials and the system all,
    others those declared `for_applicant`.
    """
    kind, ref = subject_key(subject)
    events = Event.objects.filter(subject_kind=kind, subject_ref=ref).select_related("actor_user").order_by("seq")
    if getattr(actor, "is_official", False) or getattr(actor, "is_system", False):
        return events
    return events.filter(verb__in=verbs.shown_to_applicants())


def log(actor: Any) -> QuerySet[Event]:
    """The whole log, newest first: for auditors, administrators and the system; empty for everyone else."""
    if getattr(actor, "is_system", False) or actor.has_role(*OVERSEERS):
        return Event.objects.select_related("actor_user").order_by("-id")
    return Event.objects.none()


def last_check() -> Check | None:
    """The newest kept verification, for status pages; None before the first night."""
    return Check.objects.order_by("-id").first()
