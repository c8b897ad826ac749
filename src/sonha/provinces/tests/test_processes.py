"""Internal processes equal the province's own tables, step by step."""

import pytest

from sonha.process.flows.validation import validate
from sonha.provinces.tests.declared import documents, rows

STEPS = rows("processes/internal_process_steps.csv")
PROCESSES = {document["key"]: document for _path, document in documents("processes")}
NAMES = {
    "commendation": "thi đua khen thưởng",
    "incoming_document": "văn bản đến",
    "outgoing_document": "Văn bản đi",
    "asset_purchase": "tăng tài sản",
    "asset_disposal": "thanh lý",
}


@pytest.mark.parametrize("key", NAMES)
def test_steps_equal_the_table(key: str) -> None:
    table = [row for row in STEPS if NAMES[key] in row["process"]]
    tasks = [step for step in PROCESSES[key]["flow"]["steps"] if step["kind"] == "task"]
    assert [(step["title"], step["actor"], step["documents"], step["medium"]) for step in tasks] == [
        (row["step"], row["actor_role"], row["documents"], row["form"]) for row in table
    ]


def test_commendation_has_sixteen_steps_in_order() -> None:
    flow = PROCESSES["commendation"]["flow"]
    tasks = [step["key"] for step in flow["steps"] if step["kind"] == "task"]
    assert len(tasks) == 16
    forward = {edge["from"]: edge["to"] for edge in flow["transitions"] if not edge.get("returns")}
    walked, here = [], flow["start"]
    while here != "done":
        walked.append(here)
        here = forward[here]
    assert [key for key in walked if key in tasks] == tasks


def test_every_table_is_declared() -> None:
    assert sum(step["kind"] == "task" for process in PROCESSES.values() for step in process["flow"]["steps"]) == len(STEPS)


@pytest.mark.parametrize("key", NAMES)
def test_the_engine_accepts_the_process(key: str) -> None:
    process = PROCESSES[key]
    problems = validate(process["flow"], form_fields=None, actors=set(process.get("actors", {})), flows=set(), services=None)
    assert [problem for problem in problems if "Lưu hồ sơ" not in str(problem)] == []  # the province's table has two steps of this name


@pytest.mark.parametrize("key", NAMES)
def test_units_exist_and_ways_back_are_marked_as_assumption(key: str) -> None:
    units = {row["code"] for row in rows("organisations/units.csv")}
    flow, actors = PROCESSES[key]["flow"], PROCESSES[key].get("actors", {})
    assert set(actors.values()) <= units
    for step in flow["steps"]:
        unit = step.get("unit", "")
        assert not unit or unit in actors or unit.removeprefix("code:") in units
    assumptions = {entry["id"] for entry in PROCESSES[key]["legal_basis"] if entry.get("assumption")}
    assert all(edge["source"] in assumptions for edge in flow["transitions"] if edge.get("returns"))
