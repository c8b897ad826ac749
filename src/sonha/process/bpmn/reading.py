"""Reads a BPMN 2.0 file into plain records, whoever drew it. Safe: no entities, no network, bounded size, depth and number of elements."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from sonha.process.bpmn.geometry import Box
from sonha.process.bpmn.notation import MODEL, SONHA, BpmnError, name, read_values

MOST_BYTES = 2_000_000
MOST_ELEMENTS = 30_000
DEEPEST = 64

TASKS = frozenset({"task", "userTask", "manualTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask", "serviceTask"})
GROUPS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
NODES = TASKS | GROUPS | GATEWAYS | EVENTS | {"callActivity"}
STRUCTURAL = frozenset(
    {"laneSet", "extensionElements", "documentation", "sequenceFlow", "ioSpecification", "property", "incoming", "outgoing"}
)
PERFORMERS = frozenset({"potentialOwner", "humanPerformer", "performer", "resourceRole"})
LOOPS = frozenset({"standardLoopCharacteristics", "multiInstanceLoopCharacteristics"})


@dataclass
class Shape:
    """A flow node. `own` is our extension, when the file is ours. `parent` is the id of the sub-process around it."""

    id: str
    type: str
    name: str = ""
    parent: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    lanes: tuple[str, ...] = ()
    own_lane: dict[str, Any] | None = None
    own: dict[str, Any] | None = None
    event: str = ""
    event_text: str = ""
    documentation: str = ""
    performers: tuple[str, ...] = ()
    due: str = ""
    fields: tuple[dict[str, Any], ...] = ()
    repeats: bool = False


@dataclass
class Arc:
    """A sequence flow."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    own: dict[str, Any] | None = None


@dataclass
class Sheet:
    """One process of a file, with what was left aside in counts by element name."""

    name: str
    pool: str
    own: dict[str, Any] | None
    shapes: dict[str, Shape]
    arcs: list[Arc]
    left_out: Counter[str]
    other_pools: tuple[str, ...]
    places: dict[str, Box]


def read(data: bytes) -> Sheet:
    """The main process of a file: the one with most steps. Raises BpmnError, in words."""
    root = _parse(data)
    if etree.QName(root).localname != "definitions" or not _is_model(root):
        if etree.QName(root).localname == "Package":
            raise BpmnError(_("Đây là tệp XPDL. Hãy xuất lại từ công cụ vẽ dưới dạng BPMN 2.0."))
        raise BpmnError(_("Tệp này không phải là BPMN 2.0."))
    processes = [child for child in root if _local(child) == "process" and _is_model(child)]
    if not processes:
        raise BpmnError(_("Tệp BPMN không có quy trình nào."))
    main = max(processes, key=lambda process: sum(_local(item) in NODES for item in process.iter()))
    pools = {item.get("processRef", "").rpartition(":")[2]: item.get("name", "") for item in root.iter() if _local(item) == "participant"}
    others = [pools.get(item.get("id", ""), "") or item.get("name", "") for item in processes if item is not main and len(item)]
    sheet = Sheet(
        name=main.get("name", ""),
        pool=pools.get(main.get("id", ""), ""),
        own=_own(main, "flow"),
        shapes={},
        arcs=[],
        left_out=Counter(),
        other_pools=tuple(name or _("chưa đặt tên") for name in others),
        places=_places(root),
    )
    _read_scope(main, "", sheet)
    for item in root.iter():
        if _local(item) == "messageFlow":
            sheet.left_out["messageFlow"] += 1
    _read_lanes(main, sheet)
    return sheet


def _parse(data: bytes) -> etree._Element:
    if len(data) > MOST_BYTES:
        raise BpmnError(_("Tệp BPMN lớn hơn 2 MB nên không được đọc."))
    if b"<!DOCTYPE" in data.replace(b"\0", b"") or b"<!ENTITY" in data.replace(b"\0", b""):
        raise BpmnError(_("Tệp BPMN có khai báo DOCTYPE nên không được đọc, để bảo đảm an toàn."))
    parser = etree.XMLPullParser(
        ("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    depth = count = 0
    root: etree._Element | None = None
    try:
        for start in range(0, len(data), 65536):
            parser.feed(data[start : start + 65536])
            for event, element in parser.read_events():
                if root is None:
                    root = element
                    if element.getroottree().docinfo.doctype:
                        raise BpmnError(_("Tệp BPMN có khai báo DOCTYPE nên không được đọc, để bảo đảm an toàn."))
                depth += 1 if event == "start" else -1
                count += event == "start"
                if depth > DEEPEST or count > MOST_ELEMENTS:
                    raise BpmnError(_("Tệp BPMN quá phức tạp (quá nhiều phần tử hoặc lồng quá sâu)."))
        parser.close()
    except etree.XMLSyntaxError as wrong:
        raise BpmnError(_("Tệp không đọc được: XML sai cú pháp ở dòng %(line)s.") % {"line": wrong.lineno or 1}) from wrong
    if root is None:
        raise BpmnError(_("Tệp trống."))
    return root


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _is_model(element: etree._Element) -> bool:
    """Also the drafts of 2.0, which old files carry."""
    space = etree.QName(element).namespace or ""
    return space == MODEL or ("BPMN" in space.upper() and "DI" not in space.rpartition("/")[2].upper())


def _own(element: etree._Element, local: str) -> dict[str, Any] | None:
    for extension in element:
        if _local(extension) == "extensionElements":
            for child in extension:
                if child.tag == name(SONHA, local):
                    return read_values(child)
    return None


def _read_scope(scope: etree._Element, parent: str, sheet: Sheet) -> None:
    for element in scope:
        local = _local(element)
        if local in NODES and _is_model(element):
            shape = _shape(element, local, parent, sheet)
            if shape.id in sheet.shapes:
                raise BpmnError(_("Tệp BPMN có hai phần tử cùng mã «%(id)s».") % {"id": shape.id})
            sheet.shapes[shape.id] = shape
            if local in GROUPS:
                _read_scope(element, shape.id, sheet)
        elif local == "sequenceFlow":
            condition = next((child for child in element if _local(child) == "conditionExpression"), None)
            own = _own(element, "transition")
            sheet.arcs.append(
                Arc(
                    id=element.get("id", ""),
                    source=_reference(element.get("sourceRef", "")),
                    target=_reference(element.get("targetRef", "")),
                    name=_words(element.get("name", "")) if own is None else element.get("name", ""),
                    condition="" if condition is None else "".join(str(text) for text in condition.itertext()).strip(),
                    own=own,
                )
            )
        elif local and local not in STRUCTURAL and scope.tag != element.tag and _is_model(element) and not _is_detail(local):
            sheet.left_out[local] += 1


def _is_detail(local: str) -> bool:
    """Parts of a sub-process that describe it rather than stand in it."""
    return local in LOOPS or local in PERFORMERS or local.endswith(("Association", "EventDefinition", "completionCondition"))


def _shape(element: etree._Element, local: str, parent: str, sheet: Sheet) -> Shape:
    shape = Shape(
        id=element.get("id") or f"{local}-{len(sheet.shapes)}",
        type=local,
        name=element.get("name", "") if _own(element, "step") is not None else _words(element.get("name", "")),
        parent=parent,
        attributes={etree.QName(key).localname: str(value) for key, value in element.attrib.items()},
        own=_own(element, "step"),
        due=_attribute(element, "dueDate"),
    )
    performers = [_attribute(element, which) for which in ("candidateGroups", "assignee", "candidateUsers")]
    for child in element:
        child_local = _local(child)
        if child_local.endswith("EventDefinition"):
            shape.event = child_local.removesuffix("EventDefinition")
            shape.event_text = "".join(str(text) for text in child.itertext()).strip() or child.get("name", "")
            shape.attributes["timer"] = next((_local(item) for item in child if _local(item).startswith("time")), "")
        elif child_local == "documentation":
            shape.documentation = (child.text or "").strip()
        elif child_local in LOOPS:
            shape.repeats = True
        elif child_local in PERFORMERS:
            performers.append(" ".join(str(text).strip() for text in child.itertext() if str(text).strip()) or child.get("name", ""))
        elif child_local == "extensionElements":
            _read_extension(child, shape, performers, sheet)
    shape.performers = tuple(text for text in performers if text)
    return shape


def _read_extension(extension: etree._Element, shape: Shape, performers: list[str], sheet: Sheet) -> None:
    """What Camunda 7 and 8 and their kin write about a step."""
    for child in extension:
        local = _local(child)
        if etree.QName(child).namespace == SONHA:
            continue
        if local == "assignmentDefinition":
            performers += [child.get("candidateGroups", ""), child.get("assignee", "")]
        elif local == "taskSchedule":
            shape.due = child.get("dueDate", "")
        elif local == "calledElement":
            shape.attributes["calledElement"] = child.get("processId", "")
        elif local == "formData":
            shape.fields = tuple(_form_field(item) for item in child if _local(item) == "formField")
        else:
            sheet.left_out[f"{child.prefix}:{local}" if child.prefix else local] += 1


def _form_field(item: etree._Element) -> dict[str, Any]:
    """A field of a Camunda form in our form language."""
    kinds = {"long": "integer", "integer": "integer", "double": "number", "boolean": "boolean", "date": "date", "enum": "radio"}
    found: dict[str, Any] = {
        "key": item.get("id", ""),
        "type": kinds.get(item.get("type", ""), "text"),
        "label": item.get("label") or item.get("id", ""),
    }
    if found["type"] == "radio":
        values = [value for value in item if _local(value) == "value"]
        found["options"] = [{"value": value.get("id", ""), "label": value.get("name") or value.get("id", "")} for value in values]
    if any(_local(rule) == "constraint" and rule.get("name") == "required" for rule in item.iter()):
        found["required"] = True
    return found


def _read_lanes(process: etree._Element, sheet: Sheet) -> None:
    for lane in process.iter():
        if _local(lane) != "lane":
            continue
        path = [parent.get("name", "") for parent in lane.iterancestors() if _local(parent) == "lane"]
        for child in lane:
            if _local(child) == "flowNodeRef" and (shape := sheet.shapes.get(_reference((child.text or "").strip()))):
                names = (_words(lane.get("name", "")), *(_words(part) for part in path))
                if len(names) > len(shape.lanes) or not shape.lanes:
                    shape.lanes = tuple(part for part in names if part)
                    shape.own_lane = _own(lane, "lane")


def _places(root: etree._Element) -> dict[str, Box]:
    places = {}
    for shape in root.iter():
        if _local(shape) != "BPMNShape":
            continue
        bounds = next((child for child in shape if _local(child) == "Bounds"), None)
        try:
            if bounds is not None:
                numbers: Mapping[str, float] = {side: float(bounds.get(side, "0")) for side in ("x", "y", "width", "height")}
                places[_reference(shape.get("bpmnElement", ""))] = Box(**numbers)
        except ValueError:
            continue
    return places


def _reference(text: str) -> str:
    return text.rpartition(":")[2]


def _words(text: str) -> str:
    return " ".join(text.split())


def _attribute(element: etree._Element, local: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if etree.QName(key).localname == local), "")
