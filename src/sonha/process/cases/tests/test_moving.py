"""Running cases go on under another version of their flow."""

from typing import Any

import pytest

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.process.cases import access, clock, engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Case
from sonha.process.cases.moving import move_case, plan
from sonha.process.cases.tests.kit import (
    act,
    chain,
    choice_form,
    citizen,
    end,
    flow,
    official,
    open_steps,
    owned,
    published,
    refused,
    started,
    task,
    verbs,
    waiting,
    way,
)
from sonha.process.cases.tests.test_ways import PARALLEL

pytestmark = pytest.mark.django_db

THREE, TEN = ({"amount": amount, "unit": "working_days"} for amount in (3, 10))
OLD = flow([task("read", limit=THREE), task("check"), end()], chain("read", "check", "done"))
SYSTEM = Actor.system("test")


def moved(case: Case, definition: dict[str, Any], **more: Any) -> Case:
    move_case(case.pk, published(definition), actor=official("administrator", "SO"), **more)
    case.refresh_from_db()
    return case


def test_an_open_step_goes_on_in_the_step_of_the_same_key_with_its_clock_computed_afresh() -> None:
    anna = official("specialist", "SO.PH", "An")
    case = started(OLD, limit=TEN)
    clock.start_clock(case)
    engine.claim(waiting(case, "read").pk, actor=anna)
    before, case_before = waiting(case, "read"), case.due_at
    new = flow([task("read", limit=TEN, title="Đọc kỹ"), task("sign", "leader", "agency"), end()], chain("read", "sign", "done"))
    moved(case, new, limit=THREE)
    read = waiting(case, "read")
    assert (read.title, read.assignee, read.opened_at) == ("Đọc kỹ", anna.user, before.opened_at)
    assert read.due_at and before.due_at and read.due_at > before.due_at
    assert case.due_at and case_before and case.due_at < case_before
    act(case, "read", actor=anna)
    assert open_steps(case) == ["sign"]
    assert "case.moved" in verbs(case)
    assert Event.objects.get(verb="case.moved").payload == {"version": case.flow_version.number}


def test_a_step_that_is_gone_needs_a_mapping_and_what_was_entered_keeps_its_meaning() -> None:
    asked = flow([task("ask", form=choice_form("kind", "x", "y")), task("old"), end()], chain("ask", "old", "done"))
    new = flow(
        [task("question"), task("fresh", "head"), {"key": "which", "kind": "choice"}, task("left"), end()],
        [
            *chain("question", "fresh", "which"),
            way("which", "left", when={"field": "task.question.kind", "eq": "x"}),
            way("which", "done"),
            way("left", "done", "next"),
        ],
    )
    new["steps"][0]["form"] = choice_form("kind", "x", "y")
    case = started(asked)
    act(case, "ask", data={"kind": "x"})
    target = published(new)
    [step] = plan(case, target)
    assert (step.step, step.target) == ("old", None)
    assert step.problem == "Quy trình mới không có bước «Bước old»; hãy chọn bước thay thế."
    with refused(ActionRefused, "không có bước «Bước old»"):
        move_case(case.pk, target, actor=SYSTEM)
    assert open_steps(case) == ["old"]
    mapping = {"old": "fresh", "ask": "question"}
    assert [(step.target, step.problem) for step in plan(case, target, mapping=mapping)] == [("fresh", "")]
    moved(case, new, mapping=mapping)
    fresh = waiting(case, "fresh")
    assert (fresh.role, fresh.assignee) == ("head", None)
    act(case, "fresh")
    assert open_steps(case) == ["left"], "the answer at `ask` is read as the one at `question`"


def test_parallel_branches_move_with_the_block_they_stand_in() -> None:
    case = started(PARALLEL)
    act(case, "prepare")
    act(case, "a")
    new = {**PARALLEL, "steps": [{**step, "title": "Khác"} if step["key"] == "finish" else step for step in PARALLEL["steps"]]}
    moved(case, new)
    assert open_steps(case) == ["b"]
    act(case, "b")
    assert waiting(case, "finish").title == "Khác"


def test_parallel_branches_cannot_move_where_the_new_flow_has_none() -> None:
    case = started(PARALLEL)
    act(case, "prepare")
    straight = flow([task("prepare"), task("a"), task("b"), task("finish"), end()], chain("prepare", "a", "b", "finish", "done"))
    with refused(ActionRefused, "«Bước a» đang ở trong các nhánh song song mà bước «Bước a» của quy trình mới không có"):
        moved(case, straight)
    renamed = {
        "title": "Thử",
        "start": "prepare",
        "steps": [{**step, "key": {"fork": "divide"}.get(step["key"], step["key"])} for step in PARALLEL["steps"]],
        "transitions": [
            {**edge, "from": {"fork": "divide"}.get(edge["from"], edge["from"]), "to": {"fork": "divide"}.get(edge["to"], edge["to"])}
            for edge in PARALLEL["transitions"]
        ],
    }
    with refused(ActionRefused, "nhánh song song"):
        moved(case, renamed)
    moved(case, renamed, mapping={"fork": "divide"})
    act(case, "a")
    act(case, "b")
    assert open_steps(case) == ["finish"]


def test_the_clock_stands_or_runs_as_the_new_flow_says() -> None:
    lan = citizen()
    stops = flow([task("more", "applicant", clock="stop"), end()], chain("more", "done"))
    runs = flow([task("more", "applicant"), end()], chain("more", "done"))
    case = owned(started(runs, limit=TEN), lan)
    moved(case, stops, limit=TEN)
    assert clock.is_stopped(case)
    moved(case, runs, limit=TEN)
    assert not clock.is_stopped(case)


def test_the_new_unit_gets_in_and_the_old_holder_does_not_keep_what_it_may_not_do() -> None:
    anna = official("specialist", "SO.PH", "An")
    case = started(OLD)
    engine.claim(waiting(case, "read").pk, actor=anna)
    moved(case, flow([task("read", "specialist", "commune"), end()], chain("read", "done")))
    assert waiting(case, "read").assignee is None
    assert access.visible_cases(official("specialist", "XA")).filter(pk=case.pk).exists()
    act(case, "read", actor=official("specialist", "XA"))
    assert case.state == "completed"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"key": "read", "kind": "consultation", "title": "Đọc", "role": "specialist", "unit": "commune"}, "khác loại bước"),
        (task("read", "applicant"), "việc của người nộp"),
        (task("read", "specialist", "consulted"), "Chưa xác định được đơn vị thực hiện"),
    ],
)
def test_a_step_of_another_nature_is_no_place_to_go_on(step: dict[str, Any], words: str) -> None:
    case = started(OLD)
    leaves = {} if step["kind"] == "consultation" else {"action": "next", "title": "next"}
    with refused(ActionRefused, words):
        moved(case, flow([step, end()], [{"from": "read", "to": "done", **leaves}]))


def test_an_ended_case_stays_where_it_ended() -> None:
    case = started(OLD)
    act(case, "read")
    act(case, "check")
    with refused(ActionRefused, "đã kết thúc nên không chuyển"):
        moved(case, flow([task("read"), end()], chain("read", "done")))
