"""Boards: how dossiers stand against their deadlines, and the list behind every number."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.guards import officials_only
from sonha.services.dossiers import exports
from sonha.services.dossiers.boards import GROUPINGS, IN_PERIOD, NOW, Board, Month, Row

SHOWN = 100  # groups of one table; the export holds all of them


@officials_only()
def board(request: HttpRequest) -> HttpResponse:
    """On time, due soon and late, by agency, field, procedure, unit in charge and officer."""
    actor = request.actor  # type: ignore[attr-defined]
    made = exports.board_of(actor, request.GET.dict())
    today = timezone.localdate()
    context = {
        "board": made,
        "figures": {name: _figure(made, name) for name in (*IN_PERIOD, *NOW)},
        "rows": [_row(made, row) for row in made.rows[:SHOWN]],
        "hidden": max(0, len(made.rows) - SHOWN),
        "groupings": [(key, grouping.title) for key, grouping in GROUPINGS.items()],
        "grouping": GROUPINGS[made.by],
        "periods": [(title, start, end, (start, end) == (made.start, made.end)) for title, start, end in periods(today)],
        "chosen": exports.chosen(made.chosen),
        "conditions": made.chosen.parameters(),
        "chart": chart(made.months),
        "backlog": backlog_days(made, today),
    }
    return render(request, "workspace/board.html", context)


def periods(today: date) -> list[tuple[str, date, date]]:
    """The periods that are asked for most."""
    month = today.replace(day=1)
    last = month - timedelta(days=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return [
        (_("Tháng này"), month, today),
        (_("Tháng trước"), last.replace(day=1), last),
        (_("Quý này"), quarter, today),
        (_("Năm nay"), date(today.year, 1, 1), today),
        (_("12 tháng"), today - timedelta(days=364), today),
    ]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the address of the list it counts."""

    count: int
    link: str


def _figure(made: Board, name: str, row: Row | None = None) -> Figure:
    figures = row.figures if row else made.total
    return Figure(figures.counts[name], f"{reverse('dossiers')}?{urlencode(made.parameters(name, row))}")


def _row(made: Board, row: Row) -> dict[str, Any]:
    own = {**made.chosen.parameters(), GROUPINGS[made.by].parameter: row.value}
    period = {"from": made.start.isoformat(), "to": made.end.isoformat()}
    return {
        "name": row.name,
        "narrow": f"?{urlencode({**own, **period, 'by': _next_grouping(made.by)})}",
        "figures": {name: _figure(made, name, row) for name in (*IN_PERIOD, *NOW)},
        "share": row.figures.share,
        "working": row.figures.working,
    }


def _next_grouping(by: str) -> str:
    """What one looks at after choosing one group."""
    return {"agency": "unit", "field": "procedure", "procedure": "unit", "unit": "officer", "officer": "procedure"}[by]


def backlog_days(made: Board, today: date) -> int | None:
    """Working days in which the dossiers in hand would be done at the period's pace; None when nothing ended or nothing waits."""
    from sonha.foundation.calendar.selectors import working_calendar

    calendar, last = working_calendar(), min(made.end, today)
    length = (last - made.start).days + 1
    worked = sum(calendar.is_workday(made.start + timedelta(days=each)) for each in range(min(length, 800)))
    ended = made.total.counts["ended"]
    return round(made.total.counts["open"] * worked / ended) if ended and worked and made.total.counts["open"] else None


WIDTH, HEIGHT, GAP, FOOT = 720, 170, 60, 24


def chart(months: Any) -> dict[str, Any]:
    """Bars of the months, as positions in an SVG of WIDTH x HEIGHT; every bar has its number in the table below it."""
    most = max([1, *(max(month.received, month.ended) for month in months)])
    room = HEIGHT - FOOT - 16
    bars = [_bars(month, index * GAP, room / most) for index, month in enumerate(months)]
    return {"width": WIDTH, "height": HEIGHT, "base": HEIGHT - FOOT, "bars": bars, "months": months, "most": most}


def _bars(month: Month, left: int, scale: float) -> dict[str, Any]:
    base = HEIGHT - FOOT
    heights = {"received": round(month.received * scale), "ended": round(month.ended * scale), "late": round(month.late * scale)}
    return {
        "label": f"{month.first.month}/{month.first:%y}",
        "middle": left + GAP // 2,
        "month": month,
        "received": {"x": left + 8, "y": base - heights["received"], "height": heights["received"]},
        "ended": {"x": left + 31, "y": base - heights["ended"], "height": heights["ended"]},
        "late": {"x": left + 31, "y": base - heights["late"], "height": heights["late"]},
    }
