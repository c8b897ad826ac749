"""Reminders and escalation: whom the rules tell of an open task before, on and after its due date. Each of them exactly once a task."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.calendar.selectors import working_calendar
from sonha.foundation.calendar.workdays import LOCAL, ONE_DAY
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position
from sonha.process.cases import access
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.cases.models import Reminder, ReminderRule, Suspension, Task
from sonha.process.cases.subjects import subject_of
from sonha.process.cases.walk import lock, subject_ref

Stage, Recipient = ReminderRule.Stage, ReminderRule.Recipient
BATCH = 500
LONGEST = 60  # days before or after the due date


def rules() -> QuerySet[ReminderRule]:
    """The rules in force; everybody who works here may know them."""
    return ReminderRule.objects.all()


@transaction.atomic
def set_rules(wanted: Sequence[tuple[str, int, str]], *, actor: Actor) -> None:
    """Replaces the rules by (stage, days, recipient). Administrators only; ActionRefused, in words, for a rule that cannot be."""
    if not (actor.is_administrator or actor.is_system):
        raise NotAllowed(_("Chỉ quản trị hệ thống được đổi lịch nhắc việc."))
    for stage, days, recipient in wanted:
        if stage not in Stage.values or recipient not in Recipient.values:
            raise ActionRefused(_("Quy tắc nhắc việc có thời điểm hoặc người nhận không có trong quy ước."))
        if not 0 <= days <= LONGEST or (stage == Stage.DUE and days) or (stage == Stage.BEFORE and not days):
            raise ActionRefused(_("Số ngày nhắc trước phải từ 1 đến 60, báo quá hạn từ 0 đến 60, nhắc đúng hạn là 0."))
    known = {(rule.stage, rule.days, rule.recipient): rule for rule in ReminderRule.objects.select_for_update()}
    for gone in known.keys() - set(wanted):  # what stays is not touched: the history holds only what changed
        known[gone].delete()
    ReminderRule.objects.bulk_create(
        ReminderRule(stage=stage, days=days, recipient=who) for stage, days, who in dict.fromkeys(wanted) if (stage, days, who) not in known
    )
    record("case.reminders_changed", subject=("case", "reminders"), actor=actor, payload={"rules": len(set(wanted))})


def remind(now: datetime | None = None) -> int:
    """Sends what is to be sent at `now`, each in its own transaction. Returns how many reminders went out."""
    now = now or timezone.now()
    sent = 0
    for rule in rules():
        for task_id in list(waiting(rule, now).values_list("pk", flat=True)[:BATCH]):
            sent += _send(task_id, rule, now)
    return sent


def waiting(rule: ReminderRule, now: datetime) -> QuerySet[Task]:
    """Open tasks that the rule speaks of now and that it has not spoken of before."""
    told = Reminder.objects.filter(task=OuterRef("pk"), stage=rule.stage, days=rule.days, recipient=rule.recipient)
    stops = Suspension.objects.filter(case=OuterRef("case"), ended_at=None)
    own = Suspension.objects.filter(task=OuterRef("pk"))
    tasks = Task.objects.filter(state=Task.State.OPEN, due_at__isnull=False).exclude(kind="subprocess")
    tasks = tasks.filter(~Exists(told), Exists(own) | ~Exists(stops))  # nobody is late while the case's clock stands
    return tasks.filter(_when(rule, now)).order_by("due_at", "pk")


def _when(rule: ReminderRule, now: datetime) -> Q:
    today = now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + ONE_DAY
    if rule.stage == Stage.BEFORE:  # not on the day it was opened: whoever got it today knows
        return Q(due_at__gte=tomorrow, due_at__lt=_midnight_after(today, rule.days), opened_at__lt=today)
    if rule.stage == Stage.DUE:
        return Q(due_at__gte=today, due_at__lt=tomorrow) & (Q(due_at__gt=now) | Q(role="applicant"))
    bound = _midnight_after(_worked(today), -rule.days) if rule.days else now
    late = Q(due_at__lt=min(bound, now))
    return late & (~Q(role="applicant") | Q(due_at__lt=min(bound, today)))  # the applicant's last day runs to its end


def _worked(today: datetime) -> datetime:
    """Today, or the last working day before it."""
    calendar = working_calendar()
    while not calendar.is_workday(today.date()):
        today -= ONE_DAY
    return today


def _midnight_after(today: datetime, days: int) -> datetime:
    """The end of the working day that is `days` working days after (before, when negative) today."""
    calendar = working_calendar()
    day, step, left = today.date(), ONE_DAY if days > 0 else -ONE_DAY, abs(days)
    while left:
        day += step
        left -= calendar.is_workday(day)
    return today + timedelta(days=(day - today.date()).days) + ONE_DAY


@transaction.atomic
def _send(task_id: int, rule: ReminderRule, now: datetime) -> bool:
    case_id = Task.objects.values_list("case_id", flat=True).get(pk=task_id)
    case = lock(case_id)
    task = Task.objects.select_related("unit", "assignee").get(pk=task_id)
    task.case = case
    if task.state != Task.State.OPEN or not Task.objects.filter(_when(rule, now), pk=task_id).exists():
        return False
    key = {"task": task, "stage": rule.stage, "days": rule.days, "recipient": rule.recipient}
    if not Reminder.objects.get_or_create(**key, defaults={"sent_at": now})[1]:
        return False
    subject_of(case).remind(task, rule.stage, recipients(task, rule.recipient))
    verb = "task.escalated" if rule.stage == Stage.LATE else "task.reminded"
    record(verb, subject=subject_ref(case), actor=None, payload={"task": task.pk})
    return True


def recipients(task: Task, who: str) -> list[User]:
    """The persons a rule means: the holder (or all who may take the task), the heads of its unit, the leaders of its agency.

    A step of the applicant has no unit: its holder is told by the subject; heads and leaders stand for the official who asked. Behind a
    consultation, the holder is whoever asked; the asked unit has a task of its own.
    """
    if who == Recipient.HOLDER and not task.is_applicant and task.kind == "task":
        return [task.assignee] if task.assignee else list(access.candidates(task))
    asked_by = Task.objects.filter(case=task.case_id, state=Task.State.DONE, closed_by__isnull=False).exclude(role="applicant")
    asking = asked_by.select_related("unit", "closed_by").order_by("-closed_at", "-pk").first()
    if who == Recipient.HOLDER:
        return [asking.closed_by] if asking and asking.closed_by and not task.is_applicant else []
    unit = (asking.unit if asking else None) if task.is_applicant or task.kind != "task" else task.unit
    if unit is None:
        return []
    codes = unit.ancestor_codes
    held = Position.objects.on(timezone.localdate()).filter(role=who, unit__code__in=codes, user__is_active=True)
    nearest = held.select_related("user", "unit").order_by(Length("unit__path").desc(), "pk")
    first = nearest.first()
    return [position.user for position in nearest if first and position.unit_id == first.unit_id]
