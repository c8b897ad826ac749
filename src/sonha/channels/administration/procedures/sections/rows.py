"""One element in a list, and the facts about it in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sonha.channels.administration.procedures import conditions
from sonha.channels.administration.procedures import properties as declared
from sonha.channels.administration.procedures.conditions import Fields
from sonha.foundation.ui.figures import format_day
from sonha.process.cases.clock import limit_of
from sonha.process.deadlines import limit_words
from sonha.process.flows.vocabulary import OUTCOMES, ROLES, UNITS


@dataclass
class Row:
    """One element in a list: where it stands, what it is called, facts in words, tags, and the elements inside it."""

    place: str
    title: str
    key: str = ""
    facts: list[str] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    rows: list["Row"] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)


def limit_text(limit: Any) -> str:
    """A declared limit in words; empty when there is none or it is not right yet."""
    try:
        found = limit_of(limit)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return ""
    return limit_words(found) if found else ""


def required_words(required: Any, fields: Fields) -> str:
    if isinstance(required, Mapping):
        return _("bắt buộc khi %(words)s") % {"words": conditions.words(required, fields)}
    return _("bắt buộc") if required else _("không bắt buộc")


def stretch(entry: Mapping[str, Any]) -> str:
    """`từ 05/10/2018 đến 30/06/2024`."""
    start, end = format_day(entry.get("valid_from")), format_day(entry.get("valid_to"))
    if start and end:
        return _("từ %(start)s đến %(end)s") % {"start": start, "end": end}
    return _("từ %(start)s") % {"start": start} if start else (_("đến %(end)s") % {"end": end} if end else "")


def named(values: Any, choices: Any) -> str:
    titles = dict(choices)
    return ", ".join(str(titles.get(value, value)) for value in values or [])


def who_does(step: Mapping[str, Any]) -> str:
    role = str(_(ROLES[step["role"]])) if step.get("role") in ROLES else str(step.get("role") or "")
    unit = str(step.get("unit") or "")
    unit = str(_(UNITS[unit])) if unit in UNITS else unit.removeprefix("code:")
    outcome = str(_(OUTCOMES[step["outcome"]])) if step.get("outcome") in OUTCOMES else ""
    service = str(declared.SERVICE_NAMES.get(str(step.get("service")), "")) if step.get("service") else ""
    return " – ".join(part for part in (role, unit, outcome, service) if part)
