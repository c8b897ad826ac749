"""Whatever is missing or twisted in a file: it is read into a flow that can be checked and drawn, or refused in words. Nothing else."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sonha.process.bpmn.diagram import diagram_svg
from sonha.process.bpmn.export import to_bpmn
from sonha.process.bpmn.importing import from_bpmn
from sonha.process.bpmn.notation import BpmnError
from sonha.process.bpmn.tests.samples import FILES, declared_flows
from sonha.process.flows.validation import validate

SOURCES = [path.read_bytes() for path in sorted(FILES.glob("*.bpmn"))] + [to_bpmn(flow, name=name) for name, flow in declared_flows()[:3]]
TYPES = ["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "subProcess", "task", "endEvent", "startEvent",
         "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent", "callActivity", "lane", "sequenceFlow"]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    root = etree.fromstring(draw(st.sampled_from(SOURCES)))
    for _number in range(draw(st.integers(1, 12))):
        elements = [element for element in root.iter() if element.getparent() is not None and isinstance(element.tag, str)]
        if not elements:
            break
        element = elements[draw(st.integers(0, len(elements) - 1))]
        other = elements[draw(st.integers(0, len(elements) - 1))]
        match draw(st.sampled_from(["remove", "retype", "unset", "swap", "move", "text"])):
            case "remove":
                element.getparent().remove(element)
            case "retype":
                element.tag = f"{{http://www.omg.org/spec/BPMN/20100524/MODEL}}{draw(st.sampled_from(TYPES))}"
            case "unset" if element.attrib:
                del element.attrib[draw(st.sampled_from(sorted(element.attrib)))]
            case "swap" if element.attrib:
                element.set(draw(st.sampled_from(sorted(element.attrib))), other.get("id", ""))
            case "move" if other is not element and element not in other.iterancestors():
                other.append(element)
            case "text":
                element.text = draw(st.sampled_from(["", "{", "P3D", "1 > 2", "${x}", "[" * 99]))
            case _:
                pass
    return etree.tostring(root)


@settings(deadline=None, max_examples=250)
@given(damaged())
def test_damaged_files_are_read_or_refused_in_words(content: bytes) -> None:
    try:
        found = from_bpmn(content)
    except BpmnError as refused:
        assert str(refused)
        return
    validate(found.flow, form_fields=None, actors=None, flows=None, services=None)
    diagram_svg(found.flow)
    again: dict[str, Any] = from_bpmn(to_bpmn(found.flow, name="x")).flow
    assert again == found.flow


@pytest.mark.parametrize("content", SOURCES, ids=range(len(SOURCES)))
def test_undamaged_they_are_all_read(content: bytes) -> None:
    assert from_bpmn(content).flow["steps"]
