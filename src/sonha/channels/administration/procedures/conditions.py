"""Conditions as rows a person fills in (field, comparison, value), and as sentences. Nested ones are typed as JSON. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.ui.figures import as_json, format_day, format_number, parse_day, parse_number
from sonha.process.flows.condition_check import ORDERED_TYPES
from sonha.process.rules import conditions

NUMBERS = ORDERED_TYPES - {"date"}
SPARE_ROWS = 2  # empty rows offered, so that rows can be added without a script
MOST_ROWS = 30

OPERATORS = {
    "eq": gettext_lazy("bằng"),
    "ne": gettext_lazy("khác"),
    "gt": gettext_lazy("lớn hơn"),
    "gte": gettext_lazy("từ … trở lên"),
    "lt": gettext_lazy("nhỏ hơn"),
    "lte": gettext_lazy("không quá"),
    "in": gettext_lazy("là một trong"),
    "not_in": gettext_lazy("không phải"),
    "contains": gettext_lazy("có chọn"),
    "filled": gettext_lazy("đã điền"),
}
SIGNS = {"gt": ">", "gte": "≥", "lt": "<", "lte": "≤"}
YES = ("có", "co", "true", "đúng", "yes", "1", "")
NO = ("không", "khong", "false", "sai", "no", "0")


@dataclass(frozen=True)
class FieldInfo:
    """What a condition may read: its path, what people call it, and what it holds."""

    path: str
    label: str
    type: str = ""
    options: tuple[tuple[str, str], ...] = ()


Fields = Mapping[str, FieldInfo]


class ConditionRefused(ValueError):
    """Why rows are no condition yet, as a sentence."""


def field_infos(fields: Mapping[str, Mapping[str, Any]], prefix: str = "") -> dict[str, FieldInfo]:
    """Declared fields by path as `FieldInfo`; a field inside a repeated group carries the group's name before its own."""
    found: dict[str, FieldInfo] = {}
    for path, field in fields.items():
        options = tuple(
            (str(option.get("value")), str(option.get("label") or option.get("value")))
            for option in field.get("options") or ()
            if isinstance(option, Mapping)
        )
        label = str(field.get("label") or path)
        group = found.get(prefix + path.split(".*.")[0]) if ".*." in path else None
        label = f"{group.label} › {label}" if group else label
        found[prefix + path] = FieldInfo(prefix + path, label, str(field.get("type") or ""), options)
    return found


def shown(condition: Any) -> dict[str, Any]:
    """A declared condition as the editor shows it: {mode, rows, json}. Mode: no, yes, all, any or json."""
    text = json.dumps(condition, ensure_ascii=False) if isinstance(condition, Mapping) else ""
    if condition is None or condition is False:
        return {"mode": "no", "rows": [], "json": ""}
    if condition is True:
        return {"mode": "yes", "rows": [], "json": ""}
    if isinstance(condition, Mapping) and "field" in condition:
        return {"mode": "all", "rows": _rows(condition), "json": text}
    for mode in ("all", "any"):
        parts = condition.get(mode) if isinstance(condition, Mapping) else None
        simple = isinstance(parts, list) and all(isinstance(part, Mapping) and "field" in part for part in parts)
        if simple and (mode == "all" or all(len(part) == 2 for part in parts or ())):
            return {"mode": mode, "rows": [row for part in parts or () for row in _rows(part)], "json": text}
    return {"mode": "json", "rows": [], "json": text}


def posted(post: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The rows of condition `name` as they were typed."""
    numbers = [number for number in range(MOST_ROWS) if f"{name}.{number}.field" in post]
    rows = [{part: str(post.get(f"{name}.{number}.{part}", "")).strip() for part in ("field", "op", "value")} for number in numbers]
    return {
        "mode": str(post.get(f"{name}.mode", "no")),
        "rows": [row for row in rows if row["field"] or row["value"]],
        "json": post.get(f"{name}.json", ""),
    }


def read(typed: Mapping[str, Any], fields: Fields) -> Any:
    """The condition of what was typed: None or False for `no`, True for `yes`. Raises ConditionRefused with a sentence."""
    mode = typed["mode"]
    if mode in {"no", "yes"}:
        return mode == "yes"
    if mode == "json":
        return _json(typed["json"])
    tests = [_comparison(row, fields) for row in typed["rows"] if row["field"] or row["value"]]
    if not tests:
        raise ConditionRefused(_("Hãy chọn ít nhất một mục cho điều kiện."))
    merged = _merged(tests) if mode == "all" else tests
    return merged[0] if len(merged) == 1 else {mode: merged}


def labelled(row: Mapping[str, str], fields: Fields) -> dict[str, str]:
    """A row whose value is an option shows the option's label; a label with a comma in it would be read as two values."""
    info = fields.get(conditions.declared(row["field"]))
    label = dict(info.options).get(row["value"], "") if info else ""
    return {**row, "value": label if label and "," not in label else row["value"]}


def unwrapped(condition: Any) -> Any:
    """A group of one comparison is that comparison."""
    for mode in ("all", "any"):
        if isinstance(condition, Mapping) and isinstance(condition.get(mode), list) and len(condition[mode]) == 1:
            return condition[mode][0]
    return condition


def words(condition: Any, fields: Fields) -> str:
    """The condition as people say it; empty when there is none."""
    if condition is None or isinstance(condition, bool) or not isinstance(condition, Mapping):
        return ""
    if "field" in condition:
        return _(" và ").join(_comparison_words(condition, name, fields) for name in condition if name != "field")
    if "not" in condition:
        return _("không phải (%(part)s)") % {"part": words(condition["not"], fields)}
    mode = "all" if "all" in condition else "any"
    joiner = _(" và ") if mode == "all" else _(" hoặc ")
    parts = condition.get(mode)
    return joiner.join(
        f"({words(part, fields)})" if isinstance(part, Mapping) and "field" not in part else words(part, fields)
        for part in (parts if isinstance(parts, list) else [])
    )


def paths(parts: Iterable[Any]) -> set[str]:
    """The paths several conditions read, in declared form."""
    return {conditions.declared(path) for part in parts for path in conditions.paths(part)}


def _rows(condition: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"field": str(condition["field"]), "op": name, "value": _value_text(value)} for name, value in condition.items() if name != "field"
    ]


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, list | tuple):
        return ", ".join(_value_text(item) for item in value)
    return format_number(value) if isinstance(value, int | float) else str(value)


def _comparison(row: Mapping[str, str], fields: Fields) -> dict[str, Any]:
    path, name, text = row["field"], row["op"] or "eq", row["value"]
    if not path:
        raise ConditionRefused(_("Có dòng điều kiện chưa chọn mục."))
    if name not in OPERATORS:
        raise ConditionRefused(_("Không có phép so sánh «%(name)s».") % {"name": name})
    info = fields.get(conditions.declared(path)) or fields.get(path) or FieldInfo(path, path)
    if name == "filled":
        return {"field": path, name: _yes_no(text, info)}
    if not text:
        raise ConditionRefused(_("Điều kiện trên «%(label)s» chưa có giá trị so sánh.") % {"label": info.label})
    if name in {"in", "not_in"}:
        return {"field": path, name: [_value(part.strip(), info) for part in text.split(",") if part.strip()]}
    return {"field": path, name: _value(text, info)}


def _value(text: str, info: FieldInfo) -> Any:
    for value, label in info.options:
        if text.casefold() in {value.casefold(), label.casefold()}:
            return value
    if info.type == "boolean":
        return _yes_no(text, info)
    if info.type in NUMBERS:
        number = parse_number(text)
        if number is None:
            raise ConditionRefused(_("«%(text)s» không phải là số (mục «%(label)s»).") % {"text": text, "label": info.label})
        return as_json(number)
    if info.type == "date":
        day = parse_day(text)
        if day is None:
            raise ConditionRefused(_("«%(text)s» không phải là ngày (mục «%(label)s»).") % {"text": text, "label": info.label})
        return day
    return text


def _yes_no(text: str, info: FieldInfo) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise ConditionRefused(_("Mục «%(label)s» chỉ so sánh với «có» hoặc «không».") % {"label": info.label})


def _merged(tests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tests of one field that follow each other become one comparison: from 10 up and below 200."""
    merged: list[dict[str, Any]] = []
    for test in tests:
        if merged and merged[-1]["field"] == test["field"] and not (merged[-1].keys() & test.keys()) - {"field"}:
            merged[-1] = {**merged[-1], **test}
        else:
            merged.append(test)
    return merged


def _json(text: str) -> Any:
    try:
        condition = json.loads(text)
    except ValueError as problem:
        raise ConditionRefused(_("JSON của điều kiện không đọc được: %(problem)s.") % {"problem": problem}) from problem
    if not isinstance(condition, dict):
        raise ConditionRefused(_('Điều kiện phải có dạng {"field": …, "eq": …} hoặc all, any, not.'))
    return condition


def _comparison_words(condition: Mapping[str, Any], name: str, fields: Fields) -> str:
    path = str(condition["field"])
    info = fields.get(conditions.declared(path)) or FieldInfo(path, path)
    value = condition[name]
    if name == "filled":
        return (_("đã điền «%(label)s»") if value else _("chưa điền «%(label)s»")) % {"label": info.label}
    titles = dict(info.options)
    listed = [
        titles.get(str(each)) or (format_day(each) if info.type == "date" else _value_text(each))
        for each in (value if isinstance(value, list | tuple) else [value])
    ]
    sign = _("là") if name == "eq" and info.type not in NUMBERS else SIGNS.get(name) or OPERATORS.get(name, name)
    return f"{info.label} {sign} {', '.join(listed)}"
