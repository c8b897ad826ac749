"""Permits: what was granted, to whom, where, until when, and everything that happened to it since."""

import pghistory
from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.models import Unit
from sonha.foundation.search.expressions import vector
from sonha.services.dossiers.models import Dossier


class PermitState(models.TextChoices):
    """The life cycle of a permit - vòng đời giấy phép."""

    IN_FORCE = "in_force", _("Còn hiệu lực")
    SUSPENDED = "suspended", _("Bị đình chỉ")
    REVOKED = "revoked", _("Bị thu hồi")
    EXPIRED = "expired", _("Hết hạn")
    RETURNED = "returned", _("Đã trả lại")


class Permit(models.Model):
    """A permit, certificate, decision or confirmation that stays valid - giấy phép, giấy chứng nhận (CSDL giấy phép TN&MT)."""

    number = models.CharField(_("số giấy phép"), max_length=80)
    permit_type = models.CharField(max_length=60)
    kind = models.CharField(max_length=16)  # permit, certificate, decision, confirmation
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=PermitState, default=PermitState.IN_FORCE)
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="permits")
    holder_name = models.CharField(_("chủ giấy phép"), max_length=250)
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="permits_issued")
    keeper = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="permits_kept")  # the agency that manages it
    dossier = models.OneToOneField(Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="permit")
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    details = models.JSONField(default=dict)
    commune_code = models.CharField(max_length=5, blank=True)
    geometry = GeometryField(srid=4326, null=True, blank=True)
    document = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    check_code = models.CharField(max_length=20, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search = models.GeneratedField(expression=vector("number", "holder_name", "title"), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "number", "issued_on"], name="permit_number_unique"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="permit_dates"),
        ]
        indexes = [
            models.Index(fields=["permit_type", "state"], name="permit_type_state"),
            models.Index(fields=["holder"], name="permit_holder"),
            models.Index(fields=["keeper", "-id"], name="permit_keeper"),
            models.Index(fields=["valid_to"], condition=Q(state="in_force"), name="permit_expiring"),
            GinIndex(fields=["search"], name="permit_search"),
        ]

    def __str__(self) -> str:
        return self.number


class PermitEvent(models.Model):
    """One act in the life of a permit, with its legal basis - cấp, gia hạn, điều chỉnh, đình chỉ, thu hồi, trả lại, chuyển nhượng."""

    class Kind(models.TextChoices):
        ISSUE = "issue", _("Cấp")
        EXTEND = "extend", _("Gia hạn")
        AMEND = "amend", _("Điều chỉnh")
        SUSPEND = "suspend", _("Đình chỉ hiệu lực")
        RESUME = "resume", _("Khôi phục hiệu lực")
        TRANSFER = "transfer", _("Chuyển nhượng")
        REVOKE = "revoke", _("Thu hồi")
        HAND_BACK = "hand_back", _("Trả lại")
        EXPIRE = "expire", _("Hết hạn")

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    on_date = models.DateField()
    basis = models.CharField(_("căn cứ"), max_length=300)  # decision number or dossier code
    decided_on = models.DateField(_("ngày của văn bản"), null=True, blank=True)
    reason = models.TextField(_("lý do"), blank=True)
    document = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="permit_events")
    changes = models.JSONField(default=dict)  # field -> [before, after]
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]


pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["search"],
    model_name="PermitRowEvent",
    obj_field=pghistory.ObjForeignKey(related_name="row_events", related_query_name="row_event"),
)(Permit)
