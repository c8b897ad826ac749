"""Values as people type them: what the inputs of a form hold for a record, and what was typed as values, a sentence for each mistake.

The form is data of strings throughout, so that everything typed survives a mistake, and so that two officers' forms can be joined.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sonha.foundation.organisations.selectors import area_name, communes
from sonha.foundation.ui.figures import parse_day, parse_number
from sonha.registry.declarations import Register
from sonha.registry.declarations.fields import Field

from . import places
from .asking import Asked
from .narrowing import options_of
from .references import Candidate, meant, shown_name

COMMUNE, SECRET = "commune_code", "is_secret"


@dataclass
class Entry:
    """One input. `widget`: line, text, number, date, moment, select, reference, point or corners; `typed` its strings by name."""

    name: str
    label: Any
    widget: str
    typed: dict[str, str]
    help: Any = ""
    unit: str = ""
    required: bool = False
    options: list[tuple[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    shape: str = ""  # of a place, as it is drawn: point, line or area
    several: bool = False  # whether it may have several parts

    @property
    def value(self) -> str:
        return self.typed.get(self.name, "")

    @property
    def place(self) -> dict[str, str]:
        return {part: self.typed.get(f"{self.name}:{part}", "") for part in places.PARTS}


def editable_fields(register: type[Register], shown: Iterable[str]) -> list[Field]:
    """Fields that a person types and sees, in the order of the declaration."""
    seen = frozenset(shown)
    return [each for each in register.fields() if each.name in seen and each.name not in register.computed]


def inputs(each: Field) -> list[str]:
    """Names of the inputs of a field."""
    return [f"{each.name}:{part}" for part in places.PARTS] if each.kind == "geometry" else [each.name]


def as_typed(asked: Asked, row: Any, fields: Iterable[Field]) -> dict[str, str]:
    """What the inputs hold for a record or version; for a new record when `row` is None."""
    found: dict[str, str] = {}
    for each in fields:
        value = getattr(row, each.name, None) if row is not None and each.kind != "reference" else None
        if each.kind == "geometry":
            found |= {f"{each.name}:{part}": text for part, text in places.as_typed(value, each).items()}
        elif each.kind == "reference":
            found[each.name] = _reference_typed(asked, each, getattr(row, f"{each.name}_id", None) if row is not None else None)
        else:
            found[each.name] = text_of(each, value)
    found[COMMUNE] = getattr(row, COMMUNE, "") if row is not None else ""
    if asked.rights.secret_rows:
        found[SECRET] = "1" if row is not None and row.is_secret else ""
    return found


def text_of(each: Field, value: Any) -> str:
    if value is None:
        return ""
    if each.kind == "boolean":
        return "1" if value else "0"
    if each.kind == "date":
        return str(value.isoformat())
    if each.kind == "moment":
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    if each.kind == "json":
        return json.dumps(value, ensure_ascii=False, indent=1) if value not in ({}, []) else ""
    return str(value).replace(".", ",") if each.is_numeric else str(value)


def _reference_typed(asked: Asked, each: Field, pk: int | None) -> str:
    """`tên #123`: the number says which, the name is for reading."""
    return "" if pk is None else Candidate(pk, shown_name(asked, each, pk)).text


def entries(asked: Asked, fields: Iterable[Field], typed: Mapping[str, str], errors: Mapping[str, list[str]]) -> dict[str, Entry]:
    """The inputs of a form by field."""
    found = {}
    for each in fields:
        options = options_of(each)
        held = {name: typed.get(name, "") for name in inputs(each)}
        if options and held.get(each.name) and held[each.name] not in {value for value, _words in options}:
            options = [(held[each.name], held[each.name]), *options]
        found[each.name] = Entry(
            each.name,
            each.title,
            _widget(each, options),
            held,
            each.help,
            each.unit,
            each.required,
            options,
            list(errors.get(each.name, [])),
            shape=_shape(each),
            several=each.geometry_type.upper().startswith(("MULTI", "GEOMETRY")),
        )
    return found


def _shape(each: Field) -> str:
    if each.kind != "geometry":
        return ""
    kind = each.geometry_type.upper()
    return "point" if kind.endswith("POINT") else "line" if kind.endswith("LINESTRING") else "area"


def _widget(each: Field, options: list[Any]) -> str:
    if each.kind == "geometry":
        return "point" if each.geometry_type.upper() == "POINT" else "corners"
    if options:
        return "select"
    return {"text": "text", "json": "text", "date": "date", "moment": "moment", "reference": "reference"}.get(
        each.kind, "number" if each.is_numeric else "line"
    )


def commune_entry(asked: Asked, typed: Mapping[str, str], errors: Mapping[str, list[str]]) -> Entry:
    """Where the record lies: among the communes in which the actor may write."""
    allowed = asked.rights.edit_areas
    options = [(area.code, area.name) for area in communes() if allowed is None or area.code in allowed]
    value = typed.get(COMMUNE, "")
    if value and value not in dict(options):
        options.insert(0, (value, area_name(value)))
    return Entry(COMMUNE, _("Xã, phường"), "select", {COMMUNE: value}, options=options, errors=list(errors.get(COMMUNE, [])))


def read(asked: Asked, fields: Iterable[Field], typed: Mapping[str, str], row: Any = None) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """(values, sentences by field). Inputs that hold what the record holds keep its very value: a place loses nothing by being shown."""
    fields = list(fields)
    held = as_typed(asked, row, fields) if row is not None else {}
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for each in fields:
        if row is not None and all(typed.get(name, "").strip() == held[name].strip() for name in inputs(each)):
            values[each.name] = getattr(row, each.name)
            continue
        try:
            values[each.name] = value_of(asked, each, typed)
        except ValidationError as wrong:
            errors[each.name] = list(wrong.messages)
    values[COMMUNE] = _commune(typed, errors)
    if asked.rights.secret_rows:
        values[SECRET] = typed.get(SECRET, "") == "1"
    return values, errors


def _commune(typed: Mapping[str, str], errors: dict[str, list[str]]) -> str:
    code = typed.get(COMMUNE, "").strip()
    if len(code) > 5 or (code and not code.isdecimal()):
        errors[COMMUNE] = [_("Hãy chọn xã, phường trong danh sách.")]
        return ""
    return code


def value_of(asked: Asked, each: Field, typed: Mapping[str, str]) -> Any:
    """The value of one field as typed; ValidationError with one sentence. An empty input is None, or "" for text."""
    if each.kind == "geometry":
        found = places.read({part: typed.get(f"{each.name}:{part}", "") for part in places.PARTS}, each)
        if found is None and each.required:
            raise ValidationError(_("Hãy nhập vị trí."))
        return found
    text = typed.get(each.name, "").strip()
    if not text:
        return _empty(asked.register, each)
    if each.kind == "reference":
        return meant(asked, each, text)
    return _scalar(each, text)


def _empty(register: type[Register], each: Field) -> Any:
    if each.required:
        raise ValidationError(_("Hãy điền mục này."))
    model_field: Any = register.model._meta.get_field(each.name)
    if model_field.null:
        return None
    if each.kind == "json":
        return model_field.get_default()
    if each.kind in ("line", "text", "choice", "code"):
        return ""
    if each.kind == "boolean":
        return False
    if model_field.has_default():
        return model_field.get_default()
    raise ValidationError(_("Hãy điền mục này."))


def _scalar(each: Field, text: str) -> Any:
    if each.is_numeric:
        number = parse_number(text)
        if number is None:
            raise ValidationError(_("«%(text)s» không phải là số; viết như 1.250,5.") % {"text": text[:40]})
        if each.kind == "integer" and number != number.to_integral_value():
            raise ValidationError(_("Ở đây cần số nguyên."))
        return int(number) if each.kind == "integer" else number
    if each.kind == "boolean":
        return text == "1"
    if each.kind == "date":
        return _day(text)
    if each.kind == "moment":
        return _moment(text)
    if each.kind == "json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ValidationError(_("Không đọc được; cần đúng dạng JSON.")) from None
    return text


def _day(text: str) -> date:
    found = parse_day(text)
    if found is None:
        raise ValidationError(_("«%(text)s» không phải là ngày; viết như 05/03/2025.") % {"text": text[:40]})
    return date.fromisoformat(found)


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(_("«%(text)s» không phải là ngày giờ.") % {"text": text[:40]})
    return timezone.make_aware(found) if timezone.is_naive(found) else found
