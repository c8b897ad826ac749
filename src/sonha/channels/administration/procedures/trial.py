"""Trying a decision table: values are typed into a small form of the form engine, the rows that apply are shown. Nothing is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sonha.channels.administration.procedures import conditions
from sonha.channels.administration.procedures.drafts import Page
from sonha.channels.administration.procedures.sheet import Scope
from sonha.foundation.ui.figures import parse_day
from sonha.process.forms.posting import parse_post
from sonha.process.forms.rendering import render_form
from sonha.process.forms.schema import SchemaError
from sonha.process.forms.validation import validate
from sonha.process.rules import decisions

PREFIX = "thu"
DOSSIER = "dossier_"
LEFT_OUT = ("required", "when", "prefill", "within", "source", "help", "help_en")


def trial_of(page: Page, name: str, scope: Scope) -> dict[str, Any]:
    """The form to type values into, and when some were typed: the rows that match, the lines and their sum, or what is wrong."""
    table = page.declaration.get(name) or {}
    form = form_for(table, page.declaration.get("form") or {}, scope)
    asked = page.request.GET
    day = _day(asked.get("ngay", ""))
    result: dict[str, Any] = {
        "form": SafeString(),
        "asked": "thu" in asked,
        "matched": [],
        "lines": [],
        "day": day,
        "error": "",
        "total": 0,
    }
    answers: Mapping[str, Any] = {}
    errors: Mapping[str, str] = {}
    try:
        if form["sections"][0]["fields"]:
            answers = parse_post(form, asked, prefix=PREFIX) if result["asked"] else {}
            checked = validate(form, answers, partial=True)
            errors = checked.errors if result["asked"] else {}
            result["form"] = render_form(form, answers, errors=errors, prefix=PREFIX)
            answers = checked.clean
    except SchemaError:
        result["error"] = _("Tờ khai đang có lỗi nên chưa thử được; hãy sửa tờ khai trước.")
        return result
    if result["asked"] and not errors:
        result |= _matched(table, _context(answers), day)
    return result


def form_for(table: Mapping[str, Any], form: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """A form of just the fields that the table reads, all of them optional."""
    rules = [rule for rule in table.get("rules") or [] if isinstance(rule, Mapping)]
    read = conditions.paths(rule.get("when") for rule in rules) | {str((rule.get("then") or {}).get("times") or "") for rule in rules}
    roots = {path.split(".")[0] for path in read} - {""}
    fields = [
        {name: value for name, value in field.items() if name not in LEFT_OUT}
        for section in form.get("sections") or []
        for field in section.get("fields") or []
        if field.get("key") in roots
    ]
    fields += [_pseudo(path, scope) for path in sorted(read) if path.startswith("dossier.")]
    return {"sections": [{"key": "values", "title": _("Giá trị để thử"), "fields": [_loose(field) for field in fields]}]}


def _loose(field: dict[str, Any]) -> dict[str, Any]:
    if field.get("type") == "repeat":
        inner = [{name: value for name, value in child.items() if name not in LEFT_OUT} for child in field.get("fields") or []]
        return {**field, "fields": inner}
    return field


def _pseudo(path: str, scope: Scope) -> dict[str, Any]:
    """What a dossier knows of itself, as a field to type into."""
    info = scope.fields[path]
    field: dict[str, Any] = {"key": path.replace("dossier.", DOSSIER), "label": info.label}
    if info.options:
        return {**field, "type": "radio", "options": [{"value": value, "label": label} for value, label in info.options]}
    return {**field, "type": "money"}


def _context(answers: Mapping[str, Any]) -> dict[str, Any]:
    dossier = {key.removeprefix(DOSSIER): value for key, value in answers.items() if key.startswith(DOSSIER)}
    return {**{key: value for key, value in answers.items() if not key.startswith(DOSSIER)}, "dossier": dossier}


def _matched(table: Mapping[str, Any], context: Mapping[str, Any], day: date) -> dict[str, Any]:
    try:
        rows = decisions.evaluate(table, context, day)
        lines = decisions.fees(table, context, day)
    except (conditions.conditions.ConditionError, TypeError, ValueError):
        return {"error": _("Bảng đang có dòng chưa đúng nên chưa thử được; hãy sửa các dòng đánh dấu.")}
    return {
        "matched": [row.index for row in rows],
        "matched_words": ", ".join(str(row.index + 1) for row in rows) or _("không có"),
        "lines": lines,
        "total": decisions.total(lines),
        "results": [row.then for row in rows],
    }


def _day(text: str) -> date:
    day = parse_day(text)
    return date.fromisoformat(day) if day else timezone.localdate()
