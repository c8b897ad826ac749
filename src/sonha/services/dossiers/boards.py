"""How dossiers stand against their deadlines: received, ended, in hand, by agency, field, procedure, unit in charge or officer.

Each figure is one condition of `filters`, and the list behind a figure is filtered by that same condition: the numbers agree because
there is only one definition. The figures follow the report on the handling of procedures (Thông tư 01/2020/TT-VPCP, Biểu II.06a: received,
ended on time and late, in hand within the limit and late); its exact columns are an assumption that the province must confirm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from django.db.models import Count, Expression, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import OVERSEEING, Role
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Unit
from sonha.services.dossiers import filters as narrowing
from sonha.services.dossiers.averages import Working, working_days
from sonha.services.dossiers.filters import NONE, Filters
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.selectors import find
from sonha.services.procedures.models import Field, Procedure

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to divide dossiers, each into exactly one group; `parameter` is the filter that asks for a group."""

    title: str | Promise
    key: Any
    parameter: str


GROUPINGS: dict[str, Grouping] = {
    "agency": Grouping(gettext_lazy("Cơ quan"), lambda: F("agency_id"), "agency"),
    "field": Grouping(gettext_lazy("Lĩnh vực"), lambda: F("procedure__field_id"), "field"),
    "procedure": Grouping(gettext_lazy("Thủ tục"), lambda: F("procedure_id"), "procedure"),
    "unit": Grouping(gettext_lazy("Đơn vị chủ trì"), narrowing.division_id, "division"),
    "officer": Grouping(gettext_lazy("Cán bộ thụ lý"), narrowing.officer_id, "officer"),
}

IN_PERIOD = ("received", "ended", "ended_on_time", "late_finished", "withdrawn")
NOW = ("open", "on_time", "soon", "late", "stopped")
FIGURES = (*IN_PERIOD, *NOW)


@dataclass(frozen=True)
class Figures:
    """Counts of one group, or of all; `working` says how long the ended ones took."""

    counts: Mapping[str, int]
    working: Working = field(default_factory=Working)

    @property
    def share(self) -> float | None:
        """Percentage of those with a result that had it on time; None when nothing ended."""
        ended = self.counts["ended_on_time"] + self.counts["late_finished"]
        return 100 * self.counts["ended_on_time"] / ended if ended else None


@dataclass(frozen=True)
class Row:
    """One group: its name and the filter value that asks for it."""

    name: str
    value: str
    figures: Figures


@dataclass(frozen=True)
class Month:
    first: date
    received: int
    ended: int
    late: int


@dataclass(frozen=True)
class Board:
    """Everything the page shows; `chosen` are the conditions that hold for all of it, without the period."""

    chosen: Filters
    by: str
    start: date
    end: date
    rows: Sequence[Row]
    total: Figures
    before: Figures
    months: Sequence[Month]
    taken_at: datetime

    @property
    def before_days(self) -> int:
        """Length of the period, and of the one that it is compared with."""
        return (self.end - self.start).days + 1

    def parameters(self, figure: str, row: Row | None = None) -> dict[str, str]:
        """The address of the list behind a figure."""
        return behind(self.chosen, figure, self.start, self.end, {GROUPINGS[self.by].parameter: row.value} if row else {})


def behind(chosen: Filters, figure: str, start: date, end: date, group: Mapping[str, str]) -> dict[str, str]:
    """Parameters of the list of dossiers that one figure counts."""
    if figure == "received":
        wanted = replace(chosen, start=start, end=end)
    elif figure in IN_PERIOD:
        wanted = replace(chosen, lateness=figure, ended_from=start, ended_to=end)
    else:
        wanted = replace(chosen, lateness=figure)
    return {**wanted.parameters(), **group}


def own_view(actor: Actor) -> dict[str, str]:
    """What a board starts from besides the actor's rows: a specialist's is about the dossiers in her own charge."""
    alone = actor.has_role(Role.SPECIALIST) and not actor.has_role(*OVERSEEING, Role.RECEPTIONIST, Role.CLERK)
    return {"officer": str(actor.user_id)} if alone else {}


def board(actor: Actor, chosen: Filters, by: str, start: date, end: date) -> Board:
    """The figures of the actor's dossiers that match `chosen`, divided by one of GROUPINGS; four passes over the rows."""
    chosen = replace(chosen, start=None, end=None, ended_from=None, ended_to=None, lateness="", sort="")
    now = timezone.now()
    rows = find(actor, chosen).order_by().select_related(None)
    span = Span.of(start, end)
    received, ended = _received(rows, by, span), _finished(rows, by, span, now)
    took = working_days(_ended(rows, start, end), GROUPINGS[by].key())
    counted = _counted(received, ended, _open(rows, by, now))
    names = _names(by, list(counted))
    groups = [Row(*names[key], Figures(counts, took.get(key, Working()))) for key, counts in counted.items()]
    groups.sort(key=lambda row: (-row.figures.counts["open"], -row.figures.counts["received"], row.name))
    return Board(
        chosen=chosen,
        by=by,
        start=start,
        end=end,
        rows=groups,
        total=_sum(groups),
        before=_before(received, ended),
        months=_months(received, ended, span),
        taken_at=now,
    )


@dataclass(frozen=True)
class Span:
    """The period, the one of the same length just before it (what a share is compared with), and the months of the chart."""

    start: date
    end: date
    before_start: date
    before_end: date
    months: tuple[date, ...]

    @classmethod
    def of(cls, start: date, end: date) -> "Span":
        last = start - timedelta(days=1)
        months = tuple(_months_before(end.replace(day=1), back) for back in range(MONTHS - 1, -1, -1))
        return cls(start, end, last - (end - start), last, months)

    @property
    def first(self) -> date:
        return min(self.before_start, self.months[0])


def conditions(start: date, end: date, now: datetime) -> dict[str, Q]:
    """What each figure counts."""
    within = narrowing.ended_between(start, end)
    wanted = {name: narrowing.lateness(name, now) & within for name in IN_PERIOD[1:]}
    return {"received": narrowing.submitted_between(start, end), **wanted, **{name: narrowing.lateness(name, now) for name in NOW}}


Grouped = list[dict[str, Any]]
"""Rows with `key`, `month` (its first day) and counts: of the period by name, of the one before as `before_…`, of the month as `n_…`."""


def _received(rows: QuerySet[Dossier], by: str, span: Span) -> Grouped:
    """What was handed in, in one pass over the months that any figure of the page asks for."""
    counts = {
        "received": Count("case_id", filter=narrowing.submitted_between(span.start, span.end)),
        "before_received": Count("case_id", filter=narrowing.submitted_between(span.before_start, span.before_end)),
        "n_received": Count("case_id"),
    }
    return _grouped(rows.filter(narrowing.submitted_between(span.first, span.end)), by, "submitted_at", counts)


def _finished(rows: QuerySet[Dossier], by: str, span: Span, now: datetime) -> Grouped:
    """What ended, likewise."""
    within, before = conditions(span.start, span.end, now), conditions(span.before_start, span.before_end, now)
    counts = {
        **{name: Count("case_id", filter=within[name]) for name in IN_PERIOD[1:]},
        **{f"before_{name}": Count("case_id", filter=before[name]) for name in IN_PERIOD[1:]},
        "n_ended": Count("case_id"),
        "n_late": Count("case_id", filter=narrowing.lateness("late_finished")),
    }
    return _grouped(rows.filter(narrowing.ended_between(span.first, span.end)), by, "finished_at", counts)


def _grouped(rows: QuerySet[Dossier], by: str, moment: str, counts: Mapping[str, Expression]) -> Grouped:
    keyed = rows.annotate(key=GROUPINGS[by].key(), month=TruncMonth(moment)).values("key", "month")
    found = keyed.annotate(**{f"c_{name}": count for name, count in counts.items()}).order_by()
    return [
        {"key": row["key"], "month": timezone.localdate(row["month"]), **{name: row[f"c_{name}"] for name in counts}}  # type: ignore[literal-required,index]
        for row in found
    ]


def _open(rows: QuerySet[Dossier], by: str, now: datetime) -> Grouped:
    wanted = {name: narrowing.lateness(name, now) for name in NOW}
    keyed = rows.filter(wanted["open"]).annotate(key=GROUPINGS[by].key()).values("key")
    found = keyed.annotate(**{f"c_{name}": Count("case_id", filter=wanted[name]) for name in NOW}).order_by()
    return [{"key": row["key"], **{name: row[f"c_{name}"] for name in NOW}} for row in found]  # type: ignore[literal-required,index]


def _counted(*parts: Grouped) -> dict[Any, dict[str, int]]:
    """Figures by group; a group that has none of the page's figures is left out."""
    counts: dict[Any, dict[str, int]] = {}
    for row in (row for part in parts for row in part):
        known = counts.setdefault(row["key"], dict.fromkeys(FIGURES, 0))
        for name in FIGURES:
            known[name] += row.get(name, 0)
    return {key: figures for key, figures in counts.items() if any(figures.values())}


def _ended(rows: QuerySet[Dossier], start: date, end: date) -> QuerySet[Dossier]:
    """Those with a result in the period: what withdrew itself took no time of the authority."""
    on_time_or_late = narrowing.lateness("ended_on_time") | narrowing.lateness("late_finished")
    return rows.filter(on_time_or_late, narrowing.ended_between(start, end), accepted_at__isnull=False, due_at__isnull=False)


def _before(received: Grouped, ended: Grouped) -> Figures:
    counts = dict.fromkeys(FIGURES, 0)
    for row in (*received, *ended):
        for name in IN_PERIOD:
            counts[name] += row.get(f"before_{name}", 0)
    return Figures(counts)


def _months(received: Grouped, ended: Grouped, span: Span) -> list[Month]:
    """Month by month, the last twelve up to the period's end."""

    def total(rows: Grouped, name: str, first: date) -> int:
        return sum(row[name] for row in rows if row["month"] == first)

    return [
        Month(first, total(received, "n_received", first), total(ended, "n_ended", first), total(ended, "n_late", first))
        for first in span.months
    ]


def _months_before(first: date, count: int) -> date:
    month = first.year * 12 + first.month - 1 - count
    return date(month // 12, month % 12 + 1, 1)


def _sum(groups: Sequence[Row]) -> Figures:
    counts = {name: sum(row.figures.counts[name] for row in groups) for name in FIGURES}
    return Figures(counts, reduce(Working.with_, (row.figures.working for row in groups), Working()))


def _names(by: str, keys: Sequence[Any]) -> dict[Any, tuple[str, str]]:
    """Name and filter value of each group, in one query."""
    sources: dict[str, tuple[Any, str, str]] = {
        "agency": (Unit, "name", "code"),
        "unit": (Unit, "name", "code"),
        "field": (Field, "name", "slug"),
        "procedure": (Procedure, "name", "stt"),
        "officer": (User, "full_name", "pk"),
    }
    model, name, value = sources[by]
    found = {row[0]: (row[1], str(row[2])) for row in model.objects.filter(pk__in=keys).values_list("pk", name, value)}
    return {key: found.get(key, (str(_nothing(by)), NONE)) for key in keys}


def _nothing(by: str) -> str:
    return {"field": _("Chưa xếp lĩnh vực"), "officer": _("Chưa phân công"), "unit": _("Chưa rõ đơn vị")}.get(by, _("Khác"))
