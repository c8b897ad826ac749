"""Loading a profile into an empty database, and again."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from sonha.foundation.calendar.models import Holiday
from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession, Unit, UnitSuccession
from sonha.provinces import loading, profiles
from sonha.provinces.loading import load_profile
from sonha.provinces.organisational_units import load_units
from sonha.provinces.profiles import Profile, ProfileError, read_profile
from sonha.services.procedures.importing import stored_report
from sonha.services.procedures.models import LifeEvent, Procedure

pytestmark = pytest.mark.django_db


def test_lang_son_is_loaded_whole_and_a_second_time_nothing_changes() -> None:
    said: list[str] = []
    first = load_profile("lang_son", say=said.append)
    assert list(first) == ["areas", "units", "calendar", "catalogues", "catalogue", "declarations"]
    assert len(said) == 6
    assert AdminUnit.objects.on(date(2025, 7, 1)).filter(kind__in=AdminUnit.COMMUNE_LEVEL).count() == 65
    assert Holiday.objects.get(date=date(2024, 5, 4)).kind == "workday"
    assert stored_report().rows == 1717
    modelled = Procedure.objects.filter(fully_modelled=True)
    assert modelled.count() == first["declarations"]["modelled"] >= 12
    assert not Procedure.objects.filter(versions=None).exists(), "every procedure of the catalogue can be filed"
    assert LifeEvent.objects.get(key="drill_well").procedures.filter(stt=860).exists()
    assert load_profile("lang_son") == {}
    again = load_profile("lang_son", force=True)
    assert [again[step].get("written", 0) for step in ("areas", "units", "calendar")] == [0, 0, 0]
    assert again["catalogue"]["unchanged"] == 1717
    assert again["declarations"]["versions"] == 0


def test_the_organisation_of_the_documents_works_on_and_the_law_is_kept_beside_it() -> None:
    loading.load_areas(read_profile("lang_son"))
    load_units(read_profile("lang_son"))
    today = date(2026, 11, 21)
    assert {"STNMT", "STNMT.NUOC", "H.LANGSON", "X.05977"} <= set(Unit.objects.on(today).values_list("code", flat=True))
    assert not Unit.objects.on(today).filter(code__startswith="XC.").exists(), "communes are today's"
    succession = UnitSuccession.objects.get(old__code="STNMT")
    assert (succession.new.code, succession.on_date) == ("SNNMT", date(2025, 3, 1))
    assert Unit.objects.get(code="STNMT.NUOC").path == "/UBND/STNMT/STNMT.NUOC/"


def test_a_province_that_works_in_today_s_organisation_closes_the_old_units() -> None:
    profile = read_profile("lang_son")
    loading.load_areas(profile)
    load_units(Profile(profile.key, profile.folder, {**profile.settings, "operational_structure": "today"}))
    working = set(Unit.objects.on(date(2026, 11, 21)).values_list("code", flat=True))
    assert not {"STNMT", "STNMT.NUOC", "STTTT", "H.LANGSON"} & working
    assert {"SNNMT", "SNNMT.NUOC", "SKHCN", "X.05977"} <= working
    assert Unit.objects.get(code="H.LANGSON").valid_to == date(2025, 6, 30)


def test_an_old_code_given_to_a_new_commune_names_two_units() -> None:
    loading.load_areas(read_profile("lang_son"))
    old, new = AdminUnit.objects.filter(code="05977").order_by("valid_from")[::-1]
    assert (old.name, new.name) == ("Phường Vĩnh Trại", "Phường Đông Kinh")
    assert AdminUnitSuccession.objects.filter(old=old, new=new).exists()
    divided = AdminUnit.objects.get(code="06622")
    assert {row.new.name for row in divided.successions.all()} == {"Xã Đình Lập", "Xã Kiên Mộc"}


@pytest.mark.parametrize(("key", "districts", "sea"), [("dak_nong", 8, False), ("thanh_hoa", 27, True)])
def test_another_province_is_the_same_software_with_other_data(key: str, districts: int, sea: bool) -> None:
    load_profile(key)
    assert AdminUnit.objects.filter(kind="district").count() == districts
    assert AdminUnit.objects.get(kind="province").code == read_profile(key).settings["province_code"]
    assert Unit.objects.filter(code="STNMT.MC", kind=Unit.Kind.DESK).exists()
    assert Holiday.objects.filter(date=date(2025, 4, 30)).exists(), "national holidays are the same"
    assert read_profile(key).modules["sea"] is sea
    assert not Procedure.objects.exists()
    assert load_profile(key) == {}


def test_an_unknown_province_is_named() -> None:
    with pytest.raises(CommandError, match="kon_tum"):
        call_command("load_profile", "kon_tum")


def test_a_changed_file_loads_its_step_and_those_after_it(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "small"
    (folder / "areas").mkdir(parents=True)
    (folder / "profile.yaml").write_text("title: Tỉnh thử\n", encoding="utf-8")
    head = "code,name,name_en,kind,parent,valid_from,valid_to,lon,lat,source,assumption\n"
    (folder / "areas/admin_units.csv").write_text(head + "99,Tỉnh thử,,province,,,,,,thử,no\n", encoding="utf-8")
    monkeypatch.setattr(profiles, "HERE", tmp_path)
    load_profile("small")
    assert load_profile("small") == {}
    (folder / "areas/admin_units.csv").write_text(head + "99,Tỉnh đổi tên,,province,,,,,,thử,no\n", encoding="utf-8")
    assert load_profile("small")["areas"] == {"total": 1, "written": 1}
    assert AdminUnit.objects.get(code="99").name == "Tỉnh đổi tên"


def test_a_broken_file_is_named_with_its_line(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "profile.yaml").write_text("title: [unclosed\n", encoding="utf-8")
    monkeypatch.setattr(profiles, "HERE", tmp_path)
    with pytest.raises(ProfileError, match=r"profile\.yaml"):
        load_profile("broken")
