"""What a page shows of each field: a `Widget` with its template in templates/forms/widgets/, filled by the type of the field.

Names are the answers' dotted paths, so that a plain post can be read back (`posting.parse_post`); ids are the same with dashes, so that the
error summary can link to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import json_script
from django.utils.translation import gettext as _

from sonha.foundation.ui.figures import as_decimal, format_day, format_number
from sonha.process.forms import asking, schema, shapes
from sonha.process.forms.answers import accepted, max_mb
from sonha.process.forms.browser import options_of
from sonha.process.forms.lookups import Lookups
from sonha.process.forms.schema import Field, Form
from sonha.process.forms.validation import Result, validate
from sonha.process.rules.conditions import holds

TEMPLATE_ROW = "__row__"
INPUT_TYPES = {"email": "email", "phone": "tel", "personal_id": "text", "tax_code": "text", "text": "text"}
AUTOCOMPLETE = {"account.name": "name", "account.phone": "tel", "account.email": "email", "account.address": "street-address"}
TEMPLATES = {
    **dict.fromkeys(("text", "email", "phone", "personal_id", "tax_code"), "text"),
    **dict.fromkeys(("integer", "number", "money"), "number"),
}


@dataclass
class Choice:
    value: str
    label: str
    checked: bool
    id: str
    parent: str = ""


@dataclass
class RowWidgets:
    """One row of a repeated group."""

    path: str
    name: str
    title: str
    widgets: list["Widget"]


@dataclass
class Told:
    """What registers say, under the last field that they were asked with. `said` is None while there is nothing to say."""

    path: str
    name: str
    said: asking.Said | None


@dataclass
class Widget:
    """One field as a template shows it."""

    path: str
    declared: str
    type: str
    template: str
    name: str
    id: str
    label: str
    help: str
    unit: str
    required: bool
    hidden: bool
    error: str
    value: str = ""
    checked: bool = False
    choices: list[Choice] = field(default_factory=list)
    groups: list[tuple[str, list[Choice]]] = field(default_factory=list)
    rows: list[RowWidgets] = field(default_factory=list)
    blank_row: RowWidgets | None = None
    more: dict[str, Any] = field(default_factory=dict)
    told: list["Told"] = field(default_factory=list)

    @property
    def described_by(self) -> str:
        """Ids of what explains the field: its help, its unit, its error."""
        parts = [f"{self.id}-help"] if self.help else []
        parts += [f"{self.id}-unit"] if self.unit else []
        return " ".join([*parts, f"{self.id}-error"])


class Page:
    """What all widgets of one page share."""

    def __init__(
        self,
        form: Form,
        answers: Mapping[str, Any],
        errors: Mapping[str, str],
        context: Mapping[str, Any],
        lookups: Lookups,
        language: str,
        prefix: str,
    ) -> None:
        self.form, self.answers, self.errors, self.lookups, self.language = form, answers, errors, lookups, language
        self.context = context
        self.start = f"{prefix}:" if prefix else ""
        self.checked: Result = validate(form, answers, partial=True, context=context)
        own = {item.key for item in form.root}
        self.scope = {**{key: value for key, value in context.items() if key not in own}, **self.checked.clean}

    def id_of(self, name: str) -> str:
        return "f-" + name.replace(".", "-").replace(":", "-")

    def id_of_path(self, path: str) -> str:
        return self.id_of(self.start + path)

    def widget(self, item: Field, *, raw: Any = None, path: str = "", scope: Mapping[str, Any] | None = None, new: bool = False) -> Widget:
        """`raw` and `path` are given inside rows; `new` is the blank row that the script copies."""
        inside = bool(path)
        path = path or item.path
        raw = raw if inside else self.answers.get(item.key)
        scope = self.scope if scope is None else scope
        name = self.start + path
        required = item.required is True or (isinstance(item.required, Mapping) and holds(item.required, scope))
        built = Widget(
            path=path,
            declared=item.path,
            type=item.type,
            template=f"forms/widgets/{TEMPLATES.get(item.type, item.type)}.html",
            name=name,
            id=self.id_of(name),
            label=item.text("label", self.language),
            help=item.text("help", self.language),
            unit=_("đồng") if item.type == "money" else item.text("unit", self.language),
            required=required,
            hidden=not holds(item.when, scope) if new else path not in self.checked.visible,
            error=self.errors.get(path, ""),
        )
        fill = FILLS.get(item.type, _fill_text)
        fill(self, item, built, raw, scope)
        return built

    def widgets(self, fields: Sequence[Field]) -> list[Widget]:
        """The fields of a section, with what registers say under those that they were asked with."""
        built = [self.widget(item) for item in fields]
        self.tell(built, fields, "", self.scope)
        return built

    def tell(self, built: Sequence[Widget], fields: Sequence[Field], row: str, scope: Mapping[str, Any]) -> None:
        """Puts the sentence of each look-up and line of these fields in its place; `row` is `merged_parcels.0.` inside a row."""
        places = {item.key: widget for item, widget in zip(fields, built, strict=True)}
        for item in fields:
            if item.type not in ("lookup", "line") or (item.type == "line" and not item.get("over")):
                continue
            path = f"{row}{item.key}"
            said = asking.said_of(self.form, item, path, scope, self.lookups) if TEMPLATE_ROW not in path else None
            asked = [places[name] for name in map(str, dict(item.get("given") or {}).values()) if name in places]
            last = max(asked, key=built.index, default=places[item.key])
            last.told.append(Told(path, self.start + path, said))

    def row(self, item: Field, index: int | str, raw: Mapping[str, Any], clean: Mapping[str, Any]) -> RowWidgets:
        scope = {**self.scope, **{child.key: None for child in item.fields}, **clean}
        path = f"{item.key}.{index}"
        title = item.text("item_label", self.language) or item.text("label", self.language)
        number = "" if index == TEMPLATE_ROW else f" {int(index) + 1}"
        new = index == TEMPLATE_ROW
        widgets = [self.widget(child, raw=raw.get(child.key), path=f"{path}.{child.key}", scope=scope, new=new) for child in item.fields]
        if not new and int(index) >= len(self.checked.clean.get(item.key) or ()):
            for built, child in zip(widgets, item.fields, strict=True):
                built.hidden = not holds(child.when, scope)
        self.tell(widgets, item.fields, f"{path}.", scope)
        return RowWidgets(path, self.start + path, title + number, widgets)


def _fill_text(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    built.value = "" if raw is None or isinstance(raw, dict | list) else str(raw)
    built.more = {
        "type": INPUT_TYPES.get(item.type, "text"),
        "max_length": item.max_length,
        "autocomplete": AUTOCOMPLETE.get(str(item.get("prefill", "")), ""),
        "inputmode": {"personal_id": "numeric", "tax_code": "text", "phone": "tel", "email": "email"}.get(item.type, ""),
    }
    if item.type == "note":
        built.value = item.text("text", page.language) or built.label


def _fill_number(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    number = None if isinstance(raw, str) else as_decimal(raw)
    built.value = format_number(number) if number is not None else raw if isinstance(raw, str) else ""
    built.more = {"inputmode": "decimal" if item.decimals else "numeric"}


def _fill_computed(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    value = scope.get(item.key)
    built.value = "" if value is None else format_number(value)
    built.more = {"from": " ".join(page.id_of_path(path) for path in schema.operands(item) if "*" not in path and "*" not in item.path)}


def _fill_date(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    built.value = format_day(raw) if isinstance(raw, str) else ""


def _fill_boolean(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    built.checked = raw is True or raw == "true"


def _fill_choices(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    chosen = raw if isinstance(raw, list) else [raw]
    options = options_of(item, page.lookups) or []
    built.choices = [
        Choice(
            option.value,
            (page.language == "en" and option.label_en) or option.label,
            option.value in chosen,
            f"{built.id}-{number}" if number else built.id,
        )
        for number, option in enumerate(options)
    ]


def _fill_unit(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    level = item.get("level", "commune")
    units = list(page.lookups.units(level))
    current = page.lookups.unit(raw) if isinstance(raw, str) and raw and all(unit.code != raw for unit in units) else None
    if current is not None and current.level == level:
        units.append(current)
    districts = {unit.code: unit.name for unit in page.lookups.units("district")}
    choices = [Choice(unit.code, unit.name, unit.code == raw, "", unit.parent if unit.parent in districts else "") for unit in units]
    if level == "commune" and any(choice.parent for choice in choices):
        names = {choice.parent: districts.get(choice.parent, "") for choice in choices}
        built.groups = [
            (name, [choice for choice in choices if choice.parent == code])
            for code, name in sorted(names.items(), key=lambda pair: pair[1])
        ]
    else:
        built.groups = [("", choices)]
    built.more = {"level": level, "within": item.get("within", "")}


def _fill_place(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    typed = raw if shapes.is_typed(raw) else {}
    built.more = {"crs": typed.get("crs") or "wgs84", "x": typed.get("x", ""), "y": typed.get("y", ""), "lines": typed.get("lines", "")}
    built.more["bbox"] = ",".join(str(edge) for edge in item.bbox)
    geometry = raw if isinstance(raw, Mapping) and not typed else None
    try:
        if geometry and item.type == "point":
            longitude, latitude = geometry["coordinates"][:2]
            built.more.update(x=format_number(as_decimal(latitude)), y=format_number(as_decimal(longitude)))
        elif geometry:
            lines = [
                f"{format_number(as_decimal(position[1]))} {format_number(as_decimal(position[0]))}"
                for position in (geometry["coordinates"] if item.type == "line" else geometry["coordinates"][0][:-1])
            ]
            built.more["lines"] = "\n".join(lines)
    except (KeyError, TypeError, ValueError, IndexError):
        return


def _fill_line(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    _fill_place(page, item, built, raw, scope)
    built.more["over"] = item.get("over", "")


def _fill_lookup(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    own = asking.own_choices(item, page.lookups) if TEMPLATE_ROW not in built.path else ()
    built.choices = [Choice(each.key, each.label, False, "") for each in own]
    built.more = {"own": json_script({each.key: dict(each.values) for each in own})}


def _fill_files(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    ids = [file_id for file_id in (raw if isinstance(raw, list) else [raw]) if isinstance(file_id, str) and file_id]
    for number, file_id in enumerate(ids):
        stored = page.lookups.file(file_id)
        built.choices.append(Choice(file_id, stored.name if stored else _("tệp không còn"), True, f"{built.id}-kept-{number}"))
    listed = accepted(item)
    photo = not listed or any(part in {"image/*", ".jpg", ".jpeg", ".png", ".webp", "image/jpeg", "image/png"} for part in listed)
    built.more = {"accept": ",".join(listed), "photo": photo, "max_mb": format_number(max_mb(item)), "max_files": item.max_files}
    built.more["kinds"] = ", ".join(listed)


def _fill_rows(page: Page, item: Field, built: Widget, raw: Any, scope: Mapping[str, Any]) -> None:
    raws = [row if isinstance(row, Mapping) else {} for row in raw][: item.max_items] if isinstance(raw, list) else []
    least = max(int(item.get("min_items", 0)), 1 if built.required else 0)
    built.required = least > 0
    if not raws:
        raws = [{} for _row in range(min(least, item.max_items))]
    cleans = page.checked.clean.get(item.key) or []
    built.rows = [page.row(item, index, row, cleans[index] if index < len(cleans) else {}) for index, row in enumerate(raws)]
    built.blank_row = page.row(item, TEMPLATE_ROW, {}, {})
    built.more = {
        "item_label": item.text("item_label", page.language) or built.label,
        "max_items": item.max_items,
        "full": len(raws) >= item.max_items,
    }


FILLS = {
    **dict.fromkeys(("integer", "number", "money"), _fill_number),
    **dict.fromkeys(("select", "radio", "checkboxes"), _fill_choices),
    **dict.fromkeys(schema.GEOMETRY_TYPES, _fill_place),
    "computed": _fill_computed,
    "date": _fill_date,
    "boolean": _fill_boolean,
    "admin_unit": _fill_unit,
    "file": _fill_files,
    "line": _fill_line,
    "lookup": _fill_lookup,
    "repeat": _fill_rows,
}
