"""First answers of a new form: from the account and earlier dossiers of the owner; at a step, from what the applicant declared."""

from collections.abc import Mapping
from typing import Any

from sonha.process.forms import schema
from sonha.process.forms.schema import Form
from sonha.process.forms.validation import validate
from sonha.process.rules.conditions import is_missing


def prefill(declaration: Form | Mapping[str, Any], sources: Mapping[str, Any]) -> dict[str, Any]:
    """Answers for the fields that declare `prefill`.

    `sources`: `{"account": {name, personal_id, ...}, "dossier": {<declaration key>: answers of the newest earlier dossier}}`,
    and `answers` of the dossier itself for the form of a step.
    A value that the field would refuse is left out; computed fields and notes have none.
    """
    form = schema.load(declaration)
    answers: dict[str, Any] = {}
    for item in form.root:
        value = _value(str(item.get("prefill", "")), sources)
        if item.type not in schema.UNASKED_TYPES | {"file"} and not is_missing(value):
            alone = {"sections": [{"key": "one", "title": "one", "fields": [_unconditional(form.source, item.path)]}]}
            clean = validate(alone, {item.key: value}, partial=True).clean
            if item.key in clean:
                answers[item.key] = clean[item.key]
    return answers


def _value(path: str, sources: Mapping[str, Any]) -> Any:
    value: Any = sources
    for part in path.split(".") if path else ():
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if path else None


def _unconditional(source: Mapping[str, Any], path: str) -> dict[str, Any]:
    found = schema.field_at(source, path) or {}
    return {name: value for name, value in found.items() if name not in {"when", "required", "within"}}
