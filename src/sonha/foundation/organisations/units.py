"""Writes of units: what is said of a unit, and new units below another. A unit keeps its code and its place for ever: what is
reorganised gets a successor, so that old dossiers stay where they were.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sonha.foundation.audit.services import record
from sonha.foundation.identity.errors import NotAllowed, Refused
from sonha.foundation.organisations.models import Position, Unit

SAID = ("name", "name_en", "short_name", "address", "phone", "email", "code_qd20", "code_102", "source", "valid_to")
CODE = re.compile(r"[A-Z0-9]{1,12}")


@transaction.atomic
def change_unit(actor: Any, unit: Unit, values: Mapping[str, Any]) -> Unit:
    """Changes what is said of a unit (`values`: SAID). Administrators only; Refused in words."""
    if not actor.is_administrator:
        raise NotAllowed
    held = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    check(held, values)
    for name in SAID:
        setattr(held, name, values.get(name) if name == "valid_to" else str(values.get(name) or "").strip())
    held.save()
    record("unit.changed", subject=("unit", held.code), actor=actor, payload={"unit": held.code})
    return held


@transaction.atomic
def add_unit(actor: Any, parent: Unit, code: str, kind: str, values: Mapping[str, Any], *, valid_from: date) -> Unit:
    """A new unit below `parent`, its code made of the parent's and `code` (`STNMT` + `NUOC`). Administrators only; Refused in words."""
    if not actor.is_administrator:
        raise NotAllowed
    own = code.strip().upper()
    if not CODE.fullmatch(own):
        raise Refused(_("Mã gồm chữ in hoa không dấu và số, nhiều nhất 12 ký tự."), "code")
    whole = f"{parent.code}.{own}"
    if len(whole) > 40 or Unit.objects.filter(code=whole).exists():
        raise Refused(_("Mã %(code)s đã có hoặc quá dài.") % {"code": whole}, "code")
    if kind not in Unit.Kind.values:
        raise Refused(_("Hãy chọn loại đơn vị."), "kind")
    said = {name: values.get(name) or ("" if name != "valid_to" else None) for name in SAID}
    unit = Unit(code=whole, kind=kind, level=parent.level, parent=parent, area=parent.area, valid_from=valid_from, **said)
    check(unit, values)
    unit.save()
    record("unit.added", subject=("unit", whole), actor=actor, payload={"unit": whole})
    return unit


def check(unit: Unit, values: Mapping[str, Any]) -> None:
    """Refused when a unit cannot be what `values` (SAID) say: without a name, or ended before what is in it."""
    if not str(values.get("name") or "").strip():
        raise Refused(_("Hãy ghi tên đơn vị."), "name")
    last = values.get("valid_to")
    if last is None:
        return
    if unit.valid_from and last < unit.valid_from:
        raise Refused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), "valid_to")
    if unit.pk and Position.objects.filter(unit__path__startswith=unit.path).on(last).exclude(valid_to=last).exists():
        raise Refused(_("Còn cán bộ giữ vị trí ở đơn vị này sau ngày ấy. Hãy kết thúc các vị trí trước."), "valid_to")
    if unit.pk and unit.children.filter(valid_to=None).exists():
        raise Refused(_("Còn đơn vị trực thuộc chưa kết thúc. Hãy kết thúc các đơn vị ấy trước."), "valid_to")
