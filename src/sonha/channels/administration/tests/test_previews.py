"""Every list is seen before it is saved: what is shown is what happens, what was typed survives, what others changed meanwhile is told."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit import undo
from sonha.foundation.audit.models import Event
from sonha.foundation.audit.verification import verify
from sonha.foundation.calendar.models import Holiday
from sonha.foundation.calendar.services import load_holidays
from sonha.foundation.catalogues import services as catalogues
from sonha.foundation.catalogues.loading import load_folder
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.foundation.identity.errors import Refused
from sonha.foundation.identity.models import User
from sonha.foundation.organisations import services
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases.models import ReminderRule
from sonha.provinces.organisational_units import load_units
from sonha.provinces.profiles import read_profile
from sonha.registry.records.services import Basis, changing
from sonha.services.dossiers.tests.people import official
from sonha.testing.confirming import confirmed
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells

pytestmark = pytest.mark.usefixtures("lang_son")


def browsing(actor: Actor) -> Client:
    assert actor.user
    client = Client()
    client.force_login(actor.user)
    return client


@pytest.fixture
def administrator() -> Actor:
    return official("administrator", "UBND", "Trần Quang Huy")


def page(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def _unit() -> tuple[str, dict[str, str], str]:
    return page("unit", Unit.objects.get(code="STNMT.NUOC").pk), {"name": "Phòng Nước và Biển"}, "Phòng Nước và Biển"


def _new_unit() -> tuple[str, dict[str, str], str]:
    said = {"code": "kho", "kind": "division", "name": "Kho tư liệu", "valid_from": "2026-11-01"}
    return page("unit_add", Unit.objects.get(code="STNMT").pk), said, "Kho tư liệu"


def _new_account() -> tuple[str, dict[str, str], str]:
    return page("account_create"), {"full_name": "Đàm Văn Mới", "username": "moi", "email": "moi@example.vn"}, "Đàm Văn Mới"


def _account() -> tuple[str, dict[str, str], str]:
    user = official("specialist", "STNMT.NUOC").user
    return page("account_detail", user.pk), {"full_name": "Lý Thị Sáng", "email": "sang@example.vn"}, "Lý Thị Sáng"  # type: ignore[union-attr]


def _position() -> tuple[str, dict[str, str], str]:
    user = official("specialist", "STNMT.NUOC").user
    said = {"unit": "STNMT.NUOC", "role": "head", "title": "Quyền Trưởng phòng", "valid_from": timezone.localdate().isoformat()}
    return page("position_assign", user.pk), said, "Quyền Trưởng phòng"  # type: ignore[union-attr]


def _title() -> tuple[str, dict[str, str], str]:
    held = official("specialist", "STNMT.NUOC").user.positions.get()  # type: ignore[union-attr]
    return page("position_title", held.pk), {"title": "Chuyên viên chính"}, "Chuyên viên chính"


def _leave() -> tuple[str, dict[str, str], str]:
    who = {"absent": str(official("head", "STNMT.NUOC").user_id), "substitute": str(official("specialist", "STNMT.NUOC").user_id)}
    said = {**who, "valid_from": timezone.localdate().isoformat(), "valid_to": timezone.localdate().isoformat(), "reason": "họp ở tỉnh"}
    return page("substitutions"), said, "họp ở tỉnh"


def _sentence() -> tuple[str, dict[str, str], str]:
    return page("sentence_add"), {"use": "refusal", "text": "Không đúng đối tượng.", "order": "4"}, "Không đúng đối tượng."


def _reminder() -> tuple[str, dict[str, str], str]:
    return page("reminders"), {"0.stage": "late", "0.days": "47", "0.recipient": "leader"}, "47"


def _day() -> tuple[str, dict[str, str], str]:
    return reverse("calendar:set_day"), {"day": "2027-03-08", "kind": "holiday", "name": "Nghỉ bù", "source": "Thông báo 1"}, "Nghỉ bù"


def _new_item() -> tuple[str, dict[str, str], str]:
    return page("catalogue_add_item", "dan-toc"), {"code": "99", "name": "Khác", "valid_from": "2026-01-01", "source": "QĐ 1"}, "QĐ 1"


def _item() -> tuple[str, dict[str, str], str]:
    item = CatalogueItem.objects.get(catalogue__code="dan-toc", code="02")
    return page("catalogue_item_edit", "dan-toc", item.pk), {"name": "Tày", "order": "2", "source": "Quyết định mới"}, "Quyết định mới"


def _catalogue() -> tuple[str, dict[str, str], str]:
    return page("catalogue_edit", "dan-toc"), {"name": "Dân tộc Việt Nam", "source": "QĐ 121"}, "Dân tộc Việt Nam"


def _metadata() -> tuple[str, dict[str, str], str]:
    return "/sieu-du-lieu/example_wells/sua/", {"lineage": "Đo bằng máy GNSS", "frequency": "annually"}, "Đo bằng máy GNSS"


def _grant() -> tuple[str, dict[str, str], str]:
    said = {"register": "example_wells", "audience": "clerk", "level": "1", "source": "Quyết định 12/QĐ-STNMT"}
    return page("grant_add"), said, "Quyết định 12/QĐ-STNMT"


LISTS: dict[str, Callable[[], tuple[str, dict[str, str], str]]] = {
    "don-vi": _unit, "don-vi, thêm": _new_unit, "tai-khoan": _account, "tai-khoan, thêm": _new_account, "vi-tri": _position,
    "vi-tri, chức danh": _title,
    "lam-thay": _leave, "cau-mau": _sentence, "nhac-viec": _reminder, "lich-lam-viec": _day, "muc-danh-muc": _item,
    "muc-danh-muc, thêm": _new_item, "danh-muc": _catalogue, "sieu-du-lieu": _metadata, "quyen-so": _grant,
}  # fmt: skip


def test_every_list_is_tried_here() -> None:
    assert {name.partition(",")[0] for name in LISTS} == set(undo.lists()) - {"thu-tuc", "phien-ban"}, "a new list needs its line above"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_seen_before_it_is_saved_and_its_change_is_taken_back(administrator: Actor, name: str) -> None:
    client, key = browsing(administrator), name.partition(",")[0]
    address, said, word = LISTS[name]()
    kept = undo.lists()[key]
    history = undo.history_of(kept).objects
    before = history.count()

    shown = client.post(address, said)
    assert shown.status_code == 200 and "Xem trước, chưa lưu gì" in shown.content.decode()
    assert any(word in (after, row.name) for row in shown.context["rows"] for _field, _before, after in row.differing)
    assert history.count() == before, "seen, not saved"

    back = client.post(address, {**said, "back": "1"}).content.decode()
    assert word in back and "Xem trước, chưa lưu gì" not in back, "what was typed is still there"
    assert history.count() == before

    done = client.post(address, {**said, "confirmed": shown.context["seen"]})
    assert done.status_code == 302 and history.count() > before
    newest = undo.changes(administrator, key, limit=1)[0]
    assert newest.user_id == administrator.user_id
    if name == "tai-khoan, thêm" or name == "lam-thay":
        assert undo.obstacle(administrator, key, newest.number), "an account stays, a leave that has begun is ended"
        return
    state = kept.model._default_manager.filter(pk=newest.row).values().first()
    assert state is not None
    assert client.post(page("change", key, newest.number)).status_code == 302
    again = undo.changes(administrator, key, limit=1)[0]
    assert (again.before, again.now) == (newest.now, newest.before)
    assert Event.objects.filter(verb="configuration.taken_back", payload__table=key).exists()


def test_a_confirmation_holds_only_for_what_was_shown(administrator: Actor) -> None:
    address, said, _word = _unit()
    first, second = browsing(administrator), browsing(official("administrator", "STNMT", "Người thứ hai"))
    seen = first.post(address, said).context["seen"]
    assert confirmed(second, address, {"name": "Phòng Tài nguyên nước", "phone": "02053812345"}).status_code == 302
    overtaken = first.post(address, {**said, "confirmed": seen})
    assert overtaken.status_code == 200 and "vừa được sửa ở nơi khác" in overtaken.content.decode()
    assert ("Điện thoại", "02053812345", "–") in overtaken.context["rows"][0].differing, "the other one's words would go: it is said"
    assert Unit.objects.get(code="STNMT.NUOC").phone == "02053812345"
    assert first.post(address, {**said, "confirmed": overtaken.context["seen"]}).status_code == 302
    same = first.post(address, said)
    assert "không có gì để lưu" in same.content.decode() and 'name="confirmed"' not in same.content.decode()


def test_a_preview_says_whom_it_concerns(administrator: Actor) -> None:
    head = official("head", "STNMT.NUOC").user
    assert head is not None
    client, held = browsing(administrator), head.positions.get()
    lines = client.post(page("position_end", held.pk), {"valid_to": timezone.localdate().isoformat()}).context["lines"]
    assert any("sẽ không có người nhận" in line for line in lines)
    lines = client.post(page("account_act", head.pk, "ngung"), {"reason": "Nghỉ việc, nghỉ hưu"}).context["lines"]
    assert "Lý do: Nghỉ việc, nghỉ hưu." in lines and "Người này đang giữ 1 vị trí." in lines
    head.refresh_from_db()
    assert head.is_active and held.valid_to is None


def test_a_post_is_taken_back_until_somebody_worked_in_it(administrator: Actor) -> None:
    client, user = browsing(administrator), User.objects.create_user("moi", None, full_name="Đàm Văn Mới", kind="official")
    said = {"unit": "STNMT.NUOC", "role": "specialist", "title": "Chuyên viên", "valid_from": timezone.localdate().isoformat()}
    confirmed(client, page("position_assign", user.pk), said)
    assert Actor.of(user).has_role("specialist")
    given = undo.changes(administrator, "vi-tri", limit=1)[0]
    assert client.post(page("change", "vi-tri", given.number)).status_code == 302
    assert not Actor.of(user).is_official and not Position.objects.filter(user=user).exists()

    back = undo.changes(administrator, "vi-tri", limit=1)[0]
    assert (back.kind, back.user_id) == ("removed", administrator.user_id), "the history grows, nothing of it goes"
    undo.take_back(administrator, "vi-tri", back.number)
    assert Actor.of(user).has_role("specialist"), "taking back is itself taken back"
    assert verify().ok, "rows, history and log agree"

    confirmed(client, page("position_assign", user.pk), {**said, "role": "administrator"})
    confirmed(browsing(Actor.of(user)), page("sentence_add"), {"use": "refusal", "text": "Câu của người mới."})
    acted = undo.changes(administrator, "vi-tri", limit=1)[0]
    Position.objects.filter(user=user, role="specialist").delete()
    refused = client.post(page("change", "vi-tri", acted.number))
    assert refused.status_code == 409 and "Người này đã làm việc ở vị trí này" in refused.content.decode()
    assert "đã làm việc" in client.get(page("change", "vi-tri", acted.number)).content.decode(), "said before it is tried"


def test_an_ended_post_comes_back_unless_somebody_would_hold_it_twice(administrator: Actor) -> None:
    client, user = browsing(administrator), official("head", "STNMT.NUOC").user
    assert user is not None
    held = user.positions.get()
    Position.objects.filter(pk=held.pk).update(valid_from=timezone.localdate() - timedelta(days=400))
    confirmed(client, page("position_end", held.pk), {"valid_to": (timezone.localdate() - timedelta(days=3)).isoformat()})
    ended = undo.changes(administrator, "vi-tri", limit=1)[0]
    said = {"unit": "STNMT.NUOC", "role": "head", "valid_from": timezone.localdate().isoformat()}
    confirmed(client, page("position_assign", user.pk), said)
    with pytest.raises(undo.Refused, match="đã giữ vai trò Trưởng phòng"):
        undo.take_back(administrator, "vi-tri", ended.number)
    undo.take_back(administrator, "vi-tri", undo.changes(administrator, "vi-tri", limit=1)[0].number)
    undo.take_back(administrator, "vi-tri", ended.number)
    held.refresh_from_db()
    assert held.valid_to is None


def test_the_last_administrator_stays(administrator: Actor) -> None:
    second = User.objects.create_user("hai", None, full_name="Quản trị hai", kind="official")
    client = browsing(administrator)
    said = {"unit": "UBND", "role": "administrator", "valid_from": timezone.localdate().isoformat()}
    confirmed(client, page("position_assign", second.pk), said)
    given = undo.changes(administrator, "vi-tri", limit=1)[0]
    assert administrator.user
    for position in Position.objects.filter(role="administrator").exclude(user=second):
        confirmed(browsing(Actor.of(second)), page("position_end", position.pk), {"valid_to": timezone.localdate().isoformat()})
    with pytest.raises(undo.Refused, match="ít nhất một quản trị hệ thống"):
        undo.take_back(Actor.of(second), "vi-tri", given.number)
    assert Position.objects.filter(user=second, role="administrator", valid_to=None).exists()


def test_two_administrators_who_end_each_other_at_once_leave_one(administrator: Actor) -> None:
    Position.objects.filter(role="administrator").exclude(user=administrator.user).delete()
    second = official("administrator", "STNMT", "Người thứ hai")
    assert administrator.user and second.user
    start, outcomes = threading.Barrier(2), list[str]()

    def end(actor: Actor, position: Position) -> None:
        start.wait(30)
        try:
            services.end_position(actor, position, timezone.localdate())
        except Refused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    ends = [(administrator, second.user.positions.get()), (second, administrator.user.positions.get())]
    threads = [threading.Thread(target=end, args=each) for each in ends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 1 and "ít nhất một quản trị hệ thống" in outcomes[0]
    assert Position.objects.filter(role="administrator", valid_to=None).count() == 1


def test_an_account_is_corrected_shut_and_taken_back_but_never_ones_own(administrator: Actor) -> None:
    client, user = browsing(administrator), official("specialist", "STNMT.NUOC").user
    assert user is not None
    confirmed(client, page("account_act", user.pk, "ngung"), {"reason": "Nghỉ việc, nghỉ hưu"})
    shut = undo.changes(administrator, "tai-khoan", limit=1)[0]
    assert undo.differing(undo.lists()["tai-khoan"], shut) == [("Đang hoạt động", "Có", "Không")]
    undo.take_back(administrator, "tai-khoan", shut.number)
    user.refresh_from_db()
    assert user.is_active
    User.objects.filter(pk=administrator.user_id).update(is_active=False)
    confirmed(browsing(official("administrator", "STNMT")), page("account_act", administrator.user_id, "hoat-dong-lai"), {})
    opened = undo.changes(administrator, "tai-khoan", limit=1)[0]
    with pytest.raises(undo.Refused, match="không thể tự ngừng"):
        undo.take_back(administrator, "tai-khoan", opened.number)


def test_an_item_is_corrected_field_by_field_and_a_new_edition_leaves_it_alone(administrator: Actor) -> None:
    item = CatalogueItem.objects.on(timezone.localdate()).get(catalogue__code="loai-dat", code="LUA")
    assert item.assumption
    client, address = browsing(administrator), page("catalogue_item_edit", "loai-dat", item.pk)
    said = {"name": item.name, "order": str(item.order), "source": item.source, "parent": str(item.parent_id or ""), "assumption": "on"}
    wrong = client.post(address, {**said, "attributes": "không có dấu"})
    assert wrong.status_code == 422 and "thiếu dấu hai chấm" in wrong.content.decode() and "không có dấu" in wrong.content.decode()
    child = CatalogueItem.objects.filter(parent=item).first() or catalogues.add_item(
        administrator, item.catalogue, code="LUAX", name="Lúa khác", source="QĐ", valid_from=timezone.localdate(), parent=item
    )
    assert "không đứng dưới mục đang sửa" in client.post(address, {**said, "parent": str(child.pk)}).content.decode()
    attributes = "\n".join(f"{name}: {value}" for name, value in item.attributes.items())
    told = client.post(address, {**said, "name_en": "Rice land", "attributes": f"{attributes}\nghi_chu: thử".strip()})
    assert {field for field, _old, _new in told.context["rows"][0].differing} == {"Tên tiếng Anh", "Thuộc tính khác"}
    confirmed(client, address, {**said, "name_en": "Rice land", "attributes": f"{attributes}\nghi_chu: thử".strip()})
    assert load_folder(Actor.system("upgrade")).changed == 0
    item.refresh_from_db()
    assert item.name_en == "Rice land" and item.attributes["ghi_chu"] == "thử"
    assert "Rice land" in client.get(page("catalogue_item", "loai-dat", item.pk)).content.decode()


def test_units_and_days_that_people_changed_outlive_an_upgrade(administrator: Actor) -> None:
    client, profile = browsing(administrator), read_profile("lang_son")
    day = Holiday.objects.earliest("date")
    address, said, name = _unit()
    confirmed(client, address, said)
    confirmed(client, reverse("calendar:set_day"), {"day": day.date.isoformat(), "kind": day.kind, "name": "Tết", "source": "Thông báo 9"})
    assert load_units(profile).written == 0 == load_holidays(profile.document("calendar/holidays.yaml"))
    assert Unit.objects.get(code="STNMT.NUOC").name == name and Holiday.objects.get(pk=day.pk).source == "Thông báo 9"


def test_a_code_that_records_hold_is_not_taken_back(administrator: Actor) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ExampleWells, "code_lists", {"use": "dan-toc"})
        catalogue = Catalogue.objects.get(code="dan-toc")
        client = browsing(administrator)
        confirmed(
            client, page("catalogue_add_item", "dan-toc"), {"code": "home", "name": "Nhà", "valid_from": "2026-01-01", "source": "QĐ"}
        )
        added = undo.changes(administrator, "muc-danh-muc", limit=1)[0]
        with changing("example_wells", Actor.system("test"), Basis("decision", number="1/QĐ"), kind="add") as change:
            change.add(
                ExampleWell, code="G-1", use="home", depth="10.0", owner_name="Nông Thị Lan", geometry=Point(450_000, 2_420_000, srid=9215)
            )
        refused = client.post(page("change", "muc-danh-muc", added.number))
        assert refused.status_code == 409 and "Các sổ đã dùng mã này" in refused.content.decode()
        assert catalogue.items.filter(code="home").exists()


def test_reminders_are_seen_rule_by_rule(administrator: Actor) -> None:
    address, said, _word = _reminder()
    shown = browsing(administrator).post(address, said)
    kinds = sorted(row.kind for row in shown.context["rows"])
    assert kinds == ["added", *["removed"] * ReminderRule.objects.count()]
    assert shown.context["lines"] == ["Quá hạn 47: Lãnh đạo: lần nhắc tới gửi cho 0 việc đang mở."]
