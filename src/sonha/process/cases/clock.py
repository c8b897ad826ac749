"""Clocks of cases and tasks: due times are computed by `process.deadlines` from rows, stored, and recomputed when rows change."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from sonha.foundation.calendar.selectors import working_calendar
from sonha.process.cases.models import Case, Suspension, Task
from sonha.process.deadlines import Limit, due

Stretch = tuple[datetime, datetime | None]


def limit_of(raw: Any) -> Limit | None:
    """A limit as declared (`{"amount": …, "unit": …}`) or None."""
    return Limit(Decimal(str(raw["amount"])), raw["unit"]) if raw else None


def stretches(case: Case) -> list[Stretch]:
    return list(case.suspensions.order_by("started_at").values_list("started_at", "ended_at"))


def _due(start: datetime | None, raw_limit: Any, stops: Sequence[Stretch]) -> datetime | None:
    limit = limit_of(raw_limit)
    return due(start, limit, working_calendar(), stops, now=timezone.now()) if limit and start else None


def set_due(case: Case) -> None:
    """Computes and stores the due time of the case and of its open tasks."""
    stops = stretches(case)
    fresh = _due(case.clock_from, case.limit, stops)
    if fresh != case.due_at:
        case.due_at = fresh
        case.save(update_fields=["due_at"])
    for task in case.tasks.filter(state=Task.State.OPEN):
        set_task_due(task, stops)


def set_task_due(task: Task, stops: Sequence[Stretch] | None = None) -> None:
    """A task's clock stands still with the case's, except for the task that stopped it: its own limit keeps running."""
    if task.limit is None:
        return
    own = Suspension.objects.filter(task=task).exists()
    relevant = [] if own else (stretches(task.case) if stops is None else stops)
    fresh = _due(task.opened_at, task.limit, [stop for stop in relevant if stop[1] is None or stop[1] >= task.opened_at])
    if fresh != task.due_at:
        task.due_at = fresh
        task.save(update_fields=["due_at"])


def start_clock(case: Case, at: datetime | None = None) -> None:
    """The legal time limit begins (acceptance of a complete dossier)."""
    if case.clock_from is None:
        case.clock_from = at or timezone.now()
        case.save(update_fields=["clock_from"])
        set_due(case)


def stop(case: Case, task: Task, reason: str) -> None:
    """The clock stops while `task` is open."""
    Suspension.objects.create(case=case, task=task, reason=reason)
    set_due(case)


def resume(case: Case, task: Task) -> None:
    """Ends the stops that `task` caused."""
    if Suspension.objects.filter(case=case, task=task, ended_at=None).update(ended_at=timezone.now()):
        set_due(case)


def is_stopped(case: Case) -> bool:
    return case.suspensions.filter(ended_at=None).exists()


def recompute_running(batch: int = 500) -> int:
    """Recomputes every running clock, after the calendar changed. Returns how many due times moved."""
    moved = 0
    last = 0
    while True:
        running = Case.objects.filter(Q(state=Case.State.RUNNING, pk__gt=last)).order_by("pk")[:batch]
        cases = list(running)
        if not cases:
            return moved
        for case in cases:
            before = case.due_at
            set_due(case)
            moved += before != case.due_at
        last = cases[-1].pk
