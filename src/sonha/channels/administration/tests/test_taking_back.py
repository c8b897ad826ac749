"""Lists that administrators keep: edited in the interface, every change seen and taken back, and the taking back too."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit import undo
from sonha.foundation.audit.models import Event
from sonha.foundation.audit.verification import verify
from sonha.foundation.calendar import services as calendar
from sonha.foundation.calendar.models import Holiday
from sonha.foundation.organisations.models import Unit
from sonha.process.cases.models import ReminderRule
from sonha.services.dossiers.tests.people import official
from sonha.services.handling.models import Sentence
from sonha.testing.confirming import confirmed

pytestmark = pytest.mark.usefixtures("lang_son")


def browsing(actor: Actor) -> Client:
    assert actor.user
    client = Client()
    client.force_login(actor.user)
    return client


@pytest.fixture
def administrator() -> Actor:
    return official("administrator", "UBND")


def latest(actor: Actor, key: str) -> undo.Change:
    return undo.changes(actor, key, limit=1)[0]


def test_a_sentence_is_added_changed_removed_and_each_of_it_taken_back(administrator: Actor) -> None:
    client = browsing(administrator)
    page, said = reverse("administration:sentence_add"), {"use": "refusal", "text": "Không đúng đối tượng.", "order": "4"}
    assert confirmed(client, page, said).status_code == 302
    sentence = Sentence.objects.get(text=said["text"])
    change = reverse("administration:sentence", args=[sentence.pk])
    confirmed(client, change, {**said, "text": "Không đúng đối tượng áp dụng."})
    first, second = undo.changes(administrator, "cau-mau", row=sentence.pk)[::-1]
    assert undo.differing(undo.lists()["cau-mau"], second) == [("Câu mẫu", said["text"], "Không đúng đối tượng áp dụng.")]
    assert (first.kind, second.kind, second.user_id) == ("added", "changed", administrator.user_id)

    early = client.post(reverse("administration:change", args=["cau-mau", first.number]))
    assert early.status_code == 409 and "sửa lần nữa" in early.content.decode(), "what a later change stands upon stays"
    client.post(reverse("administration:change", args=["cau-mau", second.number]))
    sentence.refresh_from_db()
    assert sentence.text == said["text"]
    client.post(reverse("administration:change", args=["cau-mau", latest(administrator, "cau-mau").number]))
    sentence.refresh_from_db()
    assert sentence.text == "Không đúng đối tượng áp dụng.", "taking back is itself taken back"

    confirmed(client, change, {"remove": "1"})
    assert not Sentence.objects.filter(pk=sentence.pk).exists()
    client.post(reverse("administration:change", args=["cau-mau", latest(administrator, "cau-mau").number]))
    assert Sentence.objects.get(pk=sentence.pk).text == "Không đúng đối tượng áp dụng.", "the same row is back"
    assert Event.objects.filter(verb="configuration.taken_back").count() == 3
    assert verify().ok, "rows, history and log agree"


def test_units_rules_and_days_are_changed_and_taken_back_with_what_follows(administrator: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    client, told = browsing(administrator), list[list[date]]()
    unit = Unit.objects.get(code="STNMT.NUOC")
    address = reverse("administration:unit", args=[unit.pk])
    assert confirmed(client, address, {"name": "Phòng Nước", "email": "không phải thư"}).status_code == 422
    assert confirmed(client, address, {"name": "Phòng Nước", "valid_to": "2026-12-31"}).status_code in {302, 422}
    unit.refresh_from_db()
    name = unit.name
    confirmed(client, address, {"name": "Phòng Nước và Biển", "phone": "02053812345"})
    new = {"code": "kho", "kind": "division", "name": "Kho tư liệu", "valid_from": "2026-11-01"}
    assert confirmed(client, reverse("administration:unit_add", args=[unit.pk]), new).status_code == 302
    below = Unit.objects.get(code="STNMT.NUOC.KHO")
    assert below.path == unit.path + "STNMT.NUOC.KHO/" and below.level == unit.level
    assert confirmed(client, reverse("administration:unit_add", args=[unit.pk]), new).status_code == 422, "a code is given once"
    added, renamed = undo.changes(administrator, "don-vi", limit=2)
    assert (added.row, renamed.row) == (below.pk, unit.pk)
    for change in (added, renamed):
        assert client.post(reverse("administration:change", args=["don-vi", change.number])).status_code == 302
    unit.refresh_from_db()
    assert unit.name == name and not Unit.objects.filter(pk=below.pk).exists()
    with pytest.raises(undo.Refused, match="hệ thống nạp"):
        loaded = next(each for each in undo.changes(administrator, "don-vi", limit=200) if each.newest and each.user_id is None)
        undo.take_back(administrator, "don-vi", loaded.number)

    rules = {(rule.stage, rule.days, rule.recipient): rule.pk for rule in ReminderRule.objects.all()}
    rows = [("before", "1", "holder"), ("late", "5", "leader")]
    typed = {
        f"{place}.{name}": value for place, row in enumerate(rows) for name, value in zip(("stage", "days", "recipient"), row, strict=True)
    }
    confirmed(client, reverse("administration:reminders"), typed)
    assert ReminderRule.objects.get(stage="before").pk == rules[("before", 1, "holder")], "what stays is not written anew"
    gone = next(each for each in undo.changes(administrator, "nhac-viec") if each.kind == "removed" and each.before)
    undo.take_back(administrator, "nhac-viec", gone.number)
    assert ReminderRule.objects.filter(pk=gone.row).exists()

    monkeypatch.setattr(calendar, "_listeners", [told.append])
    day = date(2027, 3, 8)
    confirmed(client, reverse("calendar:set_day"), {"day": day.isoformat(), "kind": "holiday", "name": "Nghỉ", "source": "thử"})
    undo.take_back(administrator, "lich-lam-viec", latest(administrator, "lich-lam-viec").number)
    assert not Holiday.objects.filter(date=day).exists() and told == [[day]] * 3, (
        "clocks are computed anew: when it was tried, saved, taken back"
    )


def test_only_administrators_take_back_and_only_overseers_look(administrator: Actor) -> None:
    confirmed(browsing(administrator), reverse("administration:sentence_add"), {"use": "refusal", "text": "Một câu."})
    number = latest(administrator, "cau-mau").number
    address = reverse("administration:change", args=["cau-mau", number])
    auditor, leader = browsing(official("auditor", "STNMT")), browsing(official("leader", "STNMT"))
    assert auditor.get(address).status_code == 200 and auditor.post(address).status_code == 403
    assert leader.get(address).status_code == 403 and leader.post(address).status_code == 403
    assert undo.changes(official("leader", "STNMT"), "cau-mau") == []
    with pytest.raises(LookupError):
        undo.change(official("leader", "STNMT"), "cau-mau", number)
    assert Sentence.objects.filter(text="Một câu.").exists()
    own = Sentence.objects.create(owner=official("leader", "STNMT").user, use="refusal", text="Riêng")
    assert all(each.row != own.pk for each in undo.changes(administrator, "cau-mau")), "what is one's own is not among them"
    assert browsing(administrator).get(reverse("administration:changes_of", args=["khong-co"])).status_code == 404
