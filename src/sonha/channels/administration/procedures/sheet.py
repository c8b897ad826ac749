"""Property sheets: the declared list of an element's properties becomes inputs, and what was typed becomes the element again.

A `Property` names a value of the element by a dotted name (`limit.amount`), what people call it, and how it is typed. What was typed is
kept as it is while something is wrong with it. Properties an element has beside the declared ones stay untouched.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from sonha.channels.administration.procedures import conditions
from sonha.channels.administration.procedures.conditions import ConditionRefused, Fields
from sonha.foundation.ui.figures import as_json, format_day, format_number, parse_day, parse_number
from sonha.process.flows.keys import slug

Choices = Sequence[tuple[str, Any]]
LONGEST = 20_000


@dataclass(frozen=True)
class Scope:
    """What the sheet of one element may refer to: fields for conditions, and lists by name (sources, steps, units …)."""

    fields: Fields = field(default_factory=dict)
    lists: Mapping[str, Choices] = field(default_factory=dict)


@dataclass(frozen=True)
class Property:
    """One property. `only`: types or kinds of element that have it; `group`: "" in view, "en" or "more" folded away."""

    name: str
    label: Any
    kind: str = "text"
    help: Any = ""
    choices: Choices | str = ()
    needed: bool = False
    only: frozenset[str] = frozenset()
    group: str = ""
    default: Any = None
    empty: Any = ""

    def fits(self, variety: str) -> bool:
        return not self.only or variety in self.only


@dataclass
class Widget:
    """One property as the template shows it."""

    declared: Property
    typed: Any
    error: str
    hidden: bool
    choices: list[tuple[str, str]]
    scope: Scope

    @property
    def id(self) -> str:
        return "p-" + self.declared.name.replace(".", "-")

    @property
    def rows(self) -> list[dict[str, str]]:
        """Rows of a condition, options by their labels, with spare rows at the end."""
        return [
            *(conditions.labelled(row, self.scope.fields) for row in self.typed["rows"]),
            *({"field": "", "op": "", "value": ""} for _row in range(conditions.SPARE_ROWS)),
        ]

    @property
    def known(self) -> list[conditions.FieldInfo]:
        """Fields to choose from; one that is used but unknown stays in the list, so that it is not lost."""
        used = {row["field"] for row in self.typed["rows"]} - {"", *self.scope.fields}
        return [*self.scope.fields.values(), *(conditions.FieldInfo(path, path) for path in sorted(used))]

    @property
    def named(self) -> list[tuple[str, str, str]]:
        """(name, in words, the field chosen for it); a name that is used but unknown stays, so that it is not lost."""
        known = {name for name, _label in self.choices}
        unknown = [(name, name) for name in self.typed if name not in known]
        return [(name, label, self.typed.get(name, "")) for name, label in (*self.choices, *unknown)]

    @property
    def named_fields(self) -> list[tuple[str, str]]:
        """Fields to choose from for each name; one that is used but unknown stays here too."""
        listed = self.scope.lists.get(f"{self.declared.name}_fields", ())
        known = {path for path, _label in listed}
        return [*listed, *((path, path) for path in sorted(set(self.typed.values()) - known))]

    @property
    def operators(self) -> list[tuple[str, Any]]:
        return list(conditions.OPERATORS.items())


def shown(properties: Iterable[Property], thing: Mapping[str, Any]) -> dict[str, Any]:
    """The element's properties as texts, ready for inputs."""
    return {each.name: _shown(each, _at(thing, each.name)) for each in properties}


def posted(properties: Iterable[Property], post: QueryDict) -> dict[str, Any]:
    """What was typed, unjudged."""
    typed: dict[str, Any] = {}
    for each in properties:
        if each.kind in {"condition", "required"}:
            typed[each.name] = conditions.posted(post, each.name)
        elif each.kind == "many":
            typed[each.name] = post.getlist(each.name)
        elif each.kind == "boolean":
            typed[each.name] = each.name in post
        elif each.kind == "names":
            start = f"{each.name}."
            named = {key.removeprefix(start): str(post.get(key, "")).strip() for key in post if key.startswith(start)}
            typed[each.name] = {name: path for name, path in named.items() if path}
        else:
            typed[each.name] = post.get(each.name, "").strip()[:LONGEST]
    return typed


def read(
    properties: Iterable[Property], typed: Mapping[str, Any], scope: Scope, variety: str = ""
) -> tuple[dict[str, Any], dict[str, str]]:
    """(values, errors) by property name. None takes a property away; so do properties that the element's variety has not."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for each in properties:
        if not each.fits(variety):
            values[each.name] = None
            continue
        try:
            values[each.name] = READERS[each.kind](each, typed[each.name], scope)
        except (ConditionRefused, ValueError) as refused:
            errors[each.name] = str(refused)
            continue
        if each.needed and values[each.name] in (None, "", []):
            errors[each.name] = _("Hãy điền mục này.")
    return values, errors


def applied(thing: Mapping[str, Any], properties: Iterable[Property], values: Mapping[str, Any]) -> dict[str, Any]:
    """The element with the values; what is not among the properties stays."""
    fresh = deepcopy(dict(thing))
    for each in properties:
        if each.name not in values:
            continue
        value = values[each.name]
        parent, _dot, last = each.name.rpartition(".")
        holder = fresh
        for part in parent.split(".") if parent else ():
            if not isinstance(holder.get(part), dict):
                holder[part] = {}
            holder = holder[part]
        if value is None or (value == each.default and last not in holder):
            holder.pop(last, None)
        elif each.kind not in {"condition", "required"} or conditions.unwrapped(holder.get(last)) != value:
            holder[last] = value
    return _pruned(fresh, thing, properties)


def widgets(
    properties: Iterable[Property], typed: Mapping[str, Any], errors: Mapping[str, str], scope: Scope, variety: str = ""
) -> list[Widget]:
    """The properties for the template; those of other varieties hidden, for the script to show when the type is changed."""
    return [
        Widget(each, typed[each.name], errors.get(each.name, ""), not each.fits(variety), _choices(each, typed[each.name], scope), scope)
        for each in properties
    ]


def _choices(each: Property, typed: Any, scope: Scope) -> list[tuple[str, str]]:
    listed = scope.lists.get(each.choices, ()) if isinstance(each.choices, str) else each.choices
    found = [(value, str(label)) for value, label in listed]
    if each.kind == "choice":
        found = [("", str(each.empty) or "–"), *found] if not each.needed or not typed else found
        if typed and all(value != typed for value, _label in found):
            found.append((typed, typed))
    if each.kind == "many":
        found += [(value, value) for value in typed if all(value != known for known, _label in found)]
    return found


def _at(thing: Mapping[str, Any], name: str) -> Any:
    found: Any = thing
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _pruned(fresh: dict[str, Any], before: Mapping[str, Any], properties: Iterable[Property]) -> dict[str, Any]:
    """A limit without an amount is no limit; an emptied group disappears, unless the element said so with null before."""
    for parent in {each.name.rpartition(".")[0] for each in properties} - {""}:
        top = parent.split(".")[0]
        group = fresh.get(top)
        if isinstance(group, dict) and (
            not group or ("unit" in group and set(group) <= {"unit", "source"} and top in {"limit", "validity", "time_limit"})
        ):
            fresh.pop(top)
            if top in before and before[top] is None:
                fresh[top] = None
    return fresh


def _shown(each: Property, value: Any) -> Any:
    if each.kind in {"condition", "required"}:
        return conditions.shown(value)
    if each.kind == "many":
        return [str(item) for item in value] if isinstance(value, list | tuple) else []
    if each.kind == "boolean":
        return bool(each.default if value is None else value)
    if each.kind == "names":
        return {str(name): str(path) for name, path in value.items()} if isinstance(value, Mapping) else {}
    if value is None:
        return ""
    if each.kind in {"integer", "number", "money"}:
        return format_number(value)
    if each.kind == "date":
        return format_day(str(value))
    if each.kind == "bound":
        return format_day(value) if isinstance(value, str) else format_number(value)
    if each.kind == "options":
        return "\n".join(_option_line(option) for option in value if isinstance(option, Mapping))
    if each.kind == "lines":
        return "\n".join(str(line) for line in value) if isinstance(value, list | tuple) else str(value)
    if each.kind in {"listed", "one_or_listed"}:
        return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)
    if each.kind == "pairs":
        return "\n".join(f"{name} = {inner}" for name, inner in value.items()) if isinstance(value, Mapping) else ""
    return str(value)


def _option_line(option: Mapping[str, Any]) -> str:
    parts = [str(option.get(name) or "") for name in ("value", "label", "label_en")]
    return " | ".join(parts).removesuffix(" | ")


def _text(each: Property, typed: str, scope: Scope) -> str | None:
    return typed.replace("\r\n", "\n") or None


def _choice(each: Property, typed: str, scope: Scope) -> str | None:
    known = [value for value, _label in _choices(each, "", scope)]
    if typed and typed not in known and not isinstance(each.choices, str):
        raise ValueError(_("«%(value)s» không có trong danh sách.") % {"value": typed})
    return typed or None


def _many(each: Property, typed: list[str], scope: Scope) -> list[str] | None:
    return [value for value in typed if value] or (None if each.default is None else [])


def _boolean(each: Property, typed: bool, scope: Scope) -> bool:
    return typed


def _integer(each: Property, typed: str, scope: Scope) -> int | None:
    value = _number(each, typed, scope)
    if isinstance(value, float):
        raise ValueError(_("Hãy ghi số nguyên."))
    return value


def _number(each: Property, typed: str, scope: Scope) -> int | float | None:
    if not typed:
        return None
    number = parse_number(typed)
    if number is None:
        raise ValueError(_("«%(text)s» không phải là số.") % {"text": typed})
    return as_json(number)


def _money(each: Property, typed: str, scope: Scope) -> int | None:
    amount = _integer(each, typed.removesuffix("đồng").removesuffix("đ").strip(), scope)
    if amount is not None and amount < 0:
        raise ValueError(_("Số tiền không được âm."))
    return amount


def _date(each: Property, typed: str, scope: Scope) -> str | None:
    if not typed:
        return None
    day = parse_day(typed)
    if day is None:
        raise ValueError(_("«%(text)s» không phải là ngày; hãy ghi theo dạng ngày/tháng/năm.") % {"text": typed})
    return day


def _bound(each: Property, typed: str, scope: Scope) -> Any:
    """A number, a date or `today`."""
    if not typed or typed == "today":
        return typed or None
    return parse_day(typed) or _number(each, typed, scope)


def _lines(each: Property, typed: str, scope: Scope) -> list[str] | None:
    return [line.strip() for line in typed.splitlines() if line.strip()] or None


def _listed(each: Property, typed: str, scope: Scope) -> list[Any] | None:
    """Words between commas; numbers among them (factors of a product) stay numbers."""
    parts = [part.strip() for part in typed.split(",") if part.strip()]
    return [part if (number := parse_number(part)) is None else as_json(number) for part in parts] or None


def _one_or_listed(each: Property, typed: str, scope: Scope) -> Any:
    parts = _listed(each, typed, scope)
    return parts[0] if parts and len(parts) == 1 else parts


def _pairs(each: Property, typed: str, scope: Scope) -> dict[str, str] | None:
    pairs: dict[str, str] = {}
    for line in typed.splitlines():
        if not line.strip():
            continue
        name, sign, value = line.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise ValueError(_("Dòng «%(line)s» phải có dạng tên = giá trị.") % {"line": line.strip()})
        pairs[name.strip()] = value.strip()
    return pairs or None


def _names(each: Property, typed: Mapping[str, str], scope: Scope) -> dict[str, str] | None:
    return dict(typed) or None


def _options(each: Property, typed: str, scope: Scope) -> list[dict[str, str]] | None:
    options: list[dict[str, str]] = []
    for line in typed.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if not any(parts):
            continue
        if len(parts) == 1:
            parts = ["", *parts]
        value, label, english = [*parts, ""][:3]
        options.append({"value": value or slug(label), "label": label, **({"label_en": english} if english else {})})
    return options or None


def _condition(each: Property, typed: Mapping[str, Any], scope: Scope) -> Any:
    condition = conditions.read(typed, scope.fields)
    return None if isinstance(condition, bool) else condition


def _required(each: Property, typed: Mapping[str, Any], scope: Scope) -> Any:
    return conditions.read(typed, scope.fields)


READERS: dict[str, Callable[[Property, Any, Scope], Any]] = {
    "text": _text,
    "long": _text,
    "choice": _choice,
    "many": _many,
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "money": _money,
    "date": _date,
    "bound": _bound,
    "lines": _lines,
    "listed": _listed,
    "one_or_listed": _one_or_listed,
    "pairs": _pairs,
    "names": _names,
    "options": _options,
    "condition": _condition,
    "required": _required,
}
