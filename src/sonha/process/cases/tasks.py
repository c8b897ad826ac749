"""Background work of cases: reminders and escalation, consultations nobody answered in time."""

from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.jobs.declarations import job, periodic
from sonha.process.cases import engine, reminders
from sonha.process.cases.models import Task
from sonha.process.flows.graph import graph_of

BATCH = 500


@periodic("*/15 * * * *")
@job(atomic=False)
def remind(timestamp: int = 0) -> int:
    """Tells holders, heads and leaders what the rules say; every reminder is a transaction of its own, sent once."""
    return reminders.remind()


@periodic("5,20,35,50 * * * *")
@job(atomic=False)
def pass_over_late(timestamp: int = 0) -> int:
    """Cases whose flow does not wait for a late consultation go on. Returns how many did."""
    late = Task.objects.filter(state=Task.State.OPEN, kind="consultation", due_at__lt=timezone.now()).select_related("case")
    passed = 0
    for task in late.order_by("due_at")[:BATCH]:
        if graph_of(task.case.flow_version_id).nodes[task.step].late:
            passed += engine.pass_over(task.pk, actor=Actor.system("late consultation"))
    return passed
