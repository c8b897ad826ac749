"""Findings as a spreadsheet, of the same conditions as the page; named `findings:<code of the register>`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.rendering.exports import Export, Parameters, head_lines, register_family
from sonha.foundation.rendering.spreadsheets import Column, Sheet
from sonha.registry.declarations import Severity
from sonha.registry.declarations import register as declared

from .models import Finding
from .selectors import findings


def narrowed(found: QuerySet[Finding], parameters: Mapping[str, str]) -> QuerySet[Finding]:
    """By rule, severity and state (default: open)."""
    state = parameters.get("state", "") or Finding.State.OPEN
    found = found.filter(state=state) if state in Finding.State.values else found.none()
    if rule := parameters.get("rule", ""):
        found = found.filter(rule=rule)
    if (severity := parameters.get("severity", "")) in Severity.values:
        found = found.filter(severity=severity)
    return found


def _export(code: str) -> Export:
    register = declared(code)

    def rows(actor: Actor, parameters: Parameters, cap: int) -> int:
        return narrowed(findings(_official(actor), register), parameters).order_by()[: cap + 1].count()

    def sheet(actor: Actor, parameters: Parameters) -> Sheet:
        columns = [
            Column(_("Quy tắc"), width=10), Column(_("Mức độ"), width=10), Column(_("Bản ghi"), "number", 10), Column(_("Lỗi"), width=70),
            Column(_("Kinh độ"), "coordinate", 12), Column(_("Vĩ độ"), "coordinate", 12), Column(_("Thấy từ"), "moment", 17),
        ]  # fmt: skip
        title = _("Lỗi dữ liệu: %(register)s") % {"register": register.title}
        return Sheet(
            title, head_lines(actor, parameters.get("rule", "")), columns, _rows(narrowed(findings(_official(actor), register), parameters))
        )

    return Export(_("Lỗi dữ liệu: %(register)s") % {"register": register.title}, rows, sheet)


def _official(actor: Actor) -> Actor:
    return actor.in_office() if actor.is_official else actor


def _rows(found: QuerySet[Finding]) -> Iterator[list[Any]]:
    for each in found.order_by("rule", "pk").iterator(chunk_size=1_000):
        point = each.place.centroid if each.place else None
        at = [point.x, point.y] if point else [None, None]
        yield [each.rule, each.get_severity_display(), each.record_id or None, each.sentence, *at, timezone.localtime(each.first_seen)]


register_family("findings", _export)
