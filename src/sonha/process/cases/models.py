"""Cases and tasks: where every running process stands, as rows that queues, clocks and access are read from."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.models import Unit
from sonha.process.flows.models import FlowVersion


class Case(models.Model):
    """One run of a flow. What it is about (a dossier, a commendation) points here with a one-to-one link."""

    class State(models.TextChoices):
        RUNNING = "running", _("Đang giải quyết")
        COMPLETED = "completed", _("Đã kết thúc")
        CANCELLED = "cancelled", _("Đã dừng")

    flow_version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="cases")
    subject_kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    outcome = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)  # why it was withdrawn or opened again
    actors = models.JSONField(default=dict)  # actor name in the flow -> unit id
    data = models.JSONField(default=dict)  # what conditions read: answers, dossier.*, task.<step>.*
    limit = models.JSONField(null=True, blank=True)  # {"amount": "30", "unit": "working_days"}
    parent_task = models.ForeignKey("Task", null=True, blank=True, on_delete=models.PROTECT, related_name="child_cases")
    started_at = models.DateTimeField(default=timezone.now)
    clock_from = models.DateTimeField(null=True, blank=True)  # acceptance: when the legal clock began
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="running"), name="case_running_due"),
            models.Index(fields=["parent_task"], condition=Q(parent_task__isnull=False), name="case_child"),
        ]

    def __str__(self) -> str:
        return self.title or f"Case {self.pk}"


class ParallelScope(models.Model):
    """One activation of a split: how many branches run and how many have arrived at its join."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="scopes")
    split = models.CharField(max_length=60)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE)
    branches = models.PositiveSmallIntegerField()
    arrived = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(arrived__lte=F("branches")), name="scope_arrivals_bounded")]


class Task(models.Model):
    """Work at one step for one role in one unit, or for the applicant - công việc."""

    class State(models.TextChoices):
        OPEN = "open", _("Đang chờ")
        DONE = "done", _("Đã xong")
        CANCELLED = "cancelled", _("Đã huỷ")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    step = models.CharField(max_length=60)
    kind = models.CharField(max_length=14, default="task")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=16)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    scope = models.ForeignKey(ParallelScope, null=True, blank=True, on_delete=models.CASCADE, related_name="tasks")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    limit = models.JSONField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "role", "due_at"], condition=Q(state="open"), name="task_queue"),
            models.Index(fields=["assignee", "due_at"], condition=Q(state="open"), name="task_assignee"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="task_open_due"),
            models.Index(fields=["case", "opened_at"], name="task_case"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_applicant(self) -> bool:
        return self.role == "applicant"


class Suspension(models.Model):
    """A stretch during which the case's clock stood still, and why - tạm dừng tính thời hạn."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="suspensions")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.SET_NULL)
    reason = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="suspension_dates")]


class ReminderRule(models.Model):
    """When whom is reminded of an open task. Rows are data: the province changes them without a release (the rows of the first
    migration are an assumption that the province confirms).
    """

    class Stage(models.TextChoices):
        BEFORE = "before", _("Sắp đến hạn")  # `days` working days before the due date
        DUE = "due", _("Hôm nay là hạn")
        LATE = "late", _("Quá hạn")  # `days` working days after the due date; 0 = as soon as it is late

    class Recipient(models.TextChoices):
        HOLDER = "holder", _("Người thực hiện")
        HEAD = "head", _("Trưởng phòng")
        LEADER = "leader", _("Lãnh đạo")

    stage = models.CharField(_("thời điểm"), max_length=6, choices=Stage)
    days = models.PositiveSmallIntegerField(_("số ngày làm việc"), default=0)
    recipient = models.CharField(_("người được nhắc"), max_length=6, choices=Recipient)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "days", "recipient"], name="reminder_rule_unique"),
            models.CheckConstraint(condition=~Q(stage="due") | Q(days=0), name="reminder_rule_due_has_no_days"),
        ]
        ordering = ["stage", "days", "recipient"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.days}: {self.get_recipient_display()}"


class Reminder(models.Model):
    """A reminder of one task by one rule that was sent. The unique row is what makes each happen exactly once."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reminders")
    stage = models.CharField(max_length=6, choices=ReminderRule.Stage)
    days = models.PositiveSmallIntegerField(default=0)
    recipient = models.CharField(max_length=6, choices=ReminderRule.Recipient)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "stage", "days", "recipient"], name="reminder_once")]


class CaseAccess(models.Model):
    """A dated grant on one case to a unit, a user or a party. Never deleted: revoking sets the end.

    `handle`: the unit's own staff work on it; `oversee`: heads, leaders and auditors above read it; `own`: the applicant's side.
    """

    class Level(models.TextChoices):
        HANDLE = "handle", _("Giải quyết")
        OVERSEE = "oversee", _("Theo dõi")
        OWN = "own", _("Chủ hồ sơ")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="access")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=8, choices=Level)
    cause = models.CharField(max_length=60)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, user=None, party=None)
                | Q(unit=None, user__isnull=False, party=None)
                | Q(unit=None, user=None, party__isnull=False),
                name="access_one_holder",
            ),
            models.UniqueConstraint(
                fields=["case", "unit", "user", "party", "level"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="access_active_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-case"], include=["level"], condition=Q(ended_at=None, unit__isnull=False), name="access_unit"),
            models.Index(fields=["user", "-case"], condition=Q(ended_at=None, user__isnull=False), name="access_user"),
            models.Index(fields=["party", "-case"], condition=Q(ended_at=None, party__isnull=False), name="access_party"),
        ]


for tracked in (Case, Task, Suspension, CaseAccess, ReminderRule):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(tracked)
