"""The generated cadastre: a clean partition, parcels side by side, people with rights; and a dossier that changes it."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import AdminUnit
from sonha.process.forms import schema
from sonha.process.forms.validation import validate
from sonha.provinces.demonstration import cadastre, holdings
from sonha.provinces.demonstration.accounts import load_accounts
from sonha.provinces.demonstration.cadastre_parcels import village
from sonha.provinces.demonstration.filers import Filer, places
from sonha.provinces.tests.running import lived
from sonha.registry.records.models import Change
from sonha.registry.records.selectors import records
from sonha.sectors.areas.registers import Communes
from sonha.sectors.areas.selectors import successors
from sonha.sectors.land.cutting import shape_of
from sonha.sectors.land.finding import Named
from sonha.sectors.land.hindrances import hindrances
from sonha.sectors.land.models import LandCertificate, LandRight, LandUse, Parcel
from sonha.sectors.land.registers import LandRights, LandUses, Parcels
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version

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


def test_made_in_two_goes_it_is_the_same(lang_son: Any) -> None:
    def known() -> list[Any]:
        return sorted(Parcel.objects.values_list("code", "area", "land_type", "user__name", "certificates__serial"), key=str)

    load_accounts()
    with transaction.atomic():
        cadastre.load(500)
        whole = known()
        transaction.set_rollback(True)
    assert cadastre.load(500, communes={"06112"}) > 0 and set(Parcel.objects.values_list("commune_code", flat=True)) == {"06112"}
    assert cadastre.load(500, communes={"06112"}) == 0
    assert cadastre.load(500) > 0
    assert known() == whole
    lan = Parcel.objects.filter(user__party=User.objects.get(username="congdan").party)
    assert lan.count() >= 3 and not LandCertificate.objects.filter(parcel__in=lan, issued_on__gt=EVE).exists()


@pytest.mark.usefixtures("own_pki")
def test_a_dossier_of_the_demonstration_splits_a_parcel_by_a_signed_decision(small: int) -> None:
    user = User.objects.get(username="congdan")
    assert user.party
    form = current_version(Procedure.objects.get(stt=816))
    assert form and form.form_version
    filer = Filer(user.party, user, places()[0])
    said = holdings.answers("parcel_split_merge", filer, schema.load(form.form_version.schema), random.Random(2))
    old = Named.of(said["location_commune"], said).parcel()
    assert old and old.user and old.user.party == user.party
    assert said["certificate_number"] == LandCertificate.objects.get(parcel=old).serial
    areas = [row["area"] for row in said["new_parcels"]]
    assert len(areas) == 2 and sum(areas) == pytest.approx(float(old.area))
    dossier = lived(816, business=False, chosen=said)
    assert dossier.answers["split_line"] == said["split_line"]
    new = records(SYSTEM, Parcels).filter(came_from__before=old)
    assert sorted(float(each.area) for each in new) == pytest.approx(sorted(areas)), "what was told is what is registered"
    assert sum(each.area for each in new) == old.area
    assert not records(SYSTEM, Parcels).filter(pk=old.pk).exists()
    yesterday = timezone.localdate() - timedelta(days=1)
    assert records(SYSTEM, Parcels, day=yesterday).filter(pk=old.pk).exists()
    assert not records(SYSTEM, Parcels, day=yesterday).filter(pk__in=[each.pk for each in new]).exists()
    assert {each.user.party for each in new} == {user.party}


def test_land_dossiers_name_what_nothing_stands_against(small: int) -> None:
    filer = Filer(*(lambda user: (user.party, user))(User.objects.get(username="congdan")), places()[0])
    for declaration in ("certificate_renewal", "land_transfer", "parcel_split_merge"):
        version = current_version(Procedure.objects.get(declaration=declaration))
        assert version and version.form_version
        form = schema.load(version.form_version.schema)
        said = holdings.answers(declaration, filer, form, random.Random(7))
        parcel = Named.of(said["location_commune"], said).parcel()
        assert parcel and float(parcel.area) == said["area"] and not hindrances(parcel)
        assert (parcel.user and parcel.user.party == filer.party) is (declaration != "land_transfer")
        assert validate(form, said, partial=True).errors == {}
    assert holdings.answers("groundwater_abstraction", filer, form, random.Random(7)) == {}
