"""From rows to what the API says of them, for the actor who asks."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.calendar.selectors import working_calendar
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Unit
from sonha.foundation.payments.models import Invoice
from sonha.process.cases import clock
from sonha.process.cases.models import Task
from sonha.process.deadlines import Unit as TimeUnit
from sonha.process.deadlines import limit_words, words
from sonha.process.deadlines import remaining as remaining_of
from sonha.services.dossiers import money, selectors
from sonha.services.dossiers.models import Dossier, OfficialPaper, Paper, State, SupplementRequest

RESULT_SHOWN = {State.READY, State.GRANTED, State.REFUSED}
NAMED = ("code", "state", "channel", "owner_name", "applicant_name", "summary", "submitted_at", "accepted_at", "due_at", "finished_at")
OWNER = ("kind", "name", "personal_id", "tax_code", "address", "phone", "email")


def row(dossier: Dossier, actor: Actor) -> dict[str, Any]:
    """A dossier as lists show it."""
    agency, now = dossier.agency, timezone.now()
    return {
        **{name: getattr(dossier, name) for name in NAMED},
        "procedure": {"stt": dossier.procedure.stt, "name": dossier.procedure.name},
        "agency": {"code": agency.code, "name": agency.name, "level": agency.level},
        "state_words": str(dossier.get_state_display()),
        "late": bool(dossier.due_at and dossier.due_at < now and dossier.finished_at is None and not dossier.is_ended),
        "url": reverse("dossier" if actor.is_official else "my_dossier", args=[dossier.code]),
    }


def detail(dossier: Dossier, actor: Actor) -> dict[str, Any]:
    """Everything of a dossier that the actor may see; the caller got it from `selectors.dossier(actor, …)`."""
    actor = selectors.capacity(actor, dossier)
    result = getattr(dossier, "result", None)
    tasks = dossier.case.tasks.select_related("unit", "assignee", "closed_by")
    shown = result is not None and (actor.is_official or dossier.state in RESULT_SHOWN)
    return {
        **row(dossier, actor),
        "version": dossier.version.number,
        "owner": {name: getattr(dossier.owner, name) for name in OWNER},
        "answers": dossier.answers,
        "return_channel": dossier.return_channel,
        "papers": [_paper(each) for each in selectors.papers_for(actor, dossier)],
        "official_papers": [_official_paper(each) for each in selectors.official_papers_for(actor, dossier)],
        "clock": _clock(dossier),
        "timeline": [_step(each, actor) for each in tasks.order_by("opened_at", "pk")],
        "supplements": [_supplement(each) for each in dossier.supplement_requests.order_by("pk")],
        "invoices": [_invoice(each) for each in money.invoices(dossier)],
        "result": result if shown else None,
    }


def file_ref(file: StoredFile) -> dict[str, Any]:
    return {"id": str(file.pk), "name": file.original_name, "size": file.size, "media_type": file.media_type}


def unit_ref(unit: Unit | None) -> dict[str, str] | None:
    return {"code": unit.code, "name": unit.name} if unit else None


def person(user: User | None) -> dict[str, Any] | None:
    return {"id": user.pk, "name": str(user)} if user else None


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.pk,
        "requirement": paper.requirement,
        "title": paper.title,
        "on_paper": paper.on_paper,
        "file": file_ref(paper.file) if paper.file else None,
        "handed_in_at": paper.handed_in_at,
        "reused_from": paper.reused_from.dossier.code if paper.reused_from else None,
        "content_url": reverse("paper", args=[paper.pk]) if paper.file else None,
    }


def _official_paper(paper: OfficialPaper) -> dict[str, Any]:
    names = ("kind", "number", "title", "created_at", "public")
    return {"id": paper.pk, **{name: getattr(paper, name) for name in names}, "content_url": reverse("official_paper", args=[paper.pk])}


def _invoice(invoice: Invoice) -> dict[str, Any]:
    names = ("code", "title", "total", "state")
    return {**{name: getattr(invoice, name) for name in names}, "url": reverse("payments:invoice", args=[invoice.code])}


def _clock(dossier: Dossier) -> dict[str, Any]:
    case = dossier.case
    limit = clock.limit_of(case.limit)
    stopped = clock.is_stopped(case)
    left = None
    if case.due_at and dossier.finished_at is None and not dossier.is_ended:
        unit = limit.unit if limit else TimeUnit.working_days
        reading = remaining_of(timezone.now(), case.due_at, unit, working_calendar(), stopped=stopped)
        left = {"amount": float(reading.amount), "unit": str(reading.unit.value), "late": reading.late, "words": words(reading)}
    return {
        "limit": limit_words(limit) if limit else "",
        "started_at": case.clock_from,
        "due_at": case.due_at,
        "stopped": stopped,
        "remaining": left,
        "stops": list(case.suspensions.order_by("started_at").values("reason", "started_at", "ended_at")),
    }


def _step(task: Task, actor: Actor) -> dict[str, Any]:
    names = ("step", "title", "title_en", "state", "opened_at", "due_at", "closed_at")
    inside = actor.is_official or actor.is_system
    return {
        "task": task.pk,
        **{name: getattr(task, name) for name in names},
        "unit": unit_ref(task.unit),
        "assignee": person(task.assignee or task.closed_by) if inside and not task.is_applicant else None,
        "action": task.action if inside or task.is_applicant else "",
        "comment": task.comment if inside or task.is_applicant else "",
    }


def _supplement(request: SupplementRequest) -> dict[str, Any]:
    items = [{name: str(item.get(name, "")) for name in ("subject", "title", "reason")} for item in request.items]
    return {"items": items, "note": request.note, "requested_at": request.requested_at, "answered_at": request.answered_at}


def is_past(due_at: datetime | None, closed_at: datetime | None) -> bool:
    """Whether a due time was missed, or is being missed."""
    return due_at is not None and (closed_at or timezone.now()) > due_at
