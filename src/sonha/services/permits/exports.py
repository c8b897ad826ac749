"""The permits register as a spreadsheet: the rows of the page, in its order, under its filter."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.models import Unit
from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.rendering.exports import Export, Parameters, described, head_lines, register
from sonha.foundation.rendering.spreadsheets import Column, Sheet
from sonha.services.permits.models import Permit, PermitState
from sonha.services.permits.selectors import KINDS, PermitFilters, permits_matching, type_title

BATCH = 500
COLUMNS = [
    Column(gettext_lazy("TT"), "number", 6),
    Column(gettext_lazy("Số giấy phép"), width=22),
    Column(gettext_lazy("Loại"), width=18),
    Column(gettext_lazy("Tên giấy phép"), width=60),
    Column(gettext_lazy("Chủ giấy phép"), width=32),
    Column(gettext_lazy("Tình trạng"), width=18),
    Column(gettext_lazy("Cơ quan cấp"), width=32),
    Column(gettext_lazy("Cơ quan quản lý"), width=32),
    Column(gettext_lazy("Ngày cấp"), "date", 13),
    Column(gettext_lazy("Hiệu lực từ"), "date", 13),
    Column(gettext_lazy("Hiệu lực đến"), "date", 13),
    Column(gettext_lazy("Xã, phường"), width=24),
    Column(gettext_lazy("Vĩ độ (WGS 84)"), "coordinate", 14),
    Column(gettext_lazy("Kinh độ (WGS 84)"), "coordinate", 14),
    Column(gettext_lazy("Mã hồ sơ"), width=26),
]


def chosen(filters: PermitFilters) -> list[tuple[str, str, str]]:
    """The conditions that narrow, each as (parameter, label, value in words)."""
    said = [
        ("q", _("Tìm"), filters.words),
        ("type", _("Loại giấy phép"), type_title(filters.permit_type)),
        ("kind", _("Hình thức"), str(dict(KINDS).get(filters.kind, filters.kind))),
        ("state", _("Tình trạng"), str(dict(PermitState.choices).get(filters.state, filters.state))),
        ("agency", _("Cơ quan"), str(Unit.objects.filter(code=filters.agency).values_list("name", flat=True).first() or filters.agency)),
        ("commune", _("Xã, phường"), area_name(filters.commune) if filters.commune else ""),
        ("expiring", _("Hết hạn trong"), _("%(days)s ngày tới") % {"days": filters.expiring} if filters.expiring else ""),
        ("from", _("Cấp từ ngày"), filters.start.strftime("%d/%m/%Y") if filters.start else ""),
        ("to", _("Cấp đến ngày"), filters.end.strftime("%d/%m/%Y") if filters.end else ""),
    ]
    return [(parameter, label, words) for parameter, label, words in said if words]


def sheet(actor: Actor, parameters: Parameters) -> Sheet:
    filters = PermitFilters.of(parameters)
    words = described([(label, value) for _parameter, label, value in chosen(filters)])
    return Sheet(_("Sổ giấy phép"), head_lines(actor, words), COLUMNS, _rows(permits_matching(actor, filters)))


def _rows(found: QuerySet[Permit]) -> Iterator[list[Any]]:
    remaining, number = found.iterator(chunk_size=BATCH), 0
    kinds = dict(KINDS)
    while shown := list(islice(remaining, BATCH)):
        for permit in shown:
            number += 1
            centre = permit.geometry.centroid if permit.geometry else None
            yield [
                number, permit.number, kinds.get(permit.kind, permit.kind), permit.title, permit.holder_name, permit.get_state_display(),
                permit.issuer.name, permit.keeper.name, permit.issued_on, permit.valid_from, permit.valid_to,
                area_name(permit.commune_code) if permit.commune_code else None,
                round(centre.y, 6) if centre else None, round(centre.x, 6) if centre else None,
                permit.dossier.code if permit.dossier else None,
            ]  # fmt: skip


def _length(actor: Actor, parameters: Parameters, cap: int) -> int:
    return permits_matching(actor, PermitFilters.of(parameters)).order_by()[: cap + 1].count()


register("permits", Export(gettext_lazy("Sổ giấy phép"), _length, sheet))
