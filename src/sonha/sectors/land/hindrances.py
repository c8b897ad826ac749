"""What stands against acts on a parcel, each in one sentence.

A disputed parcel and one under seizure or blocked may not be changed or passed on (Luật Đất đai 31/2024/QH15, Điều 45). A mortgaged one
only with the consent of the bank (Bộ luật Dân sự 91/2015/QH13, Điều 320, 321): whoever acts says where that consent is written.
"""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.sectors.land.codes import ParcelStatus, RestrictionKind
from sonha.sectors.land.models import LandRestriction, Parcel

FORBIDDING = (RestrictionKind.BLOCK, RestrictionKind.SEIZURE)


def held_today() -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())


def hindrances(parcel: Parcel, *, consent: str = "", mortgages: bool = True) -> list[str]:
    """Everything against changing a parcel or passing it on. `mortgages=False` for acts that leave a mortgage as it is."""
    return [sentence for _kind, sentence in _against(parcel, consent, mortgages)]


def is_mortgaged(parcel: Parcel) -> bool:
    return LandRestriction.objects.filter(held_today(), parcel=parcel, kind=RestrictionKind.MORTGAGE).exists()


def _against(parcel: Parcel, consent: str, mortgages: bool) -> Iterator[tuple[str, str]]:
    if parcel.valid_to is not None and parcel.valid_to < timezone.localdate():
        yield (
            "ended",
            _("%(parcel)s không còn từ ngày %(day)s (đã tách hoặc hợp thửa).")
            % {
                "parcel": parcel,
                "day": f"{parcel.valid_to:%d/%m/%Y}",
            },
        )
    if parcel.status == ParcelStatus.DISPUTED:
        yield "disputed", _("%(parcel)s đang có tranh chấp.") % {"parcel": parcel}
    if parcel.status == ParcelStatus.BLOCKED:
        yield "blocked", _("%(parcel)s đang bị ngăn chặn giao dịch.") % {"parcel": parcel}
    for each in LandRestriction.objects.filter(held_today(), parcel=parcel).order_by("registered_at"):
        given = {"parcel": parcel, "kind": each.get_kind_display().lower(), "document": each.document}
        if each.kind in FORBIDDING:
            yield each.kind, _("%(parcel)s đang bị %(kind)s theo %(document)s.") % given
        elif each.kind == RestrictionKind.MORTGAGE and mortgages and not consent:
            yield each.kind, _("%(parcel)s đang thế chấp theo %(document)s; cần văn bản đồng ý của bên nhận thế chấp.") % given
