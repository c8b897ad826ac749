"""What we write we read back without loss, also after another program has read and written it."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from sonha.process.bpmn.export import to_bpmn
from sonha.process.bpmn.importing import from_bpmn
from sonha.process.bpmn.notation import BpmnError
from sonha.process.bpmn.tests.samples import FILES, declared_flows, flows

DECLARED = declared_flows()
CHECK = Path(__file__).parent / "check_with_moddle.mjs"
MODDLE = next((folder / "node_modules" for folder in Path(__file__).parents if (folder / "node_modules" / "bpmn-moddle").is_dir()), None)


@pytest.mark.parametrize(("name", "flow"), DECLARED, ids=[name for name, _flow in DECLARED])
def test_every_declared_flow_survives(name: str, flow: dict[str, Any]) -> None:
    found = from_bpmn(to_bpmn(flow, name=name))
    assert found.flow == flow
    assert found.notes == []
    assert set(found.positions) == {step["key"] for step in flow["steps"]}


@settings(deadline=None, max_examples=150)
@given(flows())
def test_any_flow_survives(flow: dict[str, Any]) -> None:
    assert from_bpmn(to_bpmn(flow, name="Quy trình")).flow == flow


def test_writing_is_repeatable() -> None:
    name, flow = DECLARED[0]
    assert to_bpmn(flow, name=name) == to_bpmn(flow, name=name)


@pytest.mark.parametrize(
    ("flow", "sentence"),
    [
        ({}, "chưa có danh sách bước"),
        ({"steps": [{"key": "a"}, {"key": "a"}], "transitions": []}, "trùng mã"),
        ({"steps": [{"key": "a"}], "transitions": [{"from": "a", "to": "b"}]}, "«b» nhắc đến bước không có"),
        ({"steps": [{"key": "a", "help": "\x00"}], "transitions": []}, "Không ghi được"),
        ({"steps": [{"key": "a", "limit": object()}], "transitions": []}, "Không ghi được"),
    ],
)
def test_what_cannot_be_written_is_said(flow: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BpmnError, match=sentence):
        to_bpmn(flow, name="x")


if MODDLE and shutil.which("node"):

    def through_moddle(tmp_path: Path, files: dict[str, bytes]) -> list[dict[str, Any]]:
        """Reads and writes files with bpmn-moddle, the parser of bpmn-js and Camunda Modeler."""
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        command = ["node", str(CHECK), str(MODDLE), *(str(tmp_path / name) for name in files)]
        answer = subprocess.run(command, capture_output=True, check=True, timeout=120)
        return list(json.loads(answer.stdout))

    def test_bpmn_js_reads_every_export_without_a_warning_and_gives_it_back(tmp_path: Path) -> None:
        exports = {f"{name}.bpmn": to_bpmn(flow, name=name) for name, flow in DECLARED}
        for answer, (name, flow) in zip(through_moddle(tmp_path, exports), DECLARED, strict=True):
            assert answer["warnings"] == [], name
            assert from_bpmn(answer["xml"].encode()).flow == flow, name

    def test_the_files_of_other_tools_are_files_bpmn_js_accepts(tmp_path: Path) -> None:
        files = {path.name: path.read_bytes() for path in sorted(FILES.glob("*.bpmn"))}
        assert [answer["warnings"] for answer in through_moddle(tmp_path, files)] == [[]] * len(files)
        for name, content in files.items():
            again = to_bpmn(from_bpmn(content).flow, name=name)
            assert through_moddle(tmp_path, {name: again})[0]["warnings"] == []


def test_places_given_to_steps_come_back() -> None:
    _name, flow = DECLARED[0]
    places = {step["key"]: (100.0 + 170 * number, 60.0 + 90 * (number % 3)) for number, step in enumerate(flow["steps"])}
    found = from_bpmn(to_bpmn(flow, name="x", positions=places))
    assert (found.flow, found.positions) == (flow, places)
