"""Clocks of cases and tasks: due times are computed by `process.deadlines` from rows, stored, and recomputed when rows change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from sonha.foundation.calendar.selectors import working_calendar
from sonha.process.cases.models import Case, Suspension, Task
from sonha.process.deadlines import Limit, Reading, due, end_of_date, read, remaining
from sonha.process.deadlines import is_stopped as stands_still

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
    fresh = _due(task.opened_at, task.limit, _stops_of(task, stretches(task.case) if stops is None else stops))
    if fresh != task.due_at:
        task.due_at = fresh
        task.save(update_fields=["due_at"])


def _stops_of(task: Task, stops: Sequence[Stretch]) -> list[Stretch]:
    """The stretches that hold up a task: those of its case since it opened, but none where it stopped the clock itself."""
    if Suspension.objects.filter(task=task).exists():
        return []
    return [stop for stop in stops if stop[1] is None or stop[1] >= task.opened_at]


def read_case(case: Case, now: datetime | None = None) -> Reading | None:
    """The case's clock at `now`: due, elapsed, left, whether it stands. None before acceptance or without a limit.

    An ended case is read at its end. While the clock stands the due time is the one that holds if it starts again now.
    """
    limit = limit_of(case.limit)
    if limit is None or case.clock_from is None:
        return None
    return read(case.clock_from, limit, working_calendar(), stretches(case), now=case.ended_at or now or timezone.now())


def read_task(task: Task, now: datetime | None = None) -> Reading | None:
    """The clock of one step, as `read_case`; a closed task is read at its end. None without a limit."""
    limit = limit_of(task.limit)
    if limit is None:
        return None
    stops, at = _stops_of(task, stretches(task.case)), task.closed_at or now or timezone.now()
    found = read(task.opened_at, limit, working_calendar(), stops, now=at)
    if not task.is_applicant:
        return found
    last = end_of_date(found.due_at) - timedelta(microseconds=1)  # the applicant's last day runs to its end
    left = remaining(at, last, limit.unit, working_calendar(), stopped=found.stopped)
    return replace(found, remaining=left, late=left.late)


def binding_end(task: Task) -> datetime | None:
    """The moment after which the task is late: a limit that binds the applicant runs to the end of its last day (Bộ luật Dân sự 2015
    Điều 148 khoản 6), an office's to the end of office hours.
    """
    return end_of_date(task.due_at) if task.due_at and task.is_applicant else task.due_at


def is_late(task: Task, now: datetime | None = None) -> bool:
    """Whether an open task is past its limit."""
    end = binding_end(task)
    return task.state == Task.State.OPEN and end is not None and end < (now or timezone.now()) and not _stands(task)


def _stands(task: Task) -> bool:
    """A task whose own clock stands because the case waits for something else is not late meanwhile."""
    return stands_still(_stops_of(task, stretches(task.case)))


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


def leave_out(case: Case, since: datetime | None, reason: str) -> None:
    """Takes the time from `since` until now out of the case's clock."""
    if case.clock_from is not None and since is not None:
        Suspension.objects.create(case=case, reason=reason, started_at=since, ended_at=max(since, timezone.now()))
        set_due(case)


def is_stopped(case: Case) -> bool:
    return case.suspensions.filter(ended_at=None).exists()


def recompute_running(batch: int = 500) -> list[int]:
    """Recomputes every running clock after the calendar changed, each case on its own; ended cases keep theirs. Returns the ids of the
    cases whose due time moved.
    """
    moved: list[int] = []
    last = 0
    while True:
        found = Case.objects.filter(state=Case.State.RUNNING, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch]
        ids = list(found)
        if not ids:
            return moved
        moved += [pk for pk in ids if _recomputed(pk)]
        last = ids[-1]


@transaction.atomic
def _recomputed(case_id: int) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.state != Case.State.RUNNING:
        return False
    before = case.due_at
    set_due(case)
    return before != case.due_at
