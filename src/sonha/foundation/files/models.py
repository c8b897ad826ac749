"""What is known about a stored file. Several rows may share one blob on disk: the same bytes are kept once."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One file that somebody handed in or the platform made - tệp. Never changed after it was stored."""

    class ScanState(models.TextChoices):
        CLEAN = "clean", _("Không có mã độc")
        INFECTED = "infected", _("Có mã độc")
        UNSCANNED = "unscanned", _("Chưa quét")

    class Cleaning(models.TextChoices):
        NONE = "", _("Giữ nguyên")
        LOCATION = "location", _("Đã bỏ vị trí chụp")
        UPRIGHT = "upright", _("Đã xoay đúng chiều và bỏ vị trí chụp")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    original_name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    scan_state = models.CharField(max_length=9, choices=ScanState, default=ScanState.UNSCANNED)
    purpose = models.CharField(max_length=40)
    cleaning = models.CharField(max_length=8, choices=Cleaning, default=Cleaning.NONE, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["purpose", "created_at"], name="stored_file_purpose"),
            models.Index(fields=["created_at"], condition=Q(scan_state="unscanned"), name="stored_file_unscanned"),
        ]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_not_empty")]

    def __str__(self) -> str:
        return self.original_name

    @property
    def path(self) -> Path:
        """Where the bytes are on disk."""
        from .storage import blob_path

        return blob_path(self.sha256)

    @property
    def is_image(self) -> bool:
        return self.media_type in ("image/jpeg", "image/png", "image/webp")


class Upload(models.Model):
    """A file on its way in pieces - tải lên từng phần, so that a telephone on a slow line can go on where it stopped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    length = models.BigIntegerField()
    accept = models.CharField(max_length=200)
    max_bytes = models.BigIntegerField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(db_index=True)
    file = models.OneToOneField(StoredFile, models.CASCADE, null=True, related_name="upload")
    refusal = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.purpose})"
