"""What the sheets of look-ups and of lines drawn over them choose from: registers that can be asked, their names, fields of the form."""

from collections.abc import Collection, Mapping
from typing import Any

from sonha.channels.administration.procedures.conditions import field_infos
from sonha.channels.administration.procedures.places import element, parts_of
from sonha.channels.administration.procedures.sheet import Choices
from sonha.process.flows.condition_check import form_fields
from sonha.process.forms import schema, sources
from sonha.services.procedures.checking import answer_fields


def lists(declaration: Mapping[str, Any], place: str) -> dict[str, Choices]:
    """Choices by name for the field at a place of a form; nothing elsewhere."""
    parts = parts_of(place)
    if "fields" not in parts:
        return {}
    form = element(declaration, "/".join(parts[: parts.index("form") + 1]))
    group = element(declaration, "/".join(parts[:-2])).get("key") if parts.count("fields") == 2 else ""
    own = _labels(form)
    inside = f"{group}.*." if group else ""
    beside = {path.removeprefix(inside): label for path, label in own.items() if path.startswith(inside)}
    around = {**_labels(declaration.get("form")), **own}
    source = _source(declaration, place)
    return {
        "asked": [(name, each.title) for name, each in sources.known().items()],
        "given": list(source.names("given").items()) if source else (),
        "given_fields": _at_hand({**around, **beside}),
        "fills": list(source.names("fills").items()) if source else (),
        "fills_fields": _at_hand(beside),
        "lookups": [(path, str(field.get("label") or path)) for path, field in form_fields(form).items() if _is_top_lookup(path, field)],
        "areas": [(path, label) for path, label in _labels(form, schema.NUMBER_TYPES).items() if ".*." in path],
    }


def _labels(form: Any, types: Collection[str] = schema.TYPES) -> dict[str, str]:
    infos = field_infos(answer_fields(form))
    return {path: info.label for path, info in infos.items() if info.type in types}


def _at_hand(labels: Mapping[str, str]) -> Choices:
    """Without the rows of groups: of them a look-up outside cannot choose one."""
    return [(path, label) for path, label in labels.items() if "." not in path]


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
