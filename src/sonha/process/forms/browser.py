"""A form as the browser's twin wants it: texts in one language, defaults filled in, order of decision, sentences and words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from sonha.process.forms import identifiers, messages, schema
from sonha.process.forms.answers import accepted, max_mb
from sonha.process.forms.lookups import Lookups
from sonha.process.forms.schema import Field, Form, Option
from sonha.process.forms.shapes import MAX_RINGS, MAX_VERTICES

TEXTS = ("label", "unit", "item_label", "pattern_message")
ASKING = ("of", "given", "fills", "over", "parts")
KEPT = ("min", "max", "pattern", "min_length", "min_items", "sum", "product", "within", "max_area_ha", "catalogue", *ASKING)


def compiled_form(declaration: Form | Mapping[str, Any], *, lookups: Lookups | None = None, language: str | None = None) -> dict[str, Any]:
    """JSON for the page (no answers in it): sections, fields by declared path, order, sentences."""
    form = schema.load(declaration)
    language = language or get_language() or "vi"
    return {
        "sections": [
            {"key": section.key, "when": section.when, "fields": [item.path for item in section.fields]} for section in form.sections
        ],
        "fields": {path: _field(item, lookups, language) for path, item in form.by_path.items()},
        "order": list(form.order),
        "messages": messages.catalogue(),
        "words": messages.interface(),
        "limits": {"vertices": MAX_VERTICES, "rings": MAX_RINGS, "personal_tax_code_from": identifiers.PERSONAL_TAX_CODE_FROM},
    }


def options_of(item: Field, lookups: Lookups | None) -> list[Option] | None:
    """What may be chosen; None when the catalogue is not at hand."""
    if not item.get("catalogue"):
        return list(item.options)
    found = lookups.options(item.get("catalogue")) if lookups else None
    return None if found is None else [*item.options, *found]


def _field(item: Field, lookups: Lookups | None, language: str) -> dict[str, Any]:
    data: dict[str, Any] = {"key": item.key, "type": item.type, "section": item.section, "required": item.required, "when": item.when}
    data.update({name: item.text(name, language) for name in TEXTS if item.text(name, language)})
    data.update({name: item.get(name) for name in KEPT if item.get(name) is not None})
    data["max_length"], data["decimals"] = item.max_length, item.decimals
    if item.type in schema.CHOICE_TYPES:
        options = options_of(item, lookups)
        data["options"] = None if options is None else [option.value for option in options]
    elif item.type == "admin_unit":
        data["level"] = item.get("level", "commune")
    elif item.type in schema.GEOMETRY_TYPES:
        data["bbox"] = list(item.bbox)
    elif item.type == "file":
        data.update(accept=accepted(item), max_mb=max_mb(item), max_files=item.max_files)
    elif item.type == "repeat":
        data.update(max_items=item.max_items, fields=[child.path for child in item.fields])
    return data
