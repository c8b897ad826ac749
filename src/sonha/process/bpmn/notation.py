"""Names of BPMN 2.0 as files carry them, and our own extension: what a flow says that BPMN has no word for.

The extension lives in `extensionElements` under the namespace `urn:sonha:bpmn:1.0`: `sonha:flow`, `sonha:step`, `sonha:transition`
and `sonha:lane`, with plain texts as attributes and everything else as `sonha:value` elements holding JSON.
"""

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from sonha.process.bpmn.expressions import to_feel
from sonha.process.flows.vocabulary import OUTCOMES

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
POINTS = "http://www.omg.org/spec/DD/20100524/DI"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
SONHA = "urn:sonha:bpmn:1.0"
PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": BOUNDS, "di": POINTS, "xsi": INSTANCE, "sonha": SONHA}

PLAIN = ("key", "kind", "role", "unit", "clock", "service", "outcome", "flow", "action", "effect", "comment", "start")
OWN_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")  # ids made here carry a hyphen
DATE = "$date"


class BpmnError(ValueError):
    """A sentence that says why a file cannot be read or a flow cannot be written."""


def name(space: str, local: str) -> str:
    return f"{{{space}}}{local}"


def element_ids(keys: list[str]) -> dict[str, str]:
    """The XML id of each step: its key where that is a valid id, which lets a page mark steps on a drawn diagram by key."""
    return {key: key if OWN_ID.match(key) else f"sonha-step-{place}" for place, key in enumerate(keys, 1)}


def shown(item: Mapping[str, Any]) -> str:
    """The name under which a step or transition appears in a diagram. It is what other tools let people change."""
    title = item.get("title")
    if isinstance(title, str) and title.strip():
        return title
    return OUTCOMES.get(str(item.get("outcome")), "") if item.get("kind") == "end" else ""


def expression(step: Mapping[str, Any], edge: Mapping[str, Any], ways: int) -> str:
    """What a BPMN tool needs to know to take this way: the chosen action, where there is a choice, and the condition."""
    parts = []
    if step.get("kind") == "task" and ways > 1 and edge.get("action"):
        parts.append({"field": f"task.{step.get('key')}.action", "eq": edge["action"]})
    when = edge.get("when")
    if isinstance(when, Mapping) and (not parts or to_feel(when)):
        parts.append(dict(when))
    if not parts:
        return ""
    return to_feel(parts[0] if len(parts) == 1 else {"all": parts})


def write_values(parent: etree._Element, local: str, values: Mapping[str, Any]) -> None:
    """Adds one element of the extension with the given values. Raises BpmnError for what XML or JSON cannot hold."""
    try:
        element = etree.SubElement(parent, name(SONHA, local))
        for key, value in values.items():
            if key in PLAIN and isinstance(value, str):
                element.set(key, value)
            else:
                child = etree.SubElement(element, name(SONHA, "value"), name=str(key))
                child.text = json.dumps(_plain(value), ensure_ascii=False)
    except (TypeError, ValueError) as wrong:
        raise BpmnError(_("Không ghi được thành BPMN: %(reason)s.") % {"reason": wrong}) from wrong


def read_values(element: etree._Element) -> dict[str, Any]:
    """What `write_values` wrote. Raises BpmnError for values that are not JSON."""
    values: dict[str, Any] = {key: value for key, value in element.attrib.items() if key in PLAIN}
    for child in element:
        if child.tag == name(SONHA, "value"):
            try:
                values[child.get("name", "")] = json.loads(child.text or "null", object_hook=_dated)
            except (ValueError, RecursionError) as wrong:
                raise BpmnError(
                    _("Phần mở rộng của Sơn Hà có giá trị «%(name)s» không đọc được.") % {"name": child.get("name", "")}
                ) from wrong
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return {DATE: value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _dated(value: dict[str, Any]) -> Any:
    return datetime.date.fromisoformat(value[DATE]) if set(value) == {DATE} else value
