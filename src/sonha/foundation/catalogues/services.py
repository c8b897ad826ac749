"""Writes of catalogues: one item at a time, or a whole list from a table."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sonha.foundation.audit.history import changed_by_people
from sonha.foundation.audit.services import record
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.foundation.catalogues.tables import Plan, Row, examine
from sonha.foundation.identity.errors import NotAllowed, Refused

SAID = ("name", "name_en", "owner", "source", "note")
"""What is said of a list as a whole."""


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


CHANGED = ("name", "name_en", "parent", "order", "valid_to", "source", "assumption", "attributes")
"""What is said of an item. Its code and its first day are what data and tables know it by: they stay."""


@transaction.atomic
def change_item(actor: Any, item: CatalogueItem, values: Mapping[str, Any]) -> CatalogueItem:
    """Corrects what is said of an item (`values`: some of CHANGED). A new meaning is a new item instead. Refused in words."""
    _allowed(actor)
    Catalogue.objects.select_for_update().get(pk=item.catalogue_id)
    held = CatalogueItem.objects.select_related("catalogue", "parent").get(pk=item.pk)
    for name in CHANGED:
        if name in values:
            setattr(held, name, values[name])
    held.name, held.source = unicodedata.normalize("NFC", held.name.strip()), held.source.strip()
    if not held.name:
        raise Refused(_("Xin ghi tên của mục."), "name")
    if not held.source:
        raise Refused(_("Xin ghi văn bản làm căn cứ."), "source")
    if held.valid_to is not None and held.valid_from is not None and held.valid_to < held.valid_from:
        raise Refused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), "valid_to")
    others = CatalogueItem.objects.filter(catalogue=held.catalogue, code=held.code).exclude(pk=held.pk)
    taken = _sharing_a_day(others, held.valid_from, held.valid_to).first()
    if taken is not None:
        raise Refused(_("Mã này là “%(name)s” trong một phần thời gian ấy.") % {"name": taken.name}, "valid_to")
    if held.parent_id and (held.parent.catalogue_id != held.catalogue_id or _below(held, held.parent)):  # type: ignore[union-attr]
        raise Refused(_("Mục cấp trên phải là một mục khác của danh mục này, không đứng dưới mục đang sửa."), "parent")
    held.save()
    record("catalogue.item_changed", subject=held.catalogue, actor=actor, payload={"item": held.code})
    return held


def _below(item: CatalogueItem, other: CatalogueItem | None) -> bool:
    """Whether `other` is the item or stands somewhere below it."""
    seen: set[int] = set()
    while other is not None and other.pk not in seen:
        if other.pk == item.pk:
            return True
        seen.add(other.pk)
        other = other.parent
    return False


@transaction.atomic
def change_catalogue(actor: Any, catalogue: Catalogue, values: Mapping[str, str]) -> Catalogue:
    """Corrects what is said of a list as a whole (`values`: some of SAID). Refused in words."""
    _allowed(actor)
    held = Catalogue.objects.select_for_update().get(pk=catalogue.pk)
    for name in SAID:
        if name in values:
            setattr(held, name, str(values[name] or "").strip())
    if not held.name or not held.source:
        raise Refused(_("Xin ghi tên danh mục và văn bản ban hành."), "source" if held.name else "name")
    held.save()
    record("catalogue.changed", subject=held, actor=actor, payload={"catalogue": held.code})
    return held


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
def carry_out(actor: Any, plan: Plan, *, spared: Collection[int] = ()) -> int:
    """Writes what a table asks for, as `examine` found it, but leaves the items `spared` (ids) as they are. Returns how many it changed.
    Refused when the catalogue changed meanwhile so that rows no longer fit."""
    _allowed(actor)
    Catalogue.objects.select_for_update().get(pk=plan.catalogue.pk)
    again = examine(plan.catalogue, plan.text)
    if (len(again.added), len(again.changed), len(again.refused)) != (len(plan.added), len(plan.changed), len(plan.refused)):
        raise Refused(_("Danh mục vừa được người khác sửa. Xin kiểm tra lại tệp."))
    changed = [row for row in again.changed if row.existing and row.existing.pk not in spared]
    for row in changed:
        CatalogueItem.objects.filter(pk=row.existing.pk).update(**row.values)  # type: ignore[union-attr]
    for row in again.added:
        CatalogueItem.objects.create(catalogue=plan.catalogue, code=row.code, valid_from=row.valid_from, **row.values)
    _link_parents(plan.catalogue, [*again.added, *changed])
    if again.added or changed:
        payload = {"added": len(again.added), "changed": len(changed)}
        record("catalogue.loaded", subject=plan.catalogue, actor=actor, payload=payload)
    return len(changed)


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
    """Brings a catalogue to what a file says; items that only the database has stay, and so does what a person changed last.
    Returns how many were added and changed. Refused names the first line that does not fit.

    `declared`: code, name, name_en, owner, source, note. `text` is the table (see `tables`)."""
    _allowed(actor)
    said = {name: str(declared.get(name) or "") for name in SAID}
    catalogue, created = Catalogue.objects.get_or_create(code=declared["code"], defaults=said)
    if (
        not created
        and catalogue.pk not in changed_by_people(Catalogue)
        and any(getattr(catalogue, name) != value for name, value in said.items())
    ):
        Catalogue.objects.filter(pk=catalogue.pk).update(**said)
        catalogue.refresh_from_db()
    plan = examine(catalogue, text)
    if plan.refused:
        line, reason = plan.refused[0]
        raise Refused(_("Danh mục %(code)s, dòng %(line)d: %(reason)s") % {"code": catalogue.code, "line": line, "reason": reason})
    changed = carry_out(actor, plan, spared=changed_by_people(CatalogueItem))
    return len(plan.added), changed
