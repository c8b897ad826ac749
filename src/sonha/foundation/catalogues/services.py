"""Writes of catalogues: one item at a time, or a whole list from a table."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sonha.foundation.audit.services import record
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.foundation.catalogues.tables import Plan, Row, examine


class Refused(ValueError):
    """What was asked does not fit; the text says why. `field` is where a form should show it."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class NotAllowed(PermissionError):
    """Only administrators (and the system's own loader) write catalogues."""


def _allowed(actor: Any) -> None:
    if not (actor.is_system or actor.is_administrator):
        raise NotAllowed


@transaction.atomic
def add_item(
    actor: Any,
    catalogue: Catalogue,
    *,
    code: str,
    name: str,
    source: str,
    valid_from: date | None,
    name_en: str = "",
    order: int | None = None,
    parent: CatalogueItem | None = None,
    valid_to: date | None = None,
) -> CatalogueItem:
    """A new item, or an old code with a new meaning from a later day. Refused in words when the code is taken on some of these days."""
    _allowed(actor)
    locked = Catalogue.objects.select_for_update().get(pk=catalogue.pk)
    if not source.strip():
        raise Refused(_("Xin ghi văn bản làm căn cứ."), "source")
    if valid_to is not None and valid_from is not None and valid_to < valid_from:
        raise Refused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), "valid_to")
    taken = _sharing_a_day(CatalogueItem.objects.filter(catalogue=locked, code=code), valid_from, valid_to).first()
    if taken is not None:
        raise Refused(_("Mã này đang là “%(name)s” trong thời gian ấy; xin kết thúc mục cũ trước.") % {"name": taken.name}, "code")
    if order is None:
        last = CatalogueItem.objects.filter(catalogue=locked).order_by("-order").first()
        order = last.order + 1 if last else 1
    item = CatalogueItem.objects.create(
        catalogue=locked,
        code=code.strip(),
        name=unicodedata.normalize("NFC", name.strip()),
        name_en=name_en,
        order=order,
        parent=parent,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source.strip(),
    )
    record("catalogue.item_added", subject=locked, actor=actor, payload={"item": code, "valid_from": valid_from})
    return item


def _sharing_a_day(rows: Any, first: date | None, last: date | None) -> Any:
    if first is not None:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=first))
    return rows if last is None else rows.filter(Q(valid_from=None) | Q(valid_from__lte=last))


@transaction.atomic
def end_item(actor: Any, item: CatalogueItem, last_day: date, *, source: str) -> CatalogueItem:
    """Ends an item after `last_day`; old data keep its meaning. Refused in words."""
    _allowed(actor)
    held = CatalogueItem.objects.select_for_update(of=("self",)).select_related("catalogue").get(pk=item.pk)
    if not source.strip():
        raise Refused(_("Xin ghi văn bản làm căn cứ."), "source")
    if held.valid_to is not None and held.valid_to <= last_day:
        raise Refused(_("Mục này đã kết thúc ngày %(day)s.") % {"day": f"{held.valid_to:%d/%m/%Y}"}, "valid_to")
    if held.valid_from is not None and last_day < held.valid_from:
        raise Refused(_("Ngày kết thúc phải từ ngày bắt đầu %(day)s trở đi.") % {"day": f"{held.valid_from:%d/%m/%Y}"}, "valid_to")
    held.valid_to = last_day
    held.source = f"{held.source}; {source.strip()}"[:300]
    held.save(update_fields=["valid_to", "source"])
    record("catalogue.item_ended", subject=held.catalogue, actor=actor, payload={"item": held.code, "valid_to": last_day})
    return held


@transaction.atomic
def carry_out(actor: Any, plan: Plan) -> None:
    """Writes what a table asks for, as `examine` found it. Refused when the catalogue changed meanwhile so that rows no longer fit."""
    _allowed(actor)
    Catalogue.objects.select_for_update().get(pk=plan.catalogue.pk)
    again = examine(plan.catalogue, plan.text)
    if (len(again.added), len(again.changed), len(again.refused)) != (len(plan.added), len(plan.changed), len(plan.refused)):
        raise Refused(_("Danh mục vừa được người khác sửa. Xin kiểm tra lại tệp."))
    for row in again.changed:
        CatalogueItem.objects.filter(pk=row.existing.pk).update(**row.values)  # type: ignore[union-attr]
    for row in again.added:
        CatalogueItem.objects.create(catalogue=plan.catalogue, code=row.code, valid_from=row.valid_from, **row.values)
    _link_parents(plan.catalogue, [*again.added, *again.changed])
    if again.added or again.changed:
        payload = {"added": len(again.added), "changed": len(again.changed)}
        record("catalogue.loaded", subject=plan.catalogue, actor=actor, payload=payload)


def _link_parents(catalogue: Catalogue, rows: Sequence[Row]) -> None:
    """Sets the item above each row, by code: the one in force on the row's first day, or else the latest."""
    held: dict[str, list[CatalogueItem]] = {}
    for item in CatalogueItem.objects.filter(catalogue=catalogue).order_by("valid_from"):
        held.setdefault(item.code, []).append(item)
    for row in rows:
        above = held.get(row.parent, []) if row.parent else []
        then = [item for item in above if _holds(item, row.valid_from)]
        parent = (then or above)[-1] if above else None
        of_row = CatalogueItem.objects.filter(catalogue=catalogue, code=row.code, valid_from=row.valid_from)
        of_row.exclude(parent=parent).update(parent=parent)


def _holds(item: CatalogueItem, day: date | None) -> bool:
    if day is None:
        return item.valid_from is None
    return (item.valid_from is None or item.valid_from <= day) and (item.valid_to is None or day <= item.valid_to)


@transaction.atomic
def load_catalogue(actor: Any, declared: Mapping[str, Any], text: str) -> tuple[int, int]:
    """Brings a catalogue to what a file says; items that only the database has stay. Returns how many were added and changed. Refused
    names the first line that does not fit.

    `declared`: code, name, name_en, owner, source, note. `text` is the table (see `tables`)."""
    _allowed(actor)
    said = {name: str(declared.get(name) or "") for name in ("name", "name_en", "owner", "source", "note")}
    catalogue, created = Catalogue.objects.get_or_create(code=declared["code"], defaults=said)
    if not created and any(getattr(catalogue, name) != value for name, value in said.items()):
        Catalogue.objects.filter(pk=catalogue.pk).update(**said)
        catalogue.refresh_from_db()
    plan = examine(catalogue, text)
    if plan.refused:
        line, reason = plan.refused[0]
        raise Refused(_("Danh mục %(code)s, dòng %(line)d: %(reason)s") % {"code": catalogue.code, "line": line, "reason": reason})
    carry_out(actor, plan)
    return len(plan.added), len(plan.changed)
