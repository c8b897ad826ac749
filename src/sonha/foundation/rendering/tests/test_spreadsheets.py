"""Tables as xlsx, ods and csv, read back by other programs' eyes."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import load
from odf.table import TableCell, TableRow
from odf.teletype import extractText

from sonha.foundation.rendering.spreadsheets import WRITERS, Column, Sheet, write

COLUMNS = [
    Column("Mã hồ sơ"),
    Column("Ngày nộp", "moment"),
    Column("Ngày cấp", "date"),
    Column("Phí (đồng)", "money"),
    Column("Vĩ độ", "coordinate"),
]
MOMENT = timezone.make_aware(datetime(2026, 11, 20, 16, 45))
ROWS: list[list[Any]] = [
    ["0012345", MOMENT, date(2026, 11, 2), 1_200_000, 21.875801],
    ['=HYPERLINK("http://x")', None, None, Decimal("400000"), None],
    ["Nông Thị Lan; Thôn <Nà> & Pàn", None, date(2026, 1, 1), 0, -1.5],
]


def sheet(rows: Any = ROWS) -> Sheet:
    return Sheet("Danh sách hồ sơ", ["Điều kiện lọc: không lọc", "Xuất lúc 16:45"], COLUMNS, rows)


def ods_rows(path: Path) -> list[list[Any]]:
    """Rows of cells as (type, value, words)."""
    rows = load(str(path)).spreadsheet.getElementsByType(TableRow)
    return [
        [
            (cell.getAttribute("valuetype"), cell.getAttribute("datevalue") or cell.getAttribute("value"), extractText(cell))
            for cell in row.getElementsByType(TableCell)
        ]
        for row in rows
    ]


def test_xlsx_keeps_codes_as_text_dates_as_dates_and_money_as_numbers(tmp_path: Path) -> None:
    assert write(sheet(), "xlsx", tmp_path / "list.xlsx") == 3
    table = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert table.cell(1, 1).value == "Danh sách hồ sơ" and table.cell(3, 1).value == "Xuất lúc 16:45"
    assert [cell.value for cell in table[5]] == [column.title for column in COLUMNS]
    assert table.freeze_panes == "A6"
    assert [cell.value for cell in table[6]] == ["0012345", datetime(2026, 11, 20, 16, 45), datetime(2026, 11, 2), 1_200_000, 21.875801]
    assert table["A6"].data_type == "s" and table["B6"].is_date and table["C6"].number_format == "dd/mm/yyyy"
    assert table["A7"].data_type == "s" and table["D7"].value == 400_000


def test_ods_is_read_by_another_program_with_the_same_types(tmp_path: Path) -> None:
    assert write(sheet(), "ods", tmp_path / "list.ods") == 3
    rows = ods_rows(tmp_path / "list.ods")
    assert rows[4] == [("string", None, column.title) for column in COLUMNS]
    assert rows[5] == [
        ("string", None, "0012345"),
        ("date", "2026-11-20T16:45:00", "20/11/2026 16:45"),
        ("date", "2026-11-02", "02/11/2026"),
        ("float", "1200000", "1200000"),
        ("float", "21.875801", "21.875801"),
    ]
    assert rows[6][0] == ("string", None, '=HYPERLINK("http://x")'), "typed as text it is no formula"
    assert rows[7][0][2] == "Nông Thị Lan; Thôn <Nà> & Pàn"


def test_csv_is_utf8_with_a_mark_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    write(sheet(), "csv", tmp_path / "list.csv")
    raw = (tmp_path / "list.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert rows[4] == [column.title for column in COLUMNS]
    assert rows[5] == ["0012345", "20/11/2026 16:45", "02/11/2026", "1200000", "21.875801"]
    assert rows[6][0] == '\'=HYPERLINK("http://x")'
    assert rows[7][4] == "-1.5", "a number stays a number"


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=60))
@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_no_text_breaks_a_file_or_becomes_a_formula(tmp_path_factory: pytest.TempPathFactory, kind: str, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / f"list.{kind}"
    text = text.encode("utf-8", "ignore").decode()
    assert write(Sheet("x", [], [Column("Tên")], [[text], ["cuối"]]), kind, path) == 2
    if kind == "xlsx":
        table = openpyxl.load_workbook(path).active
        assert table.cell(5, 1).value == "cuối"
        assert table.cell(4, 1).data_type != "f"
    elif kind == "ods":
        assert ods_rows(path)[-1][0][2] == "cuối"
    else:
        with path.open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.reader(source))
        assert rows[-1] == ["cuối"]
        assert not rows[3] or not rows[3][0].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
