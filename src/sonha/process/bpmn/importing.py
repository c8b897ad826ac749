"""A BPMN file, ours or drawn elsewhere, as a flow. What BPMN says and we cannot is told in notes, never dropped in silence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sonha.process.bpmn.actors import DEFAULT, Actor, actor_of, limit_of
from sonha.process.bpmn.adopt_events import adopt_events
from sonha.process.bpmn.adopt_gateways import adopt_gateways
from sonha.process.bpmn.expressions import NotTranslatable, parse
from sonha.process.bpmn.geometry import Point
from sonha.process.bpmn.joins import close_branches
from sonha.process.bpmn.lanes import lane_key
from sonha.process.bpmn.net import Net, Note, Way
from sonha.process.bpmn.notation import expression, shown
from sonha.process.bpmn.reading import Shape, Sheet, read
from sonha.process.flows.keys import free_key, plain, slug
from sonha.process.flows.structure import closure
from sonha.process.flows.vocabulary import HANDLED, ROLES, UNITS
from sonha.process.flows.vocabulary import OUTCOMES as ENDINGS

__all__ = ["Import", "Note", "from_bpmn"]

KINDS = {"endEvent": "end", "callActivity": "subprocess"}
STRANGE_TASKS = {
    "sendTask": "gửi thông điệp", "receiveTask": "nhận thông điệp", "scriptTask": "chạy mã lệnh", "serviceTask": "gọi dịch vụ",
    "businessRuleTask": "áp dụng quy tắc",
}  # fmt: skip
OUTCOMES = (
    ("refused", ("tu choi", "khong cap", "khong tiep nhan", "khong thu ly", "refus", "reject", "denied", "declin", "not accepted")),
    ("withdrawn", ("rut", "huy", "withdraw", "cancel")),
    ("granted", ("cap", "tra ket qua", "granted", "approved", "issued")),
)
BACK = ("tra lai", "lam lai", "yeu cau sua", "return", "send back", "reject", "rework")
LEFT_OUT = {
    "textAnnotation": "ghi chú", "association": "đường nối ghi chú", "group": "khung nhóm", "dataObject": "dữ liệu",
    "dataObjectReference": "dữ liệu", "dataStoreReference": "kho dữ liệu", "messageFlow": "luồng thông điệp giữa các bên",
}  # fmt: skip


@dataclass(frozen=True)
class Import:
    """The flow, the notes in words, and where the file had drawn each step (top left corner by step key)."""

    flow: dict[str, Any]
    notes: list[Note]
    positions: dict[str, Point] = field(default_factory=dict)


def from_bpmn(xml: bytes, *, lanes: Mapping[str, Actor] | None = None) -> Import:
    """Reads a BPMN 2.0 file of any tool. `lanes` settles lane names as (role, unit).

    Raises BpmnError, in words, for files that are not BPMN, too large or unsafe. The flow may still need work: `validate` tells what.
    """
    sheet = read(xml)
    net = Net.of(sheet)
    if sheet.own is None:
        net.note("", _("Tệp được vẽ bằng công cụ khác; hãy kiểm tra vai trò, thời hạn và hành động của từng bước."))
    _tell_left_out(net, sheet)
    adopt_events(net)
    adopt_gateways(net)
    _drop_unreachable(net)
    for shape in net.shapes.values():
        net.steps[shape.id] = _step(net, shape, lanes or {})
    _name_keys(net)
    steps = {shape_id: net.steps[shape_id] for shape_id in net.shapes}
    taken: dict[str, set[str]] = {key: set() for key in steps}
    transitions = [_transition(net, way, steps, taken[way.source]) for way in net.ways]
    flow = dict(sheet.own or {})
    title = sheet.name or (sheet.pool if sheet.own is None else "")
    if title != shown(flow):
        flow["title"] = title
    if net.start in steps:
        flow["start"] = steps[net.start]["key"]
    flow |= {"steps": list(steps.values()), "transitions": transitions}
    drawn = {steps[key]["key"] for key, shape in net.shapes.items() if shape.own is None}
    close_branches(flow, net, drawn)
    kept = {step["key"] for step in flow["steps"]}
    positions = {steps[key]["key"]: (box.x, box.y) for key, box in sheet.places.items() if key in steps and steps[key]["key"] in kept}
    return Import(flow, net.notes, positions)


def _tell_left_out(net: Net, sheet: Sheet) -> None:
    for pool in sheet.other_pools:
        net.note("", _("Tệp có nhiều quy trình; bỏ quy trình «%(name)s».") % {"name": pool})
    counts: dict[str, int] = {}
    for local, count in sheet.left_out.items():
        what = _(LEFT_OUT[local]) if local in LEFT_OUT else local
        counts[what] = counts.get(what, 0) + count
    if counts:
        listed = ", ".join(f"{count} {what}" for what, count in counts.items())
        net.note("", _("Không nhập: %(listed)s.") % {"listed": listed})


def _drop_unreachable(net: Net) -> None:
    """In files of other tools, what nothing leads to any more; in our own files everything stays."""
    if not net.start:
        return
    reached = closure([net.start], {key: [way.target for way in net.out(key)] for key in net.shapes})
    for key in [key for key, shape in net.shapes.items() if key not in reached and shape.own is None]:
        net.note(key, _("Bỏ bước %(name)s vì không có đường nào dẫn đến.") % {"name": net.called(key)})
        net.remove(key)


def _step(net: Net, shape: Shape, lanes: Mapping[str, Actor]) -> dict[str, Any]:
    if shape.own is not None:
        return _own_step(shape)
    step = {"kind": KINDS.get(shape.type, "task"), **net.steps.get(shape.id, {})}
    if shape.name:
        step["title"] = shape.name
    if shape.documentation and step["kind"] == "task":
        step["help"] = shape.documentation
    if shape.repeats:
        net.note(shape.id, _("Bước %(name)s vốn lặp nhiều lần; ở đây chỉ thực hiện một lần.") % {"name": net.called(shape.id)})
    if step["kind"] == "end":
        step["outcome"] = _outcome(net, shape)
    elif step["kind"] == "subprocess":
        step["flow"] = slug(shape.attributes.get("calledElement", "").rpartition(":")[2] or shape.name)
        net.note(
            shape.id,
            _("Bước %(name)s gọi quy trình «%(flow)s»; hãy chọn lại quy trình có trong hệ thống.")
            % {"name": net.called(shape.id), "flow": step["flow"]},
        )
        step.setdefault("title", _("Quy trình con chưa đặt tên"))
    elif step["kind"] == "task":
        _fill_task(net, shape, step, lanes)
    return step


def _own_step(shape: Shape) -> dict[str, Any]:
    """Our own step, with what somebody changed in another tool: its name, and the lane it stands in."""
    step = dict(shape.own or {})
    if shape.name != shown(step):
        step["title"] = shape.name
    lane = shape.own_lane
    if step.get("kind") in HANDLED and lane is not None and lane_key(step) != (lane.get("role", ""), lane.get("unit", "")):
        for part in ("role", "unit"):
            if lane.get(part):
                step[part] = lane[part]
            else:
                step.pop(part, None)
    return step


def _fill_task(net: Net, shape: Shape, step: dict[str, Any], lanes: Mapping[str, Actor]) -> None:
    names = {"name": net.called(shape.id)}
    step.setdefault("title", _("Việc chưa đặt tên"))
    if shape.type in STRANGE_TASKS:
        net.note(
            shape.id,
            _("Bước %(name)s vốn là việc tự động (%(what)s); ở đây trở thành việc của người.")
            % {**names, "what": _(STRANGE_TASKS[shape.type])},
        )
    actor: Actor | None = None
    if shape.own_lane is not None:
        actor = (shape.own_lane.get("role", ""), shape.own_lane.get("unit", ""))
    else:
        actor = actor_of((*shape.lanes, *shape.performers), lanes)
        lane = shape.lanes[0] if shape.lanes else ", ".join(shape.performers)
        if actor is None and lane:
            net.note("", _("Chưa rõ làn «%(lane)s» là ai; tạm giao cho chuyên viên phòng chuyên môn.") % {"lane": lane})
        elif actor is None:
            net.note("", _("Có bước không nằm trong làn nào; tạm giao cho chuyên viên phòng chuyên môn."))
        elif lane:
            net.note(
                "",
                _("Làn «%(lane)s» được hiểu là vai trò «%(role)s», đơn vị «%(unit)s».")
                % {
                    "lane": lane,
                    "role": _(ROLES.get(actor[0], actor[0])),
                    "unit": _(UNITS[actor[1]]) if actor[1] in UNITS else actor[1] or "–",
                },
            )
    role, unit = actor or DEFAULT
    step |= {part: value for part, value in (("role", role), ("unit", unit)) if value}
    if shape.due and "limit" not in step:
        limit, sentence = limit_of(shape.due)
        if limit:
            step["limit"] = limit
        if sentence:
            net.note(shape.id, sentence)
    if shape.fields:
        step["form"] = {"sections": [{"key": "form", "title": step["title"], "fields": list(shape.fields)}]}
        net.note(
            shape.id,
            _("Biểu mẫu của bước %(name)s được nhập với %(count)d trường; hãy kiểm tra lại.") % {**names, "count": len(shape.fields)},
        )


def _outcome(net: Net, shape: Shape) -> str:
    text = f" {plain(shape.name)}"
    outcome = next((outcome for outcome, words in OUTCOMES if any(f" {word}" in text for word in words)), "done")
    if shape.event and shape.event != "terminate":
        net.note(shape.id, _("Điểm kết thúc %(name)s vốn phát đi một sự kiện; ở đây chỉ kết thúc hồ sơ.") % {"name": net.called(shape.id)})
    net.note(
        shape.id,
        _("Điểm kết thúc %(name)s được hiểu là kết quả «%(outcome)s».") % {"name": net.called(shape.id), "outcome": _(ENDINGS[outcome])},
    )
    return outcome


def _name_keys(net: Net) -> None:
    """Keys from our extension where they are unique, otherwise from the title."""
    used: set[str] = set()
    for wanted in (True, False):
        for key, shape in net.shapes.items():
            step = net.steps[key]
            if (shape.own is not None) is not wanted:
                continue
            own = step.get("key") if wanted else None
            name = own if own and own not in used else free_key(own or str(step.get("title") or ""), used, step.get("kind", "step"))
            if own and name != own:
                net.note(
                    key,
                    _("Mã bước «%(key)s» bị trùng; bước %(name)s được đặt mã «%(new)s».")
                    % {"key": own, "name": net.called(key), "new": name},
                )
            used.add(name)
            net.steps[key] = {**step, "key": name}


def _transition(net: Net, way: Way, steps: Mapping[str, dict[str, Any]], taken: set[str]) -> dict[str, Any]:
    source, target = steps[way.source], steps[way.target]
    edge: dict[str, Any] = {"from": source["key"], "to": target["key"]}
    if way.own is not None:
        return _own_transition(net, way, {**edge, **way.own}, source)
    if way.when:
        edge["when"] = way.when
    if source["kind"] == "task":
        title = way.name or (
            _("Chuyển: %(name)s") % {"name": target.get("title", target["key"])} if len(net.out(way.source)) > 1 else _("Hoàn thành")
        )
        action = free_key(title, taken, "action", 60)
        taken.add(action)
        edge |= {"action": action, "title": title}
        if any(word in plain(title) for word in BACK) and _leads_to(net, way.target, way.source):
            edge |= {"returns": True, "comment": "required"}
            net.note(
                way.source,
                _("Hành động «%(title)s» của bước %(name)s được hiểu là trả lại bước trước.")
                % {"title": title, "name": net.called(way.source)},
            )
    elif way.name:
        edge["title"] = way.name
    return edge


def _own_transition(net: Net, way: Way, edge: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """Our own transition, with what somebody changed in another tool: its name and its condition."""
    if way.name != shown(edge):
        edge["title"] = way.name
    accepted = {expression(source, edge, 1).strip(), expression(source, edge, 2).strip()}
    if way.condition in accepted:
        return edge
    if not way.condition and "when" not in edge:
        return edge
    if not way.condition:
        net.note(way.source, _("Điều kiện của đường đi từ %(name)s đã bị bỏ trong công cụ vẽ.") % {"name": net.called(way.source)})
        return {key: value for key, value in edge.items() if key != "when"}
    try:
        when = _without_action(parse(way.condition), source["key"])
    except NotTranslatable:
        net.note(
            way.source,
            _("Điều kiện «%(text)s» của mũi tên từ %(name)s chưa hiểu được; giữ điều kiện cũ.")
            % {"text": way.condition, "name": net.called(way.source)},
        )
        return edge
    edge.pop("when", None)
    return {**edge, "when": when} if when else edge


def _without_action(when: dict[str, Any], key: str) -> dict[str, Any] | None:
    """The condition without the part that only says which action was chosen."""
    path = f"task.{key}.action"
    if when.get("field") == path:
        return None
    if "all" in when:
        rest = [part for part in when["all"] if part.get("field") != path]
        return rest[0] if len(rest) == 1 else {"all": rest}
    return when


def _leads_to(net: Net, source: str, target: str) -> bool:
    return target in closure([source], {key: [way.target for way in net.out(key) if way.target != source] for key in net.shapes})
