"""Answers for reading: on pages and in printed papers, and what changed between two sets of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sonha.foundation.ui.figures import format_day, format_number
from sonha.process.forms import schema, shapes
from sonha.process.forms.lookups import Lookups
from sonha.process.forms.schema import Field, Form
from sonha.process.forms.validation import validate
from sonha.process.rules.conditions import is_missing

Declaration = Form | Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One answered field: `value` is safe HTML, `text` the same as plain text; `items` the rows of a repeated group."""

    path: str
    label: str
    text: str
    value: SafeString
    type: str = "text"
    items: Sequence[Sequence["Row"]] = ()


@dataclass(frozen=True)
class ShownSection:
    key: str
    title: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """One field that differs: texts before and after ("" when there was no answer)."""

    path: str
    label: str
    before: str
    after: str


def display(
    declaration: Declaration, answers: Mapping[str, Any], *, context: Mapping[str, Any] | None = None, lookups: Lookups | None = None
) -> list[ShownSection]:
    """The answered fields by section, as people read them; sections without an answer are left out.

    With a `context` (drafts), fields that are not asked for these answers are left out; without one, whatever was kept is shown.
    """
    form = schema.load(declaration)
    language = get_language() or "vi"
    lookups = lookups or default_lookups()
    checked = validate(form, answers, partial=True, context=context) if context else None
    shown: list[ShownSection] = []
    for section in form.sections:
        rows = []
        for item in section.fields:
            if checked and item.path not in checked.visible:
                continue
            value = answers.get(item.key) if checked is None else checked.clean.get(item.key, answers.get(item.key))
            if not is_missing(value) and (row := _row(item, item.path, value, lookups, language)).text:
                rows.append(row)
        if rows:
            shown.append(ShownSection(section.key, section.text("title", language), rows))
    return shown


def display_value(item: "Field | Mapping[str, Any]", value: Any, lookups: Lookups | None = None, *, unit: bool = False) -> str:
    """One answer as text: options by their label, numbers with dots, dates as dd/mm/yyyy. `unit` appends the unit of measure."""
    if not isinstance(item, Field):
        item = schema.parse_section({"key": "one", "fields": [item]}).fields[0]
    return _text(item, value, lookups or default_lookups(), get_language() or "vi", unit)


def diff(declaration: Declaration, before: Mapping[str, Any], after: Mapping[str, Any], lookups: Lookups | None = None) -> list[Change]:
    """What differs between two sets of answers, field by field, rows by their number."""
    form, language = schema.load(declaration), get_language() or "vi"
    lookups = lookups or default_lookups()
    changes: list[Change] = []
    for item in form.root:
        old, new = before.get(item.key), after.get(item.key)
        if item.type != "repeat":
            changes += _change(item, item.path, item.text("label", language), old, new, lookups, language)
            continue
        olds, news = _rows(old), _rows(new)
        for index in range(max(len(olds), len(news))):
            name = f"{item.text('item_label', language) or item.text('label', language)} {index + 1}"
            for child in item.fields:
                old, new = (rows[index].get(child.key) if index < len(rows) else None for rows in (olds, news))
                label = f"{name}: {child.text('label', language)}"
                changes += _change(child, f"{item.key}.{index}.{child.key}", label, old, new, lookups, language)
    return changes


def default_lookups() -> Lookups:
    """The platform's own data."""
    from sonha.process.forms.system import SystemLookups

    return SystemLookups()


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row if isinstance(row, Mapping) else {} for row in value] if isinstance(value, list) else []


def _change(item: Field, path: str, label: str, old: Any, new: Any, lookups: Lookups, language: str) -> list[Change]:
    if item.type in schema.SILENT_TYPES or old == new or (is_missing(old) and is_missing(new)):
        return []
    texts = ["" if is_missing(value) else _text(item, value, lookups, language, True) for value in (old, new)]
    return [Change(path, label, texts[0], texts[1])]


def _row(item: Field, path: str, value: Any, lookups: Lookups, language: str) -> Row:
    label = item.text("label", language)
    if item.type != "repeat":
        text = _text(item, value, lookups, language, True)
        lines = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.split("\n")))
        return Row(path, label, text, lines, item.type)
    rows = []
    for index, answers in enumerate(_rows(value)):
        children = [child for child in item.fields if not is_missing(answers.get(child.key))]
        rows.append([_row(child, f"{path}.{index}.{child.key}", answers[child.key], lookups, language) for child in children])
    name = item.text("item_label", language) or label
    text = "\n".join(f"{name} {index + 1}: " + "; ".join(f"{row.label}: {row.text}" for row in cells) for index, cells in enumerate(rows))
    return Row(path, label, text, _table(item, rows, language), item.type, rows)


def _table(item: Field, rows: list[list[Row]], language: str) -> SafeString:
    columns = [
        child
        for child in item.fields
        if child.type not in schema.SILENT_TYPES and any(row.path.endswith("." + child.key) for cells in rows for row in cells)
    ]
    head = format_html_join("", '<th scope="col">{}</th>', ((column.text("label", language),) for column in columns))
    body = [
        format_html(
            '<tr><th scope="row">{}</th>{}</tr>',
            index + 1,
            format_html_join(
                "", "<td>{}</td>", ((next((row.value for row in cells if row.path.endswith("." + column.key)), "—"),) for column in columns)
            ),
        )
        for index, cells in enumerate(rows)
    ]
    name = item.text("item_label", language) or "#"
    return format_html(
        '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table class="data">'
        '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></div>',
        item.text("label", language),
        name,
        head,
        format_html_join("", "{}", ((line,) for line in body)),
    )


def _text(item: Field, value: Any, lookups: Lookups, language: str, unit: bool) -> str:
    if is_missing(value):
        return ""
    kind = item.type
    if kind in schema.NUMBER_TYPES or kind == "computed":
        measure = _("đồng") if kind == "money" else item.text("unit", language)
        return format_number(value) + (f" {measure}" if unit and measure else "")
    if kind == "date":
        return format_day(value)
    if kind == "boolean":
        return _("Có") if value in (True, "true") else _("Không")
    if kind in schema.CHOICE_TYPES:
        return ", ".join(_option(item, choice, lookups, language) for choice in (value if isinstance(value, list) else [value]))
    if kind == "admin_unit":
        found = lookups.unit(str(value))
        above = lookups.unit(found.parent) if found and found.parent else None
        return (f"{found.name}, {above.name}" if above and above.level == "district" else found.name) if found else str(value)
    if kind in schema.GEOMETRY_TYPES:
        return place_text(value)
    if kind == "file":
        ids = value if isinstance(value, list) else [value]
        return "\n".join(stored.name if (stored := lookups.file(str(file_id))) else _("tệp không còn") for file_id in ids)
    return str(value)


def _option(item: Field, value: Any, lookups: Lookups, language: str) -> str:
    options = [*item.options, *((lookups.options(item.get("catalogue")) or ()) if item.get("catalogue") else ())]
    found = next((option for option in options if option.value == value), None)
    return (language == "en" and found.label_en) or found.label if found else str(value)


def place_text(value: Any) -> str:
    """A place in words: degrees and, for a point, VN-2000 metres; for a line its corners and length, for a polygon its corners and area."""
    if shapes.is_typed(value):
        return ", ".join(str(value[name]).strip() for name in ("x", "y", "lines") if value.get(name))
    try:
        if value["type"] == "Point":
            longitude, latitude = value["coordinates"][:2]
            degrees = f"{format_number(round(latitude, 6))}° B, {format_number(round(longitude, 6))}° Đ"
            east, north = shapes.to_vn2000(longitude, latitude)
            return _("%(degrees)s (VN-2000: E %(east)s m, N %(north)s m)") % {
                "degrees": degrees, "east": format_number(east, 2), "north": format_number(north, 2)
            }  # fmt: skip
        if value["type"] == "LineString":
            positions = value["coordinates"]
            given = {"count": len(positions), "length": format_number(round(shapes.length_m(positions), 1))}
            return _("Đường %(count)s đỉnh, dài %(length)s m") % given
        rings = value["coordinates"]
        return _("Vùng %(count)s đỉnh, %(area)s ha") % {"count": len(rings[0]) - 1, "area": format_number(round(shapes.area_ha(rings), 4))}
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
        return _("vị trí không đọc được")
