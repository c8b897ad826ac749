"""Rules about what is written in a row: required, range, code list, uniqueness, pattern, order, condition."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sonha.foundation.catalogues.selectors import items
from sonha.registry.declarations import Problem, Register

from .kinds import FieldRule, Kind, chosen, column, figure, found, held, is_blank, table, title_of, titles_of

Number = int | float | Decimal


def blank(register: type[Register], field: str) -> Q:
    """Rows in which the field says nothing."""
    nothing = Q(**{f"{field}__isnull": True})
    kind = register.model._meta.get_field(field).get_internal_type()  # type: ignore[union-attr]
    return nothing | Q(**{field: ""}) if kind in {"CharField", "TextField", "SlugField"} else nothing


@dataclass(frozen=True)
class Required(FieldRule):
    """Every one of `fields` is filled."""

    fields: tuple[str, ...]

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("Phải có %(fields)s") % {"fields": titles_of(register, self.fields)}

    def sentence(self, register: type[Register], field: str) -> str:
        return _("Thiếu %(field)s.") % {"field": f"«{title_of(register, field)}»"}

    def breaches(self, register: type[Register]) -> Iterable[tuple[str, Q]]:
        return ((field, blank(register, field)) for field in self.fields)

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        for field in self.fields:
            if is_blank(getattr(row, field)):
                yield self.problem(self.sentence(register, field), row.pk, field=field)


@dataclass(frozen=True)
class When(FieldRule):
    """Where `field` has the value (or one of a tuple of values), every one of `then` is filled."""

    field: str
    value: Any
    then: tuple[str, ...]

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("Khi «%(field)s» là %(value)s thì phải có %(fields)s") % {
            "field": title_of(register, self.field),
            "value": self._said(register),
            "fields": titles_of(register, self.then),
        }

    def sentence(self, register: type[Register], field: str) -> str:
        return _("Thiếu «%(field)s»: bắt buộc khi «%(given)s» là %(value)s.") % {
            "field": title_of(register, field),
            "given": title_of(register, self.field),
            "value": self._said(register),
        }

    def _said(self, register: type[Register]) -> str:
        """The values as the form shows them: «đã trám lấp», not `sealed`."""
        titles = dict(register.field(self.field).choices)
        return _(" hoặc ").join(f"«{titles[str(each)]}»" if str(each) in titles else str(each) for each in self._values())

    def breaches(self, register: type[Register]) -> Iterable[tuple[str, Q]]:
        return ((field, Q(**{f"{self.field}__in": self._values()}) & blank(register, field)) for field in self.then)

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        if getattr(row, self.field) not in self._values():
            return
        for field in self.then:
            if is_blank(getattr(row, field)):
                yield self.problem(self.sentence(register, field), row.pk, field=field)

    def _values(self) -> tuple[Any, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True)
class InRange(FieldRule):
    """A number or a day between `low` and `high`, both included; None is without bound. Empty values pass."""

    field: str
    low: Number | date | None = None
    high: Number | date | None = None

    def words(self, register: type[Register]) -> str:
        return str(self.title) or self.sentence(register, self.field)

    def sentence(self, register: type[Register], field: str) -> str:
        given = {"field": title_of(register, field), "low": self._bound(self.low), "high": self._bound(self.high)}
        given["unit"] = f" {register.units[field]}" if field in register.units else ""
        if self.high is None:
            return _("«%(field)s» phải từ %(low)s%(unit)s trở lên.") % given
        if self.low is None:
            return _("«%(field)s» không được quá %(high)s%(unit)s.") % given
        return _("«%(field)s» phải trong khoảng %(low)s đến %(high)s%(unit)s.") % given

    def breaches(self, register: type[Register]) -> Iterable[tuple[str, Q]]:
        condition = Q(pk__in=[])
        if self.low is not None:
            condition |= Q(**{f"{self.field}__lt": self.low})
        if self.high is not None:
            condition |= Q(**{f"{self.field}__gt": self.high})
        yield self.field, condition

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        value = getattr(row, self.field)
        if value is None:
            return
        below = self.low is not None and value < _comparable(self.low, value)
        above = self.high is not None and value > _comparable(self.high, value)
        if below or above:
            yield self.problem(self.sentence(register, self.field), row.pk, field=self.field)

    @staticmethod
    def _bound(bound: Number | date | None) -> str:
        if bound is None:
            return ""
        return f"{bound:%d/%m/%Y}" if isinstance(bound, date) else figure(bound, 6)


def _comparable(bound: Any, value: Any) -> Any:
    return Decimal(str(bound)) if isinstance(value, Decimal) and isinstance(bound, float) else bound


@dataclass(frozen=True)
class InCodeList(FieldRule):
    """The value is an item of the catalogue (default: the field's own in the declaration), in force when the record began to be so."""

    field: str
    catalogue: str = ""

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("«%(field)s» phải có trong danh mục %(catalogue)s") % {
            "field": title_of(register, self.field),
            "catalogue": self._catalogue(register),
        }

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        value = getattr(row, self.field)
        if not is_blank(value) and not items(self._catalogue(register), row.valid_from).filter(code=value).exists():
            yield self._problem(register, row.pk, value)

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        from sonha.foundation.catalogues.models import CatalogueItem

        known = CatalogueItem.objects.filter(catalogue__code=self._catalogue(register), code=OuterRef(self.field)).filter(
            Q(valid_from=None) | Q(valid_from__lte=OuterRef("valid_from")), Q(valid_to=None) | Q(valid_to__gte=OuterRef("valid_from"))
        )
        wrong = rows.exclude(blank(register, self.field)).filter(~Exists(known)).order_by()
        for pk, value in wrong.values_list("pk", self.field).iterator(chunk_size=10_000):
            yield self._problem(register, pk, value)

    def _catalogue(self, register: type[Register]) -> str:
        return self.catalogue or register.code_lists[self.field]

    def _problem(self, register: type[Register], pk: int | None, value: Any) -> Problem:
        given = {"field": title_of(register, self.field), "value": value, "catalogue": self._catalogue(register)}
        sentence = _("«%(field)s» ghi %(value)s: không có trong danh mục %(catalogue)s đang dùng.") % given
        return self.problem(sentence, pk, field=self.field)


@dataclass(frozen=True)
class Matches(FieldRule):
    """The whole text fits a pattern that Python and PostgreSQL read alike. `example` is shown to who types it. Empty values pass."""

    field: str
    pattern: str
    example: str = ""

    def words(self, register: type[Register]) -> str:
        return str(self.title) or self.sentence(register, self.field)

    def sentence(self, register: type[Register], field: str) -> str:
        given = {"field": title_of(register, field), "example": self.example}
        return (
            _("«%(field)s» viết chưa đúng; ví dụ đúng: %(example)s.") % given if self.example else _("«%(field)s» viết chưa đúng.") % given
        )

    def breaches(self, register: type[Register]) -> Iterable[tuple[str, Q]]:
        yield self.field, ~blank(register, self.field) & ~Q(**{f"{self.field}__regex": f"^(?:{self.pattern})$"})

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        value = getattr(row, self.field)
        if not is_blank(value) and not re.fullmatch(self.pattern, str(value)):
            yield self.problem(self.sentence(register, self.field), row.pk, field=self.field)


@dataclass(frozen=True)
class Ordered(FieldRule):
    """Of two days or numbers the `earlier` is not greater than the `later`; with `strict` it is smaller. Empty values pass."""

    earlier: str
    later: str
    strict: bool = False

    def words(self, register: type[Register]) -> str:
        return str(self.title) or self.sentence(register, self.later)

    def sentence(self, register: type[Register], field: str) -> str:
        given = {"earlier": title_of(register, self.earlier), "later": title_of(register, self.later)}
        if register.model._meta.get_field(self.earlier).get_internal_type() in {"DateField", "DateTimeField"}:  # type: ignore[union-attr]
            return _("«%(later)s» không được trước «%(earlier)s».") % given
        return _("«%(later)s» không được nhỏ hơn «%(earlier)s».") % given

    def breaches(self, register: type[Register]) -> Iterable[tuple[str, Q]]:
        yield self.later, Q(**{f"{self.earlier}__{'gte' if self.strict else 'gt'}": F(self.later)})

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        one, other = getattr(row, self.earlier), getattr(row, self.later)
        if one is not None and other is not None and (one > other or (self.strict and one == other)):
            yield self.problem(self.sentence(register, self.later), row.pk, field=self.later)


@dataclass(frozen=True)
class Unique(Kind):
    """No two records that are so today have the same values in all of `fields`. Rows with an empty value among them pass."""

    fields: tuple[str, ...]
    hint: str | Promise = ""

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("Không trùng %(fields)s") % {"fields": titles_of(register, self.fields)}

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        values = {field: getattr(row, field) for field in self.fields}
        if any(is_blank(value) for value in values.values()):
            return
        other = self._held(register).filter(**values).exclude(pk=row.pk).first()
        if other is not None:
            yield self._problem(register, row.pk, other.pk, list(values.values()))

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        names = [column(register, field) for field in self.fields]
        keys, of_rows = ", ".join(names), ", ".join(f"r.{each}" for each in names)
        filled = " AND ".join(f"nullif({each}::text, '') IS NOT NULL" for each in names)
        (ids, params), (today, day) = chosen(rows), held("b")
        sql = f"""WITH doubled AS (
                      SELECT {keys}, min(b.id) AS lowest, max(b.id) AS highest FROM {table(register)} b
                      WHERE {today} AND {filled} GROUP BY {keys} HAVING count(*) > 1)
                  SELECT r.id, CASE WHEN r.id = lowest THEN highest ELSE lowest END, {of_rows}
                  FROM {table(register)} r JOIN doubled USING ({keys}) WHERE r.id IN ({ids})"""
        for pk, other, *values in found(sql, [*day, *params]):
            yield self._problem(register, pk, other, values)

    def _held(self, register: type[Register]) -> Any:
        return register.model._default_manager.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))

    def _problem(self, register: type[Register], pk: int | None, other: int, values: list[Any]) -> Problem:
        given = {
            "fields": titles_of(register, self.fields),
            "values": ", ".join(map(str, values)),
            "hint": f" {self.hint}" if self.hint else "",
        }
        sentence = _("Trùng %(fields)s (%(values)s) với một bản ghi khác.%(hint)s") % given
        return self.problem(sentence, pk, field=self.fields[0], other=other)
