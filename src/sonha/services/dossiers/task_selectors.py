"""Reading tasks one by one and as the applicant's side sees them; the officials' lists are in `selectors`."""

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404

from sonha.foundation.access.actor import Actor
from sonha.process.cases.access import seen_by
from sonha.process.cases.models import Task
from sonha.services.dossiers import selectors

APPLICANT = "applicant"


def tasks(actor: Actor) -> QuerySet[Task]:
    """Tasks the actor may read: officials those of the cases they see, the applicant's side its own steps of its dossiers."""
    rows = Task.objects.select_related("unit", "assignee", "case__flow_version", "case__dossier__procedure", "case__parent_task__case")
    if actor.is_system:
        return rows
    own = Q(case__dossier__in=selectors.my_dossiers(actor).order_by().values("pk"), role=APPLICANT)
    return rows.filter(own | seen_by(actor.in_office(), "case_id")) if actor.is_official else rows.filter(own)


def task(actor: Actor, task_id: int) -> Task:
    """One task, or 404 whether it does not exist or may not be seen."""
    found: Task = get_object_or_404(tasks(actor), pk=task_id)
    return found


def applicant_tasks(actor: Actor) -> QuerySet[Task]:
    """What waits for the applicant's side, most urgent first."""
    mine = Task.objects.filter(
        case__dossier__in=selectors.my_dossiers(actor).order_by().values("pk"), role=APPLICANT, state=Task.State.OPEN
    )
    with_dossier = mine.select_related("unit", "assignee", "case__dossier__procedure", "case__dossier__owner")
    return with_dossier.order_by(F("due_at").asc(nulls_last=True), "pk")


def after_task(rows: QuerySet[Task], task_id: int) -> QuerySet[Task] | None:
    """What follows a task in the order of urgency; None when there is no such task."""
    place = Task.objects.filter(pk=task_id).values_list("due_at", flat=True)
    if not place:
        return None
    due_at = place[0]
    if due_at is None:
        return rows.filter(due_at=None, pk__gt=task_id)
    return rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=task_id) | Q(due_at=None))
