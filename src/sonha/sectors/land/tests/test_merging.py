"""Elis and VBDLIS into one register: what agrees is written, every conflict is in the table, no row is lost."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession
from sonha.sectors.areas.selectors import successors
from sonha.sectors.land.merging.layouts import ELIS
from sonha.sectors.land.merging.reading import read
from sonha.sectors.land.merging.samples import write_samples
from sonha.sectors.land.models import LandRight, LandUser, Parcel
from sonha.sectors.land.tests.cadastre import land_types

pytestmark = pytest.mark.django_db
EVE, DAY = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(autouse=True)
def communes(db: Any) -> None:
    """Two communes that became others, and one that was divided."""
    successors.cache_clear()
    land_types("ONT", "HNK")
    new = {
        code: AdminUnit.objects.create(code=code, name=f"Xã {code}", kind="commune", valid_from=DAY) for code in ("06400", "06190", "06613")
    }
    for old, became in (("06385", ["06400"]), ("06187", ["06190"]), ("06622", ["06613", "06400"])):
        unit = AdminUnit.objects.create(code=old, name=f"Xã {old}", kind="commune", valid_to=EVE)
        for code in became:
            AdminUnitSuccession.objects.create(old=unit, new=new[code], on_date=DAY)


def run(folder: Path, **options: Any) -> list[tuple[Any, ...]]:
    elis, vbdlis = write_samples(folder)
    report = folder / "doi-chieu.xlsx"
    call_command("merge_cadastre", elis=[elis], vbdlis=[vbdlis], report=report, **options)
    rows = list(openpyxl.load_workbook(report).active.iter_rows(values_only=True))
    head = next(at for at, row in enumerate(rows) if row[0] == "Kết quả")
    return rows[head + 1 :]


def test_old_fonts_and_old_commune_codes_are_read(tmp_path: Path) -> None:
    elis, _vbdlis = write_samples(tmp_path)
    rows = list(read(elis, ELIS, DAY))
    assert rows[3].values["user"] == "Đặng Đức Thắng"
    assert (rows[0].old_commune, rows[0].commune, rows[0].code) == ("06385", "06400", "06400.7.1")
    assert [len(each.faults) for each in rows] == [0, 0, 0, 0, 0, 1, 1, 1]


def test_every_row_is_accounted_for_and_a_trial_writes_nothing(tmp_path: Path) -> None:
    lines = run(tmp_path)
    assert len(lines) == 8 + 11
    told = {kind: sum(1 for line in lines if line[0] == kind) for kind in ("Xung đột", "Chưa nhận được", "Đã có, khớp", "Đã ghi")}
    assert told == {"Xung đột": 6, "Chưa nhận được": 4, "Đã có, khớp": 1, "Đã ghi": 8}
    words = " ".join(str(line[1]) for line in lines)
    for said in (
        "Khác diện tích: 400.0 và 455.0",
        "Khác người sử dụng",
        "Chồng 200.0 m²",
        "“XXX”",
        "“99999”",
        "đã chia cho",
        "Thiếu số thứ tự",
    ):
        assert said in words
    assert not Parcel.objects.exists()


def test_what_agrees_is_written_once_with_its_people(tmp_path: Path) -> None:
    run(tmp_path, write=True, basis="Biên bản bàn giao số 5")
    assert Parcel.objects.count() == 8 == LandRight.objects.count()
    parcel = Parcel.objects.get(code="06400.7.4")
    assert parcel.user is not None
    assert (parcel.user.name, parcel.old_commune_code, parcel.valid_from) == ("Đặng Đức Thắng", "06385", date(2019, 5, 20))
    assert parcel.change.basis == "import"
    again = run(tmp_path, write=True, basis="Biên bản bàn giao số 5")
    assert Parcel.objects.count() == 8
    assert LandUser.objects.count() == 8
    assert not [line for line in again if line[0] == "Đã ghi"], "the same files again change nothing"


def test_a_wrong_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    elis, _vbdlis = write_samples(tmp_path)
    with pytest.raises(CommandError, match="thiếu cột"):
        call_command("merge_cadastre", vbdlis=[elis], report=tmp_path / "x.xlsx")
    with pytest.raises(CommandError, match="--basis"):
        call_command("merge_cadastre", elis=[elis], write=True)
