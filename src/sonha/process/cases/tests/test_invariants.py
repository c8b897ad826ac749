"""Random sound flows, random acts: whatever happens, the case stays whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, assume, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from sonha.foundation.access.actor import Actor
from sonha.foundation.calendar.services import set_day
from sonha.process.cases import access, clock, engine
from sonha.process.cases.errors import AlreadyDone
from sonha.process.cases.models import Case, ParallelScope, Suspension, Task
from sonha.process.cases.moving import move_case
from sonha.process.cases.tests.flows import SUB, flows
from sonha.process.cases.tests.kit import chain, citizen, end, errors, flow, official, owned, task, units, verbs
from sonha.process.flows.graph import graph_of
from sonha.process.flows.services import publish_flow

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TEN = {"amount": 10, "unit": "working_days"}


class Handling(RuleBasedStateMachine):
    """One case of a random flow, acted upon at random."""

    case: Case

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(definition=flows(), kind=st.sampled_from(["x", "y", ""]))
    def begin(self, definition: dict[str, Any], kind: str) -> None:
        publish_flow(SUB, flow([task("inside"), task("after", "head"), end()], chain("inside", "after", "done")))
        assume(errors(definition, {SUB}) == [])
        self.definition, self.kind, self.moves = definition, kind, 0
        self.version = publish_flow("thu", definition)
        self.case = engine.start(self.version, actor=SYSTEM, actors=units(), limit=TEN)
        owned(self.case, citizen())
        clock.start_clock(self.case, timezone.now() - timedelta(days=2))
        note(str(definition))

    # What people do

    def open_tasks(self) -> list[Task]:
        return list(Task.objects.filter(case__in=self.family(), state="open").order_by("pk"))

    def family(self) -> list[Case]:
        found = [self.case]
        for each in found:
            found += Case.objects.filter(parent_task__case=each)
        return found

    def noted(self, verb: str, act: Callable[[], object], times: int = 1) -> None:
        """The act leaves its event in the one trail of the case."""
        before = verbs(self.case).count(verb)
        act()
        assert verbs(self.case).count(verb) - before == times, verb

    @property
    def running(self) -> bool:
        return Case.objects.get(pk=self.case.pk).state == "running"

    def step(self, data: st.DataObject) -> None:
        """Somebody does one of the things one may do now."""
        chosen = data.draw(st.sampled_from([found for found in self.open_tasks() if found.kind == "task"]))
        offered = engine.available_actions(chosen)
        assert offered, f"nobody can do anything at {chosen.step}"
        edge = data.draw(st.sampled_from(offered))
        values = {"first": {"kind": self.kind} if self.kind else {}, "answer": {"conclusion": "agree"}}.get(chosen.step, {})
        before = len(self.done())
        engine.act(chosen.pk, edge.action, actor=SYSTEM, data=values)
        chosen.refresh_from_db()
        assert (chosen.state, chosen.action) == ("done", edge.action)
        assert verbs(self.case).count("task.done") == len(self.done()), "every finished step has its event"
        assert len(self.done()) > before
        with pytest.raises(AlreadyDone):
            engine.act(chosen.pk, edge.action, actor=SYSTEM, data=values)

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        self.step(data)

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def act_on(self, data: st.DataObject) -> None:
        """Work goes on more often than anything else happens."""
        for _number in range(data.draw(st.integers(2, 6))):
            if self.running:
                self.step(data)
                self.whole()

    def whole(self) -> None:
        self.a_case_waits_for_somebody_exactly_while_it_runs()
        self.every_block_has_its_tokens()
        self.questions_and_their_cases_belong_together()
        self.clocks_are_right()

    def done(self) -> list[Task]:
        return list(Task.objects.filter(case__in=self.family(), state="done").exclude(action="passed_over"))

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def claim_and_release(self, data: st.DataObject) -> None:
        free = [found for found in self.open_tasks() if found.unit and found.kind == "task" and not found.assignee_id]
        if not free:
            return
        chosen = data.draw(st.sampled_from(free))
        assert chosen.unit
        holder, other = (official(chosen.role, chosen.unit.code, name) for name in ("Một", "Hai"))
        self.noted("task.claimed", lambda: engine.claim(chosen.pk, actor=holder))
        chosen.refresh_from_db()
        assert access.may_act(holder, chosen) and not access.may_act(other, chosen)
        self.noted("task.released", lambda: engine.release(chosen.pk, actor=holder))

    @precondition(lambda self: self.running)
    @rule()
    def nobody_answers_in_time(self) -> None:
        asked = [found for found in self.open_tasks() if found.kind == "consultation" and found.limit]
        for found in asked[:1]:
            Task.objects.filter(pk=found.pk).update(opened_at=timezone.now() - timedelta(days=40))
            found.refresh_from_db()
            clock.set_task_due(found)
            late = found.due_at is not None and found.due_at < timezone.now()
            times = int(late and bool(graph_of(found.case.flow_version_id).nodes[found.step].late))
            self.noted("task.passed_over", lambda pk=found.pk: engine.pass_over(pk, actor=SYSTEM), times)  # type: ignore[misc]

    @rule(days=st.integers(1, 9))
    def the_calendar_changes(self, days: int) -> None:
        ended = dict(Case.objects.exclude(state="running").values_list("pk", "due_at"))
        set_day(None, timezone.localdate() + timedelta(days=days), "holiday", name="Nghỉ", source="Quyết định thử")
        clock.recompute_running()
        assert dict(Case.objects.filter(pk__in=ended).values_list("pk", "due_at")) == ended

    @precondition(lambda self: self.running)
    @rule()
    def the_flow_changes(self) -> None:
        self.moves += 1
        newer = {**self.definition, "title": f"Thử {self.moves}"}
        target = publish_flow("thu", newer)
        self.noted("case.moved", lambda: move_case(self.case.pk, target, actor=SYSTEM, limit=TEN))

    @precondition(lambda self: self.running and len(self.done()) > 3)
    @rule()
    def withdraw(self) -> None:
        self.noted("case.withdrawn", lambda: engine.withdraw(self.case.pk, actor=SYSTEM, reason="Đổi ý"))

    @precondition(lambda self: not self.running)
    @rule()
    def reopen(self) -> None:
        leader = official("leader", "SO")
        self.noted("case.reopened", lambda: engine.reopen(self.case.pk, "first", actor=leader, reason="Sai sót"))

    # What must hold at every moment

    @invariant()
    def a_case_waits_for_somebody_exactly_while_it_runs(self) -> None:
        for case in self.family():
            tasks = case.tasks.filter(state="open")
            assert tasks.exists() == (Case.objects.get(pk=case.pk).state == "running"), case.pk

    @invariant()
    def every_block_has_its_tokens(self) -> None:
        """In an open block: branches = those that arrived + open tasks + open blocks inside. Around all blocks there is one token."""
        for case in self.family():
            case.refresh_from_db()
            scopes = list(ParallelScope.objects.filter(case=case))
            for scope in (None, *scopes):
                inside = case.tasks.filter(state="open", scope=scope).count()
                inside += sum(each.closed_at is None and each.parent_id == (scope.pk if scope else None) for each in scopes)
                if scope is None:
                    assert inside == (case.state == "running")
                elif scope.closed_at is None:
                    assert scope.arrived + inside == scope.branches and inside
                else:
                    assert inside == 0
            assert case.state == "running" or not any(scope.closed_at is None for scope in scopes)

    @invariant()
    def questions_and_their_cases_belong_together(self) -> None:
        for each in Task.objects.filter(case__in=self.family(), kind__in=["consultation", "subprocess"]):
            assert each.child_cases.filter(state="running").count() == (each.state == "open")

    @invariant()
    def clocks_are_right(self) -> None:
        for case in self.family():
            stops = list(case.suspensions.all())
            stoppers = case.tasks.filter(state="open", step__startswith="wait").count()
            assert sum(stop.ended_at is None for stop in stops) == stoppers
            if stoppers or case.state != "running":
                continue
            for holder in (case, *case.tasks.filter(state="open", due_at__isnull=False)):
                before = holder.due_at
                own = isinstance(holder, Task) and Suspension.objects.filter(task=holder).exists()
                for stop in stops if before and not own else ():
                    assert stop.started_at >= before or stop.ended_at <= before, "a limit never ends while its clock stands"
            before = {row.pk: row.due_at for row in case.tasks.filter(state="open")}
            clock.set_due(case)
            assert {row.pk: row.due_at for row in case.tasks.filter(state="open")} == before, "stored due times are the computed ones"


def test_whatever_is_done_a_case_stays_whole() -> None:
    chosen = settings(max_examples=10, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    run_state_machine_as_test(Handling, settings=chosen)  # type: ignore[no-untyped-call]
