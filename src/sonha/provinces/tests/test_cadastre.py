"""The generated cadastre: a clean partition, parcels side by side, people with rights; and a dossier that changes it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import AdminUnit
from sonha.provinces.demonstration import cadastre
from sonha.provinces.demonstration.accounts import load_accounts
from sonha.provinces.demonstration.cadastre_parcels import village
from sonha.provinces.tests.running import lived
from sonha.registry.records.models import Change
from sonha.registry.records.selectors import records
from sonha.sectors.areas.registers import Communes
from sonha.sectors.areas.selectors import successors
from sonha.sectors.land.cutting import cut_by_line, geos_of, shape_of
from sonha.sectors.land.drawing import in_wgs84
from sonha.sectors.land.models import LandCertificate, LandRight, LandUse, Parcel
from sonha.sectors.land.registers import LandRights, LandUses, Parcels

SYSTEM = Actor.system("test")
EVE = date(2025, 6, 30)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), wanted=st.integers(1, 400))
def test_plots_of_a_village_cover_it_without_gap_or_overlap(seed: int, wanted: int) -> None:
    made = village(np.array([450_000.0, 2_420_000.0]), wanted, np.random.default_rng(seed))
    assert shapely.is_valid(made.polygons).all()
    assert shapely.coverage_is_valid(made.polygons)
    assert shapely.coverage_union_all(made.polygons).area == pytest.approx(made.areas.sum())
    assert made.areas[~(made.road | made.stream)].min() > 30


@pytest.fixture
def small(lang_son: Any) -> Iterator[int]:
    load_accounts()
    yield cadastre.load(500)


def shapes(register: Any, day: date | None = None) -> list[shapely.Geometry]:
    return [shape_of(each.geometry) for each in records(SYSTEM, register, day=day)]


def test_boundaries_parcels_and_rights_fit_together(small: int) -> None:
    assert 450 <= small <= 600
    now, before = shapes(Communes), shapes(Communes, EVE)
    assert len(now) == AdminUnit.objects.filter(kind__in=AdminUnit.COMMUNE_LEVEL, valid_to=None).count()
    assert len(before) > 2 * len(now), "the communes of the day before are there as of that day"
    for partition in (now, before):
        assert shapely.coverage_is_valid(shapely.get_parts(partition))
        assert sum(each.area for each in partition) == pytest.approx(shapely.coverage_union_all(now).area)
    for register in (Parcels, LandUses, LandRights):
        for rule in register.rules:
            assert list(rule.scan(register, register.model._default_manager.all())) == [], rule.code
    assert LandRight.objects.filter(parcel__isnull=False).count() == small == Parcel.objects.count()
    assert LandUse.objects.count() >= small
    assert not Parcel.objects.exclude(origin=cadastre.LABEL).exists(), "generated data says so"
    assert set(Change.objects.filter(register="land").values_list("basis", flat=True)) == {"generated"}
    assert cadastre.load(500) == 0, "the second time it is there"


def test_the_command_says_what_it_made(lang_son: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_cadastre", "--parcels", "30")
    call_command("demo_cadastre", "--parcels", "30")
    said = capsys.readouterr().out
    assert "65 xã, phường" in said
    assert "đã có, giữ nguyên" in said


def test_an_old_code_leads_to_the_commune_that_it_became(lang_son: Any) -> None:
    assert successors("05971", EVE) == ("06187",)
    assert successors("06112", timezone.localdate()) == ("06112",)
    assert len(successors("06622", EVE)) == 2, "a commune that was divided"
    assert successors("99999", EVE) == ()


@pytest.mark.usefixtures("own_pki")
def test_a_dossier_splits_a_parcel_by_a_signed_decision(small: int) -> None:
    party = User.objects.get(username="congdan").party
    old = Parcel.objects.filter(user__party=party).order_by("-area")[0]
    _west, south, _east, north = old.geometry.extent
    middle = old.geometry.centroid.x
    left, right = cut_by_line(shape_of(old.geometry), shapely.LineString([(middle, south - 5), (middle, north + 5)]))
    areas = [round(left.area, 1), round(right.area, 1)]
    lived(
        816,
        business=False,
        chosen={
            "kind": "split", "location_commune": old.commune_code, "map_sheet": old.sheet_number, "parcel_number": str(old.parcel_number),
            "area": float(old.area), "certificate_number": LandCertificate.objects.get(parcel=old).serial,
            "new_parcels": [{"name": "1", "area": areas[0], "land_type": "CLN"}, {"name": "2", "area": areas[1], "land_type": "CLN"}],
            "drawn_parcels": [{"boundary": in_wgs84(geos_of(left))}], "restriction": False,
        },
    )  # fmt: skip
    new = records(SYSTEM, Parcels).filter(came_from__before=old)
    assert [float(each.area) for each in new.order_by("pk")] == pytest.approx(areas, rel=0.01)
    assert sum(each.area for each in new) == old.area
    assert not records(SYSTEM, Parcels).filter(pk=old.pk).exists()
    yesterday = timezone.localdate() - timedelta(days=1)
    assert records(SYSTEM, Parcels, day=yesterday).filter(pk=old.pk).exists()
    assert not records(SYSTEM, Parcels, day=yesterday).filter(pk__in=[each.pk for each in new]).exists()
    assert {each.user.party for each in new} == {party}
