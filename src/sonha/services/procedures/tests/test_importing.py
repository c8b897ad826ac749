"""Importing the catalogue: all rows, once; again, nothing."""

import csv
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from sonha.foundation.organisations.models import Unit, UnitSuccession
from sonha.services.procedures.importing import CatalogueError, clean, import_catalogue, read_catalogue, stored_report
from sonha.services.procedures.models import CatalogueFragment, Field, Procedure

FOLDER = Path(settings.PACKAGE) / "provinces" / "lang_son" / "catalogue"
pytestmark = pytest.mark.django_db


@pytest.fixture
def agencies() -> dict[str, Unit]:
    codes = {row["unit"] for row in read_catalogue(FOLDER).agencies.values() if row["unit"]}
    return {code: Unit.objects.create(code=code, name=code, kind=Unit.Kind.DEPARTMENT, is_agency=True) for code in codes}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A catalogue folder of two rows that a test may change."""
    for name in ("fields.csv", "agencies.csv"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "procedures.csv").write_text(
        "stt,agency,field,code,name,resolution,source_note,source_line\n"
        "860,Sở Tài nguyên và Môi trường,Lĩnh vực Tài nguyên nước,BTM-LSN-265150,Cấp giấy phép khai thác,,,1\n"
        "861,Sở Tài nguyên và Môi trường,Lĩnh vực Tài nguyên nước,,Gia hạn giấy phép khai thác,,,2\n",
        encoding="utf-8",
    )
    (tmp_path / "procedures_fragments.csv").write_text("fragment_no,agency,field,code,name,resolution,note,source_line\n", encoding="utf-8")
    return tmp_path


def test_the_database_holds_every_cell_of_the_file(agencies: dict[str, Unit]) -> None:
    result = import_catalogue(FOLDER)
    assert (result.created, result.changed, result.unchanged, result.fragments) == (1717, 0, 0, 9)
    stored = {procedure.stt: procedure for procedure in Procedure.objects.all()}
    with (FOLDER / "procedures.csv").open(encoding="utf-8", newline="") as file:
        for raw in csv.DictReader(file):
            procedure = stored[int(raw["stt"])]
            cells = (
                procedure.agency_raw,
                procedure.field_raw,
                procedure.code,
                procedure.name,
                procedure.resolution,
                procedure.source_note,
            )
            assert cells == tuple(clean(raw[name]) for name in ("agency", "field", "code", "name", "resolution", "source_note"))
    assert CatalogueFragment.objects.count() == 9
    assert stored_report().as_dict() == read_catalogue(FOLDER).report().as_dict()


def test_the_second_import_changes_nothing(agencies: dict[str, Unit]) -> None:
    import_catalogue(FOLDER)
    fields = Field.objects.count()
    result = import_catalogue(FOLDER)
    assert (result.created, result.changed, result.unchanged, result.absent) == (0, 0, 1717, 0)
    assert Field.objects.count() == fields


def test_defects_can_be_filtered(agencies: dict[str, Unit]) -> None:
    import_catalogue(FOLDER)
    assert Procedure.objects.filter(defects__contains=["code_missing"]).count() == 28
    assert Procedure.objects.filter(defects__contains=["code_repeated_in_agency"], code="BKH-LSN-271980").count() == 28
    assert Procedure.objects.filter(field=None).count() == 4


def test_agencies_and_levels(agencies: dict[str, Unit]) -> None:
    import_catalogue(FOLDER)
    assert Procedure.objects.filter(agency=agencies["STNMT"]).count() == 101
    assert Procedure.objects.filter(level="district", agency=None).count() == 245
    assert Procedure.objects.filter(level="commune", agency=None).count() == 61


def test_a_correction_in_the_file_arrives_and_other_parts_keep_what_they_wrote(agencies: dict[str, Unit], small: Path) -> None:
    import_catalogue(small)
    Procedure.objects.filter(stt=860).update(family="permit", fully_modelled=True)
    source = small / "procedures.csv"
    source.write_text(source.read_text(encoding="utf-8").replace(",,Gia hạn", ",BTM-LSN-265151,Gia hạn"), encoding="utf-8")
    result = import_catalogue(small)
    assert (result.changed, result.unchanged) == (1, 1)
    corrected = Procedure.objects.get(stt=861)
    assert (corrected.code, corrected.code_pattern, corrected.defects) == ("BTM-LSN-265151", "ministry", [])
    assert Procedure.objects.get(stt=860).family == "permit"


def test_a_row_that_left_the_file_stays_and_is_reported(agencies: dict[str, Unit], small: Path) -> None:
    import_catalogue(small)
    lines = (small / "procedures.csv").read_text(encoding="utf-8").splitlines()
    (small / "procedures.csv").write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    assert import_catalogue(small).absent == 1
    assert Procedure.objects.count() == 2


def test_an_agency_that_has_ended_hands_over_to_its_successor(agencies: dict[str, Unit], small: Path) -> None:
    old = agencies["STNMT"]
    Unit.objects.filter(pk=old.pk).update(valid_to="2025-02-28")
    new = Unit.objects.create(code="SNNMT", name="Sở Nông nghiệp và Môi trường", kind=Unit.Kind.DEPARTMENT)
    UnitSuccession.objects.create(old=old, new=new, on_date="2025-03-01")
    import_catalogue(small)
    assert set(Procedure.objects.values_list("agency__code", flat=True)) == {"SNNMT"}


def test_units_must_be_there_first(small: Path) -> None:
    with pytest.raises(CatalogueError, match="hãy nạp cơ quan, đơn vị"):
        import_catalogue(small)
    assert not Procedure.objects.exists()


def test_a_number_that_stands_twice_is_refused(agencies: dict[str, Unit], small: Path) -> None:
    source = small / "procedures.csv"
    source.write_text(source.read_text(encoding="utf-8").replace("861,", "860,"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="860"):
        import_catalogue(small)


def test_an_unknown_field_is_refused(agencies: dict[str, Unit], small: Path) -> None:
    source = small / "procedures.csv"
    source.write_text(source.read_text(encoding="utf-8").replace("Lĩnh vực Tài nguyên nước", "Lĩnh vực Lạ"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="Lĩnh vực Lạ"):
        import_catalogue(small)


def test_text_is_stored_composed(agencies: dict[str, Unit], small: Path) -> None:
    import unicodedata

    source = small / "procedures.csv"
    source.write_text(unicodedata.normalize("NFD", source.read_text(encoding="utf-8")), encoding="utf-8")
    for name in ("fields.csv", "agencies.csv"):
        (small / name).write_text(unicodedata.normalize("NFD", (small / name).read_text(encoding="utf-8")), encoding="utf-8")
    import_catalogue(small)
    name = Procedure.objects.get(stt=860).name
    assert name == "Cấp giấy phép khai thác" and unicodedata.is_normalized("NFC", name)
