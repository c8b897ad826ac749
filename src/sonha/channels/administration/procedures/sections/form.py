"""The applicant's form or the form of a step: its sections and fields in words, and how it will look."""

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sonha.channels.administration.procedures import conditions
from sonha.channels.administration.procedures import properties as declared
from sonha.channels.administration.procedures.conditions import Fields
from sonha.channels.administration.procedures.drafts import Page, section_url
from sonha.channels.administration.procedures.elements import scope_of
from sonha.channels.administration.procedures.places import element
from sonha.channels.administration.procedures.sections.rows import Row, required_words
from sonha.process.forms import sources
from sonha.process.forms.rendering import render_preview
from sonha.process.forms.schema import UNASKED_TYPES, SchemaError

TYPES = dict(declared.FIELD_TYPES)


def content(page: Page) -> dict[str, Any]:
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
        row.facts.append(_("bắt buộc") if same else required_words(item.get("required", False), fields))
    if item.get("when"):
        row.facts.append(_("hiện khi %(words)s") % {"words": conditions.words(item["when"], fields)})
    if item.get("options"):
        row.facts.append(" / ".join(str(option.get("label")) for option in item["options"] if isinstance(option, Mapping)))
    if source := sources.source(str(item.get("of"))):
        row.facts.append(str(source.title))
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


def _element(page: Page, place: str) -> Any:
    try:
        return element(page.declaration, place)
    except LookupError:
        return None
