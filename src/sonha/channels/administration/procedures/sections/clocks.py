"""The time limits of the steps and of the whole, what the longest way needs of it, and who is reminded."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sonha.channels.administration.procedures.drafts import Page
from sonha.channels.administration.procedures.elements import scope_of
from sonha.channels.administration.procedures.sections.rows import who_does
from sonha.foundation.ui.figures import format_number
from sonha.process.cases.models import ReminderRule
from sonha.process.cases.reminders import rules
from sonha.process.flows.durations import longest_way, working_days
from sonha.process.flows.vocabulary import HANDLED, LIMIT_UNITS


def content(page: Page) -> dict[str, Any]:
    whole = page.declaration
    flow = whole.get("flow") or {}
    kept = page.extra.get("kept")
    rows = []
    for place, step in enumerate(flow.get("steps") or []):
        if step.get("kind") not in HANDLED:
            continue
        name = f"step.{step.get('key')}"
        limit = step.get("limit") or {}
        typed = {
            "amount": format_number(limit.get("amount")),
            "unit": limit.get("unit", "working_days"),
            "stops": step.get("clock") == "stop",
        }
        if kept is not None and f"{name}.amount" in kept:
            typed = {"amount": kept[f"{name}.amount"], "unit": kept.get(f"{name}.unit"), "stops": f"{name}.stop" in kept}
        rows.append(
            {
                "name": name,
                "title": step.get("title"),
                "who": who_does(step),
                "error": page.errors.get(name, ""),
                "place": f"flow/steps/{place}",
                **typed,
            }
        )
    total = whole.get("time_limit") or {}
    typed_total = {
        "amount": format_number(total.get("amount")),
        "unit": total.get("unit", "working_days"),
        "source": total.get("source", ""),
    }
    if kept is not None and "total.amount" in kept:
        typed_total = {"amount": kept["total.amount"], "unit": kept.get("total.unit"), "source": kept.get("total.source", "")}
    return {
        "limits": rows,
        "total": typed_total,
        "total_error": page.errors.get("total", ""),
        "limit_units": [(key, _(name)) for key, name in LIMIT_UNITS.items()],
        "sources": scope_of(whole, "time_limit").lists["sources"],
        "reminders": [_reminder_words(rule) for rule in rules()],
        **_durations(whole),
    }


def _reminder_words(rule: ReminderRule) -> str:
    days = _(" (%(days)s ngày làm việc)") % {"days": rule.days} if rule.days else ""
    return f"{rule.get_stage_display()}{days}: {rule.get_recipient_display()}"


def _durations(whole: Mapping[str, Any]) -> dict[str, Any]:
    try:
        needed, allowed = longest_way(whole.get("flow") or {}), working_days(whole.get("time_limit") or {})
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    share = round(100 * needed / allowed) if allowed else 100
    return {
        "needed": format_number(round(needed, 2)),
        "allowed": format_number(round(allowed, 2)),
        "share": min(share, 100),
        "too_long": needed > allowed + 0.001,
    }
