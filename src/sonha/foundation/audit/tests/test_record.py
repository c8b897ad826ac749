"""What happened is written down once, in order, without personal data, and nobody can change it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit import selectors, services, verbs
from sonha.foundation.audit.context import process_name
from sonha.foundation.audit.middleware import HistoryContextMiddleware
from sonha.foundation.audit.models import ChainHead, Event
from sonha.foundation.calendar.models import Holiday

pytestmark = pytest.mark.django_db

verbs.register("test.accepted", _("{actor} tiếp nhận hồ sơ, hẹn trả {due}"), due=date, receipt=int | None, for_applicant=True)
verbs.register("test.noted", "{actor} ghi chú {words} lúc {at}", words=list[str], at=datetime | None)
DUE = {"due": date(2018, 4, 16)}


@pytest.fixture
def officer() -> SimpleNamespace:
    user = get_user_model().objects.create_user("an", "x", full_name="Lương Văn An")
    return SimpleNamespace(user=user, label="Lương Văn An", unit_id=7, is_official=True, is_system=False)


@pytest.fixture
def citizen() -> SimpleNamespace:
    user = get_user_model().objects.create_user("hoa", "x", full_name="Nguyễn Thị Hoa")
    return SimpleNamespace(user=user, label="Nguyễn Thị Hoa", unit_id=None, is_official=False, is_system=False)


def test_events_of_one_thing_form_a_chain(officer) -> None:
    first = services.record("test.accepted", subject=("dossier", 1), actor=officer, payload=DUE)
    services.record("test.accepted", subject=("dossier", 2), actor=officer, payload=DUE)
    second = services.record("test.noted", subject=("dossier", 1), actor=officer, payload={"words": ["x"]})
    assert (first.seq, first.prev_hash, second.seq, second.prev_hash) == (1, "", 2, first.hash)
    assert len(first.hash) == 64
    assert ChainHead.objects.get(chain="dossier:1").hash == second.hash


def test_the_database_sets_the_links_whatever_is_said(officer) -> None:
    event = Event.objects.create(verb="test.noted", subject_kind="dossier", subject_ref="1", seq=9, prev_hash="a" * 64, hash="b" * 64)
    assert (event.seq, event.prev_hash) == (1, "")
    assert event.hash != "b" * 64


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET verb = 'x.y'",
        "DELETE FROM audit_event",
        "UPDATE audit_chainhead SET hash = ''",
        "DELETE FROM audit_chainhead",
        "INSERT INTO audit_chainhead VALUES ('a:1', 1, '')",
        "TRUNCATE audit_event",
        "TRUNCATE audit_chainhead",
        "TRUNCATE audit_seal",
    ],
)
def test_the_log_refuses_every_change(officer, sql: str) -> None:
    services.record("test.accepted", subject=("dossier", 1), actor=officer, payload=DUE)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            cursor.execute(sql)


def test_an_event_of_work_that_was_rolled_back_is_not_there(officer) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.record("test.accepted", subject=("dossier", 1), actor=officer, payload=DUE)
        raise ZeroDivisionError
    assert not Event.objects.exists()
    assert services.record("test.accepted", subject=("dossier", 1), actor=officer, payload=DUE).seq == 1


def test_a_row_is_its_own_subject(officer) -> None:
    row = Holiday.objects.create(date=date(2018, 1, 1), name="Tết Dương lịch", source="BLLĐ")
    event = services.record("test.accepted", subject=row, actor=officer, payload=DUE)
    assert (event.subject_kind, event.subject_ref) == ("calendar.holiday", str(row.pk))
    with pytest.raises(ValueError, match="unsaved"):
        services.record("test.accepted", subject=Holiday(), actor=officer, payload=DUE)


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ({}, "due is missing"),
        (DUE | {"name": "Hoa"}, "not declared"),
        ({"due": "2018-04-16"}, "must be date"),
        ({"due": datetime(2018, 4, 16, tzinfo=UTC)}, "must be date"),
        (DUE | {"receipt": "12"}, "must be int"),
        (DUE | {"receipt": True}, "must be int"),
    ],
)
def test_a_payload_is_what_was_declared(officer, payload, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        services.record("test.accepted", subject=("dossier", 1), actor=officer, payload=payload)


@pytest.mark.parametrize("text", ["082123456789", "0912345678", "hoa@example.com", "x" * 121])
def test_personal_data_stays_out_for_ever(officer, text: str) -> None:
    with pytest.raises(ValueError, match=r"personal data|longer than"):
        services.record("test.noted", subject=("dossier", 1), actor=officer, payload={"words": [text]})


@pytest.mark.parametrize("text", ["H37.12-180305-0001", "473/QĐ-BTTTT", "6f9619ff-8b86-4011-b42d-000123456789", "a" * 64])
def test_codes_and_ids_may_be_recorded(officer, text: str) -> None:
    services.record("test.noted", subject=("dossier", 1), actor=officer, payload={"words": [text]})


def test_an_undeclared_verb_is_refused(officer) -> None:
    with pytest.raises(LookupError, match=r"verbs\.py"):
        services.record("test.unknown", subject=("dossier", 1), actor=officer)


def test_the_trail_in_words(officer, citizen) -> None:
    services.record("test.accepted", subject=("dossier", 1), actor=officer, payload=DUE)
    services.record("test.noted", subject=("dossier", 1), actor=None, payload={"words": ["a", "b"]})
    events = selectors.events_for(officer, ("dossier", 1))
    assert [event.sentence for event in events] == ["Lương Văn An tiếp nhận hồ sơ, hẹn trả 16/04/2018", "Hệ thống ghi chú a, b lúc "]
    html = render_to_string("audit/trail.html", {"events": events})
    assert html.count("<li") == 2 and "Lương Văn An tiếp nhận hồ sơ" in html
    assert "Chưa có sự kiện" in render_to_string("audit/trail.html", {"events": []})


def test_an_applicant_sees_only_what_is_meant_for_applicants(officer, citizen) -> None:
    services.record("test.accepted", subject=("dossier", 1), actor=officer, payload=DUE)
    services.record("test.noted", subject=("dossier", 1), actor=officer, payload={"words": []})
    assert [event.verb for event in selectors.events_for(citizen, ("dossier", 1))] == ["test.accepted"]


def test_a_citizen_s_name_is_not_kept_but_shown_while_the_account_exists(citizen) -> None:
    event = services.record("test.accepted", subject=("dossier", 1), actor=citizen, payload=DUE)
    assert event.actor_label == "" and event.actor_name == "Nguyễn Thị Hoa"


def test_the_system_is_named_in_words() -> None:
    nightly = SimpleNamespace(user=None, label="system:nightly", unit_id=None)
    event = services.record("test.accepted", subject=("dossier", 1), actor=nightly, payload=DUE)
    assert (event.actor_label, event.actor_name) == ("system:nightly", "Hệ thống")


def test_the_whole_log_is_for_overseers(officer, citizen) -> None:
    services.record("test.accepted", subject=("dossier", 1), actor=officer, payload=DUE)
    roles = {"auditor": 1, "specialist": 0}
    for role, count in roles.items():
        reader = SimpleNamespace(is_system=False, has_role=lambda *names, role=role: role in names)
        assert selectors.log(reader).count() == count


def test_a_request_signs_the_row_history(rf: RequestFactory, citizen) -> None:
    def view(request):
        from django.http import HttpResponse

        Holiday.objects.create(date=date(2018, 1, 1), name="Tết Dương lịch", source="BLLĐ")
        return HttpResponse()

    request = rf.post("/lich/", headers={"X-Request-ID": "abcdef0123"})
    request.user = citizen.user
    response = HistoryContextMiddleware(view)(request)
    assert response["X-Request-ID"] == "abcdef0123"
    metadata = Holiday.pgh_event_model.objects.get().pgh_context.metadata
    assert metadata == {"url": "/lich/", "method": "POST", "request": "abcdef0123", "user": citizen.user.pk}
    assert HistoryContextMiddleware(lambda _request: response)(rf.get("/", headers={"X-Request-ID": "<x>"}))["X-Request-ID"] != "<x>"


def test_other_work_of_the_application_signs_by_process(monkeypatch) -> None:
    Holiday.objects.create(date=date(2018, 1, 1), name="Tết Dương lịch", source="BLLĐ")
    assert "process" in Holiday.pgh_event_model.objects.get().pgh_context.metadata
    monkeypatch.setattr("sys.argv", ["/usr/bin/manage", "--quiet", "load_profile", "Nguyễn Văn A"])
    assert process_name() == "manage load_profile"
    monkeypatch.setattr("sys.argv", ["manage", "0912345678"])
    assert process_name() == "manage"
