"""The status document: complete, plain, and honest about what ails."""

import json
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from sonha.foundation.identity.models import User
from sonha.operations.health import status

pytestmark = pytest.mark.django_db


def test_every_section_has_plain_values() -> None:
    document = status.collect()
    assert json.loads(json.dumps(document)) == document
    assert {"at", "mode", "healthy", *status.SECTIONS} <= set(document)
    assert not [name for name in status.SECTIONS if "error" in document[name]], "no section failed"
    assert document["versions"]["postgis"]
    assert document["database"]["pending_migrations"] == 0
    assert document["procedures"]["total"] == 0
    assert document["audit"] | {"seconds": 0, "links": 0, "rows": 0} == {
        "links": 0, "seals": 0, "rows": 0, "verifies": True, "first_broken": None, "seconds": 0,
    }  # fmt: skip
    assert document["healthy"]


def test_accounts_are_counted_by_kind() -> None:
    before = status.accounts()["total"]
    User.objects.create(username="hoa", full_name="Nguyễn Thị Hoa", is_demo=True)
    User.objects.create(username="nam", full_name="Lò Văn Nam", kind=User.Kind.OFFICIAL, is_active=False)
    counted = status.accounts()
    assert counted["total"] == before + 2
    assert counted["by_kind"]["citizen"] >= 1
    assert counted["demonstration"] == 1


def test_officials_who_sign_in_with_a_password_alone_are_counted() -> None:
    before = status.accounts()["officials_without_second_factor"]
    guarded = User.objects.create(username="minh", full_name="Hoàng Văn Minh", kind=User.Kind.OFFICIAL)
    User.objects.create(username="yen", full_name="Lý Thị Yến", kind=User.Kind.OFFICIAL)
    Authenticator.objects.create(user=guarded, type=Authenticator.Type.TOTP, data={})
    assert status.accounts()["officials_without_second_factor"] == before + 1


def test_a_sick_section_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise RuntimeError("no register")

    monkeypatch.setattr(status, "SECTIONS", {**status.SECTIONS, "permits": fails})
    document = status.collect()
    assert document["permits"] == {"error": "RuntimeError: no register"}
    assert document["dossiers"]["total"] == 0
    assert not document["healthy"]


def test_the_command_ends_with_an_error_code_when_something_ails(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    call_command("status", "--json", stdout=out)
    assert json.loads(out.getvalue())["healthy"]
    monkeypatch.setattr(status, "SECTIONS", {**status.SECTIONS, "queue": lambda: 1 / 0})
    with pytest.raises(SystemExit):
        call_command("status", stdout=StringIO())
