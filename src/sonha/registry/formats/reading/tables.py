"""Spreadsheets and CSV: the row of titles is found, delimiter and encoding of a CSV are found, cells keep their types."""

import csv
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from sonha.foundation.files.errors import FileRefused

from ..encodings import LATIN, UTF8, convert, recognise
from .layers import Batch, Column, Layer, Source, samples

Row = list[Any]
MOST_COLUMNS = 300
MOST_ROWS = 1_048_576
LOOKED_AT = 30  # rows in which the titles are looked for
STEP = 20_000
DELIMITERS = ",;\t|"


def source(path: Path, kind: str, encoding: str) -> Source:
    sheets = {"xlsx": _xlsx, "ods": _ods, "csv": lambda given: _csv(given, encoding)}[kind](path)
    layers, readers = [], {}
    for name, rows, said in sheets:
        described = _described(name, rows, said)
        if described is not None:
            layer, header = described
            layers.append(layer)
            readers[layer.name] = (rows, header)
    if not layers:
        raise FileRefused(_("Không thấy bảng nào trong tệp: cần một dòng tiêu đề cột và các dòng dữ liệu bên dưới."))

    def read(layer: Layer) -> Iterator[Batch]:
        rows, header = readers[layer.name]
        return _batches(rows(), header, [each.name for each in layer.columns])

    return Source(kind, tuple(layers), read)


def _described(name: str, rows: Any, encoding: str) -> tuple[Layer, int] | None:
    """The sheet, and the number of the row with its titles."""
    head = list(islice(rows(), LOOKED_AT + 50))
    header = _header(head)
    if header is None:
        return None
    titles = _titles(head[header])
    count = sum(1 for row in islice(rows(), header + 1, None) if any(_filled(cell) for cell in row))
    if count > MOST_ROWS:
        raise FileRefused(_("Bảng dài hơn 1.048.576 dòng; xin chia nhỏ."))
    below = head[header + 1 :]
    columns = tuple(Column(title, "text", samples(row[at] if at < len(row) else None for row in below)) for at, title in titles.items())
    return Layer(name, columns, count, encoding=encoding), header


def _header(rows: list[Row]) -> int | None:
    """The first row with the most texts among those with something below it."""
    counts = [sum(1 for cell in row if isinstance(cell, str) and cell.strip()) for row in rows[:LOOKED_AT]]
    most = max(counts, default=0)
    found = next((number for number, count in enumerate(counts) if count >= max(2, most * 0.8)), None) if most >= 2 else None
    if found is None and most == 1 and len(rows) > 1:
        found = counts.index(1)
    return found if found is not None and found + 1 < len(rows) else None


def _titles(row: Row) -> dict[int, str]:
    """Titles by place; repeated ones are told apart."""
    found: dict[int, str] = {}
    for at, cell in enumerate(row[:MOST_COLUMNS]):
        title = " ".join(str(cell).split()) if _filled(cell) else ""
        if not title:
            continue
        name, number = title, 2
        while name in found.values():
            name, number = f"{title} ({number})", number + 1
        found[at] = name
    return found


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _batches(rows: Iterable[Row], header: int, names: list[str]) -> Iterator[Batch]:
    places: list[int] = []
    batch: dict[str, list[Any]] = {}
    number = numbers_from = 0
    for number, row in enumerate(rows, start=1):
        if number == header + 1:
            places = list(_titles(row))
        if number <= header + 1:
            continue
        if not batch:
            batch, numbers_from = {name: [] for name in names}, number
        for name, at in zip(names, places, strict=True):
            batch[name].append(row[at] if at < len(row) else None)
        if number - numbers_from + 1 >= STEP:
            yield Batch(numbers_from, STEP, batch)
            batch = {}
    if batch:
        yield Batch(numbers_from, number - numbers_from + 1, batch)


def _xlsx(path: Path) -> list[tuple[str, Any, str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError):
        raise FileRefused(_("Tệp Excel bị hỏng; xin mở trên máy, lưu lại rồi gửi lại.")) from None

    def rows_of(sheet: Any) -> Any:
        def rows() -> Iterator[Row]:
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
                yield [_cell(each) for each in row]

        return rows

    return [(sheet.title, rows_of(sheet), "") for sheet in book.worksheets]


def _cell(value: Any) -> Any:
    """A moment at midnight is a day; a whole number is written without a point."""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date()
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _ods(path: Path) -> list[tuple[str, Any, str]]:
    from odf import opendocument, teletype
    from odf.table import Table, TableRow

    try:
        tables = opendocument.load(str(path)).spreadsheet.getElementsByType(Table)
    except Exception:  # odfpy raises whatever its parser met
        raise FileRefused(_("Tệp bảng tính bị hỏng; xin mở trên máy, lưu lại rồi gửi lại.")) from None

    def rows_of(table: Any) -> Any:
        def rows() -> Iterator[Row]:
            for row in table.getElementsByType(TableRow):
                cells: Row = []
                for cell in row.childNodes:
                    times = min(int(cell.getAttribute("numbercolumnsrepeated") or 1), MOST_COLUMNS - len(cells))
                    cells += [_ods_value(cell, teletype)] * max(times, 0)
                for _time in range(min(int(row.getAttribute("numberrowsrepeated") or 1), 1000 if any(map(_filled, cells)) else 1)):
                    yield cells

        return rows

    return [(table.getAttribute("name"), rows_of(table), "") for table in tables]


def _ods_value(cell: Any, teletype: Any) -> Any:
    kind = cell.getAttribute("valuetype")
    if kind in ("float", "currency", "percentage"):
        return _cell(float(cell.getAttribute("value")))
    if kind == "date":
        return _cell(datetime.fromisoformat(cell.getAttribute("datevalue")))
    return teletype.extractText(cell) or None


def _csv(path: Path, encoding: str) -> list[tuple[str, Any, str]]:
    raw_head = path.open("rb").read(1024 * 1024)
    codec, old = _codec(raw_head, encoding)
    head = raw_head.decode(codec, "replace")
    lines = [line for line in head.splitlines()[:LOOKED_AT] if line.strip()]
    delimiter = max(DELIMITERS, key=lambda sign: (_columns_of(lines, sign), -DELIMITERS.index(sign)))
    csv.field_size_limit(16 * 1024 * 1024)

    def rows() -> Iterator[Row]:
        try:
            with path.open(encoding=codec, newline="") as file:
                for row in csv.reader(file, delimiter=delimiter):
                    yield [convert(cell, old) if old else cell for cell in row]
        except (UnicodeDecodeError, csv.Error):
            raise FileRefused(_("Tệp CSV có chỗ không đọc được theo bảng mã đã chọn; xin lưu lại dạng CSV UTF-8.")) from None

    return [("csv", rows, old or UTF8)]


def _columns_of(lines: list[str], sign: str) -> int:
    """How many columns a delimiter gives in most lines."""
    counts = [len(next(csv.reader([line], delimiter=sign), [])) for line in lines]
    return sorted(counts)[len(counts) // 2] if counts else 0


def _codec(head: bytes, encoding: str) -> tuple[str, str]:
    """(codec that gives characters, old encoding that is still to be converted)."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", ""
    if encoding in ("", UTF8):
        try:
            text = head[: head.rfind(b"\n") + 1 or None].decode("utf-8-sig")
        except UnicodeDecodeError:
            encoding = recognise(head.decode("latin-1").splitlines())
        else:
            old = recognise(text.splitlines())  # an old font's text may have been saved as UTF-8
            return "utf-8-sig", "" if old in (LATIN, UTF8) else old
    return "latin-1", "" if encoding == LATIN else encoding
