"""Tells in words what is wrong with a flow before anybody can file a dossier under it. Pure.

Errors keep a flow from being published; warnings are for the administrator to weigh.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sonha.process.flows.condition_check import Field, check_condition, known_fields
from sonha.process.flows.problems import Problem, called, error, warning
from sonha.process.flows.shape_check import check_shape
from sonha.process.flows.structure import Flow, Structure, structure
from sonha.process.flows.vocabulary import (
    COMMENTS,
    EFFECTS,
    HANDLED,
    KINDS,
    LATE_ANSWERS,
    LIMIT_UNITS,
    OUTCOMES,
    REQUIREMENTS,
    ROLES,
    SERVICES,
    UNITS,
)

__all__ = ["Problem", "validate"]

Step = Mapping[str, Any]

FLOW_KEYS = frozenset({"title", "title_en", "summary", "summary_en", "source", "start", "steps", "transitions"})
DESCRIPTION = frozenset({"key", "kind", "title", "title_en", "help", "help_en", "source", "number", "documents", "actor", "medium"})
STEP_KEYS: Mapping[str, frozenset[str]] = {
    "task": DESCRIPTION | {"role", "unit", "limit", "clock", "form", "requires", "assignment"},
    "consultation": DESCRIPTION | {"role", "unit", "limit", "clock", "form", "requires", "flow", "assignment", "late"},
    "subprocess": DESCRIPTION | {"role", "unit", "limit", "clock", "flow", "requires"},
    "service": DESCRIPTION | {"service"},
    "choice": DESCRIPTION,
    "split": DESCRIPTION,
    "join": DESCRIPTION,
    "end": DESCRIPTION | {"outcome"},
}
TRANSITION_KEYS = frozenset(
    {"from", "to", "action", "title", "title_en", "help", "help_en", "when", "effect", "comment", "returns", "batch", "source"}
)


@dataclass(frozen=True)
class _Known:
    """What the flow may refer to. None: not known here, hence not checked."""

    fields: Mapping[str, Field]
    answers_known: bool
    actors: Collection[str] | None
    flows: Collection[str] | None
    services: Collection[str]
    open_steps: frozenset[str]


def validate(
    flow: Flow,
    *,
    form_fields: Iterable[str] | Mapping[str, Field] | None,
    actors: Collection[str] | None,
    flows: Collection[str] | None,
    services: Collection[str] | None,
) -> list[Problem]:
    """All problems of a flow in the format of docs/declaring-a-procedure.md, in the order of its steps.

    form_fields: paths of the citizen's form (`wells.*.depth`), as a mapping to the field where options and types shall be checked too.
    actors: unit names a step may use beside the standard ones. flows: keys of flows that may be called. services: registered
    automatic acts. Each may be None when it is not known yet: references of that kind are then not checked.
    """
    if not isinstance(flow, Mapping):
        return [error(None, _("Quy trình phải là một bảng gồm bước đầu, các bước và các đường đi."))]
    shape = structure(flow)
    steps = [step for step in _list(flow, "steps") if isinstance(step, Mapping)]
    known = _Known(
        fields=known_fields(steps, form_fields) or {},
        answers_known=form_fields is not None,
        actors=None if actors is None else {*actors, *UNITS},
        flows=flows,
        services=SERVICES if services is None else services,
        open_steps=frozenset(str(step.get("key")) for step in steps if step.get("flow")),
    )
    found = [*_check_flow(flow, shape)]
    for step in steps:
        found += _check_step(step, known, shape)
    found += _check_transitions(flow, shape, known)
    found += check_shape(shape)
    order = {None: -1} | {key: place for place, key in enumerate(shape.steps)}
    return sorted(dict.fromkeys(found), key=lambda problem: order.get(problem.step, len(order)))


def _check_flow(flow: Flow, shape: Structure) -> Iterator[Problem]:
    for name in flow:
        if name not in FLOW_KEYS:
            yield error(None, _("Quy trình có mục «%(name)s» không có trong quy ước.") % {"name": name})
    for name, what in (("steps", _("danh sách bước")), ("transitions", _("danh sách đường đi"))):
        if not isinstance(flow.get(name), list | tuple):
            yield error(None, _("Quy trình thiếu %(what)s.") % {"what": what})
        elif any(not isinstance(item, Mapping) for item in flow[name]):
            yield error(None, _("Trong %(what)s có mục không đọc được.") % {"what": what})
    if not flow.get("start"):
        yield error(None, _("Quy trình chưa chỉ ra bước bắt đầu."))
    elif shape.start not in shape.steps:
        yield error(None, _("Bước bắt đầu «%(key)s» không có trong danh sách bước.") % {"key": flow["start"]})
    elif shape.steps[shape.start].get("kind") == "end":
        yield error(shape.start, _("Quy trình không thể bắt đầu bằng bước kết thúc."))
    keys = Counter(str(step.get("key")) for step in _list(flow, "steps") if isinstance(step, Mapping) and step.get("key"))
    for key, times in keys.items():
        if times > 1:
            yield error(key, _("Mã bước «%(key)s» được dùng %(times)d lần; mỗi bước cần một mã riêng.") % {"key": key, "times": times})
    if not shape.ends:
        yield error(None, _("Quy trình chưa có bước kết thúc."))
    titles = Counter(str(step.get("title")).strip().casefold() for step in shape.steps.values() if step.get("title"))
    for key, step in shape.steps.items():
        title = str(step.get("title") or "").strip()
        if title and titles[title.casefold()] > 1:
            yield warning(key, _("Có nhiều bước cùng tên «%(title)s»; nên đặt tên khác nhau để dễ phân biệt.") % {"title": title})


def _check_step(step: Step, known: _Known, shape: Structure) -> Iterator[Problem]:
    key, kind = step.get("key"), step.get("kind")
    if not isinstance(key, str) or not key:
        yield error(None, _("Bước %(step)s chưa có mã.") % {"step": called(step)})
        return
    if kind not in KINDS:
        yield error(key, _("Bước %(step)s có loại «%(kind)s» không có trong quy ước.") % {"step": called(step), "kind": kind or ""})
        return
    for name in step:
        if name not in STEP_KEYS[kind]:
            yield error(
                key,
                _("Bước %(step)s có mục «%(name)s» không dùng cho loại bước này.") % {"step": called(step), "name": name},
            )
    if kind in HANDLED and not str(step.get("title") or "").strip():
        yield error(key, _("Bước %(step)s chưa có tên.") % {"step": called(step)})
    for check in _CHECKS:
        yield from check(step, known)


def _check_actor(step: Step, known: _Known) -> Iterator[Problem]:
    kind, role, unit = step["kind"], step.get("role"), step.get("unit")
    names = {"step": called(step)}
    if kind == "task" and not role:
        yield error(step["key"], _("Bước %(step)s chưa có vai trò thực hiện.") % names)
    if role is not None and role not in ROLES:
        yield error(step["key"], _("Bước %(step)s có vai trò «%(role)s» không có trong quy ước.") % {**names, "role": role})
    if role == "applicant":
        if unit:
            yield warning(step["key"], _("Bước %(step)s do người nộp thực hiện nên không cần đơn vị.") % names)
    elif kind in {"task", "consultation"} and not unit:
        yield error(step["key"], _("Bước %(step)s chưa có đơn vị thực hiện.") % names)
    if unit and not _is_actor(unit, known):
        yield error(step["key"], _("Bước %(step)s giao cho đơn vị «%(unit)s» chưa được khai báo.") % {**names, "unit": unit})


def _is_actor(unit: object, known: _Known) -> bool:
    if not isinstance(unit, str):
        return False
    if unit.startswith("code:"):
        return len(unit) > len("code:")
    return known.actors is None or unit in known.actors


def _check_limit(step: Step, known: _Known) -> Iterator[Problem]:
    names = {"step": called(step)}
    if step.get("clock") not in {None, "stop", "run"}:
        yield error(step["key"], _("Bước %(step)s: «clock» chỉ có thể là «stop» (dừng tính hạn).") % names)
    limit = step.get("limit")
    if limit is None:
        return
    if not isinstance(limit, Mapping) or not {"amount", "unit"} <= set(limit) <= {"amount", "unit", "source"}:
        yield error(step["key"], _("Thời hạn của bước %(step)s phải gồm số lượng và đơn vị thời gian.") % names)
        return
    amount = limit["amount"]
    if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
        yield error(step["key"], _("Thời hạn của bước %(step)s phải là số nguyên lớn hơn 0.") % names)
    if limit["unit"] not in LIMIT_UNITS:
        yield error(
            step["key"],
            _(
                "Thời hạn của bước %(step)s phải tính bằng ngày làm việc (working_days), giờ làm việc (working_hours) "
                "hoặc ngày (calendar_days)."
            )
            % names,
        )


def _check_references(step: Step, known: _Known) -> Iterator[Problem]:
    names = {"step": called(step)}
    if step["kind"] == "service":
        if not step.get("service"):
            yield error(step["key"], _("Bước tự động %(step)s chưa chỉ ra việc cần làm.") % names)
        elif step["service"] not in known.services:
            yield error(step["key"], _("Bước %(step)s dùng việc tự động «%(name)s» không có.") % {**names, "name": step["service"]})
    if step.get("late") is not None and step["kind"] == "consultation":
        if step["late"] not in LATE_ANSWERS:
            yield error(step["key"], _("Bước %(step)s: «late» chỉ có thể là «continue» (đi tiếp) hoặc «agree» (coi như nhất trí).") % names)
        elif not step.get("limit"):
            yield error(step["key"], _("Bước %(step)s đi tiếp khi quá hạn trả lời nên phải có thời hạn.") % names)
    if step["kind"] == "subprocess" and not step.get("flow"):
        yield error(step["key"], _("Bước %(step)s chưa chỉ ra quy trình con.") % names)
    if step.get("flow") and known.flows is not None and step["flow"] not in known.flows:
        yield error(step["key"], _("Bước %(step)s gọi quy trình «%(flow)s» không có.") % {**names, "flow": step["flow"]})
    requires = step.get("requires", [])
    if not isinstance(requires, list | tuple):
        yield error(step["key"], _("Điều kiện cần của bước %(step)s phải là một danh sách.") % names)
        requires = []
    for name in requires:
        if name not in REQUIREMENTS:
            yield error(step["key"], _("Bước %(step)s đòi hỏi «%(name)s» không có trong quy ước.") % {**names, "name": name})


def _check_end(step: Step, known: _Known) -> Iterator[Problem]:
    if step["kind"] != "end":
        return
    if not step.get("outcome"):
        yield error(step["key"], _("Bước kết thúc %(step)s chưa ghi kết quả của hồ sơ.") % {"step": called(step)})
    elif step["outcome"] not in OUTCOMES:
        yield error(
            step["key"],
            _("Bước kết thúc %(step)s có kết quả «%(outcome)s» không có trong quy ước.")
            % {"step": called(step), "outcome": step["outcome"]},
        )


_CHECKS: tuple[Callable[[Step, _Known], Iterator[Problem]], ...] = (_check_actor, _check_limit, _check_references, _check_end)


def _check_transitions(flow: Flow, shape: Structure, known: _Known) -> Iterator[Problem]:
    for edge in _list(flow, "transitions"):
        if not isinstance(edge, Mapping):
            continue
        ends = [edge.get("from"), edge.get("to")]
        missing = [end for end in ends if not isinstance(end, str) or end not in shape.steps]
        for end in missing:
            yield error(
                None,
                _("Đường đi từ «%(source)s» đến «%(target)s» nhắc đến bước «%(key)s» không có.")
                % {"source": ends[0] or "", "target": ends[1] or "", "key": end or ""},
            )
        if not missing:
            yield from _check_transition(edge, shape, known)
    for key, step in shape.steps.items():
        yield from _check_actions(step, shape.outgoing[key])


def _check_transition(edge: Mapping[str, Any], shape: Structure, known: _Known) -> Iterator[Problem]:
    key, step, target = edge["from"], shape.steps[edge["from"]], shape.steps[edge["to"]]
    way = {"way": _("Đường đi từ %(source)s đến %(target)s") % {"source": called(step), "target": called(target)}}
    for name in edge:
        if name not in TRANSITION_KEYS:
            yield error(key, _("%(way)s có mục «%(name)s» không có trong quy ước.") % {**way, "name": name})
    if edge.get("effect") is not None and edge["effect"] not in EFFECTS:
        yield error(key, _("%(way)s có tác động «%(name)s» không có trong quy ước.") % {**way, "name": edge["effect"]})
    if edge.get("comment") is not None and edge["comment"] not in COMMENTS:
        yield error(key, _("%(way)s: «comment» chỉ có thể là «required» hoặc «optional».") % way)
    for name in ("returns", "batch"):
        if name in edge and not isinstance(edge[name], bool):
            yield error(key, _("%(way)s: «%(name)s» chỉ có thể là true hoặc false.") % {**way, "name": name})
    if "when" in edge:
        for sentence in check_condition(edge["when"], known.fields, answers_known=known.answers_known, open_steps=known.open_steps):
            yield error(key, _("%(way)s: %(sentence)s") % {**way, "sentence": sentence})
        if step.get("kind") == "join":
            yield error(key, _("%(way)s: bước gộp nhánh chỉ có một lối ra và không xét điều kiện.") % way)
    if edge.get("returns"):
        if step.get("kind") != "task":
            yield error(key, _("%(way)s là đường trả lại, nhưng chỉ công việc của người mới trả lại được.") % way)
        if target.get("kind") == "end":
            yield error(key, _("%(way)s là đường trả lại nhưng lại kết thúc hồ sơ.") % way)


def _check_actions(step: Step, outgoing: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    """A person chooses by action; everything else leaves by condition."""
    outgoing = list(outgoing)
    if step.get("kind") == "task":
        for edge in outgoing:
            if not edge.get("action"):
                yield error(step["key"], _("Bước %(step)s có đường đi chưa ghi hành động.") % {"step": called(step)})
            elif not edge.get("title"):
                yield error(
                    step["key"],
                    _("Hành động «%(action)s» của bước %(step)s chưa có tên hiển thị.") % {"step": called(step), "action": edge["action"]},
                )
        times = Counter(edge["action"] for edge in outgoing if edge.get("action"))
        for action, count in times.items():
            if count > 1:
                yield error(
                    step["key"],
                    _("Bước %(step)s có %(count)d đường đi cùng hành động «%(action)s».")
                    % {"step": called(step), "count": count, "action": action},
                )
        if outgoing and all("when" in edge for edge in outgoing):
            yield warning(
                step["key"],
                _("Mọi hành động của bước %(step)s đều có điều kiện; có lúc người xử lý có thể không còn hành động nào.")
                % {"step": called(step)},
            )
        return
    for edge in outgoing:
        for name in ("action", "effect", "comment", "batch"):
            if edge.get(name):
                yield warning(
                    step["key"],
                    _("Bước %(step)s tự đi tiếp nên mục «%(name)s» của đường đi không có tác dụng.") % {"step": called(step), "name": name},
                )


def _list(flow: Flow, name: str) -> list[Any]:
    value = flow.get(name)
    return list(value) if isinstance(value, list | tuple) else []
