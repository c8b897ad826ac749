"""A flow as a BPMN 2.0 file with a drawn diagram, readable by other tools and, without loss, by `from_bpmn`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from sonha.process.bpmn.drawing import START_WAY, draw
from sonha.process.bpmn.expressions import FEEL
from sonha.process.bpmn.geometry import Box, Drawing, LaneKey, Point
from sonha.process.bpmn.labels import Label, place_labels
from sonha.process.bpmn.lanes import lane_name, lanes_of
from sonha.process.bpmn.notation import (
    BOUNDS,
    DIAGRAM,
    INSTANCE,
    MODEL,
    POINTS,
    PREFIXES,
    BpmnError,
    element_ids,
    expression,
    name,
    shown,
    write_values,
)  # fmt: skip
from sonha.process.flows.structure import Flow, Structure, structure
from sonha.process.flows.vocabulary import LIMIT_UNITS, REQUIREMENTS

PROCESS, POOL, COLLABORATION = "sonha-process", "sonha-pool", "sonha-collaboration"
START_EVENT, START_FLOW = "sonha-start", "sonha-flow-start"
POOL_STRIP, LANE_STRIP = 30.0, 30.0
ELEMENTS = {
    "task": "userTask", "choice": "exclusiveGateway", "consultation": "callActivity", "subprocess": "callActivity",
    "service": "serviceTask", "end": "endEvent",
}  # fmt: skip
OWN_FIELDS = ("steps", "transitions", "start")


def to_bpmn(flow: Flow, *, name: str, positions: Mapping[str, Point] | None = None, units: Mapping[str, str] | None = None) -> bytes:
    """BPMN 2.0 XML (UTF-8) of a flow. `name` names the pool; `positions` (top left corner by step key) overrules the layout;
    `units` names actors that the procedure adds (`commune`) in the lanes.

    Raises BpmnError, in words, when steps have no key or the same key, or a transition leads nowhere.
    """
    shape = _checked(flow)
    steps, edges = list(flow["steps"]), list(flow["transitions"])
    ids = element_ids([step["key"] for step in steps])
    try:
        root = etree.Element(
            f"{{{MODEL}}}definitions", {"id": "sonha-definitions", "targetNamespace": "urn:sonha:flows", "exporter": "Sơn Hà"}, PREFIXES
        )
        collaboration = _add(root, "collaboration", id=COLLABORATION)
        _add(collaboration, "participant", id=POOL, name=name, processRef=PROCESS)
        process = _add(root, "process", id=PROCESS, isExecutable="false", **_named(shown(flow)))
        values = {key: value for key, value in flow.items() if key not in OWN_FIELDS}
        if shape.start not in shape.steps and "start" in flow:
            values["start"] = flow["start"]
        write_values(_add(process, "extensionElements"), "flow", values)
        lanes = _lanes(process, shape, ids, units)
        if shape.start in shape.steps:
            _add(_add(process, "startEvent", id=START_EVENT), "outgoing").text = START_FLOW
        for step in steps:
            _step(process, step, shape, ids, edges)
        if shape.start in shape.steps:
            _add(process, "sequenceFlow", id=START_FLOW, sourceRef=START_EVENT, targetRef=ids[shape.start])
        for place, edge in enumerate(edges, 1):
            _transition(process, edge, shape, ids, place)
        _diagram(root, shape, ids, edges, lanes, positions)
    except (TypeError, ValueError) as wrong:
        raise (
            wrong if isinstance(wrong, BpmnError) else BpmnError(_("Không ghi được thành BPMN: %(reason)s.") % {"reason": wrong})
        ) from wrong
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _checked(flow: Flow) -> Structure:
    """The structure of a flow that can be written at all."""
    for part in ("steps", "transitions"):
        if not isinstance(flow.get(part), list | tuple) or not all(isinstance(item, Mapping) for item in flow[part]):
            raise BpmnError(_("Quy trình chưa có danh sách bước và đường đi, nên chưa xuất được thành BPMN."))
    shape = structure(flow)
    if len(shape.steps) != len(flow["steps"]):
        raise BpmnError(_("Có bước chưa có mã hoặc trùng mã, nên chưa xuất được thành BPMN."))
    for edge in flow["transitions"]:
        if edge.get("from") not in shape.steps or edge.get("to") not in shape.steps:
            names = {"source": edge.get("from", ""), "target": edge.get("to", "")}
            raise BpmnError(_("Đường đi từ «%(source)s» đến «%(target)s» nhắc đến bước không có.") % names)
    return shape


def _add(parent: etree._Element, local: str, space: str = MODEL, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, name(space, local), attributes)


def _named(text: str) -> dict[str, str]:
    return {"name": text} if text else {}


def _lanes(process: etree._Element, shape: Structure, ids: Mapping[str, str], units: Mapping[str, str] | None) -> dict[LaneKey, str]:
    lanes = lanes_of(shape)
    found: dict[LaneKey, str] = {}
    if not lanes:
        return found
    lane_set = _add(process, "laneSet", id="sonha-lanes")
    for lane in dict.fromkeys(lanes.values()):
        found[lane] = f"sonha-lane-{len(found) + 1}"
        element = _add(lane_set, "lane", id=found[lane], name=lane_name(lane, units))
        write_values(_add(element, "extensionElements"), "lane", {"role": lane[0], "unit": lane[1]})
        if lanes.get(shape.start) == lane:
            _add(element, "flowNodeRef").text = START_EVENT
        for key, own in lanes.items():
            if own == lane:
                _add(element, "flowNodeRef").text = ids[key]
    return found


def element_of(step: Mapping[str, Any], shape: Structure) -> str:
    """The BPMN element of a step. A split of which not every branch is always taken is inclusive, and so is its join."""
    kind = str(step.get("kind"))
    if kind not in {"split", "join"}:
        return ELEMENTS.get(kind, "task")
    splits = shape.splits.get(step["key"], ()) if kind == "join" else (step["key"],)
    conditional = any("when" in edge for split in splits for edge in shape.outgoing[split])
    return "inclusiveGateway" if conditional else "parallelGateway"


def _step(
    process: etree._Element, step: Mapping[str, Any], shape: Structure, ids: Mapping[str, str], edges: list[Mapping[str, Any]]
) -> None:
    local = element_of(step, shape)
    attributes = {"id": ids[step["key"]], **_named(shown(step))}
    leaving = [place for place, edge in enumerate(edges, 1) if edge["from"] == step["key"]]
    default = next((place for place in leaving if "when" not in edges[place - 1]), None)
    if step.get("kind") == "choice" and default is not None:
        attributes["default"] = flow_id(default)
    element = _add(process, local, **attributes)
    if words := _documentation(step):
        _add(element, "documentation").text = words
    write_values(_add(element, "extensionElements"), "step", step)
    if step["key"] == shape.start:
        _add(element, "incoming").text = START_FLOW
    for place, edge in enumerate(edges, 1):
        if edge["to"] == step["key"]:
            _add(element, "incoming").text = flow_id(place)
    for place in leaving:
        _add(element, "outgoing").text = flow_id(place)
    if local == "endEvent" and any(shape.leaves(edge["from"], step["key"]) for edge in shape.incoming[step["key"]]):
        _add(element, "terminateEventDefinition", id=f"sonha-terminate-{ids[step['key']]}")


def flow_id(place: int) -> str:
    """The id of the n-th transition (from 1)."""
    return f"sonha-flow-{place}"


def _documentation(step: Mapping[str, Any]) -> str:
    """The limits and requirements in words, for readers of other tools."""
    sentences = [str(step["help"])] if step.get("help") else []
    limit = step.get("limit")
    if isinstance(limit, Mapping):
        sentences.append(f"Thời hạn: {limit.get('amount')} {LIMIT_UNITS.get(str(limit.get('unit')), limit.get('unit'))}.")
    if step.get("clock") == "stop":
        sentences.append("Trong bước này hồ sơ được dừng tính hạn.")
    requires = step.get("requires")
    if isinstance(requires, list | tuple) and requires:
        sentences.append(f"Cần: {', '.join(REQUIREMENTS.get(str(item), str(item)) for item in requires)}.")
    return " ".join(sentences)


def _transition(process: etree._Element, edge: Mapping[str, Any], shape: Structure, ids: Mapping[str, str], place: int) -> None:
    attributes = {"sourceRef": ids[edge["from"]], "targetRef": ids[edge["to"]]}
    element = _add(process, "sequenceFlow", id=flow_id(place), **_named(shown(edge)), **attributes)
    values = {key: value for key, value in edge.items() if key not in {"from", "to"}}
    write_values(_add(element, "extensionElements"), "transition", values)
    if text := expression(shape.steps[edge["from"]], edge, len(shape.outgoing[edge["from"]])):
        condition = _add(element, "conditionExpression", language=FEEL)
        condition.set(name(INSTANCE, "type"), "bpmn:tFormalExpression")
        condition.text = text


# The drawing.


def _diagram(
    root: etree._Element,
    shape: Structure,
    ids: Mapping[str, str],
    edges: list[Mapping[str, Any]],
    lanes: Mapping[LaneKey, str],
    positions: Mapping[str, Point] | None,
) -> None:
    diagram = _add(root, "BPMNDiagram", DIAGRAM, id="sonha-diagram")
    plane = _add(diagram, "BPMNPlane", DIAGRAM, id="sonha-plane", bpmnElement=COLLABORATION)
    drawing = draw(shape, header=POOL_STRIP + LANE_STRIP, positions=positions)
    numbers = _numbers(shape, edges)
    ways, captions = place_labels(
        drawing,
        {place: shown(edges[numbers[place] - 1]) for place in numbers},
        {key: shown(step) for key, step in shape.steps.items() if element_of(step, shape).endswith(("Gateway", "Event"))},
        size=11,
        taken=[Box(lane.x, lane.y, POOL_STRIP + LANE_STRIP, lane.height) for lane in drawing.lanes.values()],
    )
    _shape(plane, POOL, _around(drawing), isHorizontal="true")
    for lane, box in drawing.lanes.items():
        inner = Box(box.x + POOL_STRIP, box.y, box.width - POOL_STRIP, box.height)
        _shape(plane, lanes[lane], inner, isHorizontal="true")
    for key, box in drawing.boxes.items():
        marker = {"isMarkerVisible": "true"} if shape.steps.get(key, {}).get("kind") == "choice" else {}
        _label(_shape(plane, ids.get(key, START_EVENT), box, **marker), captions.get(key))
    for place, way in drawing.ways.items():
        own = START_FLOW if place == START_WAY else flow_id(numbers[place])
        edge = _add(plane, "BPMNEdge", DIAGRAM, id=f"{own}-di", bpmnElement=own)
        for x, y in way:
            _add(edge, "waypoint", POINTS, x=f"{x:g}", y=f"{y:g}")
        _label(edge, ways.get(place))


def _numbers(shape: Structure, edges: list[Mapping[str, Any]]) -> dict[int, int]:
    """The layout numbers transitions by source; the file numbers them as declared."""
    declared = {id(edge): place for place, edge in enumerate(edges, 1)}
    return {place: declared[id(edge)] for place, edge in enumerate(edge for key in shape.steps for edge in shape.outgoing[key])}


def _around(drawing: Drawing) -> Box:
    if not drawing.lanes:
        return Box(0, 0, 300, 120)
    left, top = min(box.x for box in drawing.lanes.values()), min(box.y for box in drawing.lanes.values())
    right, bottom = max(box.right for box in drawing.lanes.values()), max(box.bottom for box in drawing.lanes.values())
    return Box(left, top, right - left, bottom - top)


def _shape(plane: etree._Element, element: str, box: Box, **attributes: str) -> etree._Element:
    shape = _add(plane, "BPMNShape", DIAGRAM, id=f"{element}-di", bpmnElement=element, **attributes)
    _bounds(shape, box)
    return shape


def _bounds(parent: etree._Element, box: Box) -> None:
    _add(parent, "Bounds", BOUNDS, x=f"{box.x:g}", y=f"{box.y:g}", width=f"{box.width:g}", height=f"{box.height:g}")


def _label(parent: etree._Element, label: Label | None) -> None:
    if label:
        _bounds(_add(parent, "BPMNLabel", DIAGRAM), label.box)
