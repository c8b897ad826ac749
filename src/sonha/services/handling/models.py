"""What officials keep for their own work."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.services.procedures.models import Field, Procedure


class SavedFilter(models.Model):
    """A selection of a list under a name - bộ lọc đã lưu; each person's own. The default one is what the list opens with."""

    class Page(models.TextChoices):
        DOSSIERS = "dossiers", _("Hồ sơ")
        WORK = "work", _("Việc của tôi")
        UNIT_WORK = "unit_work", _("Việc của đơn vị")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=10, choices=Page)
    name = models.CharField(_("tên bộ lọc"), max_length=60)
    parameters = models.JSONField(default=dict)  # of the list's address
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_filter_name"),
            models.UniqueConstraint(fields=["user", "page"], condition=Q(is_default=True), name="saved_filter_one_default"),
        ]

    def __str__(self) -> str:
        return self.name


class Sentence(models.Model):
    """A ready sentence - câu mẫu. Of the province (no owner) for all procedures, a field or one procedure; or an official's own."""

    class Use(models.TextChoices):
        SUPPLEMENT = "supplement", _("Yêu cầu bổ sung")
        SEND_BACK = "send_back", _("Trả lại bước trước")
        REFUSAL = "refusal", _("Từ chối, đề nghị không cấp")

    use = models.CharField(_("dùng khi"), max_length=10, choices=Use)
    text = models.CharField(_("câu mẫu"), max_length=500)
    field = models.ForeignKey(Field, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lĩnh vực"))
    procedure = models.ForeignKey(Procedure, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thủ tục"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        ordering = ["use", "order", "pk"]
        constraints = [models.CheckConstraint(condition=Q(field=None) | Q(procedure=None), name="sentence_field_or_procedure")]
        indexes = [models.Index(fields=["owner", "use"], name="sentence_owner")]

    def __str__(self) -> str:
        return self.text


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Sentence)
