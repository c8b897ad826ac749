"""Auditors read the whole log; nobody else gets the page."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from sonha.foundation.audit import services, verbs
from sonha.foundation.audit.models import Check
from sonha.foundation.organisations.models import Position, Unit

pytestmark = pytest.mark.django_db
verbs.register("test.counted", "{actor} đếm {n}", n=int)


def official(role: str):
    user = get_user_model().objects.create_user(role, "x", kind="official", full_name=role)
    unit = Unit.objects.create(code=f"U.{role}", name="Sở", kind=Unit.Kind.DEPARTMENT, valid_from=date(2018, 1, 1))
    Position.objects.create(user=user, unit=unit, role=role, valid_from=date(2018, 1, 1))
    return user


@pytest.fixture
def log() -> None:
    for n in range(55):
        services.record(
            "test.counted", subject=("thing", "ab"[n % 2]), actor=None, payload={"n": n}, at=datetime(2018, 3, 1 + n % 28, tzinfo=UTC)
        )


def test_an_auditor_pages_and_filters(client, log) -> None:
    client.force_login(official("auditor"))
    address = reverse("audit:log")
    first = client.get(address)
    page = first.content.decode()
    assert "Hệ thống đếm 54<" in page and "Hệ thống đếm 4<" not in page and "chưa có lần kiểm tra nào" in page
    older = client.get(address, {"truoc": first.context["more"]}).content.decode()
    assert "Hệ thống đếm 4<" in older and "Hệ thống đếm 54<" not in older
    assert len(client.get(address, {"loai": "thing", "ma": "a"}).context["events"]) == 28
    assert len(client.get(address, {"tu": "2018-03-02", "den": "2018-03-02"}).context["events"]) == 2
    assert client.get(address, {"tu": "x", "den": "9999-12-31", "truoc": "9" * 30, "ma": "\x00"}).status_code == 200


def test_the_page_says_whether_the_log_is_whole(client) -> None:
    client.force_login(official("administrator"))
    Check.objects.create(ok=True, links=7, seals=2, rows=1, seconds=0.1)
    assert "nhật ký nguyên vẹn, 7 sự kiện, 2 niêm phong" in client.get(reverse("audit:log")).content.decode()
    Check.objects.create(ok=False, links=7, seals=2, rows=1, broken=["thing:a số 2"], seconds=0.1)
    assert "KHÔNG còn nguyên vẹn. Chỗ đầu tiên: thing:a số 2" in client.get(reverse("audit:log")).content.decode()


@pytest.mark.parametrize("role", ["specialist", "leader", "receptionist"])
def test_others_do_not_get_the_page(client, log, role: str) -> None:
    assert client.get(reverse("audit:log")).status_code == 302
    client.force_login(official(role))
    assert client.get(reverse("audit:log")).status_code == 403
