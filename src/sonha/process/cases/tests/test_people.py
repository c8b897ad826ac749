"""Who may act: claiming, handing on, standing in, many at once, two at once, withdrawing and opening again."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.audit.selectors import events_for
from sonha.foundation.audit.verbs import words
from sonha.foundation.organisations.models import Substitution
from sonha.process.cases import access, clock, engine
from sonha.process.cases.errors import ActionRefused, AlreadyDone, NotAllowed
from sonha.process.cases.models import Case, Suspension, Task
from sonha.process.cases.tests.kit import (
    act,
    chain,
    child_of,
    citizen,
    end,
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
from sonha.process.cases.tests.test_clocks import CONSULTED

pytestmark = pytest.mark.django_db

TWO = flow([task("work"), task("sign", "leader", "agency"), end()], [
    way("work", "sign", "next"), way("sign", "done", "sign", batch=True), way("sign", "work", "back", returns=True, comment="required"),
])  # fmt: skip


def test_a_task_of_the_unit_is_claimed_by_one_and_refused_to_the_next() -> None:
    anna, binh = official("specialist", "SO.PH", "Lò Thị An"), official("specialist", "SO.PH", "Bế Văn Bình")
    case = started(TWO)
    work = waiting(case, "work")
    assert access.may_act(anna, work) and access.may_act(binh, work)
    assert engine.claim(work.pk, actor=anna).assignee == anna.user
    with refused(NotAllowed, "đã có người nhận"):
        engine.claim(work.pk, actor=binh)
    with refused(NotAllowed, "không có quyền"):
        engine.act(work.pk, "next", actor=binh)
    assert list(access.open_tasks_for(anna)) == [work]
    assert list(access.open_tasks_for(binh)) == []
    engine.act(work.pk, "next", actor=anna)
    assert verbs(case).count("task.claimed") == 1


def test_who_holds_a_task_may_put_it_back_or_hand_it_to_a_colleague_of_the_same_role() -> None:
    anna, binh, head = official("specialist", "SO.PH", "An"), official("specialist", "SO.PH", "Binh"), official("head", "SO.PH")
    clerk = official("clerk", "SO")
    case = started(TWO)
    work = waiting(case, "work")
    with refused(ActionRefused, "chưa có ai nhận"):
        engine.release(work.pk, actor=anna)
    engine.claim(work.pk, actor=anna)
    with refused(NotAllowed, "Chỉ người đang giữ công việc"):
        engine.release(work.pk, actor=binh)
    assert engine.release(work.pk, actor=anna).assignee is None
    engine.claim(work.pk, actor=anna)
    with refused(ActionRefused, "không giữ vai trò này"):
        engine.assign(work.pk, clerk.user, actor=anna)
    assert engine.assign(work.pk, binh.user, actor=anna).assignee == binh.user, "delegated by its holder"
    with refused(NotAllowed, "Chỉ lãnh đạo đơn vị"):
        engine.assign(work.pk, anna.user, actor=anna)
    assert engine.assign(work.pk, anna.user, actor=head).assignee == anna.user, "handed out by the head"
    assert engine.release(work.pk, actor=head).assignee is None
    assert [verb for verb in verbs(case) if verb.startswith("task.")] == [
        "task.opened", "task.claimed", "task.released", "task.claimed", "task.assigned", "task.assigned", "task.released",
    ]  # fmt: skip


def test_a_step_that_comes_back_goes_to_whoever_did_it() -> None:
    anna = official("specialist", "SO.PH", "An")
    official("specialist", "SO.PH", "Binh")
    case = started(TWO)
    act(case, "work", actor=anna)
    act(case, "sign", "back", comment="Thiếu căn cứ")
    assert waiting(case, "work").assignee == anna.user


def test_same_as_gives_a_step_to_whoever_did_another() -> None:
    steps = [task("one"), task("two", "head"), task("three", assignment="same_as:one"), end()]
    anna = official("specialist", "SO.PH", "An")
    case = started(flow(steps, chain("one", "two", "three", "done")))
    act(case, "one", actor=anna)
    act(case, "two")
    assert waiting(case, "three").assignee == anna.user


def absent(whom: Actor, substitute: Actor, days: int = 3) -> Actor:
    today = timezone.localdate()
    assert whom.user and substitute.user
    Substitution.objects.create(absent=whom.user, substitute=substitute.user, valid_from=today, valid_to=today + timedelta(days=days))
    return Actor.of(substitute.user)


def test_a_substitute_acts_in_the_place_of_who_is_on_leave_and_the_record_says_so() -> None:
    chief, deputy = official("leader", "SO", "Triệu Văn Chính"), official("leader", "SO.MC", "Đàm Thị Phó")
    case = started(TWO)
    act(case, "work")
    sign = waiting(case, "sign")
    assert not access.may_act(deputy, sign)
    deputy = absent(chief, deputy)
    assert list(access.open_tasks_for(deputy)) == [sign]
    done = engine.act(sign.pk, "sign", actor=deputy)
    assert (done.closed_by, done.on_behalf_of) == (deputy.user, chief.user)
    event = Event.objects.filter(verb="task.done_instead").get()
    assert words(event.verb, event.payload, deputy.name) == "Đàm Thị Phó thay Triệu Văn Chính hoàn thành «Bước sign»: sign"
    assert event in events_for(deputy, engine.subject_ref(case))
    assert Actor.of(chief.user, day=date(2020, 6, 1)).acts_as("leader", sign.unit_id or 0)


def test_a_substitute_may_take_what_the_absent_colleague_had_claimed_and_only_while_it_is_absent() -> None:
    anna, binh = official("specialist", "SO.PH", "An"), official("specialist", "SO.MC", "Binh")
    case = started(TWO)
    work = waiting(case, "work")
    engine.claim(work.pk, actor=anna)
    later = Actor.of(absent(anna, binh).user, day=timezone.localdate() + timedelta(days=9))
    assert not access.may_act(later, work)
    engine.act(work.pk, "next", actor=Actor.of(binh.user))
    work.refresh_from_db()
    assert work.on_behalf_of == anna.user


def test_an_official_with_the_same_role_who_stands_in_acts_for_itself_on_unclaimed_work() -> None:
    anna, binh = official("specialist", "SO.PH", "An"), official("specialist", "SO.PH", "Binh")
    case = started(TWO)
    done = act(case, "work", actor=absent(anna, binh))
    assert done.on_behalf_of is None
    assert "task.done_instead" not in verbs(case)


def test_many_at_once_each_by_itself_and_the_refused_ones_are_named() -> None:
    leader = official("leader", "SO")
    cases = [started(TWO) for _each in range(3)]
    for case in cases:
        act(case, "work")
    signs = [waiting(case, "sign") for case in cases]
    engine.act(signs[1].pk, "sign", actor=leader)
    results = engine.act_on_many([*(sign.pk for sign in signs), 999_999], "sign", actor=leader)
    assert [(result.task_id, result.done) for result in results] == [
        (signs[0].pk, True), (signs[1].pk, False), (signs[2].pk, True), (999_999, False),
    ]  # fmt: skip
    assert "đã được leader SO xử lý lúc" in results[1].sentence
    assert results[3].sentence == "Công việc không còn tồn tại."
    assert [Case.objects.get(pk=case.pk).state for case in cases] == ["completed"] * 3


def test_only_actions_declared_for_it_are_taken_on_many_at_once() -> None:
    leader = official("leader", "SO")
    case = started(TWO)
    act(case, "work")
    sign = waiting(case, "sign")
    [result] = engine.act_on_many([sign.pk], "back", actor=leader, comment="x")
    assert result.sentence == "Hành động này phải thực hiện trên từng hồ sơ."
    assert open_steps(case) == ["sign"]


def test_the_second_of_two_acts_hears_who_came_first() -> None:
    leader, other = official("leader", "SO", "Một"), official("leader", "SO", "Hai")
    case = started(TWO)
    act(case, "work")
    sign = waiting(case, "sign")
    engine.act(sign.pk, "sign", actor=leader)
    for again in (lambda: engine.act(sign.pk, "sign", actor=other), lambda: engine.claim(sign.pk, actor=other)):
        with refused(AlreadyDone, r"Công việc này đã được Một xử lý lúc \d\d:\d\d \d\d/\d\d/\d{4}"):
            again()


@pytest.mark.django_db(transaction=True)
def test_two_officials_at_the_very_same_moment_are_put_in_order() -> None:
    leaders = [official("leader", "SO", "Một"), official("leader", "SO", "Hai")]
    case = started(TWO)
    act(case, "work")
    sign, outcomes, ready = waiting(case, "sign"), [], threading.Barrier(2)

    def decide(actor: Actor) -> None:
        ready.wait()
        try:
            engine.act(sign.pk, "sign", actor=actor)
            outcomes.append("done")
        except AlreadyDone:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[actor]) for actor in leaders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "told"]
    assert verbs(case).count("case.ended") == 1


def test_an_act_that_asks_for_a_reason_or_is_not_offered_is_refused_in_words() -> None:
    case = started(TWO)
    act(case, "work")
    with refused(ActionRefused, "Hãy ghi rõ lý do"):
        act(case, "sign", "back")
    with refused(ActionRefused, "Hành động này không có ở bước «Bước sign»"):
        act(case, "sign", "burn")


def test_the_applicant_withdraws_and_everything_ends() -> None:
    lan, stranger = citizen(), citizen("020301009999")
    case = owned(started(TWO), lan)
    with refused(NotAllowed, "Chỉ người nộp"):
        engine.withdraw(case.pk, actor=stranger, reason="")
    with refused(NotAllowed, "Chỉ người nộp"):
        engine.withdraw(case.pk, actor=official("specialist", "SO.PH"), reason="")
    engine.withdraw(case.pk, actor=lan, reason="Đổi ý")
    case.refresh_from_db()
    assert (case.state, case.outcome, case.reason, open_steps(case)) == ("cancelled", "withdrawn", "Đổi ý", [])
    with refused(ActionRefused, "đã kết thúc, không thể rút"):
        engine.withdraw(case.pk, actor=lan, reason="")
    assert verbs(case)[-3:] == ["task.cancelled", "case.ended", "case.withdrawn"]


def test_a_leader_opens_an_ended_case_again_and_the_time_between_is_not_counted() -> None:
    leader, limit = official("leader", "SO"), {"amount": 10, "unit": "working_days"}
    case = started(TWO, limit=limit)
    clock.start_clock(case, timezone.now() - timedelta(days=60))
    act(case, "work")
    act(case, "sign", "sign")
    ended = timezone.now() - timedelta(days=58)
    Case.objects.filter(pk=case.pk).update(ended_at=ended)
    with refused(NotAllowed, "Chỉ lãnh đạo cơ quan"):
        engine.reopen(case.pk, "work", actor=official("specialist", "SO.PH"), reason="Sai tên")
    with refused(ActionRefused, "ghi rõ lý do mở lại"):
        engine.reopen(case.pk, "work", actor=leader, reason=" ")
    with refused(ActionRefused, "Không thể mở lại tại bước này"):
        engine.reopen(case.pk, "done", actor=leader, reason="Sai tên")
    engine.reopen(case.pk, "work", actor=leader, reason="Sai tên")
    case.refresh_from_db()
    assert (case.state, case.outcome, case.ended_at, open_steps(case)) == ("running", "", None, ["work"])
    assert Suspension.objects.get(case=case).started_at == ended
    assert case.due_at and case.due_at > timezone.now()
    assert engine.visits(case)["work"] == 2
    with refused(ActionRefused, "đang được giải quyết"):
        engine.reopen(case.pk, "work", actor=leader, reason="x")


def test_a_consultation_is_neither_withdrawn_nor_reopened_by_itself() -> None:
    case = started(CONSULTED)
    act(case, "work")
    child = child_of(case, "ask")
    with refused(ActionRefused, "hãy rút cả hồ sơ"):
        engine.withdraw(child.pk, actor=Actor.system("x"), reason="")
    act(child, "answer", "answer", data={"conclusion": "agree"})
    with refused(ActionRefused, "Không thể mở lại riêng"):
        engine.reopen(child.pk, "answer", actor=official("leader", "XA"), reason="x")
    assert Task.objects.filter(case=case, step="ask", state="done").exists()
