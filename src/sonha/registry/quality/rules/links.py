"""Rules between registers: what is named must be there; shares of a whole add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.registry.declarations import Problem, Register, register

from .kinds import Kind, chosen, column, figure, found, held, is_blank, table, title_of, titles_of


@dataclass(frozen=True)
class Link(Kind):
    """The text or number in `field` is that of a record of another register, in its field `to` (default: the first of its identity).

    `to` may have several fields when `field` is a tuple of as many. Empty values pass. `current`: the record named must be so today.
    """

    field: str | tuple[str, ...]
    register: str
    to: str | tuple[str, ...] = ""
    current: bool = True

    def words(self, register: type[Register]) -> str:
        given = {"fields": titles_of(register, self._fields()), "other": self._other().title}
        return str(self.title) or _("%(fields)s phải có trong «%(other)s»") % given

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        values = [getattr(row, each) for each in self._fields()]
        if any(is_blank(each) for each in values):
            return
        there = self._other().model._default_manager.filter(**dict(zip(self._to(), values, strict=True)))
        if self.current:
            there = there.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))
        if not there.exists():
            yield self._problem(register, row.pk, values)

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        other, pairs = self._other(), list(zip(self._fields(), self._to(), strict=True))
        own = [f"r.{column(register, field)}" for field, _to in pairs]
        filled = " AND ".join(f"nullif({each}::text, '') IS NOT NULL" for each in own)
        same = " AND ".join(f"o.{column(other, to)}::text = r.{column(register, field)}::text" for field, to in pairs)
        (today, day), (ids, params) = held("o") if self.current else ("true", []), chosen(rows)
        sql = f"""SELECT r.id, {", ".join(own)} FROM {table(register)} r WHERE r.id IN ({ids}) AND {filled}
                  AND NOT EXISTS (SELECT 1 FROM {table(other)} o WHERE {same} AND {today})"""
        for pk, *values in found(sql, [*params, *day]):
            yield self._problem(register, pk, values)

    def _fields(self) -> tuple[str, ...]:
        return self.field if isinstance(self.field, tuple) else (self.field,)

    def _to(self) -> tuple[str, ...]:
        if not self.to:
            return self._other().identity[: len(self._fields())]
        return self.to if isinstance(self.to, tuple) else (self.to,)

    def _other(self) -> type[Register]:
        return register(self.register)

    def _problem(self, own: type[Register], pk: int | None, values: list[Any]) -> Problem:
        given = {
            "fields": titles_of(own, self._fields()),
            "values": ", ".join(map(str, values)),
            "other": self._other().title,
        }
        return self.problem(_("%(fields)s ghi %(values)s: không có trong «%(other)s».") % given, pk, field=self._fields()[0])


@dataclass(frozen=True)
class SumTo(Kind):
    """The values of `field` over all records with the same values in `by` add up to `total` (shares of a right).

    One save may leave them short, as the others follow in the same act: it is refused only when they exceed the total.
    """

    field: str
    by: tuple[str, ...]
    total: float = 1
    tolerance: float = 0.0001

    def words(self, register: type[Register]) -> str:
        given = {"field": title_of(register, self.field), "by": titles_of(register, self.by), "total": figure(self.total, 4)}
        return str(self.title) or _("«%(field)s» của cùng %(by)s cộng lại bằng %(total)s") % given

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        values, own = {each: getattr(row, each) for each in self.by}, getattr(row, self.field)
        if own is None or any(value is None for value in values.values()):
            return
        held_now = Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())
        others = register.model._default_manager.filter(held_now, **values).exclude(pk=row.pk).aggregate(sum=Sum(self.field))["sum"]
        together = Decimal(str(own)) + Decimal(str(others or 0))
        if together > Decimal(str(self.total)) + Decimal(str(self.tolerance)):
            yield self._problem(register, row.pk, float(together))

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        keys = ", ".join(f"r.{column(register, each)}" for each in self.by)
        field = f"r.{column(register, self.field)}"
        (today, day), (ids, params) = held("r"), chosen(rows)
        touched = f"({keys}) IN (SELECT {keys.replace('r.', 's.')} FROM {table(register)} s WHERE s.id IN ({ids}))"
        sql = f"""SELECT min(r.id), sum({field})::float8 FROM {table(register)} r WHERE {today} AND {touched} AND {field} IS NOT NULL
                  GROUP BY {keys} HAVING abs(sum({field})::float8 - %s) > %s ORDER BY 1"""
        for pk, together in found(sql, [*day, *params, self.total, self.tolerance]):
            yield self._problem(register, pk, together)

    def _problem(self, register: type[Register], pk: int | None, together: float) -> Problem:
        given = {"field": title_of(register, self.field), "sum": figure(together, 4), "total": figure(self.total, 4)}
        return self.problem(_("«%(field)s» cộng lại bằng %(sum)s, phải bằng %(total)s.") % given, pk, field=self.field)
