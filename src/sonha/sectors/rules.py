"""Kinds of quality rules that several sectors need beside those of registry.quality: figures that follow from others, areas in hectares."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from sonha.registry.declarations import Problem, Register
from sonha.registry.quality.rules.kinds import FieldRule, Kind, chosen, column, figure, found, geometry_of, is_blank, table, title_of

SQUARE_METRES = 10_000  # in a hectare


@dataclass(frozen=True, kw_only=True)
class Equals(FieldRule):
    """`field` is what `formula` makes of `of`, within `tolerance`. The formula gets values in Python and columns in SQL alike."""

    field: str
    of: tuple[str, ...]
    formula: Callable[..., Any]
    tolerance: Decimal = Decimal(1)

    def words(self, register: type[Register]) -> str:
        return str(self.title)

    def breaches(self, register: type[Register]) -> Iterable[tuple[str, Q]]:
        made = self.formula(*(F(each) for each in self.of))
        yield self.field, Q(**{f"{self.field}__gt": made + self.tolerance}) | Q(**{f"{self.field}__lt": made - self.tolerance})

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        values = [getattr(row, each) for each in self.of]
        said = getattr(row, self.field)
        if said is None or any(each is None for each in values):
            return
        made = self.formula(*(Decimal(each) for each in values))
        if abs(Decimal(said) - made) > self.tolerance:
            given = {"field": title_of(register, self.field), "said": figure(said), "made": figure(made)}
            sentence = _("«%(field)s» ghi %(said)s, tính ra %(made)s.") % given
            yield self.problem(sentence, row.pk, field=self.field)


@dataclass(frozen=True, kw_only=True)
class HectaresAgree(Kind):
    """The hectares written in `field` agree with the shape: within `tolerance` of the shape's (0.02 = 2 %) or `least` ha, the greater."""

    field: str = "area_ha"
    tolerance: float = 0.02
    least: float = 0.02
    geometry: str = ""

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("«%(field)s» khớp với diện tích trên bản đồ (lệch không quá %(most)s%%)") % {
            "field": title_of(register, self.field),
            "most": figure(self.tolerance * 100),
        }

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        shape, said = getattr(row, geometry_of(register, self.geometry)), getattr(row, self.field)
        if is_blank(shape) or said is None:
            return
        size = shape.area / SQUARE_METRES
        if abs(float(said) - size) > max(self.tolerance * size, self.least):
            yield self._problem(register, row.pk, float(said), size)

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        size = f"ST_Area(r.{column(register, geometry_of(register, self.geometry))}) / {SQUARE_METRES}"
        said, (ids, params) = f"r.{column(register, self.field)}", chosen(rows)
        sql = f"""SELECT r.id, {said}::float8, {size} FROM {table(register)} r
                  WHERE r.id IN ({ids}) AND abs({said}::float8 - {size}) > greatest(%s * {size}, %s)"""
        for pk, written, drawn in found(sql, [*params, self.tolerance, self.least]):
            yield self._problem(register, pk, written, drawn)

    def _problem(self, register: type[Register], pk: int | None, said: float, size: float) -> Problem:
        given = {"field": title_of(register, self.field), "said": figure(said, 2), "size": figure(size, 2)}
        return self.problem(_("«%(field)s» ghi %(said)s ha, trên bản đồ là %(size)s ha.") % given, pk, field=self.field)
