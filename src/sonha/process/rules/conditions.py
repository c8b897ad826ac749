"""Conditions (điều kiện): the one language of forms, papers, fees, routing and transitions.

    {"field": "flow", "gte": 10, "lt": 200}        several operators on one field: all hold
    {"all": [c1, c2]}   {"any": [c1, c2]}   {"not": c}

`field` is a dotted path into the context: `wells.0.depth` is one item, `wells.*.depth` any item. A value that is missing (absent, null,
blank text, empty list) makes every comparison false, except `ne` and `not_in`, which are true, and `filled: false`, which is true.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

Condition = Mapping[str, Any]
Context = Mapping[str, Any]

OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "not_in", "contains", "filled")
ORDERED = frozenset({"gt", "gte", "lt", "lte"})
MAX_DEPTH = 12
PATH = re.compile(r"[a-z][a-z0-9_]*(\.([a-z][a-z0-9_]*|[0-9]{1,4}|\*))*", re.ASCII)
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

# What every dossier knows about itself besides the answers.
DOSSIER_FIELDS: dict[str, str] = {
    "dossier.channel": "text",
    "dossier.owner_kind": "text",
    "dossier.fee_due": "money",
}
NUMBER_TYPES = frozenset({"integer", "number", "money", "computed"})
ORDERED_TYPES = NUMBER_TYPES | {"date"}
LIST_TYPES = frozenset({"checkboxes", "file", "repeat"})


class ConditionError(ValueError):
    """The condition itself is malformed; `check` says so in words before anything is published."""


def holds(condition: Condition | bool | None, context: Context) -> bool:
    """Whether the condition holds for this context (nested JSON: answers, `dossier`, `task`).

    No condition (None) always holds; a boolean is itself. Never raises for a condition that `check` accepts, whatever the context.
    Raises ConditionError for a malformed condition.
    """
    if condition is None or isinstance(condition, bool):
        return condition is not False
    if not isinstance(condition, Mapping):
        raise ConditionError(f"not a condition: {condition!r}")
    if "all" in condition:
        return all(holds(part, context) for part in _parts(condition, "all"))
    if "any" in condition:
        return any(holds(part, context) for part in _parts(condition, "any"))
    if "not" in condition:
        return not holds(condition["not"], context)
    if "field" not in condition:
        raise ConditionError(f"a condition names a field, all, any or not: {dict(condition)!r}")
    tests = [(name, operand) for name, operand in condition.items() if name != "field"]
    if not tests:
        raise ConditionError(f"no comparison: {dict(condition)!r}")
    found = values_at(context, str(condition["field"])) or [None]
    return any(all(_compare(name, value, operand) for name, operand in tests) for value in found)


def paths(condition: Condition | bool | None) -> set[str]:
    """The field paths a condition reads, as written."""
    if not isinstance(condition, Mapping):
        return set()
    if "field" in condition:
        return {str(condition["field"])}
    found: set[str] = set()
    for name in ("all", "any"):
        for part in condition.get(name) or ():
            found |= paths(part)
    return found | paths(condition.get("not"))


def declared(path: str) -> str:
    """A concrete path as it is declared: `wells.0.depth` becomes `wells.*.depth`."""
    return ".".join("*" if part.isdecimal() else part for part in path.split("."))


def values_at(context: Any, path: str) -> list[Any]:
    """Every value a path reaches: none or one without `*`, one for each item with it."""
    found = [context]
    for part in path.split("."):
        found = [value for holder in found for value in _step(holder, part)]
    return found


def is_missing(value: Any) -> bool:
    """Absent, null, blank text, or an empty list or object; zero and false are answers."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple | Mapping) and not value)


def check(condition: Any, known_fields: Iterable[str] | Mapping[str, Any]) -> list[str]:
    """What is wrong with a condition, in words; an empty list when it can be used.

    `known_fields` holds declared paths (`flow`, `wells.*.depth`, `task.appraise.conclusion`). When it is a mapping, each value is the
    type of the field or its declaration (`{"type": "select", "options": [...]}`), and operators and options are checked against it.
    The fields of `DOSSIER_FIELDS` are always known.
    """
    fields: dict[str, Any] = dict(DOSSIER_FIELDS)
    fields.update(known_fields if isinstance(known_fields, Mapping) else dict.fromkeys(known_fields))
    return list(_problems(condition, fields, 0))


def _parts(condition: Condition, name: str) -> list[Any]:
    parts = condition[name]
    if not isinstance(parts, list | tuple):
        raise ConditionError(f"{name} needs a list: {dict(condition)!r}")
    return list(parts)


def _step(holder: Any, part: str) -> list[Any]:
    if isinstance(holder, Mapping):
        return [holder[part]] if part in holder else []
    if isinstance(holder, list | tuple):
        if part == "*":
            return list(holder)
        if part.isdecimal() and len(part) <= 4 and int(part) < len(holder):
            return [holder[int(part)]]
    return []


def _compare(operator: str, value: Any, operand: Any) -> bool:
    missing = is_missing(value)
    if operator == "filled":
        return missing is not bool(operand)
    if operator in {"ne", "not_in"}:
        return missing or not _compare("eq" if operator == "ne" else "in", value, operand)
    if operator not in OPERATORS:
        raise ConditionError(f"unknown comparison {operator!r}")
    if missing:
        return False
    if operator == "eq":
        return _same(value, operand)
    if operator == "in":
        return isinstance(operand, list | tuple) and any(_same(value, choice) for choice in operand)
    if operator == "contains":
        if isinstance(value, str):
            return isinstance(operand, str) and operand in value
        return isinstance(value, list | tuple) and any(_same(item, operand) for item in value)
    return _ordered(operator, value, operand)


def _same(left: Any, right: Any) -> bool:
    """JSON equality: 1 and 1.0 are equal, true and 1 are not, lists item by item. Dates from YAML compare as their ISO text."""
    left, right = _plain(left), _plain(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(_same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, Mapping) or isinstance(right, Mapping):
        return False
    return bool(left == right)


def _ordered(operator: str, left: Any, right: Any) -> bool:
    left, right = _plain(left), _plain(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    dates = isinstance(left, str) and isinstance(right, str) and ISO_DATE.fullmatch(left) and ISO_DATE.fullmatch(right)
    if not numbers and not dates:
        return False
    if operator == "gt":
        return bool(left > right)
    if operator == "gte":
        return bool(left >= right)
    return bool(left < right) if operator == "lt" else bool(left <= right)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _problems(condition: Any, fields: Mapping[str, Any], depth: int) -> Iterable[str]:
    if isinstance(condition, bool) and depth == 0:
        return
    if not isinstance(condition, Mapping) or not condition:
        yield _("Điều kiện phải có dạng {field: …, eq: …} hoặc all, any, not.")
        return
    if depth > MAX_DEPTH:
        yield _("Điều kiện lồng nhau quá %(count)s tầng; hãy viết gọn lại.") % {"count": MAX_DEPTH}
        return
    groups = [name for name in ("all", "any", "not") if name in condition]
    if "field" in condition and not groups:
        yield from _comparison_problems(condition, fields)
    elif len(groups) != 1 or len(condition) != 1:
        yield _("Mỗi điều kiện chỉ dùng một trong field, all, any, not: %(keys)s.") % {"keys": ", ".join(map(str, condition))}
    elif groups == ["not"]:
        yield from _problems(condition["not"], fields, depth + 1)
    elif not isinstance(condition[groups[0]], list | tuple) or not condition[groups[0]]:
        yield _("“%(group)s” cần một danh sách điều kiện.") % {"group": groups[0]}
    else:
        for part in condition[groups[0]]:
            yield from _problems(part, fields, depth + 1)


def _comparison_problems(condition: Mapping[str, Any], fields: Mapping[str, Any]) -> Iterable[str]:
    path, tests = condition["field"], {name: operand for name, operand in condition.items() if name != "field"}
    if not isinstance(path, str) or not PATH.fullmatch(path):
        yield _("“%(path)s” không phải là đường dẫn tới một mục (ví dụ: flow, wells.*.depth).") % {"path": path}
        return
    if declared(path) not in fields:
        near = difflib.get_close_matches(declared(path), list(fields), n=1)
        hint = _(" Có phải là “%(near)s”?") % {"near": near[0]} if near else ""
        yield _("Điều kiện dùng mục “%(path)s” không có trong biểu mẫu.") % {"path": path} + hint
    if not tests:
        yield _("Điều kiện trên “%(path)s” chưa có phép so sánh (eq, gt, filled…).") % {"path": path}
    info = fields.get(declared(path))
    kind = info.get("type") if isinstance(info, Mapping) else info
    for name, operand in tests.items():
        sentence = _operand_problem(name, operand, kind)
        if sentence:
            yield sentence % {"path": path, "operator": name}
        elif isinstance(info, Mapping):
            yield from _option_problems(path, name, operand, info)


def _operand_problem(name: str, operand: Any, kind: Any) -> str:
    scalar = isinstance(operand, str | int | float | date)
    if name not in OPERATORS:
        return _("Không có phép so sánh “%(operator)s” (mục “%(path)s”).")
    if name in {"in", "not_in"} and not (isinstance(operand, list | tuple) and operand):
        return _("“%(operator)s” của mục “%(path)s” cần một danh sách giá trị.")
    if name == "filled" and not isinstance(operand, bool):
        return _("“%(operator)s” của mục “%(path)s” nhận true hoặc false.")
    if name in {"eq", "ne", "contains"} and not scalar and not isinstance(operand, list | tuple):
        return _("“%(operator)s” của mục “%(path)s” cần một giá trị.")
    if name in ORDERED and (isinstance(operand, bool) or not scalar):
        return _("“%(operator)s” của mục “%(path)s” cần một số hoặc một ngày.")
    if not kind:
        return ""
    if name in ORDERED and kind not in ORDERED_TYPES:
        return _("“%(operator)s” chỉ so sánh số hoặc ngày; mục “%(path)s” không phải loại đó.")
    if name in ORDERED and (kind == "date") is not isinstance(operand, str | date):
        return _("Giá trị so sánh của mục “%(path)s” không cùng loại với mục đó.")
    if name == "contains" and kind in NUMBER_TYPES | {"date", "boolean", "point", "line", "polygon"}:
        return _("“contains” chỉ dùng cho danh sách hoặc văn bản; mục “%(path)s” không phải loại đó.")
    if name in {"eq", "in"} and kind in LIST_TYPES:
        return _("Mục “%(path)s” là một danh sách; hãy dùng contains thay cho “%(operator)s”.")
    if name in {"eq", "ne"} and kind == "boolean" and not isinstance(operand, bool):
        return _("Mục “%(path)s” là có/không; hãy so sánh với true hoặc false.")
    return ""


def _option_problems(path: str, name: str, operand: Any, info: Mapping[str, Any]) -> Iterable[str]:
    options = info.get("options")
    if not options or name not in {"eq", "ne", "in", "not_in", "contains"}:
        return
    values = [option.get("value") if isinstance(option, Mapping) else option for option in options]
    for choice in operand if isinstance(operand, list | tuple) else [operand]:
        if choice not in values:
            yield _("Mục “%(path)s” không có lựa chọn “%(choice)s”.") % {"path": path, "choice": choice}
