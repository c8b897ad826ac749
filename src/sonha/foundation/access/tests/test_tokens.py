"""A person makes a token for a program, sees it once, and ends it."""

import re

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from sonha.foundation.access.tokens import MOST, TokenRefused, find_token, issue_token, usable
from sonha.foundation.audit.models import Event
from sonha.foundation.identity.models import ApiToken, User

pytestmark = pytest.mark.django_db
PAGE = "/tai-khoan/ma-truy-cap/"


@pytest.fixture
def lan() -> User:
    return User.objects.create_user("lan", "mat-khau-dai", full_name="Nông Thị Lan")


def test_a_token_is_shown_once_and_can_be_revoked(client: Client, lan: User) -> None:
    client.force_login(lan)
    made = client.post(PAGE, {"name": "Kế toán Mẫu Sơn", "scope": "write", "days": "30"})
    assert made.status_code == 200 and "no-store" in made["Cache-Control"]
    shown = re.search(r'value="(sonha_[\w-]+)"', made.content.decode())
    assert shown
    token = find_token(shown[1])
    assert token and token.user == lan and token.scope == "write"
    assert 29 <= (token.expires_at - timezone.now()).days <= 30

    again = client.get(PAGE).content.decode()
    assert "Kế toán Mẫu Sơn" in again and shown[1] not in again
    assert client.post(f"{PAGE}{token.pk}/thu-hoi/").status_code == 302
    assert find_token(shown[1]) is None and "Kế toán Mẫu Sơn" not in client.get(PAGE).content.decode()
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["token.issued", "token.revoked"]


def test_sending_the_form_twice_makes_one_token(client: Client, lan: User) -> None:
    client.force_login(lan)
    form = {"name": "Đồng bộ", "scope": "read", "days": "90"}
    assert client.post(PAGE, form).status_code == 200
    second = client.post(PAGE, form)
    assert second.status_code == 422 and "Đồng bộ" in second.content.decode() and ApiToken.objects.count() == 1


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(client: Client, lan: User) -> None:
    client.force_login(lan)
    answer = client.post(PAGE, {"name": "Thử", "scope": "everything", "days": "9999"})
    assert answer.status_code == 422 and 'value="Thử"' in answer.content.decode() and not ApiToken.objects.exists()


def test_nobody_sees_or_ends_the_tokens_of_others(client: Client, lan: User) -> None:
    issue_token(lan, "của Lan")
    client.force_login(User.objects.create_user("bao", "mat-khau-dai", full_name="Lương Văn Bảo"))
    assert "của Lan" not in client.get(PAGE).content.decode()
    client.post(f"{PAGE}{ApiToken.objects.get().pk}/thu-hoi/")
    assert ApiToken.objects.get().revoked_at is None
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_an_account_has_a_bounded_number_of_tokens(lan: User) -> None:
    for number in range(MOST):
        issue_token(lan, f"mã {number}")
    with pytest.raises(TokenRefused):
        issue_token(lan, "một mã nữa")
    assert usable(lan).count() == MOST


def test_an_official_without_a_second_factor_gets_no_token_where_one_is_required(client: Client) -> None:
    officer = User.objects.create_user("can-bo", "mat-khau-dai", full_name="Vi Văn Thành", kind="official")
    token = issue_token(officer, "trước khi bắt buộc")
    client.force_login(officer)
    with override_settings(SONHA_OFFICIALS_NEED_MFA=True):
        assert client.get(PAGE).status_code == 302
        assert client.post(PAGE, {"name": "x", "scope": "read", "days": "30"}).status_code == 302
        assert Client().get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 401
        by_session = client.get("/api/v1/me")
        assert by_session.status_code == 403 and "hai lớp" in by_session.json()["detail"]
    assert ApiToken.objects.count() == 1
