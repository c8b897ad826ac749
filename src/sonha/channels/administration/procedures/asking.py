"""What the sheets of look-ups and of lines drawn over them choose from: registers that can be asked, their names, fields of the form."""

from collections.abc import Mapping
from typing import Any

from sonha.channels.administration.procedures.conditions import Fields, field_infos
from sonha.channels.administration.procedures.places import element, form_at, parts_of, row_prefix
from sonha.channels.administration.procedures.sheet import Choices
from sonha.process.flows.condition_check import form_fields
from sonha.process.forms import schema, sources
from sonha.services.procedures.checking import answer_fields


def lists(declaration: Mapping[str, Any], place: str, fields: Fields) -> dict[str, Choices]:
    """Choices by name for the field at a place of a form, whose conditions read `fields`; nothing elsewhere."""
    if "fields" not in parts_of(place):
        return {}
    form, inside, source = form_at(declaration, place), row_prefix(declaration, place), _source(declaration, place)
    own = field_infos(answer_fields(form))
    beside = {path.removeprefix(inside): info.label for path, info in own.items() if path.startswith(inside)}
    return {
        "asked": [(name, each.title) for name, each in sources.known().items()],
        "given": list(source.names("given").items()) if source else (),
        "given_fields": [(path, info.label) for path, info in fields.items() if "." not in path],
        "fills": list(source.names("fills").items()) if source else (),
        "fills_fields": [(path, label) for path, label in beside.items() if "." not in path],
        "lookups": [(path, str(field.get("label") or path)) for path, field in form_fields(form).items() if _is_top_lookup(path, field)],
        "areas": [(path, info.label) for path, info in own.items() if ".*." in path and info.type in schema.NUMBER_TYPES],
    }


def _source(declaration: Mapping[str, Any], place: str) -> sources.Source | None:
    """The register that the look-up asks; for a new one the first there is."""
    known = sources.known()
    try:
        asked = element(declaration, place).get("of")
    except LookupError:
        asked = None
    return known.get(str(asked)) or next(iter(known.values()), None)


def _is_top_lookup(path: str, field: Any) -> bool:
    return "." not in path and isinstance(field, Mapping) and field.get("type") == "lookup"
