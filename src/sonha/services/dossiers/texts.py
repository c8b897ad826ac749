"""Texts of printed results: `{answers.flow}`, `{owner.name}`, `{dossier.code}`, `{task.appraise.opinion}` become words.

Only dotted names are filled in, nothing is evaluated; a name without a value becomes an ellipsis, as on paper.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from sonha.foundation.organisations.selectors import area_name
from sonha.process.forms.display import display_value
from sonha.process.forms.schema import load
from sonha.services.dossiers.models import Dossier

NAME = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
BLANK = "…"


def fill(text: str, dossier: Dossier) -> str:
    """The text with every name filled in from the dossier."""
    return NAME.sub(lambda match: words_at(match[1], dossier), text)


def words_at(path: str, dossier: Dossier) -> str:
    """The value at a dotted name, as an official letter would write it."""
    root, _dot, rest = path.partition(".")
    if root == "answers":
        return _answer_words(dossier.version.form_version.schema, dossier.answers, rest)  # type: ignore[union-attr]
    if root == "task":
        return _task_words(dossier, rest)
    value = _plain(root, rest, dossier)
    return str(value) if value not in (None, "") else BLANK


def value_at(path: str, dossier: Dossier) -> Any:
    """The raw value a register field keeps: `{answers.flow}` gives the number, other texts the filled-in words."""
    whole = re.fullmatch(r"\{answers\.([a-z0-9_.]+)\}", path)
    return _dig(dossier.answers, whole[1]) if whole else fill(path, dossier)


def _answer_words(schema: Mapping[str, Any], answers: Mapping[str, Any], path: str) -> str:
    field, value = load(schema).by_path.get(path), _dig(answers, path)
    if value in (None, "", []):
        return BLANK
    if field is None:
        return str(value)
    if field.type == "admin_unit":
        return area_name(str(value))
    return display_value(field, value) or BLANK


def _task_words(dossier: Dossier, path: str) -> str:
    value = _dig(dossier.case.data.get("task", {}), path)
    return str(value) if value not in (None, "") else BLANK


def _plain(root: str, rest: str, dossier: Dossier) -> Any:
    sources: dict[str, Mapping[str, Any]] = {
        "owner": {
            "name": dossier.owner.name,
            "address": dossier.owner.address,
            "identifier": dossier.owner.identifier,
            "phone": dossier.owner.phone,
        },
        "dossier": {
            "code": dossier.code,
            "submitted_on": timezone.localtime(dossier.submitted_at).strftime("%d/%m/%Y"),
            "procedure": dossier.procedure.name,
        },
        "agency": {"name": dossier.agency.name},
    }
    return sources.get(root, {}).get(rest)


def _dig(value: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
