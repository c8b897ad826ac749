"""A citizen lets another file for them, for a time, and takes it back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity import services
from sonha.foundation.identity.errors import Refused
from sonha.foundation.identity.models import Party, Representation, User

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def person(name: str, number: str) -> User:
    party = Party.objects.create(kind="person", name=name, personal_id=number)
    return User.objects.create_user(name.split()[-1].lower(), None, full_name=name, party=party, email=f"{number}@example.vn")


@pytest.fixture
def mui() -> User:
    return person("Vi Thị Mui", "020143000567")


@pytest.fixture
def duc() -> User:
    return person("Hoàng Minh Duc", "020092003456")


def grant(owner: User, whom: str, days: int | None = 30, start: int = 0) -> Representation:
    assert owner.party is not None
    end = None if days is None else TODAY() + timedelta(days=days)
    return services.grant_representation(
        Actor.of(owner), owner.party, whom, valid_from=TODAY() + timedelta(days=start), valid_to=end, basis="Hợp đồng uỷ quyền"
    )


@pytest.mark.parametrize("whom", ["duc", "DUC", "020092003456@example.vn", "020092003456"])
def test_who_was_granted_may_act_until_the_last_day(mui: User, duc: User, whom: str) -> None:
    grant(mui, whom)
    assert mui.party_id in Actor.of(duc).party_ids
    assert mui.party_id in Actor.of(duc, day=TODAY() + timedelta(days=30)).party_ids
    assert mui.party_id not in Actor.of(duc, day=TODAY() + timedelta(days=31)).party_ids


def test_either_side_ends_it_at_once_and_it_may_be_granted_anew(mui: User, duc: User) -> None:
    services.end_representation(Actor.of(mui), grant(mui, "duc").pk)
    assert mui.party_id not in Actor.of(duc).party_ids
    services.end_representation(Actor.of(duc), grant(mui, "duc").pk)
    assert mui.party_id not in Actor.of(duc).party_ids
    assert Representation.objects.count() == 2, "ended, not deleted"


def test_nobody_else_ends_it(mui: User, duc: User) -> None:
    granted = grant(mui, "duc")
    stranger = person("Nông Văn La", "020090111222")
    with pytest.raises(LookupError):
        services.end_representation(Actor.of(stranger), granted.pk)


def test_a_proxy_cannot_hand_the_right_on_but_a_director_can(mui: User, duc: User) -> None:
    grant(mui, "duc")
    company = Party.objects.create(kind="business", name="Công ty", tax_code="0100233488")
    Representation.objects.create(party=company, user=duc, kind="legal", valid_from=TODAY())
    assert set(services.grantable_parties(Actor.of(duc))) == {duc.party, company}
    with pytest.raises(Refused):
        services.grant_representation(Actor.of(duc), mui.party, "mui", valid_from=TODAY(), valid_to=None, basis="")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("whom", "start", "days", "sentence"),
    [
        ("khong-co", 0, 30, "Không tìm thấy"),
        ("mui", 0, 30, "cho chính mình"),
        ("duc", -1, 30, "không được trước hôm nay"),
        ("duc", 5, 4, "từ ngày bắt đầu"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(mui: User, duc: User, whom: str, start: int, days: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        grant(mui, whom, days, start)


def test_the_same_right_is_not_given_twice(mui: User, duc: User) -> None:
    grant(mui, "duc", None)
    with pytest.raises(Refused, match="đang được nộp thay"):
        grant(mui, "duc", 5, start=1)


def test_both_sides_see_it_on_their_page(client: Client, mui: User, duc: User) -> None:
    client.force_login(mui)
    said = {"party": mui.party_id, "account": "duc", "valid_from": TODAY().isoformat(), "valid_to": "", "basis": "Giấy uỷ quyền số 1"}
    page = client.post(reverse("representations"), said, follow=True).content.decode()
    assert "Hoàng Minh Duc" in page and "Chấm dứt uỷ quyền" in page
    refused = client.post(reverse("representations"), said)
    assert refused.status_code == 422 and "Giấy uỷ quyền số 1" in refused.content.decode(), "what was typed stays"
    client.force_login(duc)
    assert "Vi Thị Mui" in client.get(reverse("representations")).content.decode()


def test_one_may_take_away_what_is_kept_of_oneself_and_nothing_of_others(client: Client, mui: User, duc: User) -> None:
    grant(mui, "duc")
    client.force_login(mui)
    said = client.get(reverse("own_data")).json()
    assert said["person"]["personal_id"] == "020143000567" and said["representations"][0]["by"] == "Hoàng Minh Duc"
    client.force_login(duc)
    text = client.get(reverse("own_data")).content.decode()
    assert "Vi Thị Mui" in text and "020143000567" not in text
