"""The declared cases, tried on a live site over HTTP; and the database going away under it."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.db import connection, connections
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.tokens import issue_token
from sonha.foundation.audit.models import Event
from sonha.foundation.audit.verification import verify
from sonha.foundation.identity.models import ApiToken
from sonha.operations.faults.cases import CASES
from sonha.operations.faults.listing import markdown
from sonha.operations.faults.soak.people import at_once
from sonha.operations.faults.trying import REVIEW, Stage, told, try_all
from sonha.operations.faults.visitor import Answer, Visitor
from sonha.process.cases.models import Task
from sonha.services.dossiers import filing
from sonha.services.dossiers.models import Dossier, Draft
from sonha.services.dossiers.tests.people import citizen, draft_for, groundwater_answers

PASSWORD, PATIENCE = "mat-khau-dai", 30  # seconds


def test_every_case_is_proven_by_something_that_exists() -> None:
    assert len({case.key for case in CASES}) == len(CASES)
    for case in CASES:
        assert case.send or case.proofs or case.soak, f"{case.key} is only claimed"
        for proof in case.proofs:
            file, _colons, function = proof.partition("::")
            source = (Path(configured.PACKAGE) / file).read_text()
            assert not function or f"def {function}(" in source, proof


def test_the_documented_list_is_the_declared_one() -> None:
    assert (Path(configured.PROJECT) / "docs/faults.md").read_text() == markdown(), "./sonha manage faults > docs/faults.md"


@pytest.fixture
def lan(lang_son: Any, settings: Any, tmp_path: Path) -> Actor:
    settings.SONHA_DATA = tmp_path
    return citizen()


@pytest.fixture
def scanner(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The sandbox scanner; clamd itself is tried where files are tested."""
    socket = tmp_path / "clamd.sock"
    process = subprocess.Popen([sys.executable, "-m", "sonha.sandbox.virus_scanner", "--socket", str(socket)], stdout=subprocess.DEVNULL)
    until(socket.exists, "the scanner listens")
    settings.SONHA_CLAMD = str(socket)
    yield
    process.terminate()
    process.wait(10)


def until(condition: Any, what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.05)
    return found


def visitor_of(actor: Actor, base: str) -> Visitor:
    assert actor.user is not None
    return Visitor(base, actor.user.username, PASSWORD)


def test_bad_input_is_told_in_a_sentence_and_loses_nothing(
    lan: Actor, scanner: None, live_server: Any, record_property: Callable[[str, object], None]
) -> None:
    token = str(issue_token(lan.user, "máy", scope=ApiToken.Scope.WRITE))
    stage = Stage(visitor_of(lan, live_server.url), Visitor(live_server.url, token=token), has_scanner=True)
    outcomes = try_all(CASES, stage)
    record_property("told", told(outcomes))
    assert [outcome for outcome in outcomes if not outcome.ok] == []
    assert len(outcomes) == sum(case.send is not None for case in CASES)
    assert verify().ok


def ready_to_file(lan: Actor) -> str:
    """The address of a draft with everything in it."""
    return f"/nop-ho-so/{draft_for(lan, 860, groundwater_answers()).pk}/"


def test_two_identical_posts_make_one_dossier(lan: Actor, live_server: Any) -> None:
    address = ready_to_file(lan)
    hands = [visitor_of(lan, live_server.url) for _ in range(2)]
    answers: list[Answer] = at_once(*(lambda hand=hand: hand.post(address + REVIEW, {"submit": "1"}) for hand in hands))
    code = Dossier.objects.get().code
    assert [answer.url for answer in answers] == [f"{live_server.url}/ho-so-cua-toi/{code}/"] * 2
    assert Task.objects.count() == 1 and Event.objects.filter(verb="dossier.submitted").count() == 1


class FirstPress:
    """Files just before the statement on drafts of that number, unless the second press has locked the draft by then."""

    def __init__(self, file: Callable[[], object], *, before: int) -> None:
        self.file, self.left, self.waits, self.done = file, before, True, False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if self.waits and '"dossiers_draft"' in sql:
            self.left -= 1
            if self.left == 0:
                self.waits, self.done = False, True
                self.file()
            elif "FOR UPDATE" in sql:
                self.waits = False
        return execute(sql, *rest)


def test_the_first_press_may_file_at_any_moment_of_the_second(lan: Actor, client: Client) -> None:
    assert lan.user is not None
    client.force_login(lan.user)
    for moment in range(1, 50):
        draft = draft_for(lan, 860, groundwater_answers())
        first = FirstPress(partial(filing.submit, draft.pk, lan), before=moment)
        with connection.execute_wrapper(first):
            second = client.post(f"/nop-ho-so/{draft.pk}/{REVIEW}", {"submit": "1"})
        code = Dossier.objects.get(draft=draft).code
        assert (second.status_code, second["Location"]) == (302, f"/ho-so-cua-toi/{code}/"), f"before statement {moment}"
        assert Dossier.objects.count() == moment
        if not first.done:
            break
    assert moment > 2


def test_the_database_goes_away_in_the_middle_of_a_filing(lan: Actor, live_server: Any) -> None:
    """The connection dies while the filing runs: a page that says so, nothing half-written, and one press sends it again."""
    address = ready_to_file(lan)
    hand, answers = visitor_of(lan, live_server.url), []
    with server(own=True) as holding, holding.transaction():
        holding.execute("SELECT 1 FROM dossiers_draft FOR UPDATE")
        filing = threading.Thread(target=lambda: answers.append(hand.post(address + REVIEW, {"submit": "1"})))
        filing.start()
        with server() as watching:
            waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
            until(lambda: watching.execute(waiting, [connection.settings_dict["NAME"]]).fetchall(), "the filing waits for its draft")
        filing.join(PATIENCE)
    (away,) = answers
    assert away.status == 503 and "tạm thời chưa trả lời" in away.words and "Gửi lại" in away.words
    assert not Dossier.objects.exists() and Draft.objects.get().dossier_id is None and not Task.objects.exists()
    again = hand.post(address + REVIEW, hand.fields_of(away))
    assert again.url == f"{live_server.url}/ho-so-cua-toi/{Dossier.objects.get().code}/"
    assert verify().ok


def test_nobody_is_let_into_the_database(lan: Actor, live_server: Any) -> None:
    hand, name = visitor_of(lan, live_server.url), connection.settings_dict["NAME"]
    machine = Visitor(live_server.url, token=str(issue_token(lan.user, "máy")))
    assert hand.get("/ho-so-cua-toi/").status == 200
    connections.close_all()
    with server() as maintenance:
        try:
            maintenance.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            maintenance.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            for answer in (hand.get("/ho-so-cua-toi/"), hand.get("/thu-tuc/"), machine.get("/api/v1/me")):
                assert answer.status == 503 and "tạm thời chưa trả lời" in answer.words, answer.words[:200]
                assert answer.headers["Retry-After"]
            assert Visitor(live_server.url).get("/healthz/live").status == 200, "the process itself is well: no reason to kill it"
        finally:
            maintenance.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert hand.get("/ho-so-cua-toi/").status == 200 and machine.get("/api/v1/me").status == 200


def server(*, own: bool = False) -> psycopg.Connection:
    """A connection beside Django's: to the test's database, or to the server itself."""
    known = connection.settings_dict
    parameters = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    name = known["NAME"] if own else "postgres"
    return psycopg.connect(dbname=name, autocommit=True, **{key: value for key, value in parameters.items() if value})
