"""A session ends after fifteen minutes without a click, not before; and a password is kept and logged nowhere."""

import logging
import time
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from sonha.foundation.identity.models import User

pytestmark = pytest.mark.django_db
PASSWORD, WRONG = "mat-khau-that-cua-lan", "mat-khau-go-nham"
PAGE = "/thong-bao/"


class Clock:
    """The time as Django and the middleware read it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed = timedelta()
        now, seconds = timezone.now, time.time
        monkeypatch.setattr(timezone, "now", lambda: self.of(now()))
        monkeypatch.setattr(time, "time", lambda: seconds() + self.passed.total_seconds())

    def of(self, moment: datetime) -> datetime:
        return moment + self.passed

    def wait(self, minutes: float) -> None:
        self.passed += timedelta(minutes=minutes)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def lan() -> User:
    return User.objects.create_user("lan", PASSWORD, full_name="Nông Thị Lan")


@pytest.fixture
def signed_in(client: Client, lan: User) -> Client:
    client.post("/tai-khoan/login/", {"login": "lan", "password": PASSWORD})
    assert client.get(PAGE).status_code == 200
    return client


def test_fourteen_minutes_are_not_too_long(signed_in: Client, clock: Clock) -> None:
    clock.wait(14)
    assert signed_in.get(PAGE).status_code == 200


def test_fifteen_minutes_without_a_click_end_the_session(signed_in: Client, clock: Clock) -> None:
    clock.wait(15.1)
    answer = signed_in.get(PAGE)
    assert answer.status_code == 302 and answer["Location"].startswith("/tai-khoan/login/")
    assert signed_in.get("/thong-bao/chuong/").status_code == 204, "the page's own polling does not wake it again"


def test_a_page_left_open_does_not_keep_the_session_alive(signed_in: Client, clock: Clock) -> None:
    """The base page asks for the number of messages every minute."""
    for _minute in range(16):
        clock.wait(1)
        signed_in.get("/thong-bao/chuong/")
    assert signed_in.get(PAGE).status_code == 302


def test_who_goes_on_working_stays_signed_in(signed_in: Client, clock: Clock) -> None:
    for _turn in range(6):
        clock.wait(10)
        assert signed_in.get(PAGE).status_code == 200
    clock.wait(15.1)
    assert signed_in.get(PAGE).status_code == 302


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(signed_in: Client) -> None:
    stolen = {name: morsel.value for name, morsel in signed_in.cookies.items()}
    signed_in.post("/tai-khoan/logout/")
    thief = Client()
    thief.cookies.load(stolen)
    assert thief.get(PAGE).status_code == 302
    assert not Session.objects.filter(expire_date__gt=timezone.now(), session_key__in=stolen.values()).exists()


def test_a_password_is_logged_and_kept_nowhere(client: Client, lan: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for attempt in [WRONG] * 6 + [PASSWORD]:
        client.post("/tai-khoan/login/", {"login": "lan", "password": attempt})
    Client().post("/tai-khoan/login/", {"login": PASSWORD, "password": ""})
    assert PASSWORD not in caplog.text and WRONG not in caplog.text
    assert found_in_tables(PASSWORD) <= {"axes_accessattempt.username"}, "only who types it as the name finds it there"
    assert found_in_tables(WRONG) == set()


def found_in_tables(text: str) -> set[str]:
    """Columns of text or JSON in which the words stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb')"
        )
        columns = cursor.fetchall()
        found = set()
        for table, column in columns:
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s LIMIT 1', [f"%{text}%"])
            if cursor.fetchone():
                found.add(f"{table}.{column}")
    return found
