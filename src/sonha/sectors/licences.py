"""What every licence of a sector's register has, whoever granted it and for what."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from sonha.foundation.identity.models import Party
from sonha.registry.declarations import Look
from sonha.registry.records.models import Record


class LicenceState(models.TextChoices):
    """The life cycle of a licence - vòng đời giấy phép."""

    IN_FORCE = "in_force", _("Còn hiệu lực")
    SUSPENDED = "suspended", _("Bị đình chỉ")
    REVOKED = "revoked", _("Bị thu hồi")
    EXPIRED = "expired", _("Hết hạn")
    RETURNED = "returned", _("Đã trả lại")


ACTIVE = (LicenceState.IN_FORCE, LicenceState.SUSPENDED)
"""States in which a licence still holds its place."""


class Licence(Record):
    """A licence - giấy phép: number, days, holder, state, and the dossier that it came from."""

    number = models.CharField(_("số giấy phép"), max_length=80)
    issued_on = models.DateField(_("ngày cấp"))
    expires_on = models.DateField(_("có giá trị đến hết ngày"), null=True, blank=True)
    issuer = models.CharField(_("cơ quan cấp"), max_length=200, blank=True)
    holder = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chủ giấy phép"))
    holder_name = models.CharField(_("tên chủ giấy phép"), max_length=300)
    state = models.CharField(_("tình trạng"), max_length=12, choices=LicenceState, default=LicenceState.IN_FORCE)
    dossier_code = models.CharField(_("mã hồ sơ"), max_length=50, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


LICENCE_PERSONAL = frozenset({"holder", "holder_name"})
LICENCE_COMPUTED = frozenset({"dossier_code"})


def looks_by_state(look: Look) -> Mapping[str, Look]:
    """How a layer shows licences: in force as declared, suspended paler with a red line, grey with a red line when taken away, and grey
    when its time is over or it was handed back.
    """
    pale, grey, red = look.opacity * 0.5, "#9a9a9a", "#b3261e"
    return {
        LicenceState.IN_FORCE.value: look,
        LicenceState.SUSPENDED.value: replace(look, opacity=pale, stroke=red, dash=(5, 3)),
        LicenceState.REVOKED.value: replace(look, fill=grey, opacity=pale, stroke=red, dash=()),
        LicenceState.EXPIRED.value: replace(look, fill=grey, opacity=pale, stroke="#6b6b6b", dash=()),
        LicenceState.RETURNED.value: replace(look, fill=grey, opacity=pale, stroke="#6b6b6b", dash=(2, 2)),
    }
