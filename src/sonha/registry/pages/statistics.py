"""The statistical report of a register: records counted by groups, with sums, on a day. Starts from the rows that the actor may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, F, Sum
from django.db.models.functions import ExtractYear
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.ui.figures import format_number
from sonha.registry.declarations import Register, Statistic, of_model

from .asking import Asked, When
from .cells import code_names, referenced, value_words

MOST_GROUPS = 2_000
COMMUNE = "commune_code"
BY_COMMUNE = gettext_lazy("Theo xã, phường")


@dataclass(frozen=True, slots=True)
class Row:
    """One group: `keys` in words, `link` the query of the list that shows its records (empty when the list cannot be asked so)."""

    keys: list[str]
    count: int
    sums: list[Decimal | None]
    sum_words: list[str]
    link: str
    share: int = 0  # of the largest group, in percent


@dataclass(frozen=True, slots=True)
class Table:
    number: int
    title: str | Promise
    day: date
    by: list[str]
    sums: list[str]
    rows: list[Row]
    count: int
    totals: list[str]
    more: bool  # groups beyond MOST_GROUPS are not shown


def statistics_of(asked: Asked) -> list[Statistic]:
    """Those declared of which the actor may see every field of some row, and the one by commune that every register has."""
    seen = asked.rights.fields()
    found = [each for each in asked.register.statistics if {name for name in (*each.by, *each.sums) if _is_content(name)} <= seen]
    if not any(each.by == (COMMUNE,) for each in found):
        sums = tuple(name for name in dict.fromkeys(name for each in found for name in each.sums))
        found.append(Statistic(BY_COMMUNE, by=(COMMUNE,), sums=sums))
    return found


def _is_content(name: str) -> bool:
    return name not in (COMMUNE, "origin")


def table(asked: Asked, parameters: Mapping[str, str]) -> Table:
    """The table that an address asks for (`table`: its number, `day`, `known_at`); the first when it names none."""
    offered = statistics_of(asked)
    text = parameters.get("table", "")
    number = int(text) if text.isdecimal() and len(text) < 4 and int(text) < len(offered) else 0
    return _counted(asked, offered[number], number, When.of(parameters))


def _counted(asked: Asked, statistic: Statistic, number: int, when: When) -> Table:
    register = asked.register
    fields = [name for name in (*statistic.by, *statistic.sums) if _is_content(name)]
    rows = asked.rows(when).filter(asked.rights.where_shown(fields)).order_by()
    groups = {f"by_{place}": _expression(register, name) for place, name in enumerate(statistic.by)}
    sums = {f"sum_{place}": Sum(name) for place, name in enumerate(statistic.sums)}
    grouped = rows.annotate(**groups).values(*groups).annotate(records=Count("pk"), **sums).order_by("-records", *groups)
    found = list(grouped[: MOST_GROUPS + 1])
    shown, words = found[:MOST_GROUPS], _Keys(asked, statistic, found, when)
    largest = max((row["records"] for row in shown), default=1)
    made = [
        Row(
            keys=[words.of(name, row[f"by_{place}"]) for place, name in enumerate(statistic.by)],
            count=row["records"],
            sums=[row[each] for each in sums],
            sum_words=[format_number(row[each]) for each in sums],
            link=words.link({name: row[f"by_{place}"] for place, name in enumerate(statistic.by)}),
            share=round(100 * row["records"] / largest),
        )
        for row in shown
    ]
    totals = [format_number(sum((row.sums[place] or 0 for row in made), Decimal(0))) for place in range(len(sums))]
    return Table(
        number=number,
        title=statistic.title,
        day=when.shown_day,
        by=[_title(register, name) for name in statistic.by],
        sums=[_title(register, name, _("Tổng %(field)s")) for name in statistic.sums],
        rows=made,
        count=sum(row.count for row in made),
        totals=totals,
        more=len(found) > MOST_GROUPS,
    )


def _expression(register: type[Register], name: str) -> Any:
    """Dates are grouped by their years."""
    kind = register.field(name).kind if _is_content(name) else "line"
    return ExtractYear(name) if kind in ("date", "moment") else F(name)


def _title(register: type[Register], name: str, pattern: str = "%(field)s") -> str:
    if name == COMMUNE:
        return _("Xã, phường")
    if name == "origin":
        return _("Nguồn dữ liệu")
    field = register.field(name)
    title = pattern % {"field": field.title} + (f" ({field.unit})" if field.unit else "")
    return title[:1].upper() + title[1:]


class _Keys:
    """Words of the values by which rows are grouped."""

    def __init__(self, asked: Asked, statistic: Statistic, rows: list[dict[str, Any]], when: When) -> None:
        self.asked, self.when = asked, when
        self._names: dict[str, dict[Any, str]] = {}
        for place, name in enumerate(statistic.by):
            values = {row[f"by_{place}"] for row in rows} - {None, ""}
            if not _is_content(name):
                continue
            field = asked.register.field(name)
            if field.kind == "code":
                self._names[name] = dict(code_names(field, values, when.day))
            elif field.kind == "reference":
                self._names[name] = self._references(name, values)

    def _references(self, name: str, values: set[Any]) -> dict[Any, str]:
        related: Any = self.asked.register.model._meta.get_field(name).related_model
        register = of_model(related)
        if register is None:
            return {row.pk: str(row) for row in related._default_manager.filter(pk__in=values)}
        return {pk: each.text for pk, each in referenced(self.asked.actor, register, values).items()}

    def of(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return _("(không ghi)")
        if name == COMMUNE:
            return area_name(value)
        if name == "origin":
            return str(value)
        field = self.asked.register.field(name)
        if field.kind in ("date", "moment"):
            return str(value)
        if field.kind in ("code", "reference"):
            return self._names[name].get(value, "•••" if field.kind == "reference" else str(value))
        return value_words(field, value)

    def link(self, keys: Mapping[str, Any]) -> str:
        """The list of just these records, when its filters can say so."""
        asked: dict[str, str] = self.when.parameters()
        for name, value in keys.items():
            if value is None or value == "":
                return ""
            if name == COMMUNE:
                asked["commune"] = value
            elif name == "origin" and self.asked.actor.is_official:
                asked["origin"] = value
            elif name in self.asked.register.filters and self._field_exists(name):
                asked |= self._condition(name, value)
            else:
                return ""
        return "?" + urlencode(asked)

    def _condition(self, name: str, value: Any) -> dict[str, str]:
        kind = self.asked.register.field(name).kind
        if kind in ("date", "moment"):
            return {f"{name}_from": f"{value}-01-01", f"{name}_to": f"{value}-12-31"}
        if kind in ("integer", "decimal"):
            return {f"{name}_from": str(value).replace(".", ","), f"{name}_to": str(value).replace(".", ",")}
        return {name: f"={value}" if kind == "reference" else ("1" if value else "0") if kind == "boolean" else str(value)}

    def _field_exists(self, name: str) -> bool:
        try:
            self.asked.register.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True
