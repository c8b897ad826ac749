"""Grants: dated rows that give a role, a unit, an account or everybody something in a register."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.roles import Role
from sonha.foundation.organisations.models import DatedQuerySet, Unit

EVERYBODY = "everybody"
SIGNED_IN = "signed_in"
AUDIENCES = [(EVERYBODY, _("Mọi người")), (SIGNED_IN, _("Người đã đăng nhập")), *Role.choices]


class RegisterGrant(models.Model):
    """What an audience may do in a register - quyền trên sổ đăng ký. Several grants add up."""

    class Level(models.IntegerChoices):
        READ = 1, _("Xem")
        DOWNLOAD = 2, _("Xem và tải về")
        EDIT = 3, _("Cập nhật")

    register = models.CharField(_("sổ"), max_length=60)
    audience = models.CharField(_("cho ai"), max_length=16, choices=AUDIENCES)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # only posts in it or below it
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("mức"), choices=Level, default=Level.READ)
    personal = models.BooleanField(_("dữ liệu cá nhân"), default=False)
    secret = models.BooleanField(_("thông tin mật"), default=False)
    fields = models.JSONField(_("chỉ các trường"), default=list, blank=True)  # empty: all that the other marks allow
    everywhere = models.BooleanField(_("không giới hạn địa bàn"), default=False)
    declared = models.BooleanField(default=False)  # came with the declaration of the register
    source = models.CharField(_("căn cứ"), max_length=300, blank=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["register", "pk"]
        indexes = [models.Index(fields=["register", "audience"], name="grant_register")]
        constraints = [models.UniqueConstraint(fields=["register", "audience"], condition=Q(declared=True), name="grant_declared_once")]

    def __str__(self) -> str:
        """The register by its title, or by its code when nobody declares it any more."""
        from sonha.registry.declarations import registers

        title = next((each.title for each in registers() if each.code == self.register), self.register)
        return f"{title}: {self.get_audience_display()}"


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(RegisterGrant)
