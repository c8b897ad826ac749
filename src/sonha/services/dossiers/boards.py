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
    """The figures of the actor's dossiers that match `chosen`, divided by one of GROUPINGS; nine statements."""
    chosen = replace(chosen, start=None, end=None, ended_from=None, ended_to=None, lateness="", sort="")
    now = timezone.now()
    rows = find(actor, chosen).order_by().select_related(None)
    counted = _counted(rows, by, start, end, now)
    took = working_days(_ended(rows, start, end), GROUPINGS[by].key())
    names = _names(by, [key for key, _counts in counted])
    groups = [Row(*names[key], Figures(counts, took.get(key, Working()))) for key, counts in counted]
    groups.sort(key=lambda row: (-row.figures.counts["open"], -row.figures.counts["received"], row.name))
    return Board(
        chosen=chosen,
        by=by,
        start=start,
        end=end,
        rows=groups,
        total=_sum(groups),
        before=_before(rows, start, end),
        months=_months(rows, end),
        taken_at=now,
    )


def conditions(start: date, end: date, now: datetime) -> dict[str, Q]:
    """What each figure counts."""
    within = narrowing.ended_between(start, end)
    wanted = {name: narrowing.lateness(name, now) & within for name in IN_PERIOD[1:]}
    return {"received": narrowing.submitted_between(start, end), **wanted, **{name: narrowing.lateness(name, now) for name in NOW}}


def _counted(rows: QuerySet[Dossier], by: str, start: date, end: date, now: datetime) -> list[tuple[Any, dict[str, int]]]:
    """Counts by group, each kind of figure from its own index: handed in within the period, ended within it, open now."""
    wanted = conditions(start, end, now)
    key = GROUPINGS[by].key()
    counts: dict[Any, dict[str, int]] = {}
    for within, figures in (("received", ("received",)), ("ended", IN_PERIOD[1:]), ("open", NOW)):
        grouped = rows.filter(wanted[within]).annotate(key=key).values("key")
        for row in grouped.annotate(**{f"n_{name}": Count("case_id", filter=wanted[name]) for name in figures}):
            known = counts.setdefault(row["key"], dict.fromkeys(FIGURES, 0))
            known.update({name: row[f"n_{name}"] for name in figures})  # type: ignore[literal-required]
    return list(counts.items())


def _ended(rows: QuerySet[Dossier], start: date, end: date) -> QuerySet[Dossier]:
    """Those with a result in the period: what withdrew itself took no time of the authority."""
    on_time_or_late = narrowing.lateness("ended_on_time") | narrowing.lateness("late_finished")
    return rows.filter(on_time_or_late, narrowing.ended_between(start, end), accepted_at__isnull=False, due_at__isnull=False)


def _before(rows: QuerySet[Dossier], start: date, end: date) -> Figures:
    """The same figures of the period of the same length just before: what a share is compared with."""
    length = end - start
    last = start - timedelta(days=1)
    wanted = {name: condition for name, condition in conditions(last - length, last, timezone.now()).items() if name in IN_PERIOD}
    received = rows.filter(wanted["received"]).aggregate(received=Count("case_id"))
    ended = rows.filter(wanted["ended"]).aggregate(**{name: Count("case_id", filter=wanted[name]) for name in IN_PERIOD[1:]})
    return Figures({**dict.fromkeys(FIGURES, 0), **received, **ended})


def _months(rows: QuerySet[Dossier], end: date) -> list[Month]:
    """Month by month, the last twelve up to the period's end."""
    firsts = [_months_before(end.replace(day=1), back) for back in range(MONTHS - 1, -1, -1)]
    received = _by_month(rows.filter(narrowing.submitted_between(firsts[0], end)), "submitted_at", {"n": Count("case_id")})
    ended = _by_month(
        rows.filter(narrowing.ended_between(firsts[0], end)),
        "finished_at",
        {"n": Count("case_id"), "late": Count("case_id", filter=narrowing.lateness("late_finished"))},
    )
    return [
        Month(first, received.get(first, {}).get("n", 0), ended.get(first, {}).get("n", 0), ended.get(first, {}).get("late", 0))
        for first in firsts
    ]


def _by_month(rows: QuerySet[Dossier], moment: str, counts: Mapping[str, Expression]) -> dict[date, dict[str, int]]:
    grouped = rows.annotate(month=TruncMonth(moment)).values("month").annotate(**counts).order_by()
    return {timezone.localdate(row["month"]): {name: row[name] for name in counts} for row in grouped}  # type: ignore[literal-required]


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
