"""Splits, merges, transfers, mortgages: parcels, rights and papers follow, and the graph of parcels stays a graph of descent."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import shapely
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.registry.records.selectors import records
from sonha.registry.records.services import changing
from sonha.sectors.land import services
from sonha.sectors.land.acting import Piece, Refused
from sonha.sectors.land.cutting import CannotCut, cut_by_line, cut_by_polygons, shape_of
from sonha.sectors.land.models import LandAsset, LandCertificate, LandRegistration, LandRight, LandUse, Parcel, ParcelDescent
from sonha.sectors.land.registers import LandRights, Parcels
from sonha.sectors.land.tests.cadastre import BEGAN, DECISION, EAST, NORTH, SYSTEM, act, land_types, land_user, parcel, whole

pytestmark = pytest.mark.django_db
DAY = date(2024, 9, 2)


@pytest.fixture(autouse=True)
def types(db: Any) -> None:
    land_types()


def halves(of: Parcel, at: float = 0.5) -> list[Piece]:
    west, south, east, north = of.geometry.extent
    x = west + (east - west) * at
    return [Piece(each) for each in cut_by_line(shape_of(of.geometry), shapely.LineString([(x, south), (x, north)]))]


def current(day: date | None = None) -> list[Parcel]:
    return list(records(SYSTEM, Parcels, day=day).order_by("parcel_number"))


def test_a_split_ends_the_parcel_and_begins_its_pieces_with_rights_house_and_papers() -> None:
    old = parcel(0, serial="CA 123456")
    one, two = services.split(act(DAY), old, [Piece(each.shape, serial=f"DD 00000{n}") for n, each in enumerate(halves(old, 0.25), 1)])
    assert {each.code for each in current()} == {"06112.5.2", "06112.5.3"}
    assert [each.code for each in current(DAY - timedelta(days=1))] == ["06112.5.1"], "as of the day before there is the old one"
    assert one.area + two.area == old.area
    assert {each.user_id for each in (one, two)} == {old.user_id}
    assert records(SYSTEM, LandRights).filter(parcel__in=[one, two], kind="use").count() == 2
    assert not records(SYSTEM, LandRights).filter(parcel=old).exists()
    assert LandAsset.objects.get().parcel.geometry.covers(LandAsset.objects.get().geometry)
    assert LandCertificate.objects.get(serial="CA 123456").state == "replaced"
    assert {each.replaces.serial for each in LandCertificate.objects.filter(parcel__in=[one, two])} == {"CA 123456"}
    entry = LandRegistration.objects.get()
    assert (entry.kind, entry.registered_on) == ("split", DAY)
    assert set(entry.descents.values_list("before", "after")) == {(old.pk, one.pk), (old.pk, two.pk)}
    assert LandUse.objects.filter(parcel__in=[one, two]).aggregate(sum=Sum("area"))["sum"] == Decimal(400)


def test_numbers_are_never_given_twice() -> None:
    old = parcel(0)
    pieces = halves(old)
    with pytest.raises(Refused, match="đã có"):
        services.split(act(DAY), old, [Piece(pieces[0].shape, number=1), pieces[1]])
    made = services.split(act(DAY), old, [Piece(pieces[0].shape, number=77), pieces[1]])
    assert sorted(each.parcel_number for each in made) == [2, 77]


def test_a_piece_may_go_to_somebody_else() -> None:
    old, child = parcel(0), land_user("Nông Văn Con")
    pieces = halves(old)
    made = services.split(act(DAY), old, [pieces[0], Piece(pieces[1].shape, user=child)])
    assert [each.user.name for each in made if each.user] == ["Nông Thị Lan", "Nông Văn Con"]
    assert LandRight.objects.get(parcel=made[1]).user == child


def test_merging_wants_neighbours_of_one_holder_and_one_land_type() -> None:
    lan = land_user()
    one, two, far, rice, other = (
        parcel(0, user=lan), parcel(1, user=lan), parcel(5, user=lan), parcel(2, user=lan, land_type="LUC"), parcel(3),
    )  # fmt: skip
    for wrong, words in (([one, far], "liền kề"), ([two, rice], "loại đất"), ([rice, other], "."), ([one], "hai thửa")):
        with pytest.raises(Refused, match=words):
            services.merge(act(DAY), wrong)
    new = services.merge(act(DAY), [one, two])
    assert new.area == Decimal(800)
    assert new.geometry.area == pytest.approx(800)
    assert LandUse.objects.get(parcel=new).area == Decimal(800)
    assert LandRight.objects.get(parcel=new).share == 1


def test_what_forbids_an_act_is_said_in_a_sentence() -> None:
    old = parcel(0, serial="CA 123456")
    services.mortgage(act(DAY), old, in_favour_of="Ngân hàng A", document="1/HĐTC")
    with pytest.raises(Refused, match="đồng ý của bên nhận thế chấp"):
        services.split(act(DAY), old, halves(old))
    made = services.split(act(DAY + timedelta(days=1), consent="Văn bản 3/NHA"), old, halves(old))
    limits = [each.restrictions.get() for each in made]
    assert {each.document for each in limits} == {"1/HĐTC"}, "the mortgage follows to both pieces"
    with pytest.raises(Refused, match="không còn từ ngày"):
        services.split(act(DAY + timedelta(days=2)), old, halves(old))
    services.release(act(DAY + timedelta(days=9)), limits[0])
    services.transfer(act(DAY + timedelta(days=9)), made[0], whole(land_user("Lý Văn Mua")))
    with changing("land", SYSTEM, DECISION) as change:
        disputed = change.amend(Parcel.objects.get(pk=made[0].pk), status="disputed")
    with pytest.raises(Refused, match="tranh chấp"):
        services.transfer(act(), disputed, whole(land_user("Trần Văn Khác")))


def test_half_a_right_goes_to_two_children_and_shares_stay_one() -> None:
    land = parcel(0, serial="CA 123456")
    buyer, third = land_user("Lý Văn Mua"), land_user("Lý Thị Ba")
    services.transfer(act(DAY), land, [(buyer, Fraction(1, 3)), (third, Fraction(2, 3))])
    with pytest.raises(Refused, match="cộng lại"):
        services.transfer(act(DAY + timedelta(days=1)), land, whole(buyer), giver=third)
    entry = services.transfer(act(DAY + timedelta(days=1)), land, [(land_user("Nông Văn Con"), Fraction(2, 3))], giver=third)
    shares = {each.user.name: each.share for each in records(SYSTEM, LandRights).filter(parcel=land)}
    assert shares == {"Lý Văn Mua": Fraction(1, 3), "Nông Văn Con": Fraction(2, 3)}
    houses = {each.user.name: each.share for each in records(SYSTEM, LandRights).filter(asset__parcel=land)}
    assert houses == shares, "the house passes with the land"
    assert entry.parties == "Lý Thị Ba → Nông Văn Con"
    assert {each.user.name for each in records(SYSTEM, LandRights, day=DAY - timedelta(days=1)).filter(parcel=land)} == {"Nông Thị Lan"}


def test_a_certificate_renewed_takes_the_rights_with_it() -> None:
    parcel(0, serial="CA 123456")
    old = LandCertificate.objects.get()
    new = services.renew_certificate(act(DAY), old, serial="DD 654321", book_number="VP 9")
    assert (new.replaces, new.parcel, LandCertificate.objects.get(pk=old.pk).state) == (old, old.parcel, "replaced")
    assert set(LandRight.objects.values_list("certificate", flat=True)) == {new.pk}
    with pytest.raises(Refused, match="không còn giá trị"):
        services.renew_certificate(act(DAY), old, serial="DD 654322")


def test_a_correction_changes_the_past_and_leaves_no_trace_when_it_breaks_a_rule() -> None:
    land = parcel(0)
    services.correct_parcel(act(), land, address="Thôn Nà Pàn")
    assert records(SYSTEM, Parcels, day=BEGAN).get().address == "Thôn Nà Pàn"
    with pytest.raises(Refused, match="lệch"):
        services.correct_parcel(act(), land, area=Decimal(900))
    assert Parcel.objects.get().area == Decimal(400)


def test_lines_and_corners_drawn_badly_are_refused() -> None:
    square = shapely.box(EAST, NORTH, EAST + 20, NORTH + 20)
    with pytest.raises(CannotCut, match="không cắt qua"):
        cut_by_line(square, shapely.LineString([(EAST + 5, NORTH + 5), (EAST + 8, NORTH + 8)]))
    with pytest.raises(CannotCut, match="ra ngoài"):
        cut_by_polygons(square, [shapely.box(EAST + 10, NORTH, EAST + 60, NORTH + 20)])
    with pytest.raises(CannotCut, match="chồng"):
        cut_by_polygons(square, [shapely.box(EAST, NORTH, EAST + 12, NORTH + 20), shapely.box(EAST + 8, NORTH, EAST + 20, NORTH + 20)])
    rest = cut_by_polygons(square, [shapely.box(EAST, NORTH, EAST + 5.02, NORTH + 20)])
    assert [round(each.area, 1) for each in rest] == [100.4, 299.6]


acts = st.lists(st.tuples(st.booleans(), st.floats(0.2, 0.8), st.integers(0, 10_000)), min_size=1, max_size=8)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_no_sequence_of_splits_and_merges_loses_land(acts: list[tuple[bool, float, int]]) -> None:
    with transaction.atomic():
        lan = land_user()
        for column in range(2):
            parcel(column, user=lan)
        for number, (cuts, at, pick) in enumerate(acts):
            there, when = current(), act(DAY + timedelta(days=number))
            chosen = there[pick % len(there)]
            if cuts:
                services.split(when, chosen, halves(chosen, at))
            elif pair := next(([chosen, each] for each in there if each.geometry.relate_pattern(chosen.geometry, "F***1****")), None):
                services.merge(when, pair)
        there = current()
        assert sum(each.area for each in there) == Decimal(800)
        shapes = [shape_of(each.geometry) for each in there]
        assert shapely.union_all(shapes).area == pytest.approx(800, abs=0.01)
        assert sum(each.area for each in shapes) == pytest.approx(800, abs=0.01), "no overlap"
        _assert_acyclic()
        transaction.set_rollback(True)


def _assert_acyclic() -> None:
    """Every parcel began on the day or after the one that it came from ended, and has the greater number."""
    for each in ParcelDescent.objects.select_related("before", "after"):
        assert each.before.valid_to is not None
        assert each.after.valid_from > each.before.valid_to
        assert each.after.parcel_number > each.before.parcel_number
