"""Words about dossiers and their clocks in templates."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from sonha.foundation.calendar.selectors import working_calendar
from sonha.process.cases import access, clock
from sonha.process.cases.models import Task
from sonha.process.deadlines import Unit, words
from sonha.process.deadlines import remaining as remaining_of
from sonha.process.flows.graph import graph_of
from sonha.process.forms.display import display
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.selectors import SOON

register = template.Library()


@register.filter
def remaining(due_at: datetime | None) -> str:
    """`còn 3 ngày làm việc`, `quá hạn 2 ngày làm việc`."""
    if due_at is None:
        return ""
    return str(words(remaining_of(timezone.now(), due_at, Unit.working_days, working_calendar())))


@register.filter
def urgency(due_at: datetime | None) -> str:
    """The tag's colour for a due time."""
    if due_at is None:
        return ""
    now = timezone.now()
    return "late" if due_at < now else "soon" if due_at < now + SOON else "good"


@register.filter
def case_left(dossier: Dossier) -> str:
    """What is left of the dossier's time, also while its clock stands: `tạm dừng, còn 12 ngày làm việc`. Empty before acceptance."""
    reading = clock.read_case(dossier.case)
    return str(words(reading.remaining)) if reading else ""


@register.filter
def task_left(task: Task) -> str:
    """What is left of a step's time, in the unit it was given in. Empty where it has no limit."""
    reading = clock.read_task(task)
    return str(words(reading.remaining)) if reading else ""


@register.filter
def task_urgency(task: Task) -> str:
    """The tag's colour for a step: a standing clock is never late, and the applicant's last day runs to its end."""
    if task.due_at is None:
        return ""
    return "late" if clock.is_late(task) else "soon" if task.due_at < timezone.now() + SOON else "good"


@register.filter
def candidates(task: Task) -> Any:
    return access.candidates(task)


@register.filter
def said(task: Task) -> list[tuple[str, Any]]:
    """What an official entered at a step, as label and value. What another agency answered stands at that agency's own step."""
    if task.kind != "task":
        return []
    form = graph_of(task.case.flow_version_id).nodes[task.step].form
    if form:
        return [(row.label, row.value) for section in display(form, task.data, context={}) for row in section.rows]
    return [(name, value) for name, value in task.data.items() if name in {"opinion", "conclusion"} and value]
