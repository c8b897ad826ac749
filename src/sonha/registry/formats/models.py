"""Imports of files into registers, from the upload to the change."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.files.models import StoredFile
from sonha.foundation.jobs.models import Progress
from sonha.registry.records.models import Change


class ImportRun(models.Model):
    """One file on its way into a register - lần nhập dữ liệu từ tệp. `signature`: of its columns; the next file like it is mapped alike."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Đã nhận tệp")
        TRYING = "trying", _("Đang thử")
        TRIED = "tried", _("Đã thử, chưa ghi")
        WRITING = "writing", _("Đang ghi vào sổ")
        DONE = "done", _("Đã ghi vào sổ")
        FAILED = "failed", _("Không nhập được")
        STOPPED = "stopped", _("Đã dừng theo yêu cầu")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=60)
    way = models.CharField(max_length=60, blank=True, default="", db_default="")  # of files that the register knows; empty: by columns
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.UPLOADED)
    layers = models.JSONField(default=list)  # what the file holds: name, columns, count …
    layer = models.CharField(max_length=200, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    mapping = models.JSONField(default=dict)
    signature = models.CharField(max_length=64, blank=True)
    basis = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)
    refused_file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")
    progress = models.ForeignKey(Progress, null=True, on_delete=models.SET_NULL, related_name="+")
    stop_asked = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["register", "-created_at"], name="import_register")]

    def __str__(self) -> str:
        return f"{self.file.original_name} ({self.get_state_display()})"

    @property
    def title(self) -> str:
        """What its sender called the file, and how many came with it."""
        more = len(self.layers) - 1 if self.way else 0
        return f"{self.file.original_name} + {more}" if more > 0 else self.file.original_name

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.TRYING, self.State.WRITING)


class ImportFile(models.Model):
    """One of the files of an import by a way of its own, with its kind: which system it came from."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)

    class Meta:
        ordering: ClassVar = ["pk"]
