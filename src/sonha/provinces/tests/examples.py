"""Answers that a careful person would give: every field that is shown and required, each within its own rules."""

import re
from collections.abc import Mapping
from typing import Any

from sonha.process.rules.conditions import holds

SITE = (106.7610, 21.8530)
TEXTS = ("CA 123456", "17 02 03", "0810", "Khu sản xuất Hợp Thành")
VALUES: dict[str, Any] = {
    "email": "nguoi.nop@example.vn",
    "phone": "0912345678",
    "personal_id": "020085001234",
    "tax_code": "0101243150",
    "date": "2020-05-04",
    "boolean": True,
    "point": {"type": "Point", "coordinates": list(SITE)},
    "polygon": {
        "type": "Polygon",
        "coordinates": [[[106.76, 21.85], [106.77, 21.85], [106.77, 21.86], [106.76, 21.86], [106.76, 21.85]]],
    },
}


def example_answers(
    form: Mapping[str, Any], context: Mapping[str, Any], *, commune: str = "05977", chosen: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Answers to a form in which the first option is chosen everywhere, except where `chosen` says otherwise."""
    answers: dict[str, Any] = {}
    for section in form["sections"]:
        if not _holds(section.get("when", True), answers, context):
            continue
        for field in section["fields"]:
            if _shown(field, answers, context):
                answers[field["key"]] = (chosen or {}).get(field["key"], _value(field, commune))
    return answers


def _shown(field: Mapping[str, Any], answers: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    if field["type"] in {"note", "computed"} or not _holds(field.get("when", True), answers, context):
        return False
    return _holds(field.get("required", False), answers, context)


def _holds(condition: Any, answers: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    return condition if isinstance(condition, bool) else holds(condition, {**context, **answers})


def _value(field: Mapping[str, Any], commune: str) -> Any:
    kind = field["type"]
    if kind in {"select", "radio"}:
        return field["options"][0]["value"]
    if kind == "checkboxes":
        return [field["options"][0]["value"]]
    if kind == "admin_unit":
        return commune
    if kind == "repeat":
        item = {inner["key"]: _value(inner, commune) for inner in field["fields"] if inner.get("required", False)}
        return [item] * max(1, field.get("min_items", 1))
    if kind in {"integer", "number", "money"}:
        return max(field.get("min", 1), min(150 if kind != "money" else 2_000_000, field.get("max", 10**9)))
    if kind == "date" and field.get("min") == "today":
        return "2090-01-05"
    if kind in {"text", "textarea"}:
        if "pattern" in field:
            return next(text for text in TEXTS if re.fullmatch(field["pattern"], text))
        return TEXTS[-1][: field.get("max_length", 100)].strip()
    return VALUES[kind]
