"""Answers checked against a form: cleaned, hidden ones dropped, every mistake one sentence under its path.

The browser runs the same rules (static/forms/validate.js) with the same sentences; the server's answer is the one that counts.
Work is bounded by the declaration, not by what is sent: only declared fields are looked at, and never more rows, characters or
vertices than they allow.
"""

from collections.abc import Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from sonha.foundation.ui.typed import INVISIBLE
from sonha.process.forms import messages, schema
from sonha.process.forms.answers import Checked, Setting, check_answer, compute, within_district
from sonha.process.forms.lookups import Lookups
from sonha.process.forms.schema import Field, Form
from sonha.process.rules.conditions import holds, is_missing, values_at

Declaration = Form | Mapping[str, Any]
MAX_STORED_TEXT, MAX_STORED_DEPTH, MAX_STORED_ITEMS = 20_000, 6, 2_500


@dataclass
class Result:
    """`clean`: the answers to keep. `errors`: concrete path (`wells.0.depth`) -> sentence, in the order of the form.
    `visible`: concrete paths of the fields that are asked, and the keys of sections as `#key`."""

    clean: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)

    @property
    def ok(self) -> bool:
        return not self.errors


def validate(
    declaration: Declaration,
    answers: Any,
    *,
    partial: bool = False,
    context: Mapping[str, Any] | None = None,
    lookups: Lookups | None = None,
    admin_units: Collection[str] | None = None,
    today: date | None = None,
    section: str | None = None,
) -> Result:
    """Checks answers (any JSON) against a form.

    `partial` leaves out what is only missing (drafts). `context` holds what conditions may read besides the answers (`dossier`, `task`).
    Without `lookups`, catalogue values, unit codes and file ids are checked for their shape only; `admin_units` (the known codes) is the
    short way to check unit codes alone. `section` limits the errors to one
    section, for forms filled in page by page. Never raises for any answers; raises SchemaError for an unusable declaration.
    """
    form = schema.load(declaration)
    setting = Setting((today or timezone.localdate()).isoformat(), lookups, admin_units)
    run = _Run(form, answers if isinstance(answers, Mapping) else {}, context or {}, setting)
    for path in form.order:
        run.decide(form.by_path[path])
    if not partial:
        run.ask_for_missing()
    keys = None if section is None else {item.path for item in schema.walk(form.section(section).fields)}
    errors = {path: run.errors[path] for path in sorted(run.errors, key=run.place) if keys is None or schema.declared(path) in keys}
    return Result(run.clean, errors, run.visible)


def visible_sections(declaration: Declaration, answers: Any, context: Mapping[str, Any] | None = None) -> list[str]:
    """The keys of the sections that are asked for these answers, in order."""
    form = schema.load(declaration)
    shown = validate(form, answers, partial=True, context=context).visible
    return [section.key for section in form.sections if "#" + section.key in shown]


def storable(declaration: Declaration, answers: Any) -> dict[str, Any]:
    """Answers as a draft keeps them: as typed, right or wrong, also hidden ones, but only declared fields and of bounded size."""
    form = schema.load(declaration)
    source = answers if isinstance(answers, Mapping) else {}
    return {
        item.key: _bounded(source[item.key], item, 0) for item in form.root if item.key in source and item.type not in schema.UNASKED_TYPES
    }


class _Run:
    """One validation: the answers decided so far and what has been found."""

    def __init__(self, form: Form, answers: Mapping[str, Any], context: Mapping[str, Any], setting: Setting) -> None:
        self.form, self.answers, self.setting = form, answers, setting
        own = {item.key for item in form.root}
        self.scope: dict[str, Any] = {key: value for key, value in context.items() if key not in own}
        self.clean: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.visible: set[str] = set()
        self.rows: dict[str, list[tuple[Mapping[str, Any], dict[str, Any]]]] = {}
        self.language = get_language() or "vi"
        self.sections = {section.key: section for section in form.sections}
        self.shown: dict[str, bool] = {}
        self.numbers = {path: number for number, path in enumerate(form.by_path)}
        for section in form.sections:
            if not section.fields and holds(section.when, self.scope):
                self.visible.add("#" + section.key)

    def decide(self, item: Field) -> None:
        """Whether the field is asked, and its value; in every row when it stands in a repeated group."""
        if "*" not in item.path:
            if self.section_shown(item.section) and holds(item.when, self.scope):
                self.visible.add(item.path)
                self.put(item, self.answers, self.clean, item.path, self.scope)
                if item.key in self.clean:
                    self.scope[item.key] = self.clean[item.key]
            return
        group = item.path.split(".*.")[0]
        for index, (raw, row) in enumerate(self.rows.get(group, ())):
            scope = self.row_scope(group, row)
            if holds(item.when, scope):
                path = f"{group}.{index}.{item.key}"
                self.visible.add(path)
                self.put(item, raw, row, path, scope)

    def section_shown(self, key: str) -> bool:
        if key not in self.shown:
            self.shown[key] = holds(self.sections[key].when, self.scope)
            if self.shown[key]:
                self.visible.add("#" + key)
        return self.shown[key]

    def row_scope(self, group: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """What a condition inside a row reads: the row's own fields first, answered or not, then the whole form."""
        return {**self.scope, **{item.key: None for item in self.form.by_path[group].fields}, **row}

    def put(self, item: Field, raw: Mapping[str, Any], into: MutableMapping[str, Any], path: str, scope: Mapping[str, Any]) -> None:
        value: Any
        if item.type == "repeat":
            value = self.start_rows(item, raw.get(item.key), path)
        elif item.type == "computed":
            value = compute(item, lambda operand: values_at(scope, operand))
        else:
            checked = check_answer(item, raw.get(item.key), self.setting)
            if item.type == "admin_unit" and checked.value is not None and not within_district(item, checked.value, scope, self.setting):
                checked = Checked(None, "unit_within")
            value = checked.value
            if checked.code:
                self.fail(item, path, checked.code, checked.values)
        if value is not None:
            into[item.key] = value

    def start_rows(self, item: Field, raw: Any, path: str) -> list[dict[str, Any]] | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw[: item.max_items]):
            self.fail(item, path, "repeat", None)
            return None
        if len(raw) > item.max_items:
            self.fail(item, path, "max_items", {"max": item.max_items})
        pairs: list[tuple[Mapping[str, Any], dict[str, Any]]] = [(row, {}) for row in raw[: item.max_items]]
        self.rows[item.path] = pairs
        return [row for _raw, row in pairs] or None

    def ask_for_missing(self) -> None:
        """Required answers that are not there, once every other answer is known."""
        for item, path, holder, scope in self.instances():
            if path not in self.visible or path in self.errors or item.type in schema.UNASKED_TYPES:
                continue
            value = holder.get(item.key)
            if item.type == "repeat":
                least = max(int(item.get("min_items", 0)), 1 if item.required and holds(item.required, scope) else 0)
                if len(value or ()) < least:
                    self.fail(item, path, "min_items", {"min": least})
            elif item.required and (is_missing(value) or (item.type == "boolean" and value is False)) and holds(item.required, scope):
                self.fail(item, path, REQUIRED.get(item.type, "required"), None)

    def instances(self) -> Iterator[tuple[Field, str, Mapping[str, Any], Mapping[str, Any]]]:
        for item in self.form.by_path.values():
            if "*" not in item.path:
                yield item, item.path, self.clean, self.scope
                continue
            group = item.path.split(".*.")[0]
            for index, (_raw, row) in enumerate(self.rows.get(group, ())):
                yield item, f"{group}.{index}.{item.key}", row, self.row_scope(group, row)

    def fail(self, item: Field, path: str, code: str, values: Mapping[str, Any] | None) -> None:
        own = item.text("pattern_message", self.language) if code == "pattern" else ""
        self.errors[path] = own or messages.sentence(code, **{**(values or {}), "label": label_of(self.form, path, self.language)})

    def place(self, path: str) -> tuple[int, ...]:
        """Where a concrete path stands in the form: the group, then the row, then the field."""
        parts = path.split(".")
        if len(parts) == 1:
            return (self.numbers[path],)
        return (self.numbers[parts[0]], int(parts[1]) + 1, self.numbers[schema.declared(path)])


REQUIRED = {
    **dict.fromkeys(("select", "radio", "checkboxes", "admin_unit"), "required_choice"),
    **dict.fromkeys(schema.GEOMETRY_TYPES, "required_place"),
    "boolean": "required_tick",
    "file": "required_file",
}


def label_of(form: Form, path: str, language: str = "vi") -> str:
    """The label of a concrete path; inside a repeated group with its row: `Chiều sâu (Giếng 2)`."""
    item = form.by_path[schema.declared(path)]
    parts = path.split(".")
    if len(parts) == 1:
        return item.text("label", language)
    group = form.by_path[parts[0]]
    row = group.text("item_label", language) or group.text("label", language)
    return f"{item.text('label', language)} ({row} {int(parts[1]) + 1})"


def _bounded(value: Any, item: Field, depth: int) -> Any:
    if item.type == "repeat" and isinstance(value, list):
        inner = {child.key: child for child in item.fields if child.type not in schema.UNASKED_TYPES}
        rows = [row if isinstance(row, Mapping) else {} for row in value[: item.max_items]]
        return [{key: _plain(row[key], 0) for key in inner if key in row} for row in rows]
    return _plain(value, depth)


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return INVISIBLE.sub("", value[:MAX_STORED_TEXT])
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() < 64 else None
    if isinstance(value, float):
        return value if value == value and abs(value) < 1e300 else None
    if depth >= MAX_STORED_DEPTH:
        return None
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value[:MAX_STORED_ITEMS]]
    if isinstance(value, Mapping):
        return {str(key)[:60]: _plain(item, depth + 1) for key, item in list(value.items())[:20]}
    return None
