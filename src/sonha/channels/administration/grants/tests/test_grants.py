"""Grants as an administrator keeps them: seen in words before they are saved, effective at once, taken back."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit import undo
from sonha.registry.grants.models import RegisterGrant
from sonha.registry.grants.rights import rights
from sonha.registry.records.selectors import records
from sonha.registry.records.services import Basis, changing
from sonha.services.dossiers.tests.people import official
from sonha.testing.confirming import confirmed
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells

ADD = "/quan-tri/quyen-so/them/"


@pytest.fixture
def admin(lang_son: Any, client: Client) -> Client:
    client.force_login(official("administrator", "STNMT").user)  # type: ignore[arg-type]
    with changing("example_wells", Actor.system("test"), Basis("decision", number="1/QĐ"), kind="add") as change:
        for code, secret in (("G-1", False), ("G-2", True)):
            place = Point(450_000, 2_420_000, srid=9215)
            change.add(ExampleWell, code=code, use="home", depth="10.0", owner_name="Nông Thị Lan", geometry=place, is_secret=secret)
    return client


def typed(**values: Any) -> dict[str, Any]:
    said = {"register": "example_wells", "audience": "clerk", "level": "1", "source": "Quyết định 12/QĐ-STNMT", "personal": "on"}
    return {**said, **values}


def codes(actor: Actor) -> list[str]:
    return sorted(each.code for each in records(actor, ExampleWells))


def test_a_grant_is_read_in_words_then_saved_then_effective(admin: Client) -> None:
    clerk = official("clerk", "STNMT")
    assert "owner_name" not in rights(clerk, ExampleWells).fields()
    page = admin.post(ADD, typed())
    assert page.status_code == 200 and "Thấy cả dữ liệu cá nhân" in page.content.decode()
    assert not RegisterGrant.objects.filter(declared=False).exists(), "seen, not saved"
    assert confirmed(admin, ADD, typed()).status_code == 302
    assert "owner_name" in rights(clerk, ExampleWells).fields()
    assert codes(clerk) == ["G-1"], "secret rows need a grant of their own"


def test_a_removed_grant_ends_at_once_and_can_be_taken_back(admin: Client) -> None:
    specialist = official("specialist", "STNMT.NUOC")
    grant = RegisterGrant.objects.get(register="example_wells", audience="specialist")
    assert rights(specialist, ExampleWells).edits
    confirmed(admin, f"/quan-tri/quyen-so/{grant.pk}/", {"remove": "1"})
    assert not rights(specialist, ExampleWells).edits
    actor = official("administrator", "STNMT")
    newest = undo.changes(actor, "quyen-so", row=grant.pk, limit=1)[0]
    admin.post(f"/quan-tri/thay-doi/quyen-so/{newest.number}/", {"note": "nhầm"})
    assert rights(specialist, ExampleWells).edits


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"audience": "everybody", "everywhere": "on"}, "không được mở cho mọi người"),
        ({"audience": "everybody", "everywhere": "on", "personal": ""}, "Hãy chọn các trường được công khai"),
        ({"audience": "signed_in", "level": "3", "personal": "", "everywhere": "on"}, "Chỉ cán bộ giữ một vị trí"),
        ({"fields_shown": "code, colour"}, "không có trường: colour"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "Ngày cuối phải từ ngày đầu"),
        ({"username": "khong-co-ai"}, "Không có tài khoản nào"),
        ({"source": ""}, "bắt buộc"),
    ],
)
def test_what_must_not_be_granted_is_said_at_the_field_and_nothing_is_lost(admin: Client, values: dict[str, str], said: str) -> None:
    page = confirmed(admin, ADD, {**typed(), **values})
    assert page.status_code == 422
    assert said in page.content.decode()
    assert {**typed(), **values}["source"] in page.content.decode(), "what was typed is still there"
    assert not RegisterGrant.objects.filter(declared=False).exists()
