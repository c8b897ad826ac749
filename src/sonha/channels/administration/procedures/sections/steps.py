"""The steps with their ways and diagram."""

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sonha.channels.administration.procedures import conditions
from sonha.channels.administration.procedures import properties as declared
from sonha.channels.administration.procedures.conditions import Fields
from sonha.channels.administration.procedures.drafts import Page, section_url
from sonha.channels.administration.procedures.elements import scope_of
from sonha.channels.administration.procedures.sections.rows import Row, limit_text, who_does
from sonha.process.bpmn.diagram import diagram_svg
from sonha.process.flows.vocabulary import KINDS, LIMIT_UNITS, REQUIREMENTS, ROLES
from sonha.services.procedures.unit_names import unit_names


def content(page: Page) -> dict[str, Any]:
    flow = page.declaration.get("flow") or {}
    steps, ways = flow.get("steps") or [], flow.get("transitions") or []
    titles = {step.get("key"): step.get("title") or str(_(KINDS.get(str(step.get("kind")), ""))) for step in steps}
    scope = scope_of(page.declaration, "flow/steps")
    opened = _opened_step(page, steps, ways)
    rows = []
    for place, step in enumerate(steps):
        row = Row(f"flow/steps/{place}", str(titles[step.get("key")]), str(step.get("key") or ""))
        if step.get("kind") != "task":
            row.tags.append((_kind_tag(step), str(_(KINDS.get(str(step.get("kind")), str(step.get("kind")))))))
        who = who_does(step)
        row.facts = [who] if who else []
        row.more = {
            "step": step,
            "who": who,
            "limit": limit_text(step.get("limit")),
            "stops": step.get("clock") == "stop",
            "requires": [str(_(REQUIREMENTS.get(name, name))) for name in step.get("requires") or []],
            "is_start": step.get("key") == flow.get("start"),
            "open": place == opened,
            "form_url": section_url(page.procedure, "to-khai", "", str(step.get("key"))) if step.get("form") else "",
            "fields": sum(len(section.get("fields") or []) for section in (step.get("form") or {}).get("sections") or []),
            "may_have_form": step.get("kind") in {"task", "consultation"},
        }
        row.rows = [_way_row(index, way, titles, scope.fields) for index, way in enumerate(ways) if way.get("from") == step.get("key")]
        rows.append(row)
    return {
        "rows": rows,
        "step_open": rows[opened] if opened is not None else None,
        "diagram": _diagram(flow, unit_names(page.declaration, page.procedure)),
        "targets": [(step.get("key"), titles[step.get("key")]) for step in steps],
        "kinds": declared.STEP_KINDS,
        "roles": [(key, _(name)) for key, name in ROLES.items()],
        "units": scope.lists["actors"],
        "limit_units": [(key, _(name)) for key, name in LIMIT_UNITS.items()],
        "effects": declared.EFFECTS,
        "new_condition": _new_condition(page, scope.fields),
    }


def _opened_step(page: Page, steps: list[dict[str, Any]], ways: list[dict[str, Any]]) -> int | None:
    """The step whose panel is open: the one asked for, or the one the asked-for way leaves."""
    parts = page.opened.split("/")
    if len(parts) < 3 or not parts[2].isdecimal():
        return None
    number = int(parts[2])
    if parts[1] == "steps":
        return number if number < len(steps) else None
    source = ways[number].get("from") if number < len(ways) else None
    return next((place for place, step in enumerate(steps) if step.get("key") == source), None)


def _way_row(index: int, way: Mapping[str, Any], titles: Mapping[Any, Any], fields: Fields) -> Row:
    target = str(titles.get(way.get("to"), way.get("to")))
    row = Row(f"flow/transitions/{index}", str(way.get("title") or ""), str(way.get("action") or ""))
    row.more = {"target": target, "returns": bool(way.get("returns"))}
    if way.get("when"):
        row.facts.append(_("khi %(words)s") % {"words": conditions.words(way["when"], fields)})
    if effect := dict(declared.EFFECTS).get(str(way.get("effect"))):
        words = str(effect).split(":")[0]
        row.facts += [words] if words.casefold() != row.title.casefold() else []
    if way.get("comment") == "required":
        row.facts.append(_("phải ghi lý do"))
    if way.get("batch"):
        row.facts.append(_("làm được cùng lúc nhiều hồ sơ"))
    return row


def _new_condition(page: Page, fields: Fields) -> dict[str, Any]:
    """The condition of a way to be added: as typed before, or none."""
    kept = page.extra.get("kept")
    typed = (
        conditions.posted(kept, "when")
        if kept is not None and page.extra.get("kept_for", "").startswith("add-way")
        else conditions.shown(None)
    )
    rows = [*typed["rows"], *({"field": "", "op": "", "value": ""} for _row in range(conditions.SPARE_ROWS))]
    return {"typed": typed, "rows": rows, "known": list(fields.values()), "operators": list(conditions.OPERATORS.items())}


def _diagram(flow: Mapping[str, Any], units: Mapping[str, str]) -> SafeString:
    try:
        return mark_safe(diagram_svg(flow, units=units, ident="draft"))  # noqa: S308 - drawn by our own code, all words escaped
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        return SafeString()


def _kind_tag(step: Mapping[str, Any]) -> str:
    return {"task": "", "consultation": "water", "end": "good", "choice": "soon"}.get(str(step.get("kind")), "")
