"""Everyone may look at the year of work; only an administrator changes it."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from sonha.foundation.calendar.models import Holiday
from sonha.foundation.organisations.models import Position, Unit
from sonha.testing.confirming import confirmed

pytestmark = pytest.mark.django_db
DAY = {"day": "2018-12-31", "kind": "holiday", "name": "Nghỉ hoán đổi", "source": "Thông báo hoán đổi"}


def official(role: str):
    user = get_user_model().objects.create_user(role, "x", kind="official", full_name=role)
    unit = Unit.objects.create(code=f"U.{role}", name="Sở", kind=Unit.Kind.DEPARTMENT, valid_from=date(2018, 1, 1))
    Position.objects.create(user=user, unit=unit, role=role, valid_from=date(2018, 1, 1))
    return user


def test_a_visitor_sees_the_year_and_no_form(client) -> None:
    Holiday.objects.create(date=date(2018, 12, 31), name="Nghỉ hoán đổi", source="Thông báo hoán đổi")
    Holiday.objects.create(date=date(2018, 1, 6), kind="workday", name="Làm bù", source="Thông báo", assumption=True)
    page = client.get(reverse("calendar:year"), {"nam": "2018"}).content.decode()
    assert "Lịch làm việc năm 2018" in page and "31/12/2018" in page and "chờ tỉnh xác nhận" in page
    assert page.count("day-off") == 2 and page.count("day-made_up") == 2  # legend and one day each
    assert "Khai báo một ngày" not in page
    assert client.get(reverse("calendar:year"), {"nam": "99999999"}).status_code == 200


def test_an_administrator_declares_and_takes_back_a_day(client) -> None:
    client.force_login(official("administrator"))
    page = confirmed(client, reverse("calendar:set_day"), DAY, follow=True).content.decode()
    assert "Đã khai báo ngày 31/12/2018" in page and "Khai báo một ngày" in page
    assert Holiday.objects.get().kind == "holiday"
    assert "Cần ghi tên ngày" in client.post(reverse("calendar:set_day"), DAY | {"source": " "}, follow=True).content.decode()
    confirmed(client, reverse("calendar:clear_day"), {"day": "2018-12-31"})
    assert not Holiday.objects.exists()
    assert "chưa được khai báo" in client.post(reverse("calendar:clear_day"), {"day": "2018-12-31"}, follow=True).content.decode()
    assert client.post(reverse("calendar:set_day"), DAY | {"day": "x"}).status_code == 400


@pytest.mark.parametrize("role", ["specialist", "leader", "auditor"])
def test_nobody_else_changes_the_calendar(client, role: str) -> None:
    client.force_login(official(role))
    assert client.post(reverse("calendar:set_day"), DAY).status_code == 403
    assert client.post(reverse("calendar:clear_day"), DAY).status_code == 403
    client.logout()
    assert client.post(reverse("calendar:set_day"), DAY).status_code == 403
    assert not Holiday.objects.exists()
