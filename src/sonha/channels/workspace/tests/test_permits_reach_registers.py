"""What happens to a permit in the book of permits stands in the register of its sector at once: on its page, on the map, by day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party, User
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases.errors import ActionRefused
from sonha.registry.declarations import Register, register
from sonha.registry.records.models import Change
from sonha.registry.records.selectors import records, rows
from sonha.registry.records.services import Basis, changing
from sonha.services.permits.models import Permit, PermitEvent, PermitState
from sonha.services.permits.services import act_on_permit, expire_due

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TODAY = timezone.localdate()
ISSUED, END = TODAY - timedelta(days=400), TODAY + timedelta(days=30)
EAST, NORTH = 450_000.0, 2_420_000.0
POINT = Point(EAST, NORTH, srid=9215)
BOX = MultiPolygon(Polygon.from_bbox((EAST, NORTH, EAST + 200, NORTH + 100)), srid=9215)
MINE: dict[str, Any] = {"works_name": "Mỏ đá Hồng Phong", "mineral": "limestone", "area_ha": 2, "geometry": BOX}
LICENCES: dict[str, tuple[str, dict[str, Any]]] = {
    "mineral_exploration": ("exploration_licences", MINE),
    "mineral_extraction": ("extraction_licences", {**MINE, "capacity": 50_000}),
    "groundwater_exploration": ("water_licences", {"kind": "gw_exploration", "works_name": "Nà Chuông", "flow": 90, "geometry": POINT}),
    "groundwater_abstraction": ("water_licences", {"kind": "groundwater", "works_name": "Nà Chuông", "flow": 90, "geometry": POINT}),
    "wastewater_discharge": ("water_licences", {"kind": "discharge", "works_name": "Trạm xử lý", "flow": 90, "geometry": POINT}),
    "drilling_practice": ("drilling_licences", {"scale": "small", "geometry": POINT}),
    "environmental_permit": ("environmental_permits", {"works_name": "Nhà máy cơ khí", "group": "II", "flow": 80, "geometry": POINT}),
    "eia_approval": ("eia_decisions", {"works_name": "Nhà máy cơ khí", "sector": "industry", "group": "II", "geometry": POINT}),
    "hazardous_waste_generator": ("hazardous_waste_generators", {"works_name": "Nhà máy cơ khí", "total_kg": 120, "geometry": POINT}),
    "surveying_licence": ("surveying_licences", {"activities": "Đo vẽ bản đồ địa chính"}),
}
"""Each type of permit that a sector follows, with the register that it stands in and what that register needs to hold it."""


@pytest.fixture
def owner() -> Party:
    return Party.objects.create(kind="business", name="Công ty TNHH Hồng Phong", tax_code="4900111112")


@pytest.fixture
def buyer() -> Party:
    return Party.objects.create(kind="business", name="Công ty CP Đồng Mỏ", tax_code="4900222223")


def licensed(of: type[Register], owner: Party, **values: Any) -> Any:
    said = {"number": "15/GP-UBND", "issued_on": ISSUED, "expires_on": END, "holder": owner, "holder_name": owner.name, **values}
    with changing(of.database.code, SYSTEM, Basis("decision", number="15/GP-UBND"), kind="add") as change:
        return change.add(of.model, day=ISSUED, **said)


def permit(kind: str, owner: Party, **values: Any) -> Permit:
    committee, _new = Unit.objects.get_or_create(
        code="TUBND", defaults={"name": "Uỷ ban nhân dân", "kind": "department", "is_agency": True}
    )
    said: dict[str, Any] = {"number": "15/GP-UBND", "issued_on": ISSUED, "valid_from": ISSUED, "valid_to": END, "title": "Giấy phép"}
    return Permit.objects.create(permit_type=kind, kind="permit", holder=owner, holder_name=owner.name, issuer=committee, keeper=committee,
                                 **(said | values))  # fmt: skip


def act(of: Permit, kind: str, *, basis: str = "88/QĐ-UBND", on_date: date = TODAY, **changes: Any) -> Permit:
    decided = on_date - timedelta(days=1)
    return act_on_permit(
        of.pk, kind, actor=SYSTEM, basis=basis, on_date=on_date, decided_on=decided, reason="Theo kết luận kiểm tra", changes=changes
    )


@pytest.fixture(params=LICENCES)
def both(request: pytest.FixtureRequest, owner: Party) -> tuple[Permit, Callable[..., Any]]:
    """A permit of each type, and the licence that stands for it, read as of a day."""
    code, values = LICENCES[request.param]
    of = register(code)
    licence = licensed(of, owner, **values)
    return permit(request.param, owner), lambda day=TODAY: rows(of, day=day).get(pk=licence.pk)


def test_whatever_happens_to_a_permit_stands_in_its_register_with_its_basis(both: tuple[Permit, Callable[..., Any]], buyer: Party) -> None:
    held, licence = both
    days = [TODAY - timedelta(days=number) for number in (9, 7, 5, 3, 1)]
    acts: list[tuple[str, dict[str, Any]]] = [
        ("suspend", {}),
        ("resume", {}),
        ("extend", {"valid_to": END + timedelta(days=365)}),
        ("transfer", {"holder": buyer.pk}),
        ("amend", {"details": {"note": "Bổ sung một điểm quan trắc"}}),
    ]
    bases = []
    for day, (kind, changes) in zip(days, acts, strict=True):
        act(held, kind, on_date=day, **changes)
        bases.append(licence().change)
    assert [licence(day).state for day in (ISSUED, *days)] == ["in_force", "suspended", *["in_force"] * 4]
    assert [licence(day).expires_on for day in days[1:3]] == [END, END + timedelta(days=365)]
    assert [(licence(day).holder, licence(day).holder_name) for day in days[2:4]] == [
        (held.holder, "Công ty TNHH Hồng Phong"), (buyer, "Công ty CP Đồng Mỏ"),
    ]  # fmt: skip
    assert [(each.basis, each.number, each.dated, each.kind) for each in bases] == [
        ("decision", "88/QĐ-UBND", day - timedelta(days=1), kind) for day, (kind, _changes) in zip(days, acts, strict=True)
    ]
    assert bases[0].note == "Theo kết luận kiểm tra" and bases[4].note == "Bổ sung một điểm quan trắc"
    act(held, "revoke")
    assert licence().state == "revoked"


def test_the_licence_expires_the_day_after_its_last(both: tuple[Permit, Callable[..., Any]]) -> None:
    held, licence = both
    Permit.objects.filter(pk=held.pk).update(valid_to=TODAY - timedelta(days=4))
    assert expire_due() == 1
    assert [licence(TODAY - timedelta(days=days)).state for days in (4, 3, 0)] == ["in_force", "expired", "expired"]
    assert licence().change.number == "15/GP-UBND" and licence().change.note == "Hết thời hạn ghi trên giấy phép"


def test_the_page_and_the_map_show_the_new_state(owner: Party, client: Client) -> None:
    code, values = LICENCES["mineral_extraction"]
    licence = licensed(register(code), owner, **values)
    page, layer = f"/csdl/{register(code).slug}/{licence.pk}/", f"/ogc/collections/{code}/items/{licence.pk}?f=json"
    assert "Còn hiệu lực" in client.get(page).content.decode()
    act(permit("mineral_extraction", owner), "suspend")
    assert "Bị đình chỉ" in client.get(page).content.decode()
    assert client.get(layer).json()["properties"]["state"] == "suspended"


def test_the_history_names_the_person_whose_act_it_was(owner: Party) -> None:
    code, values = LICENCES["mineral_extraction"]
    licence = licensed(register(code), owner, **values)
    held = permit("mineral_extraction", owner)
    leader = User.objects.create_user("chu-tich", None, full_name="Lê Văn Sơn", kind="official")
    Position.objects.create(user=leader, unit=held.keeper, role="leader", valid_from=ISSUED)
    act_on_permit(held.pk, "suspend", actor=Actor.of(leader), basis="88/QĐ-UBND", reason="Theo kết luận kiểm tra")
    licence.refresh_from_db()
    assert (licence.change.made_by, licence.change.made_by_words) == (leader, "Lê Văn Sơn")
    act(held, "resume")
    licence.refresh_from_db()
    assert licence.change.made_by_words == "hệ thống tự ghi"


def test_an_amendment_that_names_what_changes_changes_it(owner: Party) -> None:
    code, values = LICENCES["groundwater_abstraction"]
    licensed(register(code), owner, **values)
    act(permit("groundwater_abstraction", owner), "amend", details={"note": "Giảm lưu lượng", "flow": 60})
    assert records(SYSTEM, register(code)).get().flow == 60


def test_wells_and_outlets_go_with_their_licence(owner: Party, buyer: Party) -> None:
    licence = licensed(register("water_licences"), owner, **LICENCES["groundwater_abstraction"][1])
    wells, outlets = register("wells"), register("wastewater_discharges")
    with changing("water_supervision", SYSTEM, Basis("decision", number="15/GP-UBND"), kind="add") as change:
        well = change.add(wells.model, day=ISSUED, code="GK1", kind="drilled_well", state="in_use", licence=licence, owner=owner,
                          owner_name=owner.name, depth=60, flow=60, geometry=POINT)  # fmt: skip
        outlet = change.add(outlets.model, day=ISSUED, code="CX1", name="Cửa xả", kind="production", licence_number="16/GP-UBND",
                            licence_until=END, owner=owner, owner_name=owner.name, flow=80, standard="QCVN 40", geometry=POINT)  # fmt: skip
    act(permit("groundwater_abstraction", owner), "transfer", holder=buyer.pk)
    held = permit("environmental_permit", owner, number="16/GP-UBND")
    act(held, "extend", valid_to=END + timedelta(days=365))
    well.refresh_from_db()
    outlet.refresh_from_db()
    assert (well.owner, well.owner_name, well.state) == (buyer, buyer.name, "in_use")
    assert outlet.licence_until == END + timedelta(days=365)


def test_what_a_register_cannot_hold_is_refused_and_nothing_is_half_written(owner: Party) -> None:
    """A certificate of surveying knows no suspension: neither book may say that there is one."""
    of = register("practice_certificates")
    with changing(of.database.code, SYSTEM, Basis("decision", number="15/GP-UBND"), kind="add") as change:
        change.add(of.model, day=ISSUED, number="15/GP-UBND", person=owner, person_name=owner.name, certificate_class="II",
                   content="Đo vẽ", issued_on=ISSUED, expires_on=END)  # fmt: skip
    held, before = permit("surveying_certificate", owner), Change.objects.count()
    with pytest.raises(ActionRefused, match="Chứng chỉ hành nghề đo đạc và bản đồ"):
        act(held, "suspend")
    held.refresh_from_db()
    assert held.state == PermitState.IN_FORCE and not PermitEvent.objects.exists() and Change.objects.count() == before
    act(held, "revoke")
    assert records(SYSTEM, of).get().state == "revoked"


def test_one_permit_that_a_register_refuses_does_not_hold_up_the_night(owner: Party) -> None:
    of = register("practice_certificates")
    past = TODAY - timedelta(days=2)
    with changing(of.database.code, SYSTEM, Basis("decision", number="15/GP-UBND"), kind="add") as change:
        row = change.add(of.model, day=ISSUED, number="15/GP-UBND", person=owner, person_name=owner.name, certificate_class="II",
                         content="Đo vẽ", issued_on=ISSUED, expires_on=past)  # fmt: skip
        of.model._default_manager.filter(pk=row.pk).update(content="")  # what rules forbid now, entered before there were rules
    refused = permit("surveying_certificate", owner, valid_to=past)
    other = permit("mineral_extraction", owner, number="16/GP-UBND", valid_to=past)
    assert expire_due() == 1
    states = dict(Permit.objects.values_list("pk", "state"))
    assert states == {refused.pk: PermitState.IN_FORCE, other.pk: PermitState.EXPIRED}


def test_a_permit_that_its_register_does_not_know_is_still_recorded(owner: Party) -> None:
    held = permit("mineral_extraction", owner)
    assert act(held, "suspend").state == PermitState.SUSPENDED
    assert not Change.objects.exists()
