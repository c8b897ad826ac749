"""A form as accessible HTML that works without scripts; static/forms/form.js adds to it, never replaces it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sonha.process.forms import schema
from sonha.process.forms.browser import compiled_form
from sonha.process.forms.display import default_lookups
from sonha.process.forms.lookups import Lookups
from sonha.process.forms.schema import Form, Section
from sonha.process.forms.widgets import Page
from sonha.process.rules.conditions import paths

Declaration = Form | Mapping[str, Any]


def render_section(
    declaration: Declaration,
    section: str,
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    context: Mapping[str, Any] | None = None,
    urls: Mapping[str, str] | None = None,
    lookups: Lookups | None = None,
    prefix: str = "",
) -> SafeString:
    """The fields of one section (no `<form>` around them), with the error summary when there are errors.

    `answers` as typed, of the whole form: what is wrong is shown again as it was. `urls` names the addresses that the script may use:
    `autosave` (POST {"answers"}), `upload` (POST file), `areas` (communes with centres), `convert` (VN-2000). `lookups` default to the
    platform's own.
    """
    form = schema.load(declaration)
    return _render(
        form, [form.section(section)], answers, errors or {}, context or {}, urls or {}, lookups, prefix, titles=True, check=True
    )


def render_form(
    declaration: Declaration,
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    context: Mapping[str, Any] | None = None,
    urls: Mapping[str, str] | None = None,
    lookups: Lookups | None = None,
    prefix: str = "",
) -> SafeString:
    """All sections on one page, as `render_section`. `prefix` keeps several forms on a page apart; hand it to `parse_post` too."""
    form = schema.load(declaration)
    return _render(
        form, form.sections, answers, errors or {}, context or {}, urls or {}, lookups, prefix, titles=len(form.sections) > 1, check=False
    )


def render_preview(declaration: Declaration, *, lookups: Lookups | None = None) -> SafeString:
    """The form as applicants will see it, with nothing filled in and nothing saved; for the editor. Raises SchemaError."""
    form = schema.load(declaration)
    return _render(form, form.sections, {}, {}, {}, {}, lookups, "preview", titles=True, check=False)


def _render(
    form: Form,
    sections: Sequence[Section],
    answers: Mapping[str, Any],
    errors: Mapping[str, str],
    context: Mapping[str, Any],
    urls: Mapping[str, str],
    lookups: Lookups | None,
    prefix: str,
    *,
    titles: bool,
    check: bool,
) -> SafeString:
    language = get_language() or "vi"
    page = Page(form, answers, errors, context, lookups or default_lookups(), language, prefix)
    shown = [
        {
            "key": section.key,
            "title": section.text("title", language) if titles else "",
            "help": section.text("help", language),
            "hidden": "#" + section.key not in page.checked.visible,
            "widgets": page.widgets(section.fields),
        }
        for section in sections
    ]
    here = {item.key for section in sections for item in section.fields}
    data = {
        "form": compiled_form(form, lookups=page.lookups, language=language),
        "context": _readable(form, context),
        "elsewhere": {key: value for key, value in page.checked.clean.items() if key not in here},
        "prefix": page.start,
    }
    listed = [
        {"id": page.id_of_path(path), "path": path, "text": text}
        for path, text in errors.items()
        if schema.declared(path).split(".")[0] in here
    ]
    conditional = any(item.when or item.required not in (True, False) for section in sections for item in schema.walk(section.fields))
    return render_to_string(
        "forms/form.html",
        {
            "sections": shown,
            "errors": listed,
            "prefix": page.start,
            "check_on_submit": check,
            "conditional": conditional,
            "urls": {"convert": own_url("convert"), "ask": own_url("ask"), **urls},
            "map_script": static("vendor/maplibre/maplibre-gl.js"),
            "map_style": static("vendor/maplibre/maplibre-gl.css"),
            "data": json_script(data),
        },
    )


def own_url(name: str) -> str:
    """The address that turns VN-2000 metres into degrees (`convert`) or asks registers (`ask`); empty when the site does not serve it."""
    try:
        return reverse(f"forms:{name}")
    except NoReverseMatch:
        return ""


def _readable(form: Form, context: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the context that conditions of this form read, and nothing else: it is written into the page."""
    found: dict[str, Any] = {}
    own = {item.key for item in form.root}
    reads = set().union(*(paths(section.when) for section in form.sections))
    reads |= set().union(*(paths(item.when) | paths(item.required) for item in form.by_path.values()))
    reads |= {str(path) for item in form.by_path.values() for path in dict(item.get("given") or {}).values()}
    reads |= {str(item.get("parts")).split(".")[0] for item in form.by_path.values() if item.get("parts")}
    for path in reads:
        first, *rest = path.split(".")
        if first in own or first not in context:
            continue
        value: Any = context
        holder, key = found, first
        for index, part in enumerate([first, *rest]):
            value = value.get(part) if isinstance(value, Mapping) else None
            key = part
            if index < len(rest):
                holder = holder.setdefault(part, {})
        if isinstance(holder, dict) and value is not None:
            holder[key] = value
    return found
