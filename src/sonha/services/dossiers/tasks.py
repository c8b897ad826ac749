"""Background work of dossiers: handing results over online, reminders, escalation, expiry of permits."""

from datetime import timedelta

from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.jobs.declarations import job, periodic
from sonha.foundation.organisations.models import Position
from sonha.process.cases import clock, engine
from sonha.process.cases.models import Task
from sonha.services.dossiers import notices
from sonha.services.dossiers.models import Dossier
from sonha.services.permits.services import expire_due

BEFORE = timedelta(days=1)
BATCH = 500


@job()
def hand_over_online(task_id: int) -> None:
    """The applicant chose the electronic copy: handing over needs nobody at the desk."""
    task = Task.objects.select_related("case").filter(pk=task_id, state=Task.State.OPEN).first()
    if task is None:
        return
    edge = next((each for each in engine.available_actions(task) if each.effect == "hand_over"), None)
    if edge is not None:
        engine.act(task.pk, edge.action, actor=Actor.system("online delivery"))


@periodic("*/15 * * * *")
@job()
def remind(timestamp: int = 0) -> None:
    """Tells holders of tasks due within a day, once; tells heads of tasks that are late, once."""
    now = timezone.now()
    open_tasks = Task.objects.filter(state=Task.State.OPEN, kind="task").select_related("unit", "assignee", "case")
    for task in open_tasks.filter(due_at__gt=now, due_at__lte=now + BEFORE, reminded_at=None)[:BATCH]:
        _tell(task, "task.reminder", [task.assignee] if task.assignee else [])
        Task.objects.filter(pk=task.pk).update(reminded_at=now)
        record("task.reminded", subject=engine.subject_ref(task.case), actor=None, payload={"task": task.pk})
    for task in open_tasks.filter(due_at__lt=now, escalated_at=None, unit__isnull=False)[:BATCH]:
        heads = Position.objects.on(timezone.localdate()).filter(role="head", unit__code__in=task.unit.ancestor_codes)  # type: ignore[union-attr]
        _tell(task, "task.late", [held.user for held in heads.select_related("user")])
        Task.objects.filter(pk=task.pk).update(escalated_at=now)
        record("task.escalated", subject=engine.subject_ref(task.case), actor=None, payload={"task": task.pk})


def _tell(task: Task, kind: str, users: list) -> None:  # type: ignore[type-arg]
    case = engine.outermost(task.case)
    dossier = Dossier.objects.filter(case=case).select_related("procedure", "agency").first()
    if dossier is not None:
        for user in users:
            notices.tell_about_task(user, kind, dossier, task)


@job()
def recompute_clocks() -> None:
    """The calendar changed: every running clock is computed afresh, and the dossiers' copies follow."""
    clock.recompute_running()
    for dossier in Dossier.objects.filter(finished_at=None).select_related("case").iterator(chunk_size=BATCH):
        if dossier.due_at != dossier.case.due_at:
            Dossier.objects.filter(pk=dossier.pk).update(due_at=dossier.case.due_at)


@periodic("10 17 * * *")
@job()
def expire_permits(timestamp: int = 0) -> None:
    """Permits whose last day has passed."""
    expire_due()
