"""Positions are given for a time, refused in words when they do not fit, and ended, never deleted; colleagues stand in for each other."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.identity.errors import NotAllowed, Refused
from sonha.foundation.identity.models import User
from sonha.foundation.organisations import people, services
from sonha.foundation.organisations.models import Position, Substitution, Unit

pytestmark = pytest.mark.django_db
SINCE = date(2020, 1, 1)


def today() -> date:
    return timezone.localdate()


def official(name: str, *posts: tuple[str, Unit]) -> User:
    user = User.objects.create_user(name, None, full_name=name.title(), kind="official", email=f"{name}@example.vn")
    for role, unit in posts:
        Position.objects.create(user=user, unit=unit, role=role, valid_from=SINCE)
    return user


@pytest.fixture
def water() -> Unit:
    department = Unit.objects.create(code="STNMT", name="Sở Tài nguyên và Môi trường", kind="department", is_agency=True)
    return Unit.objects.create(code="STNMT.NUOC", name="Phòng Tài nguyên nước", kind="division", parent=department)


@pytest.fixture
def admin(water: Unit) -> Actor:
    return Actor.of(official("quan tri", ("administrator", water.parent)))  # type: ignore[arg-type]


DAYS = st.dates(date(2024, 1, 1), date(2024, 3, 1))
PERIODS = st.tuples(DAYS, st.none() | DAYS).filter(lambda period: period[1] is None or period[1] >= period[0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=PERIODS, second=PERIODS)
def test_two_periods_overlap_exactly_when_they_share_a_day(
    water: Unit, first: tuple[date, date | None], second: tuple[date, date | None]
) -> None:
    far = date(2025, 1, 1)
    days = [{begin + timedelta(days=n) for n in range(((end or far) - begin).days + 1)} for begin, end in (first, second)]
    an, _created = User.objects.get_or_create(username="an", kind="official")
    Position.objects.filter(user=an).delete()
    Position.objects.create(user=an, unit=water, role="specialist", valid_from=first[0], valid_to=first[1])
    assert services.overlapping(Position.objects.filter(user=an), *second).exists() == bool(days[0] & days[1])


def test_the_same_post_twice_at_a_time_is_refused_and_afterwards_not(admin: Actor, water: Unit) -> None:
    an = official("an")
    services.assign_position(admin, an, water, "specialist", title="Chuyên viên", valid_from=SINCE, valid_to=date(2024, 12, 31))
    with pytest.raises(Refused, match=r"đã giữ vai trò Chuyên viên tại Phòng Tài nguyên nước từ 01/01/2020 đến 31/12/2024"):
        services.assign_position(admin, an, water, "specialist", title="", valid_from=date(2024, 12, 31))
    services.assign_position(admin, an, water, "specialist", title="", valid_from=date(2025, 1, 1))
    services.assign_position(admin, an, water, "head", title="Trưởng phòng", valid_from=date(2024, 6, 1))
    assert Event.objects.filter(verb="position.assigned").count() == 3


def test_a_unit_that_has_ended_takes_nobody(admin: Actor, water: Unit) -> None:
    Unit.objects.filter(pk=water.pk).update(valid_to=date(2025, 2, 28))
    water.refresh_from_db()
    with pytest.raises(Refused, match="không tồn tại trong cả thời gian này"):
        services.assign_position(admin, official("an"), water, "specialist", title="", valid_from=SINCE)


def test_ending_a_position_keeps_the_row_and_takes_the_power(admin: Actor, water: Unit) -> None:
    an = official("an", ("specialist", water))
    position = an.positions.get()
    services.end_position(admin, position, today() - timedelta(days=1))
    assert not Actor.of(an).posts and Actor.of(an, day=today() - timedelta(days=1)).posts
    with pytest.raises(Refused, match="đã kết thúc"):
        services.end_position(admin, position, today())


def test_the_last_administrator_stays(admin: Actor) -> None:
    assert admin.user is not None
    with pytest.raises(Refused, match="ít nhất một quản trị"):
        services.end_position(admin, admin.user.positions.get(), today())


def test_only_administrators_give_positions(water: Unit) -> None:
    head = Actor.of(official("binh", ("head", water)))
    with pytest.raises(NotAllowed):
        services.assign_position(head, official("an"), water, "specialist", title="", valid_from=SINCE)


def away(actor: Actor, absent: User, substitute: User, days: int = 5, start: int = 0) -> Substitution:
    first = today() + timedelta(days=start)
    return services.arrange_substitution(
        actor, absent, substitute, valid_from=first, valid_to=first + timedelta(days=days), reason="Nghỉ phép"
    )


def test_a_substitute_acts_for_the_absent_until_called_off(water: Unit) -> None:
    an, binh = official("an", ("specialist", water)), official("binh", ("head", water))
    row = away(Actor.of(an), an, binh)
    assert [post.for_user_id for post in Actor.of(binh).posts] == [None, an.pk]
    services.end_substitution(Actor.of(an), row)
    assert [post.for_user_id for post in Actor.of(binh).posts] == [None]
    assert Event.objects.filter(verb__startswith="substitution.").count() == 2


def test_a_head_enters_leave_for_the_own_division_only(water: Unit) -> None:
    an, binh = official("an", ("specialist", water)), official("binh", ("head", water))
    mines = Unit.objects.create(code="STNMT.KS", name="Phòng Khoáng sản", kind="division", parent=water.parent)
    other, leader = official("cuong", ("head", mines)), official("dung", ("leader", water.parent))  # type: ignore[arg-type]
    away(Actor.of(binh), an, leader)
    with pytest.raises(NotAllowed):
        away(Actor.of(other), an, leader, start=20)
    away(Actor.of(leader), an, binh, start=20)
    assert set(people.may_be_absent(Actor.of(other))) == {other}
    assert set(people.may_be_absent(Actor.of(leader))) == {an, binh, other, leader}


@pytest.mark.parametrize(("who", "sentence"), [("an", "người khác"), ("citizen", "cán bộ đang làm việc"), ("away", "cũng vắng mặt")])
def test_a_substitute_who_cannot_is_refused(water: Unit, who: str, sentence: str) -> None:
    an, binh, chi = (official(name, ("specialist", water)) for name in ("an", "binh", "chi"))
    away(Actor.of(binh), binh, chi)
    substitute = {"an": an, "citizen": User.objects.create_user("dan", None, full_name="Dân"), "away": binh}[who]
    with pytest.raises(Refused, match=sentence):
        away(Actor.of(an), an, substitute)


def test_two_substitutes_at_once_are_refused(water: Unit) -> None:
    an, binh, chi = (official(name, ("specialist", water)) for name in ("an", "binh", "chi"))
    away(Actor.of(an), an, binh)
    with pytest.raises(Refused, match="Binh đã được phân công thay"):
        away(Actor.of(an), an, chi, start=5)
    away(Actor.of(an), an, chi, start=6)


def test_the_page_of_leave_is_for_officials_and_tells_both(client: Client, water: Unit) -> None:
    an, binh = official("an", ("specialist", water)), official("binh", ("specialist", water))
    client.force_login(an)
    said = {
        "absent": an.pk,
        "substitute": binh.pk,
        "valid_from": today().isoformat(),
        "valid_to": today().isoformat(),
        "reason": "Đi công tác",
    }
    assert "Đang thay" in client.post(reverse("absences"), said, follow=True).content.decode()
    assert client.post(reverse("absences"), said).status_code == 422
    client.force_login(binh)
    assert "Đi công tác" in client.get(reverse("absences")).content.decode()
    row = Substitution.objects.get()
    assert client.post(reverse("end_absence", args=[row.pk])).status_code == 403, "a substitute does not call it off"
    client.force_login(User.objects.create_user("dan", None, full_name="Dân"))
    assert client.get(reverse("absences")).status_code == 403
    assert client.post(reverse("end_absence", args=[row.pk])).status_code == 404
