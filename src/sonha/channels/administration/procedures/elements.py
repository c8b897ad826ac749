"""The elements of a declaration by their place: which properties they have, what their sheet may refer to, how a new one begins."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.channels.administration.procedures import asking
from sonha.channels.administration.procedures import properties as declared
from sonha.channels.administration.procedures.conditions import FieldInfo, field_infos
from sonha.channels.administration.procedures.places import Declaration, element, form_at, inserted, parts_of, replaced, row_prefix
from sonha.channels.administration.procedures.sheet import Choices, Property, Scope, applied
from sonha.foundation.organisations.models import Unit
from sonha.process.flows import editing
from sonha.process.flows.condition_check import form_fields, known_fields
from sonha.process.flows.keys import free_key
from sonha.process.flows.models import Flow
from sonha.process.flows.vocabulary import LATE_ANSWERS, UNITS
from sonha.process.forms import schema
from sonha.services.procedures.checking import answer_fields
from sonha.services.procedures.models import LifeEvent

DOSSIER = {
    "dossier.channel": FieldInfo("dossier.channel", "", "text", tuple((key, str(label)) for key, label in declared.CHANNELS)),
    "dossier.owner_kind": FieldInfo("dossier.owner_kind", "", "text", tuple((key, str(label)) for key, label in declared.AUDIENCES)),
    "dossier.fee_due": FieldInfo("dossier.fee_due", "", "money"),
}
DOSSIER_LABELS = {
    "dossier.channel": gettext_lazy("Cách nộp hồ sơ"),
    "dossier.owner_kind": gettext_lazy("Chủ hồ sơ"),
    "dossier.fee_due": gettext_lazy("Số tiền còn phải nộp"),
}
LATE = {"continue": gettext_lazy("Đi tiếp, coi như không có ý kiến"), "agree": gettext_lazy("Coi như đồng ý")}
FORM = r"(?:flow/steps/\d+/)?form"


@dataclass(frozen=True)
class Kind:
    """One kind of element. `variety` names the property that tells which others fit; `key` the one that must be its own."""

    pattern: str
    title: Any
    properties: tuple[Property, ...]
    variety: str = ""
    key: str = ""
    new: Callable[[], dict[str, Any]] = dict


KINDS = (
    Kind(r"about", gettext_lazy("Thông tin chung"), declared.ABOUT),
    Kind(r"legal_basis/(\d+|new)", gettext_lazy("Căn cứ pháp lý"), declared.BASIS, key="id"),
    Kind(
        r"papers/(\d+|new)",
        gettext_lazy("Giấy tờ"),
        declared.PAPER,
        key="code",
        new=lambda: {"required": True, "form": "copy", "copies": 1},
    ),
    Kind(rf"{FORM}/sections/(\d+|new)", gettext_lazy("Phần của tờ khai"), declared.SECTION, key="key", new=lambda: {"fields": []}),
    Kind(
        rf"{FORM}/sections/\d+/fields/(\d+|new)(/fields/(\d+|new))?",
        gettext_lazy("Mục của tờ khai"),
        declared.FIELD,
        variety="type",
        key="key",
        new=lambda: {"type": "text"},
    ),
    Kind(r"flow/steps/\d+", gettext_lazy("Bước"), declared.STEP, variety="kind"),
    Kind(r"flow/transitions/\d+", gettext_lazy("Đường đi"), declared.WAY),
    Kind(r"fees", gettext_lazy("Bảng phí, lệ phí"), declared.FEES),
    Kind(r"fees/rules/(\d+|new)", gettext_lazy("Dòng của bảng phí"), declared.FEE, key="then.code", new=lambda: {"then": {"kind": "fee"}}),
    Kind(r"routing", gettext_lazy("Bảng phân công"), declared.ROUTING),
    Kind(r"routing/rules/(\d+|new)", gettext_lazy("Dòng của bảng phân công"), declared.ROUTE, new=lambda: {"then": {}}),
    Kind(r"outcome", gettext_lazy("Kết quả"), declared.OUTCOME),
)


def kind_of(place: str) -> Kind:
    """The kind of element that stands at a place. LookupError when nothing that can be edited does."""
    for kind in KINDS:
        if re.fullmatch(kind.pattern, place):
            return kind
    raise LookupError(place)


def thing_at(declaration: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The element at a place, or a new one where the place ends in `new`. `about` is the declaration itself."""
    kind = kind_of(place)
    if place == "about":
        return dict(declaration)
    if place.endswith("new"):
        return kind.new()
    try:
        found = element(declaration, place)
    except LookupError:
        if place in {"fees", "routing", "outcome"}:
            return {}
        raise
    return dict(found)


def variety_of(kind: Kind, thing: Mapping[str, Any], typed: Mapping[str, Any] | None = None) -> str:
    """The type or kind of the element: as typed where the sheet asks for it."""
    if not kind.variety:
        return ""
    return str((typed or {}).get(kind.variety) or thing.get(kind.variety) or "")


def with_values(declaration: Declaration, place: str, values: Mapping[str, Any]) -> tuple[Declaration, str]:
    """The declaration with the sheet's values at a place, and where the element stands now. EditError for what a flow does not allow."""
    kind = kind_of(place)
    thing = thing_at(declaration, place)
    if place.startswith("flow/steps/") and "/form" not in place:
        return {**declaration, "flow": _with_step(declaration["flow"], thing, kind, values)}, place
    fresh = applied(thing, kind.properties, values)
    if place == "about":
        return fresh, place
    if kind.key:
        fresh = _with_key(declaration, place, kind, fresh)
    if place.endswith("new"):
        return inserted(declaration, place, fresh)
    if place in {"fees", "routing"}:
        fresh.setdefault("rules", [])
    return replaced(declaration, place, fresh), place


def _with_step(flow: Mapping[str, Any], step: Mapping[str, Any], kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    fresh = applied(step, kind.properties, values)
    if fresh.get("role") == "applicant":
        fresh.pop("unit", None)
    named = {*fresh, *step} - {"key", "kind"}
    return editing.change_step(flow, str(step["key"]), **{name: fresh.get(name) for name in named})


def _with_key(declaration: Mapping[str, Any], place: str, kind: Kind, thing: dict[str, Any]) -> dict[str, Any]:
    """A new element without a key gets one from its title."""
    parent, _dot, last = kind.key.rpartition(".")
    holder = thing.setdefault(parent, {}) if parent else thing
    if holder.get(last):
        return thing
    title = next((str(holder[name]) for name in ("label", "title", "citation", "text") if holder.get(name)), "")
    if last == "id":
        title = " ".join(title.split()[:6])
    holder[last] = free_key(title, _taken(declaration, place, kind.key), {"id": "basis", "code": "item"}.get(last, "field"), 40)
    ordered = {last: holder[last], **{name: value for name, value in holder.items() if name != last}}
    return {**thing, parent: ordered} if parent else ordered


def _taken(declaration: Mapping[str, Any], place: str, key: str) -> set[str]:
    """Keys in use: among brothers and sisters, and for the fields of a form in all its sections."""
    parts = parts_of(place)
    if key == "key" and parts.count("fields") == 1:
        return {path for path in form_fields(form_at(declaration, place)) if "." not in path}
    try:
        brothers = element(declaration, "/".join(parts[:-1]))
    except LookupError:
        return set()
    return {str(_dotted(each, key)) for each in brothers}


def _dotted(thing: Any, name: str) -> Any:
    for part in name.split("."):
        thing = thing.get(part) if isinstance(thing, Mapping) else None
    return thing


def scope_of(declaration: Mapping[str, Any], place: str) -> Scope:
    """What the element at a place may refer to: fields its conditions read, and the lists its choices offer."""
    answers = answer_fields(declaration.get("form"))
    fields = {**field_infos(answers), **_dossier()}
    flow = declaration.get("flow") or {}
    if place.startswith("flow/"):
        fields |= official_infos(flow)
    if "form" in parts_of(place)[1:]:
        fields = {**field_infos(answer_fields(form_at(declaration, place))), **fields}
    if prefix := row_prefix(declaration, place):
        named = {path.removeprefix(prefix): info for path, info in fields.items() if path.startswith(prefix)}
        siblings = {path: FieldInfo(path, info.label, info.type, info.options) for path, info in named.items()}
        fields = {**siblings, **fields, **siblings}  # listed first; and a name that is outside too means the row's, as in answers
    return Scope(fields, {**_lists(declaration, answers, flow, place), **asking.lists(declaration, place, fields)})


def official_infos(flow: Mapping[str, Any]) -> dict[str, FieldInfo]:
    """What officials entered and consultations left: `task.<step>.<field>`, called by the step's title."""
    steps = [step for step in flow.get("steps") or () if isinstance(step, Mapping)]
    titles = {str(step.get("key")): str(step.get("title") or step.get("key")) for step in steps}
    known = {path: field for path, field in (known_fields(steps, {}) or {}).items() if path.startswith(("task.", "visits."))}
    found = {}
    for path, info in field_infos(known).items():
        root, key = path.split(".")[:2]
        label = info.label if info.label != path else path.split(".", 2)[-1]
        title = f"{titles.get(key, key)}: {label}" if root == "task" else _("Số lần qua bước %(step)s") % {"step": titles.get(key, key)}
        found[path] = FieldInfo(path, title, info.type, info.options)
    return found


def _dossier() -> dict[str, FieldInfo]:
    return {path: FieldInfo(path, str(DOSSIER_LABELS[path]), info.type, info.options) for path, info in DOSSIER.items()}


def _lists(declaration: Mapping[str, Any], answers: Mapping[str, Any], flow: Mapping[str, Any], place: str) -> dict[str, Choices]:
    steps = [step for step in flow.get("steps") or () if isinstance(step, Mapping)]
    numbers = [path for path, field in answers.items() if field.get("type") in (*schema.NUMBER_TYPES, "computed", "repeat")]
    named = [(name, name) for name in declaration.get("consulted") or {}]
    handled = [
        (f"same_as:{step.get('key')}", _("người đã làm bước «%(step)s»") % {"step": step.get("title")})
        for step in steps
        if step.get("kind") == "task"
    ]
    return {
        "sources": [(str(entry.get("id")), _short(entry)) for entry in declaration.get("legal_basis") or ()],
        "numbers": [(path, f"{answers[path].get('label', path)} ({path})") for path in numbers],
        "places": [(path, str(field.get("label") or path)) for path, field in answers.items() if field.get("type") in {"point", "polygon"}],
        "actors": [*((key, _(name)) for key, name in UNITS.items() if key != "consulted"), *named],
        "earlier_steps": handled,
        "prefills": [(value, str(label)) for value, label in declared.PREFILLS],
        "late_answers": [(value, str(LATE.get(value, value))) for value in sorted(LATE_ANSWERS, reverse=True)],
        "units": _units() if place.startswith(("about", "routing")) else (),
        "flows": list(Flow.objects.filter(subject_kind__in=("internal", "child")).values_list("key", "title")) if "steps" in place else (),
        "life_events": list(LifeEvent.objects.values_list("key", "title")) if place == "about" else (),
    }


def _units() -> Choices:
    from django.utils import timezone

    rows = Unit.objects.on(timezone.localdate()).filter(level=Unit.Level.PROVINCE).order_by("path")
    return [(unit.code, f"{unit.name} ({unit.code})") for unit in rows]


def _short(entry: Mapping[str, Any]) -> str:
    text = str(entry.get("citation") or entry.get("id"))
    text = text if len(text) <= 70 else text[:68].rstrip() + "…"
    return _("Giả định: %(text)s") % {"text": text} if entry.get("assumption") else text
