"""Internal processes equal the province's own tables, step by step, and the engine runs them as they are declared."""

from typing import Any

import pytest
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases import clock, engine
from sonha.process.cases.errors import NotAllowed
from sonha.process.cases.models import Case, Task
from sonha.process.flows.services import latest
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


def holder(task: Task) -> Actor:
    """An official with the step's role in the step's unit."""
    assert task.unit
    name = f"{task.role}.{task.unit.code}".lower()
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, "mat-khau-dai", full_name=name, kind="official")
        Position.objects.create(user=user, unit=task.unit, role=task.role)
    return Actor.of(user)


def entered(step: dict[str, Any]) -> dict[str, Any]:
    """Something for every field of a step's form."""
    fields = [field for section in (step.get("form") or {"sections": []})["sections"] for field in section["fields"]]
    return {field["key"]: field["options"][0]["value"] if field.get("options") else "Đã thực hiện." for field in fields}


def start(key: str) -> Case:
    units = {name: Unit.objects.get(code=code).pk for name, code in PROCESSES[key].get("actors", {}).items()}
    month = {"amount": 30, "unit": "working_days"}
    case = engine.start(latest(key), actor=Actor.system("test"), actors=units, title=PROCESSES[key]["title"], limit=month)
    clock.start_clock(case)
    return case


def forward(case: Case, steps: dict[str, dict[str, Any]]) -> Task:
    """The official of the one open step takes it and does what leads on; nobody else of the process could."""
    task = Task.objects.select_related("unit").get(case=case, state="open")
    actor = holder(task)
    for other in User.objects.filter(kind="official").exclude(pk=actor.user_id):
        with pytest.raises(NotAllowed):
            engine.claim(task.pk, actor=Actor.of(other))
    assert task.due_at and task.due_at > timezone.now(), "every step has its clock"
    engine.claim(task.pk, actor=actor)
    action = next(edge.action for edge in engine.available_actions(task) if not edge.returns)
    return engine.act(task.pk, action, actor=actor, data=entered(steps[task.step]))


@pytest.mark.usefixtures("lang_son")
def test_commendation_runs_through_all_sixteen_steps_by_the_people_who_hold_the_roles() -> None:
    steps = {step["key"]: step for step in PROCESSES["commendation"]["flow"]["steps"]}
    case = start("commendation")
    done: list[Task] = []
    while Case.objects.get(pk=case.pk).state == "running":
        done.append(forward(case, steps))
    case.refresh_from_db()
    table = [row for row in STEPS if NAMES["commendation"] in row["process"]]
    assert [task.title for task in done] == [row["step"] for row in table]
    assert len(done) == 16
    assert (case.state, case.outcome) == ("completed", "done")
    assert {task.unit.code for task in done if task.unit} == {"SNV.TDKT", "VPUBND", "UBND"}
    events = Event.objects.filter(subject_kind="case", subject_ref=str(case.pk))
    assert events.filter(verb="task.done").count() == 16
    assert case.data["task"]["appraise"]["meets"] == "meets", "what was entered is kept"
    assert case.clock_from and case.due_at and case.due_at > timezone.now()


@pytest.mark.usefixtures("lang_son")
def test_commendation_sent_back_returns_to_the_specialist_who_appraised() -> None:
    steps = {step["key"]: step for step in PROCESSES["commendation"]["flow"]["steps"]}
    case = start("commendation")
    while (task := Task.objects.select_related("unit").get(case=case, state="open")).step != "approve":
        forward(case, steps)
    engine.act(task.pk, "send_back", actor=holder(task), comment="Thiếu ý kiến của cơ sở")
    again = Task.objects.get(case=case, state="open")
    before = Task.objects.filter(case=case, step="appraise", state="done").get()
    assert (again.step, again.assignee) == ("appraise", before.closed_by)
    assert engine.visits(case)["appraise"] == 2


@pytest.mark.usefixtures("lang_son")
def test_the_other_internal_processes_run_to_their_end_too() -> None:
    for key in sorted(set(NAMES) - {"commendation"}):
        steps = {step["key"]: step for step in PROCESSES[key]["flow"]["steps"]}
        case = start(key)
        for _turn in steps:
            if Case.objects.get(pk=case.pk).state != "running":
                break
            forward(case, steps)
        assert Case.objects.get(pk=case.pk).outcome == "done", key
