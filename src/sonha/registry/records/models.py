"""The change that made a version, and what every kept record has."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Func
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.files.models import StoredFile


class TransactionNumber(Func):
    """The number of the writing transaction: readers of the change feed stop before those that may still be running."""

    template = "(pg_current_xact_id()::text::bigint)"
    arity = 0
    output_field = models.BigIntegerField()


class Change(models.Model):
    """One act that changed records, with its basis - lần cập nhật và căn cứ. Rows are never changed."""

    class Basis(models.TextChoices):
        DECISION = "decision", _("Quyết định, giấy phép")
        DOSSIER = "dossier", _("Hồ sơ thủ tục hành chính")
        DOCUMENT = "document", _("Văn bản, hợp đồng, biên bản")
        IMPORT = "import", _("Tệp dữ liệu được bàn giao")
        CORRECTION = "correction", _("Đính chính sai sót")
        GENERATED = "generated", _("Dữ liệu tạo ra để trình diễn")

    register = models.CharField(max_length=60)  # of one register, or of the database when the act touches several
    kind = models.CharField(max_length=30)  # add, amend, correct, end, import; sectors have their own: split, merge, transfer …
    basis = models.CharField(_("căn cứ"), max_length=10, choices=Basis)
    number = models.CharField(_("số, ký hiệu"), max_length=120, blank=True)
    dated = models.DateField(_("ngày của văn bản"), null=True, blank=True)
    dossier_code = models.CharField(_("mã hồ sơ"), max_length=50, blank=True)
    document = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("ghi chú"), blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_by_label = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now, db_default=Now())
    transaction = models.BigIntegerField(db_default=TransactionNumber(), editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["register", "-id"], name="change_register"),
            models.Index(fields=["dossier_code"], condition=~models.Q(dossier_code=""), name="change_dossier"),
        ]

    def __str__(self) -> str:
        return self.basis_words

    @property
    def made_by_words(self) -> str:
        """Whose act it was; the system's own are told as such, not by the name of the job."""
        return str(_("hệ thống tự ghi")) if self.made_by_label.startswith("system:") else self.made_by_label

    @property
    def basis_words(self) -> str:
        """`Quyết định 12/QĐ-UBND ngày 03/02/2026`, or the dossier's code, or the kind of basis alone."""
        said = self.number or self.dossier_code or str(self.get_basis_display())
        return f"{said} ({self.dated:%d/%m/%Y})" if self.dated else said


class Record(models.Model):
    """What every kept record has, whatever it is about. The main table holds the newest belief; ended records stay, with `valid_to`."""

    uid = models.UUIDField(_("mã định danh"), default=uuid.uuid4, db_default=Func(function="gen_random_uuid"), unique=True, editable=False)
    commune_code = models.CharField(_("xã, phường"), max_length=5, blank=True, db_default="")
    is_secret = models.BooleanField(_("thông tin mật"), default=False, db_default=False)
    origin = models.CharField(_("nguồn dữ liệu"), max_length=200, blank=True, db_default="")
    is_demo = models.BooleanField(_("dữ liệu trình diễn"), default=False, db_default=False)
    valid_from = models.DateField(_("có hiệu lực từ"), default=timezone.localdate)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("ghi lúc"), default=timezone.now, db_default=Now(), editable=False)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True
