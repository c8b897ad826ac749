"""Signing in: wrong passwords, sessions that ended, second factors, and every page in our words."""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sonha.foundation.identity.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "nui-song-2026"


@pytest.fixture
def mai() -> User:
    return User.objects.create_user("mai.nong", PASSWORD, full_name="Nông Thị Mai", email="mai@example.vn")


def sign_in(client: Client, name: str = "mai.nong", password: str = PASSWORD, **query: str):  # type: ignore[no-untyped-def]
    return client.post(reverse("account_login"), {"login": name, "password": password, **query})


def totp(secret: str) -> str:
    """The code of RFC 6238 that a telephone shows now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_by_name_or_by_address_and_on_to_the_page_asked_for(client: Client, mai: User) -> None:
    asked = client.get(reverse("representations"))
    assert asked["Location"].startswith(reverse("account_login"))
    assert sign_in(client, "mai@example.vn", next=reverse("representations"))["Location"] == reverse("representations")


def test_five_wrong_passwords_lock_the_account_and_the_page_says_until_when(client: Client, mai: User) -> None:
    for attempt in range(4):
        answer = sign_in(client, "Mai.Nong" if attempt % 2 else "mai@example.vn", "sai")
        assert answer.status_code == 200 and "Tên đăng nhập hoặc mật khẩu không đúng" in answer.content.decode()
    locked = sign_in(client, password="sai")
    until = timezone.localtime(timezone.now() + timedelta(minutes=15))
    assert locked.status_code == 429 and re.search(
        rf"<strong>({until:%H:%M}|{until - timedelta(minutes=1):%H:%M})</strong>", locked.content.decode()
    )
    assert reverse("account_reset_password") in locked.content.decode()
    assert sign_in(client).status_code == 429, "the right password does not help while it is locked"


def test_who_can_read_the_mail_need_not_wait(client: Client, mai: User) -> None:
    for _attempt in range(5):
        sign_in(client, password="sai")
    client.post(reverse("account_reset_password"), {"email": mai.email})
    letter = mail.outbox[-1]
    assert letter.subject == "[Sơn Hà] Đặt lại mật khẩu" and "Tên đăng nhập của ông/bà: mai.nong" in letter.body
    page = client.get(re.search(r"https?://\S+(/tai-khoan/\S+)", letter.body)[1], follow=True)  # type: ignore[index]
    done = client.post(page.request["PATH_INFO"], {"password1": "moi-han-2026", "password2": "moi-han-2026"}, follow=True)
    assert "Đã đặt mật khẩu mới" in done.content.decode()
    assert sign_in(client, password="moi-han-2026").status_code == 302


def test_a_session_that_ended_by_itself_is_explained(client: Client, mai: User) -> None:
    sign_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    page = client.get(reverse("representations"), follow=True)
    assert "Phiên làm việc đã tự kết thúc vì quá 15 phút" in page.content.decode()
    assert f'value="{reverse("representations")}"' in page.content.decode()
    client.cookies.clear()
    assert "tự kết thúc" not in client.get(reverse("representations"), follow=True).content.decode(), "a newcomer had no session"


def test_an_authenticator_app_is_set_up_and_asked_for(client: Client, mai: User) -> None:
    sign_in(client)
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate")), "the password once more"
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "data:image/svg+xml;base64," in page
    secret = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page)[1]  # type: ignore[index]
    assert "Mã không đúng" in client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    assert client.post(reverse("mfa_activate_totp"), {"code": totp(secret)}).status_code == 302
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept and kept.startswith("fernet:"), "the secret is not in the database in clear"
    client.post(reverse("account_logout"))
    assert sign_in(client)["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("representations"))["Location"].startswith(reverse("account_login")), "not yet in"
    recovery = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()[0]  # type: ignore[attr-defined]
    assert client.post(reverse("mfa_authenticate"), {"code": recovery}).status_code == 302
    assert client.get(reverse("representations")).status_code == 200


def test_officials_need_a_second_factor_where_the_work_is_real(client: Client, mai: User, settings: Any) -> None:
    settings.SONHA_OFFICIALS_NEED_MFA = True
    client.force_login(mai)
    assert client.get("/").status_code == 200, "citizens may, but need not"
    User.objects.filter(pk=mai.pk).update(kind="official")
    asked = client.get("/", follow=True)
    assert asked.redirect_chain == [(reverse("mfa_index"), 302)] and "Cán bộ phải bật một lớp xác thực thứ hai" in asked.content.decode()


ENGLISH = re.compile(
    r"\b(Password|Email address|Sign|Account|Confirm|Change|Remove|Code|Please|You|Your|Two-Factor|Security|Recovery|Session)\b"
)
OPEN = ("account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done",
        "account_inactive", "account_email_verification_sent")  # fmt: skip
OWN = ("account", "representations", "account_email", "account_change_password", "account_logout", "mfa_index", "usersessions_list",
       "account_reauthenticate")  # fmt: skip
SAFE = ("mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn")


def words(page: str) -> str:
    """What a person reads: without scripts and tags."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<script.*?</script>", " ", main))


def test_every_page_of_signing_in_is_ours_and_in_vietnamese(client: Client, mai: User) -> None:
    pages = [(name, client.get(reverse(name))) for name in OPEN]
    pages.append(("bad link", client.get(reverse("account_reset_password_from_key", args=["x", "y"]))))
    pages.append(("bad address", client.get(reverse("account_confirm_email", args=["zz"]))))
    sign_in(client)
    pages += [(name, client.get(reverse(name))) for name in OWN]
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    pages += [(name, client.get(reverse(name))) for name in SAFE]
    for name, page in pages:
        assert page.status_code == 200, name
        text = page.content.decode()
        assert 'class="masthead"' in text, f"{name} has our head"
        assert not (found := ENGLISH.search(words(text))), f"{name}: {found and found[0]}"


def test_letters_say_what_changed_in_vietnamese(client: Client, mai: User) -> None:
    sign_in(client)
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "moi-han-2026", "password2": "moi-han-2026"})
    client.post(reverse("account_email"), {"action_add": "", "email": "khac@example.vn"})
    subjects = {letter.subject for letter in mail.outbox}
    assert subjects >= {"[Sơn Hà] Xin xác nhận địa chỉ thư điện tử"}
    assert not any(ENGLISH.search(letter.body) for letter in mail.outbox)
