"""The filters that a register adds to the list: a value that makes no sense is refused instead of passed over."""

from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from sonha.foundation.rest.problems import ProblemError
from sonha.registry.declarations import Register
from sonha.registry.declarations.fields import Field
from sonha.registry.pages.asking import Asked
from sonha.registry.pages.narrowing import Narrowing

LONGEST = 200


def parameters_of(register: type[Register]) -> dict[str, tuple[Field, dict[str, Any]]]:
    """Name of every query parameter that the register adds, with its field and JSON schema."""
    found: dict[str, tuple[Field, dict[str, Any]]] = {}
    for field in (register.field(name) for name in register.filters):
        if field.is_numeric:
            found |= {f"{field.name}_{end}": (field, {"type": "number", "minimum": -1e14, "maximum": 1e14}) for end in ("from", "to")}
        elif field.kind in ("date", "moment"):
            found |= {f"{field.name}_{end}": (field, {"type": "string", "format": "date"}) for end in ("from", "to")}
        elif field.kind == "boolean":
            found[field.name] = (field, {"type": "string", "enum": ["0", "1"]})
        elif field.kind == "choice":
            found[field.name] = (field, {"type": "string", "enum": [value for value, _label in field.choices]})
        else:
            found[field.name] = (field, {"type": "string", "maxLength": LONGEST})
    return found


def checked(asked: Asked, given: QueryDict) -> dict[str, str]:
    """The address as the list's conditions take it. ProblemError by parameter."""
    errors, said = {}, given.dict()
    for name, (field, schema) in parameters_of(asked.register).items():
        if said.get(name) and (wrong := _wrong(schema, str(said[name]))):
            errors[name] = wrong
        if said.get(name) and field.is_numeric:
            said[name] = str(said[name]).replace(".", ",")  # numbers are read as people here write them
    if (sort := str(said.get("sort", ""))) and sort.removeprefix("-") not in Narrowing(asked, {}).sort_names():
        errors["sort"] = _("Danh sách này không sắp xếp theo mục đó.")
    if errors:
        raise ProblemError("invalid", _("Yêu cầu có giá trị chưa đúng; xin xem từng mục."), errors)
    said["ended"] = "1" if said.get("ended") in ("1", "true", "True", "on", "yes") else "0"
    return {name: str(value) for name, value in said.items()}


def _wrong(schema: dict[str, Any], text: str) -> str:
    if "enum" in schema:
        return (
            "" if text in schema["enum"] else _("Giá trị không có trong danh sách: %(expected)s.") % {"expected": ", ".join(schema["enum"])}
        )
    try:
        if schema["type"] == "number" and not -1e14 <= float(text) <= 1e14:
            raise ValueError(text)
        if schema.get("format") == "date":
            date.fromisoformat(text)
    except ValueError:
        return _("Giá trị không hợp lệ.")
    return _("Dài nhất %(max_length)s ký tự.") % {"max_length": LONGEST} if len(text) > LONGEST else ""
