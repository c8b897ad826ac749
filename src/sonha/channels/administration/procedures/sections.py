"""What each page of the editor shows beside the open sheet: lists of elements in words, previews, diagrams, trials."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from sonha.channels.administration.procedures import conditions
from sonha.channels.administration.procedures import properties as declared
from sonha.channels.administration.procedures.conditions import Fields
from sonha.channels.administration.procedures.drafts import Page, section_url
from sonha.channels.administration.procedures.elements import scope_of
from sonha.channels.administration.procedures.trial import trial_of
from sonha.foundation.organisations.models import Unit
from sonha.foundation.ui.figures import format_number
from sonha.process.bpmn.diagram import diagram_svg
from sonha.process.cases.clock import limit_of
from sonha.process.cases.models import ReminderRule
from sonha.process.cases.reminders import rules
from sonha.process.deadlines import limit_words
from sonha.process.flows.durations import longest_way, working_days
from sonha.process.flows.services import digest_of
from sonha.process.flows.vocabulary import HANDLED, KINDS, LIMIT_UNITS, OUTCOMES, REQUIREMENTS, ROLES, UNITS
from sonha.process.forms.rendering import render_preview
from sonha.process.forms.schema import UNASKED_TYPES, SchemaError
from sonha.services.procedures.changes import changes
from sonha.services.procedures.selectors import current_version
from sonha.services.procedures.services import as_declaration
from sonha.services.procedures.unit_names import unit_names

TYPES = dict(declared.FIELD_TYPES)


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


def content_of(page: Page) -> dict[str, Any]:
    """The template variables of the page's section."""
    return CONTENTS[page.section.slug](page)


def _identity(page: Page) -> dict[str, Any]:
    whole = page.declaration
    sources = [
        Row(
            f"legal_basis/{place}",
            str(entry.get("citation") or ""),
            str(entry.get("id") or ""),
            [text for text in (str(entry.get("article") or ""), _stretch(entry)) if text],
            [("soon", _("Tỉnh phải xác nhận"))] if entry.get("assumption") else [],
        )
        for place, entry in enumerate(whole.get("legal_basis") or [])
    ]
    units = dict(Unit.objects.filter(code__in=[whole.get("division") or "", whole.get("authority") or ""]).values_list("code", "name"))
    return {
        "about": whole,
        "rows": sources,
        "audience": _named(whole.get("audience"), declared.AUDIENCES),
        "channels": _named(whole.get("channels"), declared.CHANNELS),
        "division": units.get(whole.get("division") or "", whole.get("division")),
        "authority": units.get(whole.get("authority") or "", whole.get("authority")),
        "limit": limit_text(whole.get("time_limit")),
        "add_place": "legal_basis/new",
    }


def _papers(page: Page) -> dict[str, Any]:
    fields = scope_of(page.declaration, "papers").fields
    forms = dict(declared.PAPER_FORMS)
    rows = []
    for place, paper in enumerate(page.declaration.get("papers") or []):
        facts = [_required_words(paper.get("required", False), fields), str(forms.get(paper.get("form", "copy"), ""))]
        facts.append(_("%(count)s bản") % {"count": paper.get("copies", 1)})
        if paper.get("reuse"):
            facts.append(_("dùng lại: %(kind)s") % {"kind": paper["reuse"]})
        rows.append(Row(f"papers/{place}", str(paper.get("title") or ""), str(paper.get("code") or ""), facts))
    return {"rows": rows, "add_place": "papers/new"}


def _form(page: Page) -> dict[str, Any]:
    root = page.form_root
    form = _element(page, root) or {"sections": []}
    fields = scope_of(page.declaration, root if root == "form" else f"{root}/sections/new").fields
    rows = []
    for place, section in enumerate(form.get("sections") or []):
        here = f"{root}/sections/{place}"
        row = Row(here, str(section.get("title") or ""), str(section.get("key") or ""))
        if section.get("when"):
            row.facts.append(_("chỉ hiện khi %(words)s") % {"words": conditions.words(section["when"], fields)})
        row.rows = [_field_row(f"{here}/fields/{number}", each, fields) for number, each in enumerate(section.get("fields") or [])]
        row.more["add"] = f"{here}/fields/new"
        rows.append(row)
    preview, problems = _preview(form)
    steps = [step for step in (page.declaration.get("flow") or {}).get("steps") or [] if step.get("form")]
    return {
        "rows": rows,
        "add_place": f"{root}/sections/new",
        "preview": preview,
        "preview_problems": problems,
        "forms": [("", _("Tờ khai của người nộp"), section_url(page.procedure, "to-khai"))]
        + [(step["key"], step.get("title") or step["key"], section_url(page.procedure, "to-khai", "", step["key"])) for step in steps],
        "form_of_title": next((step.get("title") for step in steps if step["key"] == page.form_of), ""),
    }


def _field_row(place: str, item: Mapping[str, Any], fields: Fields) -> Row:
    row = Row(place, str(item.get("label") or item.get("text") or ""), str(item.get("key") or ""))
    unit = f" ({item['unit']})" if item.get("unit") else ""
    row.facts.append(str(TYPES.get(str(item.get("type")), item.get("type") or "")) + unit)
    if item.get("type") not in UNASKED_TYPES:
        same = item.get("when") is not None and item.get("required") == item.get("when")
        row.facts.append(_("bắt buộc") if same else _required_words(item.get("required", False), fields))
    if item.get("when"):
        row.facts.append(_("hiện khi %(words)s") % {"words": conditions.words(item["when"], fields)})
    if item.get("options"):
        row.facts.append(" / ".join(str(option.get("label")) for option in item["options"] if isinstance(option, Mapping)))
    if item.get("prefill"):
        row.tags.append(("water", _("điền sẵn")))
    if item.get("type") == "repeat":
        row.rows = [_field_row(f"{place}/fields/{number}", child, fields) for number, child in enumerate(item.get("fields") or [])]
        row.more["add"] = f"{place}/fields/new"
    return row


def _preview(form: Mapping[str, Any]) -> tuple[SafeString, list[str]]:
    """The form by the real engine, or why it cannot be drawn."""
    empty = [section for section in form.get("sections") or [] if section.get("fields")]
    if not empty:
        return SafeString(), []
    try:
        return render_preview(form), []
    except SchemaError as error:
        return SafeString(), [problem.message for problem in error.problems]


def _steps(page: Page) -> dict[str, Any]:
    flow = page.declaration.get("flow") or {}
    steps, ways = flow.get("steps") or [], flow.get("transitions") or []
    titles = {step.get("key"): step.get("title") or str(_(KINDS.get(str(step.get("kind")), ""))) for step in steps}
    fields = scope_of(page.declaration, "flow/steps").fields
    opened = _opened_step(page, steps, ways)
    rows = []
    for place, step in enumerate(steps):
        row = Row(f"flow/steps/{place}", str(titles[step.get("key")]), str(step.get("key") or ""))
        if step.get("kind") != "task":
            row.tags.append((_kind_tag(step), str(_(KINDS.get(str(step.get("kind")), str(step.get("kind")))))))
        row.facts = [who] if (who := _who(step)) else []
        row.more = {
            "step": step,
            "who": _who(step),
            "limit": limit_text(step.get("limit")),
            "stops": step.get("clock") == "stop",
            "requires": [str(_(REQUIREMENTS.get(name, name))) for name in step.get("requires") or []],
            "is_start": step.get("key") == flow.get("start"),
            "open": place == opened,
            "form_url": section_url(page.procedure, "to-khai", "", str(step.get("key"))) if step.get("form") else "",
            "fields": sum(len(section.get("fields") or []) for section in (step.get("form") or {}).get("sections") or []),
            "may_have_form": step.get("kind") in {"task", "consultation"},
        }
        row.rows = [_way_row(index, way, titles, fields) for index, way in enumerate(ways) if way.get("from") == step.get("key")]
        rows.append(row)
    return {
        "rows": rows,
        "step_open": rows[opened] if opened is not None else None,
        "diagram": _diagram(flow, unit_names(page.declaration, page.procedure)),
        "targets": [(step.get("key"), titles[step.get("key")]) for step in steps],
        "kinds": declared.STEP_KINDS,
        "roles": [(key, _(name)) for key, name in ROLES.items()],
        "units": scope_of(page.declaration, "flow/steps").lists["actors"],
        "limit_units": [(key, _(name)) for key, name in LIMIT_UNITS.items()],
        "effects": declared.EFFECTS,
        "new_condition": _new_condition(page, fields),
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


def _clocks(page: Page) -> dict[str, Any]:
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
                "who": _who(step),
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


def _table(name: str, title: Callable[[Mapping[str, Any]], str]) -> Callable[[Page], dict[str, Any]]:
    def build(page: Page) -> dict[str, Any]:
        table = page.declaration.get(name) or {"rules": []}
        scope = scope_of(page.declaration, f"{name}/rules")
        trial = trial_of(page, name, scope)
        sources = {entry.get("id"): entry for entry in page.declaration.get("legal_basis") or []}
        rows = []
        for place, rule in enumerate(table.get("rules") or []):
            then = rule.get("then") or {}
            row = Row(f"{name}/rules/{place}", title(then), str(then.get("code") or ""))
            source = sources.get(rule.get("source"))
            kind = str(dict(declared.FEE_KINDS).get(str(then.get("kind", "fee")), "")) if name == "fees" else ""
            row.facts = [fact for fact in (kind, _stretch(rule), Truncator((source or {}).get("citation", "")).chars(90)) if fact]
            row.more = {
                "when": conditions.words(rule.get("when"), scope.fields),
                "then": then,
                "amount": then.get("amount"),
                "times": next((info.label for path, info in scope.fields.items() if path == then.get("times")), then.get("times")),
                "source": source,
                "matched": place in trial["matched"],
            }
            rows.append(row)
        return {
            "table": table,
            "table_name": name,
            "rows": rows,
            "add_place": f"{name}/rules/new",
            "hit": str(dict(declared.HITS).get(str(table.get("hit", "first")), "")),
            "due": str(dict(declared.DUES).get(str(table.get("due", "before_acceptance")), "")),
            "trial": trial,
        }

    return build


def _outcome(page: Page) -> dict[str, Any]:
    whole = page.declaration
    official = [info for path, info in scope_of(whole, "flow/steps").fields.items() if path.startswith("task.")]
    answers = [info for path, info in scope_of(whole, "papers").fields.items() if not path.startswith("dossier.")]
    return {
        "printed": [(f"answers.{info.path}", info.label) for info in answers if "*" not in info.path]
        + [(info.path, info.label) for info in official]
    }


def _publishing(page: Page) -> dict[str, Any]:
    current = current_version(page.procedure)
    listed = changes(as_declaration(current), page.declaration) if current else []
    groups: dict[str, list[Any]] = {}
    for change in listed:
        groups.setdefault(change.part_title, []).append(change)
    kept = page.extra.get("kept")
    day = kept.get("valid_from", "") if kept is not None else page.draft.valid_from
    return {
        "current": current,
        "seen": digest_of(page.declaration)[:16],
        "changes": list(groups.items()),
        "changed": len(listed),
        "valid_from": day,
        "problem": page.extra.get("refusal", ""),
    }


def _diagram(flow: Mapping[str, Any], units: Mapping[str, str]) -> SafeString:
    try:
        return mark_safe(diagram_svg(flow, units=units, ident="draft"))  # noqa: S308 - drawn by our own code, all words escaped
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        return SafeString()


def _element(page: Page, place: str) -> Any:
    from sonha.channels.administration.procedures.places import element

    try:
        return element(page.declaration, place)
    except LookupError:
        return None


def _who(step: Mapping[str, Any]) -> str:
    role = str(_(ROLES[step["role"]])) if step.get("role") in ROLES else str(step.get("role") or "")
    unit = str(step.get("unit") or "")
    unit = str(_(UNITS[unit])) if unit in UNITS else unit.removeprefix("code:")
    outcome = str(_(OUTCOMES[step["outcome"]])) if step.get("outcome") in OUTCOMES else ""
    service = str(declared.SERVICE_NAMES.get(str(step.get("service")), "")) if step.get("service") else ""
    return " – ".join(part for part in (role, unit, outcome, service) if part)


def _kind_tag(step: Mapping[str, Any]) -> str:
    return {"task": "", "consultation": "water", "end": "good", "choice": "soon"}.get(str(step.get("kind")), "")


def limit_text(limit: Any) -> str:
    """A declared limit in words; empty when there is none or it is not right yet."""
    try:
        found = limit_of(limit)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return ""
    return limit_words(found) if found else ""


def _required_words(required: Any, fields: Fields) -> str:
    if isinstance(required, Mapping):
        return _("bắt buộc khi %(words)s") % {"words": conditions.words(required, fields)}
    return _("bắt buộc") if required else _("không bắt buộc")


def _stretch(entry: Mapping[str, Any]) -> str:
    """`từ 05/10/2018 đến 30/06/2024`."""
    from sonha.foundation.ui.figures import format_day

    start, end = format_day(entry.get("valid_from")), format_day(entry.get("valid_to"))
    if start and end:
        return _("từ %(start)s đến %(end)s") % {"start": start, "end": end}
    return _("từ %(start)s") % {"start": start} if start else (_("đến %(end)s") % {"end": end} if end else "")


def _named(values: Any, choices: Any) -> str:
    titles = dict(choices)
    return ", ".join(str(titles.get(value, value)) for value in values or [])


CONTENTS: dict[str, Callable[[Page], dict[str, Any]]] = {
    "thong-tin": _identity,
    "giay-to": _papers,
    "to-khai": _form,
    "cac-buoc": _steps,
    "thoi-han": _clocks,
    "phi": _table("fees", lambda then: str(then.get("title") or "")),
    "phan-cong": _table("routing", lambda then: ", ".join(str(value) for value in then.values())),
    "ket-qua": _outcome,
    "cong-bo": _publishing,
}
