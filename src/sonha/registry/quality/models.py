"""Runs of rules over whole registers, and what they found."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.jobs.models import Progress
from sonha.registry.declarations import Severity


class QualityRun(models.Model):
    """All rules of a register tried on all its records - lần kiểm tra chất lượng. `tried` are the rules that are through: a run that broke
    off goes on with the next one."""

    class State(models.TextChoices):
        RUNNING = "running", _("Đang kiểm tra")
        DONE = "done", _("Đã xong")
        STOPPED = "stopped", _("Đã dừng")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    tried = models.JSONField(default=list)
    records = models.PositiveIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    progress = models.ForeignKey(Progress, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]
        indexes: ClassVar = [models.Index(fields=["register", "-started_at"], name="quality_run_register")]


class Finding(models.Model):
    """One breach of a rule - lỗi dữ liệu. Open until a run no longer finds it, or until somebody accepts it with a reason."""

    class State(models.TextChoices):
        OPEN = "open", _("Đang mở")
        FIXED = "fixed", _("Đã hết")
        ACCEPTED = "accepted", _("Chấp nhận")

    register = models.CharField(max_length=60)
    rule = models.CharField(max_length=40)
    key = models.CharField(max_length=120)  # what makes it the same breach in the next run
    severity = models.CharField(max_length=10, choices=Severity)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    record_id = models.BigIntegerField()
    other_id = models.BigIntegerField(null=True)
    field = models.CharField(max_length=60, blank=True)
    sentence = models.TextField()
    place = GeometryField(srid=4326, null=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["register", "state", "-id"], name="finding_register"),
            models.Index(fields=["register", "record_id"], name="finding_record"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "rule", "key"], condition=~Q(state="fixed"), name="finding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence}"
