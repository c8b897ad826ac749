"""Background work of dossiers: handing results over online, recomputed due dates, expiry of permits."""

from django.db.models import OuterRef, Subquery

from sonha.foundation.access.actor import Actor
from sonha.foundation.jobs.declarations import job, periodic
from sonha.process.cases import clock, engine
from sonha.process.cases.models import Case, Task
from sonha.services.dossiers.models import Dossier
from sonha.services.permits.services import expire_due

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


@job(atomic=False)
def recompute_clocks() -> None:
    """The calendar changed: every running clock is computed afresh, and the copies of dossiers without a result follow."""
    moved = clock.recompute_running()
    for start in range(0, len(moved), BATCH):
        open_dossiers = Dossier.objects.filter(finished_at=None, case_id__in=moved[start : start + BATCH])
        open_dossiers.update(due_at=Subquery(Case.objects.filter(pk=OuterRef("case_id")).values("due_at")[:1]))


@periodic("10 17 * * *")
@job()
def expire_permits(timestamp: int = 0) -> None:
    """Permits whose last day has passed."""
    expire_due()
