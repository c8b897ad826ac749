"""What the platform keeps about jobs besides procrastinate's own tables."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Effect(models.Model):
    """Written by an atomic job in its own transaction: this job's work is done."""

    job_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_default=Now())


class Key(models.Model):
    """Idempotency key: the job that was enqueued under it, once and for all (until the nightly clean-up, after 90 days)."""

    key = models.CharField(primary_key=True, max_length=200)
    job_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())


class Progress(models.Model):
    """Progress of a bulk operation (thao tác hàng loạt), for the page that waits for it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        RUNNING = "running", _("Đang thực hiện")
        DONE = "done", _("Đã xong")
        STOPPED = "stopped", _("Dừng vì lỗi")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="[[reference, sentence], ...]; the first 200")
    link = models.CharField(max_length=300, blank=True, help_text="Where the result is.")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.title} {self.done + self.failed}/{self.total}"

    @property
    def finished(self) -> bool:
        return self.state in {self.State.DONE, self.State.STOPPED}

    @property
    def percent(self) -> int:
        return 100 if self.state == self.State.DONE else 100 * (self.done + self.failed) // max(self.total, 1)
