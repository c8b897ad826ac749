"""Checks of the conditions of a flow against the fields they read. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from sonha.process.flows.vocabulary import COMPARISONS

Field = Mapping[str, Any]

DOSSIER_FIELDS: Mapping[str, Field] = {
    "dossier.channel": {"type": "text"},
    "dossier.owner_kind": {"type": "text"},
    "dossier.fee_due": {"type": "money"},
}
ANSWERS_OF_A_CONSULTATION: Mapping[str, Field] = {
    "conclusion": {"options": [{"value": value} for value in ("agree", "agree_with_comments", "disagree")]},
    "opinion": {},
    "outcome": {},
}
ANSWERS_OF_A_SUBPROCESS: Mapping[str, Field] = {"outcome": {}}
ORDERED_TYPES = frozenset({"integer", "number", "money", "date", "computed"})
UNORDERED_TYPES = frozenset(
    {"boolean", "radio", "select", "checkboxes", "admin_unit", "point", "line", "polygon", "file", "repeat", "note", "lookup"}
)
LISTED = {"all", "any"}


def form_fields(form: object) -> dict[str, Field]:
    """Dotted path -> field of every field of a form; the fields of a repeated group have `*` for the item (`wells.*.depth`)."""
    found: dict[str, Field] = {}
    sections = form.get("sections") if isinstance(form, Mapping) else None
    for section in sections if isinstance(sections, list | tuple) else ():
        if isinstance(section, Mapping):
            found.update(_paths(section.get("fields"), ""))
    return found


def known_fields(steps: Iterable[Mapping[str, Any]], answers: Iterable[str] | Mapping[str, Field] | None) -> dict[str, Field] | None:
    """Everything a condition may read: the answers, the dossier, and what the steps' own forms and consultations leave behind.

    None as `answers` means that the form is not known: then only the `task.` and `dossier.` paths are checked.
    """
    known: dict[str, Field] = dict(DOSSIER_FIELDS)
    if answers is not None:
        known.update(answers if isinstance(answers, Mapping) else {path: {} for path in answers})
    for step in steps:
        fields = dict(form_fields(step.get("form")))
        if step.get("kind") == "consultation":
            fields.update(ANSWERS_OF_A_CONSULTATION if not step.get("flow") else ANSWERS_OF_A_SUBPROCESS)
        elif step.get("kind") == "subprocess":
            fields.update(ANSWERS_OF_A_SUBPROCESS)
        known.update({f"task.{step.get('key')}.{path}": field for path, field in fields.items()})
        known[f"visits.{step.get('key')}"] = {"type": "integer"}
    return known


def check_condition(
    condition: object, fields: Mapping[str, Field], *, answers_known: bool, open_steps: Iterable[str] = ()
) -> Iterator[str]:
    """Sentences about what is wrong with a condition; none when it can be evaluated.

    `open_steps` are steps that run another flow, whose fields cannot be known here.
    """
    if not isinstance(condition, Mapping):
        yield _("Điều kiện phải là một bảng gồm trường và phép so sánh.")
        return
    if "field" in condition:
        yield from _check_comparison(condition, fields, answers_known, tuple(open_steps))
        return
    keys = set(condition)
    if len(keys) != 1 or not keys <= LISTED | {"not"}:
        yield _("Điều kiện phải có «field», hoặc đúng một trong «all», «any», «not».")
        return
    name = keys.pop()
    parts = condition[name]
    if name == "not":
        yield from check_condition(parts, fields, answers_known=answers_known, open_steps=open_steps)
    elif not isinstance(parts, list | tuple) or not parts:
        yield _("Nhóm điều kiện «%(name)s» cần ít nhất một điều kiện.") % {"name": name}
    else:
        for part in parts:
            yield from check_condition(part, fields, answers_known=answers_known, open_steps=open_steps)


def _check_comparison(condition: Field, fields: Mapping[str, Field], answers_known: bool, open_steps: tuple[str, ...]) -> Iterator[str]:
    path = condition["field"]
    operators = [name for name in condition if name != "field"]
    for name in operators:
        if name not in COMPARISONS:
            yield _("Phép so sánh «%(name)s» không có trong quy ước.") % {"name": name}
    if not operators:
        yield _("Điều kiện trên trường «%(path)s» thiếu phép so sánh.") % {"path": path}
    if not isinstance(path, str) or not path:
        yield _("Điều kiện thiếu tên trường.")
        return
    field = fields.get(_general(path), fields.get(path))
    if field is None:
        if not _outside_knowledge(path, fields, answers_known, open_steps):
            yield _("Điều kiện dùng trường «%(path)s» không có trong biểu mẫu.") % {"path": path}
        return
    for name in operators:
        yield from _check_operator(path, name, condition[name], field)


def _check_operator(path: str, name: str, value: object, field: Field) -> Iterator[str]:
    if name in {"in", "not_in"} and not isinstance(value, list | tuple):
        yield _("Điều kiện trên trường «%(path)s»: «%(name)s» cần một danh sách giá trị.") % {"path": path, "name": name}
        return
    if name in {"gt", "gte", "lt", "lte"} and field.get("type") in UNORDERED_TYPES:
        yield _("Điều kiện trên trường «%(path)s»: không thể so sánh lớn hơn, nhỏ hơn trên loại trường này.") % {"path": path}
    options = field.get("options")
    if name in {"eq", "ne", "in", "not_in", "contains"} and isinstance(options, list | tuple) and options:
        allowed = [option.get("value") if isinstance(option, Mapping) else option for option in options]
        for single in value if isinstance(value, list | tuple) else (value,):
            if single not in allowed:
                yield _("Điều kiện trên trường «%(path)s»: «%(value)s» không phải là một lựa chọn của trường.") % {
                    "path": path,
                    "value": single,
                }


def _outside_knowledge(path: str, fields: Mapping[str, Field], answers_known: bool, open_steps: tuple[str, ...]) -> bool:
    """Paths nobody can check here: into free-form values, of other flows, or of a form that was not given."""
    if path.startswith("task."):
        return len(path.split(".")) > 2 and path.split(".")[1] in open_steps
    if path.startswith(("dossier.", "visits.")):
        return False
    return not answers_known


def _paths(fields: object, prefix: str) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for item in fields if isinstance(fields, list | tuple) else ():
        if not isinstance(item, Mapping) or not isinstance(item.get("key"), str):
            continue
        path = prefix + item["key"]
        found[path] = item
        if item.get("type") == "repeat":
            found.update(_paths(item.get("fields"), f"{path}.*."))
    return found


def _general(path: str) -> str:
    return ".".join("*" if part.isdigit() else part for part in path.split("."))
