"""How a case walks: one step after another, choices, parallel branches, returns, sub-processes."""

import pytest

from sonha.foundation.access.actor import Actor
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Case, ParallelScope, Task
from sonha.process.cases.tests.kit import (
    act,
    chain,
    choice_form,
    end,
    errors,
    flow,
    open_steps,
    published,
    started,
    task,
    units,
    verbs,
    way,
)  # fmt: skip
from sonha.process.flows.services import publish_flow

pytestmark = pytest.mark.django_db

PARALLEL = flow(
    [task("prepare"), {"key": "fork", "kind": "split"}, task("a"), task("b"), {"key": "merge", "kind": "join"}, task("finish"), end()],
    [
        way("prepare", "fork", "next"), way("fork", "a"), way("fork", "b"), way("a", "merge", "next"), way("b", "merge", "next"),
        way("merge", "finish"), way("finish", "done", "next"),
        way("a", "prepare", "back", returns=True), way("a", "a", "again", returns=True),
    ],
)  # fmt: skip
NESTED = flow(
    [
        {"key": "outer", "kind": "split"}, task("a"), {"key": "inner", "kind": "split"}, task("b"), task("c"),
        {"key": "inner_join", "kind": "join"}, task("d"), {"key": "outer_join", "kind": "join"}, task("last"), end(), end("no", "refused"),
    ],
    [
        way("outer", "a"), way("outer", "inner"), way("inner", "b"), way("inner", "c"), way("b", "inner_join", "next"),
        way("c", "inner_join", "next"), way("c", "no", "refuse"), way("inner_join", "d"), way("d", "outer_join", "next"),
        way("a", "outer_join", "next"), way("outer_join", "last"), way("last", "done", "next"), way("b", "last", "jump"),
        way("a", "last", "jump"),
    ],
)  # fmt: skip


def test_a_sequence_runs_from_its_first_step_to_its_end() -> None:
    case = started(flow([task("one"), task("two", "head"), end()], chain("one", "two", "done")))
    assert open_steps(case) == ["one"]
    act(case, "one")
    assert open_steps(case) == ["two"]
    act(case, "two")
    assert (case.state, case.outcome, open_steps(case)) == ("completed", "done", [])
    assert case.ended_at is not None
    assert verbs(case) == ["case.started", "task.opened", "task.done", "task.opened", "task.done", "case.ended"]


def decided(*ways: dict[str, object]) -> dict[str, object]:
    steps = [task("ask", form=choice_form("kind", "x", "y", "z")), {"key": "which", "kind": "choice"}, task("left"), task("right"), end()]
    fixed = [way("ask", "which", "next"), way("left", "done", "next"), way("right", "done", "next")]
    return flow(steps, [*fixed, *ways])


def kind(value: str) -> dict[str, str]:
    return {"field": "task.ask.kind", "eq": value}


def test_a_choice_takes_the_first_condition_that_holds_else_the_way_without_one() -> None:
    both = {"field": "task.ask.kind", "in": ["x", "y"]}
    definition = decided(way("which", "right", when=kind("y")), way("which", "left", when=both), way("which", "done"))
    for value, expected in (("y", ["right"]), ("x", ["left"]), ("z", [])):
        case = started(definition)
        act(case, "ask", data={"kind": value})
        assert open_steps(case) == expected
        assert case.state == ("running" if expected else "completed")


def test_a_choice_without_an_otherwise_is_refused_before_publishing_and_at_run_time_nothing_is_half_written() -> None:
    definition = decided(way("which", "left", when=kind("x")), way("which", "right", when=kind("y")))
    assert errors(definition) == ["Bước «Rẽ nhánh which» thiếu đường đi cho trường hợp còn lại (đường không có điều kiện)."]
    from sonha.process.flows.models import FlowVersion

    version = published(decided(way("which", "left", when=kind("x")), way("which", "right")))
    loose = FlowVersion.objects.create(flow=version.flow, number=99, definition=definition, digest="x", state="published")
    case = engine.start(loose, actor=Actor.system("test"), actors=units())
    before = verbs(case)
    with pytest.raises(ActionRefused, match="không có hướng đi phù hợp tại bước «which»"):
        act(case, "ask", data={"kind": "z"})
    case.refresh_from_db()
    assert open_steps(case) == ["ask"]
    assert (case.state, case.data, verbs(case)) == ("running", {}, before)


def test_parallel_branches_run_at_once_and_their_join_waits_for_all() -> None:
    case = started(PARALLEL)
    act(case, "prepare")
    assert open_steps(case) == ["a", "b"]
    act(case, "b")
    assert open_steps(case) == ["a"]
    act(case, "a")
    assert open_steps(case) == ["finish"]
    scope = ParallelScope.objects.get(case=case)
    assert (scope.branches, scope.arrived) == (2, 2)
    assert scope.closed_at is not None


def test_a_branch_may_go_back_inside_itself_without_disturbing_the_other() -> None:
    case = started(PARALLEL)
    act(case, "prepare")
    act(case, "a", "again")
    assert open_steps(case) == ["a", "b"]
    act(case, "b")
    act(case, "a")
    assert open_steps(case) == ["finish"]
    assert engine.visits(case) == {"prepare": 1, "a": 2, "b": 1, "finish": 1}


def test_a_branch_that_goes_back_before_the_split_cancels_the_others() -> None:
    case = started(PARALLEL)
    act(case, "prepare")
    act(case, "a", "back")
    assert open_steps(case) == ["prepare"]
    assert Task.objects.get(case=case, step="b").state == "cancelled"
    assert "task.cancelled" in verbs(case)
    act(case, "prepare")
    act(case, "a")
    act(case, "b")
    assert open_steps(case) == ["finish"]
    assert [scope.arrived for scope in case.scopes.order_by("pk")] == [0, 2]


def test_nested_branches_join_from_the_inside_out() -> None:
    case = started(NESTED)
    assert open_steps(case) == ["a", "b", "c"]
    act(case, "a")
    act(case, "b")
    act(case, "c")
    assert open_steps(case) == ["d"]
    act(case, "d")
    assert open_steps(case) == ["last"]


@pytest.mark.parametrize(("step", "action", "left"), [("c", "refuse", []), ("b", "jump", ["last"]), ("a", "jump", ["last"])])
def test_leaving_from_the_inside_cancels_every_branch_around(step: str, action: str, left: list[str]) -> None:
    case = started(NESTED)
    act(case, step, action)
    assert open_steps(case) == left
    assert case.state == ("running" if left else "completed")
    assert not case.scopes.filter(closed_at=None).exists()


def test_a_branch_that_leaves_at_once_lets_the_others_never_begin() -> None:
    """The first branch decides automatically and leaves; the second must not open a task in a block that is over."""
    leaves = flow(
        [
            task("ask", form=choice_form("kind", "x", "y")), {"key": "fork", "kind": "split"}, {"key": "which", "kind": "choice"},
            task("a"), {"key": "other", "kind": "choice"}, task("b"), task("c"), {"key": "merge", "kind": "join"}, task("outside"), end(),
        ],
        [
            way("ask", "fork", "next"), way("ask", "outside", "skip"), way("fork", "which"), way("fork", "other"),
            way("which", "outside", when=kind("x")), way("which", "a"), way("other", "c", when=kind("y")), way("other", "b"),
            way("a", "merge", "next"), way("b", "merge", "next"), way("c", "merge", "next"), way("merge", "done"),
            way("outside", "done", "next"),
        ],
    )  # fmt: skip
    case = started(leaves)
    act(case, "ask", data={"kind": "x"})
    assert open_steps(case) == ["outside"]
    act(case, "outside")
    assert case.state == "completed"


def test_a_return_is_counted_and_a_condition_may_read_how_often() -> None:
    definition = flow(
        [task("draft"), task("check", "head"), {"key": "often", "kind": "choice"}, task("talk", "leader", "agency"), end()],
        [
            way("draft", "check", "next"), way("check", "done", "next"), way("check", "often", "back"),
            way("often", "talk", when={"field": "visits.draft", "gte": 2}), way("often", "draft"), way("talk", "done", "next"),
        ],
    )  # fmt: skip
    case = started(definition)
    act(case, "draft")
    act(case, "check", "back")
    assert open_steps(case) == ["draft"]
    act(case, "draft")
    act(case, "check", "back")
    assert open_steps(case) == ["talk"]
    assert engine.visits(case) == {"draft": 2, "check": 2, "talk": 1}


def test_a_condition_on_the_visits_of_a_step_that_does_not_exist_is_an_error() -> None:
    wrong = decided(way("which", "left", when={"field": "visits.nowhere", "gte": 2}), way("which", "right"))
    assert "«visits.nowhere» không có trong biểu mẫu" in " ".join(errors(wrong))


def test_a_sub_process_is_a_case_of_its_own_and_its_answer_comes_back() -> None:
    publish_flow("con", flow([task("inside", form=choice_form("answer", "yes", "no")), end()], chain("inside", "done")))
    definition = flow(
        [task("before"), {"key": "sub", "kind": "subprocess", "title": "Con", "flow": "con"}, task("yes"), task("no"), end()],
        [
            way("before", "sub", "next"), way("sub", "yes", when={"field": "task.sub.answer", "eq": "yes"}), way("sub", "no"),
            way("yes", "done", "next"), way("no", "done", "next"),
        ],
    )  # fmt: skip
    case = engine.start(publish_flow("cha", definition), actor=Actor.system("test"), actors=units())
    act(case, "before")
    child = Case.objects.get(parent_task__case=case)
    act(child, "inside", data={"answer": "yes"})
    assert child.state == "completed"
    assert open_steps(case) == ["yes"]
    case.refresh_from_db()
    assert case.data["task"]["sub"] == {"answer": "yes", "outcome": "done"}
    assert verbs(child) == verbs(case), "one thing has one trail"


def test_a_sub_process_of_automatic_steps_only_answers_at_once_and_nothing_is_lost() -> None:
    automatic = flow([{"key": "which", "kind": "choice"}, end("yes", "granted"), end("no", "refused")], [way("which", "yes")])
    automatic["steps"] = automatic["steps"][:2]
    publish_flow("tu_dong", automatic)
    definition = flow(
        [{"key": "fork", "kind": "split"}, {"key": "sub", "kind": "subprocess", "title": "Con", "flow": "tu_dong"}, task("a"), task("b"),
         {"key": "merge", "kind": "join"}, end()],
        [way("fork", "sub"), way("fork", "b"), way("sub", "a"), way("a", "merge", "next"), way("b", "merge", "next"), way("merge", "done")],
    )  # fmt: skip
    case = engine.start(publish_flow("cha2", definition), actor=Actor.system("test"), actors=units())
    case.refresh_from_db()
    assert open_steps(case) == ["a", "b"]
    assert case.data["task"]["sub"] == {"outcome": "granted"}
    act(case, "a")
    act(case, "b")
    assert case.state == "completed"
