"""Reading dossiers. Every list, count, export and API starts from `dossiers(actor)`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from sonha.foundation.access.actor import Actor
from sonha.process.cases.access import open_tasks_for, seen_by, unit_tasks_for
from sonha.process.cases.models import Case, Task
from sonha.services.dossiers.filters import SOON, Filters, lateness, narrowed
from sonha.services.dossiers.models import Channel, Dossier, Draft, OfficialPaper, Paper, State

__all__ = [
    "SOON", "Filters", "Tracking", "capacity", "dossier", "dossiers", "draft", "find", "lateness", "my_dossiers",
    "my_drafts", "my_official_papers", "my_papers", "official_papers_for", "papers_for", "reads_inside", "track", "unit_work",
    "waiting_at", "work_list",
]  # fmt: skip


def dossiers(actor: Actor) -> QuerySet[Dossier]:
    """Dossiers the actor may read: by the access rows of their cases, nothing else."""
    return Dossier.objects.filter(seen_by(actor, "case_id")).select_related("procedure", "agency", "owner")


def dossier(actor: Actor, code: str) -> Dossier:
    """One dossier, or 404 whether it does not exist or may not be seen."""
    rows = dossiers(actor).select_related("case", "version__form_version", "version__flow_version", "applicant")
    found: Dossier = get_object_or_404(rows, code=code)
    return found


def find(actor: Actor, filters: Filters) -> QuerySet[Dossier]:
    """The actor's dossiers that match, newest first unless the filters ask for another order."""
    return narrowed(dossiers(actor), filters)


def waiting_at(shown: Iterable[Dossier]) -> dict[int, list[Task]]:
    """Open tasks by dossier id, the oldest first: who holds each of the `shown` dossiers since when, consultations included.

    The caller got `shown` from `find` or `dossiers`; two queries for all of them, each by index: who asks for own and asked tasks in one
    condition reads every open task of the province.
    """
    by_case = {dossier.case_id: dossier.pk for dossier in shown}
    asked = Case.objects.filter(parent_task__case_id__in=by_case).values_list("pk", "parent_task__case_id")
    by_case |= {pk: by_case[parent] for pk, parent in asked}
    tasks = (
        Task.objects.filter(case_id__in=by_case, state=Task.State.OPEN, kind="task")
        .select_related("unit", "assignee")
        .order_by("opened_at", "pk")
    )
    found: dict[int, list[Task]] = {}
    for task in tasks:
        found.setdefault(by_case[task.case_id], []).append(task)
    return found


def work_list(actor: Actor) -> QuerySet[Task]:
    """Tasks the actor may act on now, most urgent first."""
    from django.db.models import F

    return _with_dossier(open_tasks_for(actor)).order_by(F("due_at").asc(nulls_last=True), "pk")


def unit_work(actor: Actor) -> QuerySet[Task]:
    """Open tasks of the units the actor heads, whoever holds them."""
    from django.db.models import F

    return _with_dossier(unit_tasks_for(actor)).order_by(F("due_at").asc(nulls_last=True), "pk")


def _with_dossier(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related(
        "unit", "assignee", "case__dossier__procedure", "case__dossier__owner", "case__parent_task__case__dossier__procedure",
        "case__parent_task__case__dossier__owner",
    )  # fmt: skip


def my_drafts(actor: Actor) -> QuerySet[Draft]:
    """One's own open drafts; those for somebody else only while one may act for them."""
    if actor.user_id is None:
        return Draft.objects.none()
    entitled = Q(owner=None) | Q(owner_id__in=actor.party_ids) | ~Q(channel=Channel.ONLINE)
    return (
        Draft.objects.filter(entitled, user_id=actor.user_id, dossier=None)
        .select_related("version__procedure", "owner")
        .order_by("-updated_at")
    )


def draft(actor: Actor, pk: Any) -> Draft:
    """One's own open draft, or 404."""
    rows = my_drafts(actor).select_related("version__form_version", "version__flow_version")
    found: Draft = get_object_or_404(rows, pk=pk)
    return found


def my_dossiers(actor: Actor) -> QuerySet[Dossier]:
    """The applicant's own side: filed by the user, or owned by a party it is or represents."""
    if actor.user_id is None:
        return Dossier.objects.none()
    own = Q(applicant_id=actor.user_id) | Q(owner_id__in=actor.party_ids)
    return dossiers(actor).filter(own).select_related("case").order_by("-pk")


def my_papers(actor: Actor) -> QuerySet[Paper]:
    """Every paper the actor's side ever handed in and that still counts, newest first; one given again stands once, where it came from."""
    rows = Paper.objects.filter(dossier__in=my_dossiers(actor).order_by(), replaced_at=None, reused_from=None)
    return rows.select_related("file", "dossier__procedure").order_by("-handed_in_at", "-pk")


def my_official_papers(actor: Actor) -> QuerySet[OfficialPaper]:
    """Everything the authorities sent the actor's side, newest first."""
    rows = OfficialPaper.objects.filter(dossier__in=my_dossiers(actor).order_by(), public=True)
    return rows.select_related("file", "dossier__procedure").order_by("-created_at", "-pk")


def papers_for(actor: Actor, of: Dossier) -> QuerySet[Paper]:
    """Handed-in papers; the caller got `of` from `dossier(actor, …)`."""
    return of.papers.filter(replaced_at=None).select_related("file", "reused_from__dossier").order_by("requirement", "pk")


def official_papers_for(actor: Actor, of: Dossier) -> QuerySet[OfficialPaper]:
    """Papers of the authority: officials see all, the applicant those made public."""
    rows = of.official_papers.select_related("file", "created_by").order_by("-created_at")
    return rows if reads_inside(actor, of) else rows.filter(public=True)


def capacity(actor: Actor, of: Dossier) -> Actor:
    """The actor as it reads this dossier: by its posts where they show it, else as the person."""
    if actor.is_official:
        return actor.in_office() if reads_inside(actor, of) else actor.in_person()
    return actor


def reads_inside(actor: Actor, of: Dossier) -> bool:
    """Whether the actor reads the dossier by its posts: with drafts and notes, which its applicant never sees, official or not."""
    return actor.is_system or dossiers(actor.in_office()).filter(pk=of.pk).exists()


@dataclass(frozen=True)
class Tracking:
    """What anybody who knows the code may see: steps and dates, no personal data."""

    code: str
    procedure: str
    agency: str
    state: str
    state_words: str
    submitted_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    steps: list[dict[str, Any]]
    stopped: bool


def track(code: str) -> Tracking | None:
    """Public tracking by code, without sign-in (Nghị định 61/2018/NĐ-CP, Điều 16)."""
    found = Dossier.objects.filter(code=code.strip().upper()).select_related("procedure", "agency", "case").first()
    if found is None:
        return None
    tasks = found.case.tasks.exclude(state=Task.State.CANCELLED).select_related("unit").order_by("opened_at")
    steps = [
        {
            "title": task.title,
            "title_en": task.title_en,
            "unit": task.unit.name if task.unit else "",
            "opened_at": task.opened_at,
            "closed_at": task.closed_at,
            "due_at": task.due_at,
            "open": task.state == Task.State.OPEN,
        }
        for task in tasks
    ]
    return Tracking(
        code=found.code,
        procedure=found.procedure.name,
        agency=found.agency.name,
        state=found.state,
        state_words=str(State(found.state).label),
        submitted_at=found.submitted_at,
        due_at=found.due_at,
        finished_at=found.finished_at,
        steps=steps,
        stopped=found.case.suspensions.filter(ended_at=None).exists(),
    )
