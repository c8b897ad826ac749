"""The conditions of a list, read off the declaration: words, filters, order, and places in the list that survive paging.

Whoever does not see a field of some rows cannot find out about it by asking: every condition narrows the rows to those where the field
may be shown.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues.selectors import items
from sonha.foundation.organisations.selectors import area_name, communes
from sonha.foundation.search.expressions import Words, vector
from sonha.foundation.ui.figures import format_number, parse_number
from sonha.registry.declarations import Register, of_model
from sonha.registry.declarations.fields import Field
from sonha.registry.grants.rights import rights
from sonha.registry.records.selectors import records

from .asking import Asked
from .cells import code_names, referenced
from .drawing import area_words
from .places import in_system
from .within import PARAMETER, read_area

LONGEST = 200  # characters of a condition
MOST_REFERENCED = 500
NUMBER, DATE = "number", "date"
SINGLE = re.compile(r"[\w./]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Filter:
    """One input of the form. `kind`: select, text, number or date (the last two with `from` and `to`)."""

    name: str
    label: str | Promise
    kind: str
    value: str = ""
    value_to: str = ""
    options: tuple[tuple[str, Any], ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Narrowing:
    """What an address asks of a register's list."""

    asked: Asked
    parameters: Mapping[str, str]
    typing: bool = False  # the last word may be incomplete

    @property
    def words(self) -> str:
        return self._said("q")

    @property
    def ended(self) -> bool:
        return self.parameters.get("ended") == "1"

    @cached_property
    def area(self) -> GEOSGeometry | None:
        """The place that the list is narrowed to, for whoever sees where the records lie."""
        place = self.asked.register.geometry()
        return read_area(self._area_said) if place and place in self.asked.rights.fields() else None

    @property
    def _area_said(self) -> str:
        return self.parameters.get(PARAMETER, "").strip()

    def _said(self, name: str) -> str:
        return self.parameters.get(name, "").strip()[:LONGEST]

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that match, in the order asked for."""
        for name in self.filter_names():
            condition = self._condition(self.asked.register.field(name))
            if condition is not None:
                rows = rows.filter(self.asked.rights.where_shown([name]), condition)
        if commune := self._said("commune"):
            rows = rows.filter(commune_code=commune)
        if (origin := self._said("origin")) and self.asked.actor.is_official:
            rows = rows.filter(origin__istartswith=origin)
        if self.area is None and self._area_said:  # never more than was asked for
            rows = rows.none()
        elif self.area is not None:
            place = self.asked.register.geometry()
            meets = Q(**{f"{place}__intersects": in_system(self.area, int(self.asked.register.field(place).srid or 0))})
            rows = rows.filter(self.asked.rights.where_shown([place]), meets)
        if self.words:
            rows = self._worded(rows)
        return rows.order_by(*self.ordering())

    def filter_names(self) -> list[str]:
        """Declared filters on fields that the actor sees of some row."""
        seen = self.asked.rights.fields()
        return [name for name in self.asked.register.filters if name in seen]

    # words

    def _worded(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """By words (without marks if one likes) or by how a number begins; all by an index."""
        register, rights, text = self.asked.register, self.asked.rights, self.words
        found = Q(pk__in=[])
        if register.searchable():
            searched = tuple(getattr(register.model, "searched", ()))
            whole = rights.where_shown(searched)
            found |= whole & Q(search=Words(text, typing=self.typing))
            if whole != Q():
                rows, partly = self._by_seen_words(rows, searched)
                found |= partly
        for name in register.numbers or register.identity:
            if self._is_text(name):
                begins = Q(pk__in=[])
                for each in dict.fromkeys((text, text.upper())):
                    begins |= Q(**{f"{name}__startswith": each})
                found |= rights.where_shown([name]) & begins
            elif register.field(name).kind == "integer" and text.isdecimal() and len(text) < 10:
                found |= rights.where_shown([name]) & Q(**{name: int(text)})
        return rows.filter(found)

    def _by_seen_words(self, rows: QuerySet[Any], searched: Iterable[str]) -> tuple[QuerySet[Any], Q]:
        """For rows of which the actor sees some of the searched fields only: the index first, then those fields alone.

        Signs are dropped, so that only words are asked for: "-name" would tell of what is masked by what is missing.
        """
        seen = [name for name in searched if name in self.asked.rights.always_shown()]
        words = " ".join(SINGLE.findall(self.words))
        if not seen or not words:
            return rows, Q(pk__in=[])
        rows = rows.annotate(seen_words=vector(*seen))
        return rows, Q(search=Words(words, typing=self.typing)) & Q(seen_words=Words(words, typing=self.typing))

    def _is_text(self, name: str) -> bool:
        try:
            return self.asked.register.field(name).kind in ("line", "text", "code", "choice")
        except LookupError:
            return False

    # filters

    def _condition(self, field: Field) -> Q | None:
        name = field.name
        if field.is_numeric or field.kind in ("date", "moment"):
            return self._range(field)
        text = self._said(name)
        if not text:
            return None
        if field.kind == "boolean":
            return Q(**{name: text == "1"}) if text in ("0", "1") else None
        if field.kind in ("choice", "code"):
            return Q(**{name: text})
        if field.kind == "reference":
            return self._referring(field, text)
        return Q(**{f"{name}__icontains": text})

    def _range(self, field: Field) -> Q | None:
        least, most = self._bound(field, f"{field.name}_from"), self._bound(field, f"{field.name}_to")
        path = f"{field.name}__date" if field.kind == "moment" else field.name
        condition = Q()
        if least is not None:
            condition &= Q(**{f"{path}__gte": least})
        if most is not None:
            condition &= Q(**{f"{path}__lte": most})
        return condition if condition else None

    def _bound(self, field: Field, parameter: str) -> Decimal | date | None:
        text = self._said(parameter)
        if field.is_numeric:
            number = parse_number(text)
            return number if number is not None and abs(number) < 10**15 else None
        try:
            return parse_date(text)
        except ValueError:
            return None

    def _referring(self, field: Field, text: str) -> Q:
        """`=123` is the record of that number, as links say it; else words of what it is called."""
        if text.startswith("=") and text[1:].isdecimal() and len(text) < 19:
            return Q(**{f"{field.name}_id": int(text[1:])})
        model: Any = self.asked.register.model._meta.get_field(field.name).related_model
        return Q(**{f"{field.name}_id__in": [row.pk for row in look_up(self.asked.actor, model, text, MOST_REFERENCED)]})

    # order

    def sort_names(self) -> list[str]:
        """Fields by which the list may be put in order: those that the actor sees of every row."""
        return [name for name in self.asked.register.sorts if name in self.asked.rights.always_shown()]

    @property
    def sort(self) -> tuple[str, bool]:
        """(field, descending); an empty field is newest first."""
        text = self.parameters.get("sort", "")
        name = text.removeprefix("-")
        return (name, text.startswith("-")) if name in self.sort_names() else ("", True)

    def ordering(self) -> list[Any]:
        name, descending = self.sort
        if not name:
            return ["-pk"]
        first = F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
        return [first, "pk"]

    def place_of(self, row: Any) -> str:
        """Where a row stands in that order, for the address of what comes after it."""
        name, _descending = self.sort
        value = getattr(row, self._attname(name)) if name else None
        plain = value.isoformat() if isinstance(value, (date, datetime)) else str(value) if isinstance(value, Decimal) else value
        return base64.urlsafe_b64encode(json.dumps([plain, row.pk]).encode()).decode().rstrip("=")

    def beyond(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows after the place that the address names; all when it cannot be read. Costs the same on page 1,000 as on page 1."""
        place = self._place()
        if place is None:
            return rows
        value, pk = place
        name, descending = self.sort
        if not name:
            return rows.filter(pk__lt=pk)
        if value is None:
            return rows.filter(**{name: None}, pk__gt=pk)
        further = "lt" if descending else "gt"
        if not self._nullable(name):  # the first condition lets an index begin at the place
            return rows.filter(Q(**{f"{name}__{further}e": value}), Q(**{f"{name}__{further}": value}) | Q(pk__gt=pk))
        return rows.filter(Q(**{f"{name}__{further}": value}) | Q(**{name: value}, pk__gt=pk) | Q(**{name: None}))

    def _place(self) -> tuple[Any, int] | None:
        text = self.parameters.get("after", "")[:600]
        try:
            value, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if not isinstance(pk, int) or abs(pk) > 2**62:
                return None
            name, _descending = self.sort
            field: Any = self.asked.register.model._meta.get_field(name) if name else None
            clean = field.to_python(value) if field is not None and value is not None else None
        except Exception:  # whatever an address may hold
            return None
        return clean, pk

    def _nullable(self, name: str) -> bool:
        return bool(self.asked.register.model._meta.get_field(name).null)

    def _attname(self, name: str) -> str:
        return str(self.asked.register.model._meta.get_field(name).attname)  # type: ignore[union-attr]

    # the form

    def filters(self) -> list[Filter]:
        """The inputs of the form with what was asked."""
        return [self._input(self.asked.register.field(name)) for name in self.filter_names()] + self._general()

    def _general(self) -> list[Filter]:
        chosen = self._said("commune")
        areas = [(area.code, area.name) for area in communes()]
        if chosen and chosen not in dict(areas):
            areas.insert(0, (chosen, area_name(chosen)))
        found = [Filter("commune", _("Xã, phường"), "select", chosen, options=tuple(areas))] if areas else []
        if self.asked.actor.is_official:
            found.append(Filter("origin", _("Nguồn dữ liệu"), "text", self._said("origin")))
        return found

    def _input(self, field: Field) -> Filter:
        if field.is_numeric or field.kind in ("date", "moment"):
            kind = NUMBER if field.is_numeric else DATE
            return Filter(field.name, field.title, kind, self._said(f"{field.name}_from"), self._said(f"{field.name}_to"), unit=field.unit)
        options = tuple(options_of(field))
        return Filter(field.name, field.title, "select" if options else "text", self._said(field.name), options=options)

    def chosen(self) -> list[tuple[str, str, str]]:
        """(parameter, label, words) of every condition, for chips and heads of exports."""
        found = [("q", _("Tìm"), self.words)] if self.words else []
        for name in self.filter_names():
            field = self.asked.register.field(name)
            found += self._ranges_said(field) if field.is_numeric or field.kind in ("date", "moment") else self._value_said(field)
        if commune := self._said("commune"):
            found.append(("commune", _("Xã, phường"), area_name(commune)))
        if (origin := self._said("origin")) and self.asked.actor.is_official:
            found.append(("origin", _("Nguồn dữ liệu"), origin))
        if self._area_said:
            words = area_words(self.area.area) if self.area is not None else _("không đọc được, hoặc không được xem vị trí")
            found.append((PARAMETER, _("Trong vùng"), words))
        if self.ended:
            found.append(("ended", _("Hiện trạng"), _("cả bản ghi đã chấm dứt")))
        return found

    def _value_said(self, field: Field) -> list[tuple[str, str, str]]:
        value = self._said(field.name)
        if not value:
            return []
        if field.kind == "reference":
            return [(field.name, str(field.title), self._reference_words(field, value))]
        if field.kind == "code":
            return [(field.name, str(field.title), code_names(field, [value]).get(value, value))]
        return [(field.name, str(field.title), str(dict(options_of(field)).get(value, value)))]

    def _ranges_said(self, field: Field) -> list[tuple[str, str, str]]:
        found = []
        for end, label in (("from", _("%(field)s từ")), ("to", _("%(field)s đến"))):
            bound = self._bound(field, f"{field.name}_{end}")
            if bound is not None:
                words = f"{bound:%d/%m/%Y}" if isinstance(bound, date) else f"{format_number(bound)} {field.unit}".strip()
                found.append((f"{field.name}_{end}", label % {"field": field.title}, words))
        return found

    def _reference_words(self, field: Field, value: str) -> str:
        if not value.startswith("="):
            return value
        register = of_model(self.asked.register.model._meta.get_field(field.name).related_model)  # type: ignore[arg-type]
        if register is None or not value[1:].isdecimal():
            return value
        named = referenced(self.asked.actor, register, [int(value[1:])])
        return next((each.text for each in named.values()), value)


def options_of(field: Field) -> list[tuple[str, Any]]:
    """(value, words) to choose from; empty when the field is not one of choice."""
    if field.kind == "choice":
        return list(field.choices)
    if field.kind == "code":
        return [(item.code, f"{item.name} ({item.code})" if item.name != item.code else item.name) for item in items(field.catalogue)]
    return [("1", _("Có")), ("0", _("Không"))] if field.kind == "boolean" else []


def look_up(actor: Actor, model: Any, text: str, most: int) -> list[Any]:
    """Records of another model that are called so, as far as the actor reads them with their names."""
    register = of_model(model)
    if register is None:
        names = [name for name in ("code", "personal_id", "tax_code", "number", "name") if _has_field(model, name)]
        exact = Q()
        for name in names:
            exact |= Q(**{name: text})
        rows = (
            model._default_manager.filter(exact | Q(name__icontains=text) if "name" in names else exact)
            if names
            else model._default_manager.none()
        )
        return list(rows.order_by("pk")[:most])
    return _look_up_records(actor, register, text, most)


def _look_up_records(actor: Actor, register: type[Register], text: str, most: int) -> list[Any]:
    held = rights(actor, register)
    if not held.reads:
        return []
    narrowing = Narrowing(Asked(actor, register, held), {"q": text})
    naming = register.naming()
    exact = Q(**{naming: text}) if narrowing._is_text(naming) else Q(pk__in=[])
    rows = records(actor, register)
    found = list(rows.filter(held.where_shown([naming]), exact).order_by("pk")[:most])
    return found or list(narrowing.narrowed(rows)[:most])


def _has_field(model: Any, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
