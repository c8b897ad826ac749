"""Administrators look after accounts; auditors read; nobody else sees them."""

from datetime import date

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sonha.foundation.audit.models import Event
from sonha.foundation.identity.models import Party, User
from sonha.foundation.organisations.models import Position, Unit, UnitSuccession
from sonha.testing.confirming import confirmed

pytestmark = pytest.mark.django_db


def official(name: str, role: str, unit: Unit, full_name: str = "") -> User:
    user = User.objects.create_user(name, "nui-song-2026", full_name=full_name or name, kind="official", email=f"{name}@example.vn")
    Position.objects.create(user=user, unit=unit, role=role, valid_from=date(2020, 1, 1))
    return user


@pytest.fixture
def water() -> Unit:
    department = Unit.objects.create(
        code="STNMT", name="Sở Tài nguyên và Môi trường", kind="department", is_agency=True, code_qd20="H37.12", code_102="000.00.12.H37"
    )
    return Unit.objects.create(code="STNMT.NUOC", name="Phòng Tài nguyên nước", kind="division", parent=department)


@pytest.fixture
def admin(client: Client, water: Unit) -> User:
    user = official("quantri", "administrator", water.parent, "Trần Quang Huy")  # type: ignore[arg-type]
    client.force_login(user)
    return user


def names(client: Client, **asked: str) -> set[str]:
    return {user.username for user, _positions in client.get(reverse("administration:accounts"), asked).context["rows"]}


def test_people_are_found_without_marks_by_unit_role_and_state(client: Client, admin: User, water: Unit) -> None:
    official("thang", "specialist", water, "Nguyễn Đức Thắng")
    mai = User.objects.create_user(
        "mai", None, full_name="Nông Thị Mai", party=Party.objects.create(kind="person", name="Mai", personal_id="020190001234")
    )
    User.objects.create_user("cu", None, full_name="Nguyễn Văn Cũ", kind="official", is_active=False)
    assert names(client, q="nguyen duc") == {"thang"} == names(client, q="THẮNG")
    assert names(client, q="020190001234") == {mai.username} == names(client, loai="citizen")
    assert names(client, q="thang@example.vn") == {"thang"} == names(client, vai_tro="specialist")
    assert names(client, don_vi="STNMT") == {"thang", "quantri"}
    assert names(client, trang_thai="0") == {"cu"}


def test_the_list_goes_on_where_the_page_ended(client: Client, admin: User) -> None:
    User.objects.bulk_create(User(username=f"dan{n}", full_name=f"Dân {n}") for n in range(120))
    first = client.get(reverse("administration:accounts"), {"loai": "citizen"})
    seen = {user.pk for user, _held in first.context["rows"]}
    following = client.get(reverse("administration:accounts"), {"loai": "citizen", "truoc": first.context["more"]})
    assert len(seen) == 50 and not seen & {user.pk for user, _held in following.context["rows"]}


def test_a_new_official_gets_a_post_and_a_letter_and_sets_the_password(client: Client, admin: User, water: Unit) -> None:
    said = {"full_name": "Đàm Văn Mới", "username": "moi", "email": "moi@example.vn", "phone": ""}
    confirmed(client, reverse("administration:account_create"), said)
    assert client.post(reverse("administration:account_create"), said).status_code == 422, "the name is taken now"
    moi = User.objects.get(username="moi")
    post = {"unit": "Phòng Tài nguyên nước · STNMT.NUOC", "role": "specialist", "title": "Chuyên viên", "valid_from": "2026-01-01"}
    confirmed(client, reverse("administration:position_assign", args=[moi.pk]), post)
    refused = client.post(reverse("administration:position_assign", args=[moi.pk]), post)
    assert refused.status_code == 422 and "đã giữ vai trò Chuyên viên" in refused.content.decode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda work, *args, **kwargs: work())
        client.post(reverse("administration:account_act", args=[moi.pk, "gui-thu"]))
    assert mail.outbox[-1].to == ["moi@example.vn"] and "/tai-khoan/password/reset/key/" in mail.outbox[-1].body
    assert not moi.has_usable_password()
    verbs = set(Event.objects.filter(subject_ref=str(moi.pk)).values_list("verb", flat=True))
    assert verbs == {"account.created", "position.assigned", "account.invited"}


def test_an_account_that_is_shut_is_out_at_once(client: Client, admin: User, water: Unit) -> None:
    thang, other = official("thang", "specialist", water), Client()
    other.force_login(thang)
    assert other.get(reverse("account")).status_code == 200
    address = reverse("administration:account_act", args=[thang.pk, "ngung"])
    client.post(address, {"reason": "gõ tay"})
    assert User.objects.get(pk=thang.pk).is_active, "a reason of the list is needed"
    confirmed(client, address, {"reason": "Nghỉ việc, nghỉ hưu"})
    assert other.get(reverse("account")).status_code == 302
    confirmed(client, reverse("administration:account_act", args=[admin.pk, "ngung"]), {"reason": "Nghỉ việc, nghỉ hưu"})
    assert User.objects.get(pk=admin.pk).is_active, "not oneself"


def test_auditors_read_and_write_nothing_and_others_see_nothing(client: Client, water: Unit) -> None:
    thang = official("thang", "specialist", water)
    client.force_login(official("kiemtoan", "auditor", water))
    pages = [reverse(f"administration:{name}") for name in ("accounts", "units", "substitutions")]
    pages.append(reverse("administration:account_detail", args=[thang.pk]))
    assert [client.get(page).status_code for page in pages] == [200] * 4
    writes = [
        reverse("administration:account_detail", args=[thang.pk]),
        reverse("administration:account_act", args=[thang.pk, "ngung"]),
        reverse("administration:position_assign", args=[thang.pk]),
        reverse("administration:position_end", args=[thang.positions.get().pk]),
        reverse("administration:account_create"),
        reverse("administration:substitutions"),
    ]
    assert [client.post(page).status_code for page in writes] == [403] * 6
    client.force_login(thang)
    assert [client.get(page).status_code for page in pages] == [403] * 4


def test_units_are_shown_as_they_stood_with_codes_and_successors(client: Client, admin: User, water: Unit) -> None:
    merged = Unit.objects.create(code="SNNMT", name="Sở Nông nghiệp và Môi trường", kind="department", valid_from=date(2025, 3, 1))
    UnitSuccession.objects.create(old=water.parent, new=merged, on_date=date(2025, 3, 1), source="Nghị quyết 04/NQ-HĐND")  # type: ignore[misc]
    before = client.get(reverse("administration:units"), {"ngay": "2025-02-28"}).content.decode()
    assert "H37.12" in before and "000.00.12.H37" in before and "Sở Nông nghiệp và Môi trường kế tục từ 01/03/2025" in before
    assert "SNNMT" not in before, "the successor did not exist yet"
    assert "Phòng Tài nguyên nước" in client.get(reverse("administration:units"), {"q": "tai nguyen nuoc"}).content.decode()
    assert timezone.localdate() >= date(2025, 3, 1) and "SNNMT" in client.get(reverse("administration:units")).content.decode()
