"""Dated rows of the working-day calendar."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """A date that differs from the ordinary week: a day off (ngày nghỉ) or a make-up working day (ngày làm bù)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Ngày nghỉ")
        WORKDAY = "workday", _("Ngày làm bù")

    date = models.DateField(_("ngày"), unique=True)
    kind = models.CharField(_("loại"), max_length=8, choices=Kind, default=Kind.HOLIDAY)
    name = models.CharField(_("tên"), max_length=200)
    source = models.CharField(_("căn cứ"), max_length=300, help_text=_("Văn bản quy định ngày nghỉ hoặc làm bù."))
    assumption = models.BooleanField(_("giả định, tỉnh cần xác nhận"), default=False)

    class Meta:
        ordering = ["date"]
        verbose_name = _("ngày nghỉ, ngày làm bù")
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=["holiday", "workday"]), name="holiday_kind")]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"


class CalendarVersion(models.Model):
    """One row that counts the changes: every process compares it before trusting its cached calendar."""

    number = models.BigIntegerField(default=0)


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Holiday)
