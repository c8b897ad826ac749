"""Many people at once, on the real database with a connection each: numbers without gaps, one effect, a sentence for who came second."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.audit.verification import verify
from sonha.foundation.identity.models import User
from sonha.foundation.jobs.services import enqueue
from sonha.foundation.notifications.models import Message
from sonha.foundation.organisations.models import Position, Unit
from sonha.foundation.payments.models import Attempt, Invoice, Payment
from sonha.foundation.payments.services import PaymentRefused, pay_at_desk, receive_callback
from sonha.foundation.payments.signing import gateway_secrets, sign
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused, AlreadyDone
from sonha.process.cases.models import Task
from sonha.services.dossiers import filing, money
from sonha.services.dossiers.codes import next_document_number, next_dossier_code
from sonha.services.dossiers.models import Dossier, ReturnChannel
from sonha.services.dossiers.tests.people import citizen, draft_for, filed, groundwater_answers, official

pytestmark = pytest.mark.usefixtures("lang_son")
PATIENCE = 60  # seconds
GROUNDWATER = 860


class Undone(Exception):
    """Something went wrong after the filing, in the same transaction."""


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Starts every work at the same moment, each in a thread with its own connection; gives what each returned or raised."""
    start = threading.Barrier(len(works))
    outcomes: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        try:
            start.wait(PATIENCE)
            outcomes[number] = works[number]()
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever: a deadlock"
    return outcomes


def open_task(dossier: Dossier, step: str) -> Task:
    return Task.objects.get(case=dossier.case_id, step=step, state="open")


def colleague(role: str, unit: str, name: str) -> Actor:
    """A second official with the same post."""
    user = User.objects.create_user(f"second.{role}.{unit}".lower(), None, full_name=name, kind="official")
    Position.objects.create(user=user, unit=Unit.objects.get(code=unit), role=role)
    return Actor.of(user)


def test_twenty_file_at_once_and_some_filings_fail() -> None:
    lan = citizen()
    drafts = [draft_for(lan, GROUNDWATER, groundwater_answers()).pk for _ in range(20)]

    def work(number: int) -> Callable[[], str]:
        def submit() -> str:
            with transaction.atomic():
                dossier = filing.submit(drafts[number], lan)
                if number % 4 == 3:
                    raise Undone
            return dossier.code

        return submit

    outcomes = at_once(*(work(number) for number in range(20)))
    assert sum(isinstance(each, Undone) for each in outcomes) == 5
    given = [each for each in outcomes if isinstance(each, str)]
    assert len(given) == 15, outcomes
    agency = Dossier.objects.values_list("agency__code_qd20", flat=True).distinct().get()
    day = timezone.localdate()
    assert sorted(given) == [f"{agency}-{day:%y%m%d}-{number:04d}" for number in range(1, 16)], "gapless, each once"
    assert sorted(Dossier.objects.values_list("code", flat=True)) == sorted(given)
    assert verify().ok


def test_numbers_have_no_gap_for_each_agency_day_body_and_year() -> None:
    agencies = list(Unit.objects.filter(code__in=["STNMT", "STP"]))
    today = date(2026, 11, 20)

    def take(number: int) -> Callable[[], tuple[str, str]]:
        agency = agencies[number % 2]

        def work() -> tuple[str, str]:
            with transaction.atomic():
                code = next_dossier_code(agency, today + timedelta(days=number % 3 == 0))
                document = next_document_number(agency, "{number}/GP-UBND", 2026)
                if number % 5 == 0:
                    raise Undone
            return code, document

        return work

    kept = [each for each in at_once(*(take(number) for number in range(20))) if isinstance(each, tuple)]
    assert len(kept) == 16
    codes = Counter(code.rpartition("-")[0] for code, _document in kept)
    assert sorted(code for code, _document in kept) == sorted(
        f"{key}-{number:04d}" for key, last in codes.items() for number in range(1, last + 1)
    )
    for offset, agency in enumerate(agencies):
        own = sum(1 for number in range(20) if number % 2 == offset and number % 5)
        issued = [document for code, document in kept if code.startswith(agency.code_qd20)]
        assert sorted(issued) == [f"{number:02d}/GP-UBND" for number in range(1, own + 1)]


def test_two_officers_decide_the_same_task() -> None:
    """Accepting and refusing at the same moment: one decision stands, with its one slip and one message; the other is told by whom."""
    lan = citizen()
    first, second = official("receptionist", "STNMT.MC", "Hoàng Thu Hà"), colleague("receptionist", "STNMT.MC", "Vi Thị Đào")
    for rival in ("accept", "refuse"):
        dossier = filed(lan, GROUNDWATER, groundwater_answers())
        task = open_task(dossier, "reception")
        outcomes = at_once(
            lambda task=task: engine.act(task.pk, "accept", actor=first),
            lambda task=task, rival=rival: engine.act(task.pk, rival, actor=second, comment="Không thuộc thẩm quyền."),
        )
        late = [each for each in outcomes if isinstance(each, AlreadyDone)]
        assert len(late) == 1, outcomes
        task.refresh_from_db()
        assert task.state == "done" and task.closed_by is not None
        assert task.closed_by.full_name in late[0].sentence and "đã được" in late[0].sentence
        slips = dossier.official_papers.values_list("kind", flat=True)
        assert list(slips) == (["receipt"] if task.action == "accept" else ["refusal"])
        told = Message.objects.filter(user=lan.user, title__contains=dossier.code).values_list("kind", flat=True)
        assert max(Counter(told).values()) == 1, "nobody is told the same thing twice"
        assert ("dossier.accepted" in told) == (task.action == "accept")
        assert Event.objects.filter(verb="task.done", payload__task=task.pk).count() == 1
        following = Task.objects.filter(case=dossier.case_id, state="open")
        assert following.count() == (1 if task.action == "accept" else 0)
    assert verify().ok


def test_the_filing_form_sent_twice() -> None:
    lan = citizen()
    draft = draft_for(lan, GROUNDWATER, groundwater_answers())
    outcomes = at_once(*[lambda: filing.submit(draft.pk, lan).code] * 4)
    assert set(outcomes) == {Dossier.objects.get().code}
    assert Task.objects.count() == 1
    assert Event.objects.filter(verb="dossier.submitted").count() == 1


def test_a_task_claimed_twice_has_one_holder() -> None:
    lan = citizen()
    first, second = official("receptionist", "STNMT.MC"), colleague("receptionist", "STNMT.MC", "Vi Thị Đào")
    task = open_task(filed(lan, GROUNDWATER, groundwater_answers()), "reception")
    outcomes = at_once(lambda: engine.claim(task.pk, actor=first), lambda: engine.claim(task.pk, actor=second))
    assert sum(isinstance(each, ActionRefused) for each in outcomes) == 1, outcomes
    task.refresh_from_db()
    assert task.assignee_id in {first.user_id, second.user_id}


def accepted(lan: Actor, desk: Actor) -> Dossier:
    dossier = filed(lan, GROUNDWATER, groundwater_answers())
    engine.act(open_task(dossier, "reception").pk, "accept", actor=desk)
    return dossier


def news_of_payment(attempt: Attempt) -> dict[str, Any]:
    """What the gateway would send, signed with the shared secret."""
    message = {
        "event_id": f"EV{attempt.pk}", "event": "payment.succeeded", "partner": "LANGSON", "order_id": "", "currency": "VND",
        "at": timezone.now().isoformat(), "amount": attempt.amount, "reference": attempt.code, "transaction_id": f"GD{attempt.pk}",
    }  # fmt: skip
    return {**message, "signature": sign(message, gateway_secrets()[0])}


def test_the_bank_s_news_comes_twice_while_cash_is_taken(tmp_path: Path, settings: Any) -> None:
    settings.SONHA_PAYMENT = {**settings.SONHA_PAYMENT, "secret_file": tmp_path / "secret"}
    gateway_secrets()
    lan, desk = citizen(), official("receptionist", "STNMT.MC")
    for _turn in range(2):
        dossier = accepted(lan, desk)
        invoice = money.invoices(dossier).get()
        attempt = Attempt.objects.create(invoice=invoice, amount=invoice.total, expires_at=timezone.now() + timedelta(minutes=15))
        news = news_of_payment(attempt)
        outcomes = at_once(lambda news=news: receive_callback(news), lambda news=news: receive_callback(news),
                           lambda invoice=invoice: pay_at_desk(invoice, desk))  # fmt: skip
        cash = outcomes[2]
        invoice.refresh_from_db()
        assert invoice.state == Invoice.State.PAID, outcomes
        assert invoice.payments.filter(standing=Payment.Standing.SETTLES).count() == 1
        if isinstance(cash, PaymentRefused):
            assert invoice.payments.count() == 1, "the cash was not taken"
        else:
            double = invoice.payments.get(standing=Payment.Standing.DOUBLE)
            assert double.refund == Payment.Refund.DUE, "what the bank took on top goes back"
        dossier.refresh_from_db()
        assert dossier.state == "in_progress"
        assert Task.objects.filter(case=dossier.case_id, step="payment", state="done").count() == 1
        assert Task.objects.filter(case=dossier.case_id, state="open").count() == 1
        assert Event.objects.filter(verb="dossier.paid", payload__invoice=invoice.code).count() == 1
    assert verify().ok


def test_two_batches_overlap() -> None:
    """Two heads hand out the same work in opposite order: each dossier moves once, nobody waits for ever, who came second is told."""
    lan, desk = citizen(), official("receptionist", "STNMT.MC")
    first, second = official("head", "STNMT.NUOC", "Lương Thị Mai"), colleague("head", "STNMT.NUOC", "Hứa Văn Bảy")
    tasks = []
    for _number in range(5):
        dossier = accepted(lan, desk)
        pay_at_desk(money.invoices(dossier).get(), desk)
        tasks.append(open_task(dossier, "assign").pk)
    mine, theirs = at_once(
        lambda: engine.act_on_many(tasks, "assign", actor=first), lambda: engine.act_on_many(tasks[::-1], "assign", actor=second)
    )
    for task_id in tasks:
        results = [each for each in (*mine, *theirs) if each.task_id == task_id]
        assert sorted(each.done for each in results) == [False, True]
        assert "đã được" in next(each.sentence for each in results if not each.done)
    assert Task.objects.filter(step="appraise", state="open").count() == len(tasks)
    assert Event.objects.filter(verb="task.done", payload__step="assign").count() == len(tasks)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Workers on the test database that stop at the end of a job's work, before it is committed, until the file `go` is there."""
    started: list[subprocess.Popen[bytes]] = []
    script = Path(__file__).with_name("halting_worker.py")

    def start() -> subprocess.Popen[bytes]:
        log = (tmp_path / f"worker{len(started)}.log").open("w")
        environment = os.environ | {"SONHA_HALT": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, str(script), settings.DATABASES["default"]["NAME"]]
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            worker.kill()
        worker.wait()


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.1)


def state_of(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job])
        return str(cursor.fetchone()[0])


def test_a_worker_killed_while_it_hands_a_result_over(workers: Callable[[], subprocess.Popen[bytes]], tmp_path: Path) -> None:
    """The job that hands results over online is run again; the applicant is told once and the dossier ends once."""
    lan = citizen()
    dossier = filed(lan, GROUNDWATER, groundwater_answers())
    task = open_task(dossier, "reception")
    Task.objects.filter(pk=task.pk).update(step="refuse_hand_over")  # the answer is there and waits to be handed over
    Dossier.objects.filter(pk=dossier.pk).update(return_channel=ReturnChannel.ONLINE, finished_at=timezone.now(), state="ready")
    job = enqueue("dossiers.hand_over_online", task_id=task.pk)
    assert job is not None

    first = workers()
    until((tmp_path / "reached").exists, "the first worker had done the work")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    dossier.refresh_from_db()
    assert dossier.state == "ready" and not Message.objects.filter(kind="dossier.ended").exists(), "what it had written went with it"

    (tmp_path / "go").touch()
    time.sleep(2)  # silence: the dead worker's heart does not beat
    workers()
    until(lambda: state_of(job) == "succeeded", "a second worker finished the job")
    dossier.refresh_from_db()
    assert dossier.state == "refused"
    assert Message.objects.filter(user=lan.user, kind="dossier.ended").count() == 1
    assert Event.objects.filter(verb="dossier.handed_over").count() == 1
    assert (tmp_path / "reached").read_text().count("run") == 2
    assert verify().ok
