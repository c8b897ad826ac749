"""Flows as rows.

A `FlowVersion` is immutable once published; its steps and transitions are rows for queries, its definition is the contract.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Flow(models.Model):
    """A process by name - quy trình. Permissions and statistics attach here, not to versions."""

    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    subject_kind = models.CharField(max_length=30, default="internal")

    def __str__(self) -> str:
        return self.title


class FlowVersion(models.Model):
    """One state of a flow's definition, in the format of docs/declaring-a-procedure.md."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Dự thảo")
        PUBLISHED = "published", _("Đã công bố")
        RETIRED = "retired", _("Hết hiệu lực")

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flow", "number"], name="flow_version_number_unique"),
            models.UniqueConstraint(fields=["flow", "digest"], condition=~Q(state="draft"), name="flow_version_digest_unique"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_flow_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["published", "retired"])
                & (
                    pgtrigger.Q(old__definition__df=pgtrigger.F("new__definition"))
                    | pgtrigger.Q(old__digest__df=pgtrigger.F("new__digest"))
                ),
            ),
            pgtrigger.Protect(
                name="published_flow_stays", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__state__in=["published", "retired"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} ({self.number})"


class Step(models.Model):
    """A step of a version - bước: task, choice, split, join, consultation, subprocess, service or end."""

    version = models.ForeignKey(FlowVersion, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=14)
    title = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=16, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="step_key_unique")]
        ordering = ["place"]


class Transition(models.Model):
    """A way from one step to another - chuyển bước."""

    version = models.ForeignKey(FlowVersion, on_delete=models.CASCADE, related_name="transitions")
    source = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="outgoing")
    target = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="incoming")
    action = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    effect = models.CharField(max_length=30, blank=True)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
