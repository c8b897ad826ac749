"""Clocks of cases and steps, consultations of other agencies, reminders and escalation."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.calendar.services import set_day
from sonha.process.cases import access, clock, engine, reminders, subjects
from sonha.process.cases.errors import ActionRefused, AlreadyDone, NotAllowed
from sonha.process.cases.models import Case, Reminder, Suspension, Task
from sonha.process.cases.tasks import pass_over_late
from sonha.process.cases.tests.kit import (
    act,
    chain,
    child_of,
    choice_form,
    citizen,
    end,
    errors,
    flow,
    official,
    open_steps,
    owned,
    refused,
    started,
    task,
    verbs,
    waiting,
    way,
)  # fmt: skip
from sonha.process.deadlines import LOCAL, words

pytestmark = pytest.mark.django_db

TEN = {"amount": 10, "unit": "working_days"}
THREE = {"amount": 3, "unit": "working_days"}


def asks(late: str = "") -> dict[str, Any]:
    step = {"key": "ask", "kind": "consultation", "title": "Hỏi xã", "role": "specialist", "unit": "commune", "limit": THREE}
    disagree = {"field": "task.ask.conclusion", "eq": "disagree"}
    return flow(
        [task("work"), {**step, **({"late": late} if late else {})}, task("agreed"), task("against"), end()],
        [
            way("work", "ask", "next"), way("ask", "against", when=disagree), way("ask", "agreed"),
            way("agreed", "done", "next"), way("against", "done", "next"),
        ],
    )  # fmt: skip


CONSULTED = asks()
WAITS = flow(
    [
        task("check"), task("more", "applicant", clock="stop", limit={"amount": 5, "unit": "calendar_days"}),
        task("decide", limit=THREE), end(),
    ],
    [
        way("check", "decide", "next"), way("check", "more", "ask", effect="request_supplement"),
        way("more", "decide", "give", effect="submit_supplement"), way("decide", "done", "next"),
    ],
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=LOCAL)


def back(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def make_late(found: Task, days: float = 30) -> None:
    """As if the task, and whatever stands behind it, had been opened long ago."""
    Task.objects.filter(pk=found.pk).update(opened_at=back(days))
    found.refresh_from_db()
    clock.set_task_due(found)


def test_another_agency_is_asked_with_its_own_clock_and_its_answer_comes_back() -> None:
    case = started(CONSULTED, limit=TEN)
    clock.start_clock(case)
    act(case, "work")
    child = child_of(case, "ask")
    case.refresh_from_db()
    assert child.due_at and case.due_at and child.due_at < case.due_at, "its own, shorter clock"
    commune = official("specialist", "XA")
    assert access.visible_cases(commune).filter(pk=case.pk).exists()
    assert waiting(child, "answer").due_at == child.due_at
    with refused(ActionRefused, "chưa đầy đủ"):
        act(child, "answer", "answer", data={"conclusion": "disagree"})
    act(child, "answer", "answer", data={"conclusion": "disagree", "opinion": "Vướng quy hoạch"})
    assert open_steps(case) == ["against"]
    case.refresh_from_db()
    assert case.data["task"]["ask"] == {"conclusion": "disagree", "opinion": "Vướng quy hoạch", "outcome": "done"}
    asked = Task.objects.get(case=case, step="ask")
    assert (asked.state, asked.closed_by, asked.on_behalf_of) == ("done", commune.user, None)


def test_nobody_answers_for_the_asked_agency() -> None:
    case = started(CONSULTED)
    act(case, "work")
    asker = official("specialist", "SO.PH")
    with refused(NotAllowed, "không có quyền"):
        engine.act(waiting(case, "ask").pk, "answered", actor=asker)
    assert not access.may_act(asker, waiting(child_of(case, "ask"), "answer"))


@pytest.mark.parametrize(("late", "answer"), [("continue", {"outcome": "late"}), ("agree", {"outcome": "late", "conclusion": "agree"})])
def test_a_late_consultation_does_not_block_when_the_flow_says_so(late: str, answer: dict[str, str]) -> None:
    case = started(asks(late))
    act(case, "work")
    child = child_of(case, "ask")
    question, answering = waiting(case, "ask"), waiting(child, "answer")
    assert pass_over_late() == 0, "not late yet"
    make_late(question)
    assert pass_over_late() == 1
    case.refresh_from_db()
    child.refresh_from_db()
    assert open_steps(case) == ["agreed"]
    assert case.data["task"]["ask"] == answer
    assert (child.state, child.outcome) == ("cancelled", "late")
    assert "task.passed_over" in verbs(case)
    with refused(AlreadyDone, "không còn chờ xử lý"):
        engine.act(answering.pk, "answer", actor=official("specialist", "XA"), data={"conclusion": "agree"})
    assert pass_over_late() == 0


def test_otherwise_the_case_waits_for_the_answer() -> None:
    case = started(CONSULTED)
    act(case, "work")
    make_late(waiting(case, "ask"))
    assert pass_over_late() == 0
    assert open_steps(case) == ["ask"]


def test_a_consultation_that_is_not_waited_for_needs_a_limit() -> None:
    wrong = asks("continue")
    del wrong["steps"][1]["limit"]
    assert errors(wrong) == ["Bước «Hỏi xã» đi tiếp khi quá hạn trả lời nên phải có thời hạn."]
    wrong = asks("never")
    assert errors(wrong) == ["Bước «Hỏi xã»: «late» chỉ có thể là «continue» (đi tiếp) hoặc «agree» (coi như nhất trí)."]


def test_the_clock_stands_while_the_applicant_supplements_and_goes_on_with_what_was_left() -> None:
    lan = citizen()
    case = owned(started(WAITS, limit=TEN), lan)
    clock.start_clock(case, back(7))
    before = case.due_at
    act(case, "check", "ask")
    more = waiting(case, "more")
    assert clock.is_stopped(case)
    reading = clock.read_case(case)
    assert reading and reading.stopped and "tạm dừng, còn" in words(reading.remaining)
    own = clock.read_task(more)
    assert own and not own.stopped, "the applicant's own limit runs"
    Suspension.objects.filter(case=case).update(started_at=back(4))
    engine.act(more.pk, "give", actor=lan)
    case.refresh_from_db()
    assert not clock.is_stopped(case)
    assert before and case.due_at and case.due_at > before
    stop = Suspension.objects.get(case=case)
    assert stop.ended_at and case.due_at >= stop.ended_at


def test_a_step_stands_with_its_case_but_not_the_step_that_stopped_it() -> None:
    parallel = flow(
        [{"key": "fork", "kind": "split"}, task("more", "applicant", clock="stop", limit=THREE), task("side", limit=THREE),
         {"key": "merge", "kind": "join"}, end()],
        [way("fork", "side"), way("fork", "more"), way("more", "merge", "give"), way("side", "merge", "next"), way("merge", "done")],
    )  # fmt: skip
    lan = citizen()
    case = owned(started(parallel, limit=TEN), lan)
    side, more = waiting(case, "side"), waiting(case, "more")
    for found in (side, more):
        make_late(found)
    Suspension.objects.filter(case=case).update(started_at=back(29.9))
    assert not clock.is_late(side), "the case waits for the applicant"
    assert clock.is_late(more)
    engine.act(more.pk, "give", actor=lan)
    side.refresh_from_db()
    assert side.due_at and side.due_at > timezone.now() and not clock.is_late(side)


def test_a_limit_that_binds_the_applicant_runs_to_the_end_of_its_last_day() -> None:
    lan = citizen()
    case = owned(started(WAITS), lan)
    act(case, "check", "ask")
    more = waiting(case, "more")
    assert more.due_at
    more.due_at = at("20/11/2026 17:00")
    assert clock.binding_end(more) == at("21/11/2026 00:00")
    assert not clock.is_late(more, at("20/11/2026 23:59"))
    assert clock.is_late(more, at("21/11/2026 00:01"))
    Task.objects.filter(pk=more.pk).update(opened_at=at("12/11/2026 09:00"))  # five days: Tuesday 17
    more.refresh_from_db()
    evening, next_morning = clock.read_task(more, at("17/11/2026 22:00")), clock.read_task(more, at("18/11/2026 08:00"))
    assert evening and words(evening.remaining) == "hết hạn hôm nay"
    assert next_morning and words(next_morning.remaining) == "quá hạn 1 ngày"


def test_a_calendar_changed_afterwards_moves_running_clocks_but_not_ended_ones() -> None:
    running, ended = (started(flow([task("work", limit=TEN), end()], chain("work", "done")), limit=TEN) for _each in range(2))
    for case in (running, ended):
        clock.start_clock(case)
    act(ended, "work")
    running.refresh_from_db()
    ended.refresh_from_db()
    before = running.due_at
    assert before and ended.due_at == before
    work = waiting(running, "work")
    set_day(None, before.astimezone(LOCAL).date(), "holiday", name="Nghỉ bù", source="Quyết định thử")
    assert clock.recompute_running() == [running.pk]
    for row in (running, ended, work):
        row.refresh_from_db()
    assert running.due_at and running.due_at > before and work.due_at == running.due_at
    assert ended.due_at == before
    assert clock.recompute_running() == []


class Heard(subjects.Subject):
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, list[str]]] = []

    def remind(self, task: Task, stage: str, users: Any) -> None:
        self.calls.append((task.step, stage, sorted(user.full_name for user in users)))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """A subject that listens. The test calendar knows no holidays."""
    listening = Heard()
    monkeypatch.setitem(subjects._subjects, "internal", listening)
    return listening


def opened(step_task: Task, opened_at: str) -> Task:
    Task.objects.filter(pk=step_task.pk).update(opened_at=at(opened_at))
    step_task.refresh_from_db()
    clock.set_task_due(step_task)
    return step_task


def test_reminders_before_on_and_after_the_day_each_exactly_once(heard: Heard) -> None:
    anna = official("specialist", "SO.PH", "An")
    for role, code, name in (("head", "SO.PH", "Trưởng"), ("leader", "SO", "Giám đốc"), ("leader", "XA", "Chủ tịch xã")):
        official(role, code, name)
    case = started(flow([task("work", limit=THREE), end()], chain("work", "done")))
    work = opened(waiting(case, "work"), "02/03/2026 09:00")  # Monday; due Thursday 5 at 17:00
    engine.claim(work.pk, actor=anna)
    days = [
        "02/03/2026 10:00", "03/03/2026 10:00", "04/03/2026 08:00", "04/03/2026 16:00", "05/03/2026 08:00", "05/03/2026 16:00",
        "05/03/2026 17:15", "06/03/2026 08:00", "07/03/2026 08:00", "09/03/2026 08:00", "10/03/2026 08:00", "11/03/2026 08:00",
    ]  # fmt: skip
    said = {}
    for day in days:
        heard.calls.clear()
        reminders.remind(at(day))
        said[day] = [(stage, names) for _step, stage, names in heard.calls]
    assert {day: calls for day, calls in said.items() if calls} == {
        "04/03/2026 08:00": [("before", ["An"])],
        "05/03/2026 08:00": [("due", ["An"])],
        "05/03/2026 17:15": [("late", ["Trưởng"]), ("late", ["An"])],
        "10/03/2026 08:00": [("late", ["Giám đốc"])],  # three working days later, a weekend between
    }
    assert Reminder.objects.filter(task=work).count() == 5
    assert verbs(case).count("task.reminded") == 2 and verbs(case).count("task.escalated") == 3


def test_unclaimed_work_reminds_everybody_who_may_take_it_and_done_work_nobody(heard: Heard) -> None:
    for name in ("An", "Binh"):
        official("specialist", "SO.PH", name)
    case = started(flow([task("work", limit=THREE), end()], chain("work", "done")))
    opened(waiting(case, "work"), "02/03/2026 09:00")
    reminders.remind(at("05/03/2026 08:00"))
    assert heard.calls == [("work", "due", ["An", "Binh"])]
    act(case, "work", actor=official("specialist", "SO.PH", "An"))
    heard.calls.clear()
    assert reminders.remind(at("30/03/2026 08:00")) == 0


def test_nobody_is_reminded_of_a_step_whose_clock_stands_and_the_applicant_has_until_midnight(heard: Heard) -> None:
    anna = official("specialist", "SO.PH", "An")
    lan = citizen()
    case = owned(started(WAITS, limit=TEN), lan)
    act(case, "check", "ask", actor=anna)
    more = opened(waiting(case, "more"), "02/03/2026 09:00")  # five days: Saturday, hence Monday 9
    reminders.remind(at("09/03/2026 18:00"))
    assert heard.calls == [("more", "due", [])], "told through the subject; not late before midnight"
    heard.calls.clear()
    official("head", "SO.PH", "Trưởng")
    reminders.remind(at("10/03/2026 00:30"))
    assert sorted(heard.calls) == [("more", "late", []), ("more", "late", ["Trưởng"])]
    assert more.assignee is None


def test_a_late_consultation_reaches_both_agencies(heard: Heard) -> None:
    asker = official("specialist", "SO.PH", "An")
    for role, code, name in (("specialist", "XA", "Xã"), ("head", "XA", "Trưởng xã"), ("head", "SO.PH", "Trưởng")):
        official(role, code, name)
    case = started(CONSULTED)
    act(case, "work", actor=asker)
    opened(waiting(case, "ask"), "02/03/2026 09:00")
    answer = waiting(child_of(case, "ask"), "answer")
    Case.objects.filter(pk=answer.case_id).update(clock_from=at("02/03/2026 09:00"))
    opened(answer, "02/03/2026 09:00")
    reminders.remind(at("05/03/2026 17:30"))
    assert sorted(heard.calls) == [
        ("answer", "late", ["Trưởng xã"]), ("answer", "late", ["Xã"]), ("ask", "late", ["An"]), ("ask", "late", ["Trưởng"]),
    ]  # fmt: skip


def test_the_days_are_data_that_an_administrator_changes(heard: Heard) -> None:
    administrator = official("administrator", "SO")
    with refused(NotAllowed, "Chỉ quản trị hệ thống"):
        reminders.set_rules([("late", 5, "leader")], actor=official("head", "SO.PH"))
    with refused(ActionRefused, "Số ngày nhắc trước phải từ 1 đến 60"):
        reminders.set_rules([("before", 0, "holder")], actor=administrator)
    reminders.set_rules([("before", 2, "head")], actor=administrator)
    official("head", "SO.PH", "Trưởng")
    case = started(flow([task("work", limit=THREE), end()], chain("work", "done")))
    opened(waiting(case, "work"), "02/03/2026 09:00")
    for day in ("03/03/2026 08:00", "04/03/2026 08:00", "05/03/2026 08:00", "09/03/2026 08:00"):
        reminders.remind(at(day))
    assert heard.calls == [("work", "before", ["Trưởng", "head SO.PH"])], "on the first of the two days, and not again"


def test_a_form_of_a_step_is_read_by_the_conditions_after_it() -> None:
    definition = flow(
        [task("ask", form=choice_form("kind", "x", "y")), {"key": "which", "kind": "choice"}, task("left"), end()],
        [way("ask", "which", "next"), way("which", "left", when={"field": "task.ask.kind", "eq": "x"}), way("which", "done"),
         way("left", "done", "next")],
    )  # fmt: skip
    case = started(definition)
    act(case, "ask", data={"kind": "x"}, actor=Actor.system("x"))
    assert open_steps(case) == ["left"]
