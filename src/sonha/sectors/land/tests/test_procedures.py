"""From a filed dossier to the map: a signed decision splits, merges, passes on and renews; what cannot be is refused in a sentence."""

import re
from datetime import timedelta
from typing import Any

import pytest
import shapely
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party
from sonha.process.outcomes import Application, OutcomeRefused, findings, issued
from sonha.registry.records.selectors import records
from sonha.registry.records.services import changing
from sonha.sectors.land.cutting import cut_by_line, geos_of, shape_of
from sonha.sectors.land.drawing import in_wgs84, shape_in_wgs84
from sonha.sectors.land.models import LandCertificate, LandRegistration, LandRight, LandUser, Parcel
from sonha.sectors.land.registers import LandRights, Parcels
from sonha.sectors.land.tests.cadastre import DECISION, SYSTEM, land_types, land_user, parcel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def types(db: Any) -> None:
    land_types()


@pytest.fixture
def lan() -> Party:
    return Party.objects.create(kind="person", name="Nông Thị Lan", personal_id="020185001234", commune_code="06112")


def application(procedure: str, owner: Party, answers: dict[str, Any] | None = None, **values: Any) -> Application:
    said = {"location_commune": "06112", "map_sheet": "05", "parcel_number": "Thửa số 1", "certificate_number": "CA123456", "area": 400}
    result = {"number": "VP 15", "issued_on": timezone.localdate()}
    return Application("H37.19-261121-0001", procedure, {**said, **(answers or {})}, owner, **{**result, **values})


def drawn(of: Parcel, at: float = 0.5) -> list[dict[str, Any]]:
    west, south, east, north = of.geometry.extent
    x = west + (east - west) * at
    left, _right = cut_by_line(shape_of(of.geometry), shapely.LineString([(x, south), (x, north)]))
    return [{"boundary": in_wgs84(geos_of(left))}, {"number": 40, "new_serial": "DD 000002"}]


def own(party: Party) -> Parcel:
    return parcel(0, user=land_user(party=party, id_number=party.personal_id), serial="CA 123456")


def test_a_signed_split_is_on_the_map_and_the_old_parcel_is_there_as_of_yesterday(lan: Party) -> None:
    old = own(lan)
    split = application("parcel_split_merge", lan, {"kind": "split"}, entered={"field_check": {"drawn_parcels": drawn(old, 0.25)}})
    assert {each.tone for each in findings(SYSTEM, split)} == {"plain"}
    issued(split)
    today = timezone.localdate()
    new = records(SYSTEM, Parcels).order_by("parcel_number")
    assert [(each.parcel_number, float(each.area)) for each in new] == [(2, 100.0), (40, 300.0)]
    assert [each.pk for each in records(SYSTEM, Parcels, day=today - timedelta(days=1))] == [old.pk]
    assert {each.serial for each in LandCertificate.objects.filter(state="in_use")} == {"VP 15-1", "DD 000002"}
    entry = LandRegistration.objects.get()
    assert (entry.dossier_code, entry.document, entry.is_pending) == ("H37.19-261121-0001", f"VP 15 ({today:%d/%m/%Y})", False)


def across(of: Parcel, at: float) -> dict[str, Any]:
    west, south, east, north = of.geometry.extent
    x = west + (east - west) * at
    return shape_in_wgs84(shapely.LineString([(x, south - 1), (x, north + 1)]))


def test_the_line_of_the_applicant_divides_unless_the_inspection_drew_another(lan: Party) -> None:
    old = own(lan)
    said = {"kind": "split", "split_line": across(old, 0.25), "new_parcels": [{"area": 300.0}, {"area": 100.0}]}
    told = " ".join(each.sentence for each in findings(SYSTEM, application("parcel_split_merge", lan, said)))
    drawn_areas = [float(area.replace(",", ".")) for area in re.findall(r"vẽ trên bản đồ: ([0-9]+,[0-9]) m²", told)]
    assert drawn_areas == pytest.approx([300, 100], abs=0.2), "each part stands beside the area that was asked for"
    beside = {**said, "split_line": {"type": "LineString", "coordinates": [[106.0, 21.0], [106.1, 21.0]]}}
    assert ("stop", True) in {
        (each.tone, "không cắt qua" in each.sentence) for each in findings(SYSTEM, application("parcel_split_merge", lan, beside))
    }
    with pytest.raises(OutcomeRefused, match="cần vẽ đường tách"):
        issued(application("parcel_split_merge", lan, said, entered={"field_check": {}}))
    issued(application("parcel_split_merge", lan, said, entered={"field_check": {"split_line": across(old, 0.5)}}))
    assert [float(each.area) for each in records(SYSTEM, Parcels)] == pytest.approx([200, 200], abs=0.3)


def test_what_the_officer_is_told_before_the_decision(lan: Party) -> None:
    own(lan)
    other = Party.objects.create(kind="person", name="Lý Văn Khác", personal_id="020085009999")
    asked = application("parcel_split_merge", other, {"kind": "split", "area": 500, "new_parcels": [{"area": 300}, {"area": 250}]})
    told = [(each.tone, each.sentence) for each in findings(SYSTEM, asked)]
    assert told[0][0] == "stop"
    assert "Cơ sở dữ liệu ghi: Nông Thị Lan" in told[0][1]
    assert "Diện tích kê khai 500,0 m², cơ sở dữ liệu ghi 400,0 m²." in [sentence for _tone, sentence in told]
    assert any("cộng lại 550,0 m²" in sentence for _tone, sentence in told)
    unknown = application("parcel_split_merge", lan, {"parcel_number": "999"})
    assert "Chưa có thửa 999, tờ 5" in findings(SYSTEM, unknown)[0].sentence


def test_a_result_that_the_map_cannot_take_is_not_issued(lan: Party) -> None:
    land = own(lan)
    with pytest.raises(OutcomeRefused, match="cần vẽ đường tách"):
        issued(application("parcel_split_merge", lan, {"kind": "split"}))
    with changing("land", SYSTEM, DECISION) as change:
        change.amend(land, status="disputed")
    with pytest.raises(OutcomeRefused, match="tranh chấp"):
        issued(application("parcel_split_merge", lan, {"kind": "split"}, entered={"field_check": {"drawn_parcels": drawn(land)}}))
    with pytest.raises(OutcomeRefused, match="tranh chấp"):
        issued(application("land_transfer", lan, {"kind": "sale", "whole": "whole"}))
    assert records(SYSTEM, Parcels).count() == 1
    assert not LandRegistration.objects.exists()


def test_two_parcels_become_one_by_decision(lan: Party) -> None:
    first = own(lan)
    assert first.user
    parcel(1, user=first.user)
    merge = application("parcel_split_merge", lan, {"kind": "merge", "merged_parcels": [{"map_sheet": "5", "parcel_number": "2"}]})
    issued(merge)
    new = records(SYSTEM, Parcels).get()
    assert (new.parcel_number, float(new.area)) == (3, 800.0)


def test_a_sale_to_a_couple_with_a_friend(lan: Party) -> None:
    own(lan)
    buyer = Party.objects.create(kind="person", name="Vi Văn Mua", personal_id="020085000001", commune_code="06112")
    said = {"kind": "sale", "whole": "whole", "transferor_id": "020185001234", "owners": [{"name": "Vi Thị Bạn", "share": "1/4"}]}
    sale = application("land_transfer", buyer, said)
    assert "stop" not in {each.tone for each in findings(SYSTEM, sale)}
    issued(sale)
    shares = {each.user.name: str(each.share) for each in records(SYSTEM, LandRights).filter(kind="use")}
    assert shares == {"Vi Văn Mua": "3/4", "Vi Thị Bạn": "1/4"}
    assert Parcel.objects.get().user == LandUser.objects.get(party=buyer)
    mine = records(Actor(party_ids=frozenset({buyer.pk})), Parcels)
    assert [each.code for each in mine.filter(user__party=buyer)] == ["06112.5.1"]
    wrong = application("land_transfer", buyer, {**said, "transferor_id": "020000000000"})
    assert "Bên chuyển quyền không phải" in findings(SYSTEM, wrong)[0].sentence


def test_a_lease_and_a_renewal_leave_the_right_where_it_is(lan: Party) -> None:
    own(lan)
    issued(application("land_transfer", lan, {"kind": "lease", "whole": "whole"}))
    issued(application("certificate_renewal", lan, entered={"appraise": {"new_serial": "DD 654321"}}))
    assert LandCertificate.objects.get(state="in_use").replaces == LandCertificate.objects.get(serial="CA 123456")
    assert set(LandRight.objects.values_list("user__name", "certificate__serial")) == {("Nông Thị Lan", "DD 654321")}
    assert list(LandRegistration.objects.order_by("pk").values_list("kind", flat=True)) == ["lease", "renewal"]


def test_a_parcel_not_yet_in_the_database_waits_in_the_book(lan: Party) -> None:
    for procedure in ("parcel_split_merge", "land_transfer", "certificate_renewal"):
        issued(application(procedure, lan, {"kind": "sale" if procedure == "land_transfer" else "split"}))
    pending = LandRegistration.objects.filter(is_pending=True)
    assert {each.before for each in pending} == {"thửa 1, tờ 5"}
    assert pending.count() == 3
