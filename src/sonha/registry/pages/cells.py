"""Values as people read them. Names of codes, references and communes are looked up once for all rows of a page."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues.models import CatalogueItem
from sonha.foundation.ui.figures import format_number
from sonha.registry.declarations import Register, of_model
from sonha.registry.declarations.fields import Field
from sonha.registry.grants.rights import rights
from sonha.registry.records.selectors import records

from .asking import Asked
from .drawing import size_words

MASK = "•••"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one row. `text` is empty when there is none; `masked` ones say why in `reason`."""

    field: Field
    text: str = ""
    url: str = ""
    masked: bool = False
    reason: str = ""
    unit: str = ""

    @property
    def with_unit(self) -> str:
        return f"{self.text} {self.unit}" if self.text and self.unit else self.text


@dataclass(frozen=True, slots=True)
class _Named:
    text: str
    url: str = ""
    masked: bool = False


class Cells:
    """Reads the values of `rows`; `names` are the fields that will be asked for (default: all). Rows were read through `records`."""

    def __init__(self, asked: Asked, rows: Iterable[Any], names: Iterable[str] | None = None, day: date | None = None) -> None:
        self.register, self.rights, self.actor = asked.register, asked.rights, asked.actor
        wanted = None if names is None else set(names)
        self.fields = {each.name: each for each in self.register.fields() if wanted is None or each.name in wanted}
        shown = list(rows)
        self._codes = {each.name: code_names(each, _values(shown, each.name), day) for each in self.fields.values() if each.kind == "code"}
        self._named = {
            each.name: self._references(each, _values(shown, f"{each.name}_id"))
            for each in self.fields.values()
            if each.kind == "reference"
        }

    def of(self, row: Any, name: str) -> Cell:
        field = self.fields[name]
        if name not in self.rights.fields_of(row):
            return Cell(field, MASK, masked=True, reason=reason(self.register, name))
        if field.kind == "reference":
            named = self._named[name].get(getattr(row, f"{name}_id"), _Named(""))
            return Cell(field, named.text, named.url, named.masked, _("Ông/bà không được xem bản ghi này.") if named.masked else "")
        value = getattr(row, name)
        if field.kind == "code":
            return Cell(field, self._codes[name].get(str(value), str(value or "")))
        return Cell(field, value_words(field, value), unit=field.unit if field.is_numeric and value is not None else "")

    def row(self, row: Any, names: Iterable[str]) -> list[Cell]:
        return [self.of(row, name) for name in names]

    def _references(self, field: Field, ids: set[Any]) -> dict[Any, _Named]:
        related: Any = self.register.model._meta.get_field(field.name).related_model
        register = of_model(related)
        if not ids:
            return {}
        if register is None:
            return {row.pk: _Named(str(row)) for row in related._default_manager.filter(pk__in=ids)}
        return {pk: _Named(MASK, masked=True) for pk in ids} | referenced(self.actor, register, ids)


def referenced(actor: Actor, register: type[Register], ids: Iterable[Any]) -> dict[Any, _Named]:
    """Names and addresses of other records, of those that the actor reads with their names."""
    held, naming = rights(actor, register), register.naming()
    found = {}
    for row in records(actor, register, ended=True).filter(pk__in=set(ids)):
        shown = naming in held.fields_of(row) or naming == "pk"
        found[row.pk] = _Named(register.named(row) if shown else MASK, reverse("registers:record", args=[register.slug, row.pk]), not shown)
    return found


def reason(register: type[Register], name: str) -> str:
    """Why a field is masked, for the one who meets it."""
    if name in register.secret:
        return _("Thông tin mật, chỉ người được giao mới xem được.")
    if name in register.personal:
        return _("Dữ liệu cá nhân, chỉ cán bộ được giao và chính người đó xem được.")
    return _("Không thuộc phần công khai, hoặc ngoài địa bàn ông/bà phụ trách.")


def _values(rows: list[Any], name: str) -> set[Any]:
    return {value for row in rows if (value := getattr(row, name)) not in (None, "")}


def code_names(field: Field, codes: Iterable[Any], day: date | None = None) -> dict[str, str]:
    """Names of codes on a day (default today); of the last day it had one for a code no longer in force."""
    wanted = {str(code) for code in codes}
    if not wanted:
        return {}
    rows = CatalogueItem.objects.filter(catalogue__code=field.catalogue, code__in=wanted)
    names: dict[str, str] = {}
    for item in rows.order_by(F("valid_to").asc(nulls_last=True)):  # the newest last
        names[item.code] = item.name
    for item in rows.on(day or timezone.localdate()):
        names[item.code] = item.name
    return {code: f"{name} ({code})" if name != code else code for code, name in names.items()}


def value_words(field: Field, value: Any) -> str:
    """A value of its own, without looking anything up; empty for none."""
    if value is None or value == "":
        return ""
    if field.kind == "boolean":
        return _("Có") if value else _("Không")
    if field.kind == "choice":
        return str(dict(field.choices).get(str(value), value))
    if field.kind == "moment":
        return timezone.localtime(value).strftime("%H:%M %d/%m/%Y")
    if field.kind == "date":
        return str(value.strftime("%d/%m/%Y"))
    if field.kind == "geometry":
        return size_words(value)
    if field.kind == "json":
        return _json_words(value)
    return format_number(Decimal(str(value)), None) if field.is_numeric else str(value)


def _json_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_json_words(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_json_words(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def plain(field: Field, value: Any) -> Any:
    """A value for a spreadsheet: numbers and dates as such, everything else in words."""
    if value is None or value == "":
        return None
    return value if field.is_numeric or field.kind in ("date", "moment") else value_words(field, value)


def is_related(register: type[Register], name: str) -> bool:
    return isinstance(register.model._meta.get_field(name), models.ForeignKey)
