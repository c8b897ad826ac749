"""Texts of printed results: `{answers.flow}`, `{owner.name}`, `{dossier.code}`, `{task.appraise.opinion}` become words.

Only dotted names are filled in, nothing is evaluated; a name without a value becomes an ellipsis, as on paper.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation

from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.rendering.words import thousands
from sonha.process.flows.graph import graph_of
from sonha.process.forms.display import display_value
from sonha.process.forms.schema import Field, load
from sonha.services.dossiers.models import Dossier

NAME = re.compile(r"\{\s*([A-Za-z_][\w.]*)\s*\}", re.ASCII)
WHOLE = re.compile(r"\{(answers|task)\.([a-z0-9_.]+)\}")
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
    """The raw value a register field keeps: `{answers.flow}`, `{task.appraise.flow}` give the number, other texts the filled-in words."""
    whole = WHOLE.fullmatch(path)
    return raw_at(f"{whole[1]}.{whole[2]}", dossier) if whole else fill(path, dossier)


def raw_at(path: str, dossier: Dossier) -> Any:
    """The value as stored: `task.<step>.<field>` of a step, `answers.<field>` or a bare field of the form; None where there is none."""
    root, _dot, rest = path.partition(".")
    if root == "task" and rest:
        return _dig(dossier.case.data.get("task", {}), rest)
    return _dig(dossier.answers, rest if root == "answers" and rest else path)


def _answer_words(schema: Mapping[str, Any], answers: Mapping[str, Any], path: str) -> str:
    return _shown(load(schema).by_path.get(path), _dig(answers, path))


def _task_words(dossier: Dossier, path: str) -> str:
    """What an official wrote in a step's form, worded by that form where the flow still has the step."""
    step, _dot, field = path.partition(".")
    node = graph_of(dossier.case.flow_version_id).nodes.get(step)
    form = load(node.form).by_path.get(field) if node and node.form else None
    return _shown(form, _dig(dossier.case.data.get("task", {}), path))


def _shown(field: Field | None, value: Any) -> str:
    if value in (None, "", []) or isinstance(value, Mapping):
        return BLANK
    if field is None:
        return _bare(value)
    if field.type == "admin_unit":
        return area_name(str(value))
    with translation.override("vi"):
        return display_value(field, value) or BLANK


def _bare(value: Any) -> str:
    """A value whose field is not known: words as they are, lists with commas, numbers as Vietnamese writes them."""
    if isinstance(value, list):
        return ", ".join(_bare(each) for each in value if each not in (None, "") and not isinstance(each, Mapping)) or BLANK
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | float):
        return thousands(Decimal(str(value)))
    return str(value)


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
