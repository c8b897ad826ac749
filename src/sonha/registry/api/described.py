"""The OpenAPI document of the registers: the operations once for each register, with the fields of its declaration."""

from typing import Any

from sonha.registry.declarations import Register, registers
from sonha.registry.declarations.fields import Field
from sonha.registry.pages.typed import editable_fields

from .filters import parameters_of

GENERIC = "/registers/{code}"
PLACE = {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}}}
TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "reference": {
        "anyOf": [{"type": "integer"}, {"type": "string", "writeOnly": True}],
        "description": "An id; when writing also what names just one, for people the number on their paper.",
    },
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "json": {},
}
TYPED = ("Record", "Records", "RecordVersion", "RecordVersions", "ChangeEvent", "ChangeEvents", "NewRecord", "Amendment")
"""Shapes that hold a record's values, directly or through another of them."""


def tell_registers(document: dict[str, Any]) -> None:
    """Puts the addresses of each register in the place of those with `{code}`. What all of them share stands once, in the components."""
    generic = {address: methods for address, methods in document["paths"].items() if GENERIC in address}
    parts = document["components"]
    for address, methods in generic.items():
        del document["paths"][address]
        for details in methods.values():
            _share(details, parts)
    for register in registers():
        parts["schemas"] |= _schemas(register, parts["schemas"])
        for address, methods in generic.items():
            told = {method: _operation(register, details) for method, details in methods.items()}
            document["paths"][address.replace("{code}", register.code)] = told


def _share(details: dict[str, Any], parts: dict[str, Any]) -> None:
    """Moves parameters and problems of a generic operation into the components."""
    own = [each for each in details.get("parameters", []) if not (each["in"] == "path" and each["name"] == "code")]
    details["parameters"] = []
    for each in own:
        name = f"{details['operationId']}_{each['name']}"
        parts.setdefault("parameters", {})[name] = each
        details["parameters"].append({"$ref": f"#/components/parameters/{name}"})
    for status, answer in details["responses"].items():
        if int(status) >= 400:
            parts.setdefault("responses", {})[f"problem_{status}"] = answer
            details["responses"][status] = {"$ref": f"#/components/responses/problem_{status}"}


def _name(register: type[Register]) -> str:
    return "".join(part.capitalize() for part in register.code.split("_"))


def _schemas(register: type[Register], generic: dict[str, Any]) -> dict[str, Any]:
    """The shapes of a record of this register: the general ones with typed `values`."""
    name = _name(register)
    fields = register.fields()
    found: dict[str, Any] = {
        f"{name}Values": {
            "title": str(register.title),
            "type": "object",
            "properties": {each.name: _schema(register, each) for each in fields},
            "additionalProperties": False,
        }
    }
    for shape in TYPED:
        own = {key: _renamed(each, name) for key, each in generic[shape].get("properties", {}).items() if _names_typed(each)}
        if "values" in generic[shape].get("properties", {}):
            own["values"] = {"$ref": f"#/components/schemas/{name}Values"}
        found[f"{name}{shape}"] = {"allOf": [{"$ref": f"#/components/schemas/{shape}"}, {"type": "object", "properties": own}]}
    required = [each.name for each in editable_fields(register, [each.name for each in fields]) if each.required]
    if required:
        found[f"{name}NewRecord"]["allOf"].append({"properties": {"values": {"type": "object", "required": required}}})
    return found


def _names_typed(tree: Any) -> bool:
    return _renamed(tree, "x") != tree


def _renamed(tree: Any, name: str) -> Any:
    """The same with references to this register's shapes."""
    if isinstance(tree, dict):
        reference = str(tree.get("$ref", "")).rpartition("/")[2]
        if reference in TYPED:
            return {**tree, "$ref": f"#/components/schemas/{name}{reference}"}
        return {key: _renamed(value, name) for key, value in tree.items()}
    return [_renamed(each, name) for each in tree] if isinstance(tree, list) else tree


def _schema(register: type[Register], field: Field) -> dict[str, Any]:
    """JSON schema of a field: title, unit, code list, whether it may be empty."""
    model_field: Any = register.model._meta.get_field(field.name)
    said: dict[str, Any] = dict(TYPES.get(field.kind, {"type": "string"}))
    if field.kind == "geometry":
        said = {**PLACE, "description": f"GeoJSON {field.geometry_type.title()}; kept in EPSG:{field.srid}."}
    if field.kind in ("line", "choice", "code") and model_field.max_length:
        said["maxLength"] = model_field.max_length
    if field.choices:
        words = "; ".join(f"`{value}` {label}" for value, label in field.choices)
        said |= {"enum": [*(value for value, _label in field.choices), *([""] if model_field.blank else [])], "description": words}
    elif field.catalogue:
        said |= {"x-code-list": field.catalogue}
    if field.unit:
        said["x-unit"] = field.unit
    if field.help and "description" not in said:
        said["description"] = str(field.help)
    if exchanged := register.exchange_names.get(field.name):
        said["x-exchange-name"] = exchanged
    if field.name in register.computed:
        said["readOnly"] = True
    said["title"] = f"{field.title} ({field.unit})" if field.unit else str(field.title)
    return {"title": said.pop("title"), "anyOf": [said, {"type": "null"}]} if model_field.null else said


def _operation(register: type[Register], generic: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = _renamed(generic, _name(register))
    said = {**told, "operationId": f"{told['operationId']}_of_{register.code}", "summary": f"{register.title}: {told['summary'].lower()}"}
    if told["operationId"] == "list_records":
        said["parameters"] = [*(each for each in told["parameters"] if each != SORT), _sorts(register), *_filters(register)]
    return said


SORT = {"$ref": "#/components/parameters/list_records_sort"}


def _sorts(register: type[Register]) -> dict[str, Any]:
    names = ["", *(f"{sign}{name}" for name in register.sorts for sign in ("", "-"))]
    said = "A field, with a minus downwards; newest first without it."
    return {"in": "query", "name": "sort", "required": False, "schema": {"type": "string", "enum": names}, "description": said}


def _filters(register: type[Register]) -> list[dict[str, Any]]:
    found = []
    for name, (field, schema) in parameters_of(register).items():
        unit = f" ({field.unit})" if field.unit else ""
        found.append({"in": "query", "name": name, "required": False, "schema": schema, "description": f"{field.title}{unit}"})
    return found
