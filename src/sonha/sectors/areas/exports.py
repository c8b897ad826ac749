"""The table of old and new communes as a file."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.rendering.exports import Export, Parameters, described, head_lines, register
from sonha.foundation.rendering.spreadsheets import Column, Sheet

from .transitions import Transition, transitions


def _found(parameters: Parameters) -> list[Transition]:
    return transitions(*(parameters.get(name, "").strip() for name in ("q", "side", "district")))


def _count(actor: Actor, parameters: Parameters, cap: int) -> int:
    return len(_found(parameters)[: cap + 1])


def _sheet(actor: Actor, parameters: Parameters) -> Sheet:
    chosen = [(_("Tìm"), parameters.get("q", "")), (_("Huyện cũ"), parameters.get("district", ""))]
    columns = [
        Column(_("Mã cũ"), width=10), Column(_("Đơn vị cũ"), width=28), Column(_("Huyện cũ"), width=24), Column(_("Từ ngày"), "date", 12),
        Column(_("Toàn bộ hay một phần"), width=20), Column(_("Mã mới"), width=10), Column(_("Trở thành"), width=28),
        Column(_("Mã hiện nay"), width=20), Column(_("Hiện nay"), width=36), Column(_("Căn cứ"), width=60),
    ]  # fmt: skip
    rows = (
        [
            each.old.code, each.old.name, each.district.name if each.district else None, each.on_date,
            _("một phần") if each.partial else _("toàn bộ"), each.new.code, each.new.name,
            ", ".join(last.code for last in each.present), ", ".join(last.name for last in each.present), each.source,
        ]
        for each in _found(parameters)
    )  # fmt: skip
    lines = head_lines(actor, described([(label, words) for label, words in chosen if words]))
    return Sheet(_("Chuyển đổi đơn vị hành chính"), lines, columns, rows)


register("area_transitions", Export(gettext_lazy("Chuyển đổi đơn vị hành chính"), _count, _sheet))
