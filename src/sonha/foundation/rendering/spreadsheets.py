"""Lists as spreadsheets: xlsx, ods and csv from one description, written row by row so that length costs no memory.

Dates are real dates, money and counts are numbers, codes stay text. A text can never become a formula: in xlsx and ods it is typed as
text, in csv a text that a spreadsheet would take for a formula gets an apostrophe (OWASP, "CSV injection").
"""

import csv
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from django.utils.functional import Promise

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
NUMBER_FORMATS = {
    "date": "dd/mm/yyyy",
    "moment": "dd/mm/yyyy hh:mm",
    "number": "0",
    "decimal": "0.0",
    "coordinate": "0.000000",
    "money": "#,##0",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind`: text, date, moment, number, decimal or money (đồng, whole), coordinate (degrees). `width` in characters."""

    title: str | Promise
    kind: str = "text"
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with lines above it that say what it is, of when, and for whom. Rows hold one value per column; None is an empty cell."""

    title: str
    lines: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def write(sheet: Sheet, kind: str, path: Path, *, after_row: Callable[[int], None] = lambda count: None) -> int:
    """Writes the sheet as `kind` (xlsx, ods, csv) to `path` and returns the number of rows. KeyError for another kind."""
    counted = _Counted(sheet.rows, after_row)
    WRITERS[kind](Sheet(sheet.title, sheet.lines, sheet.columns, counted), path)
    return counted.count


class _Counted:
    """Iterates rows once and keeps count."""

    def __init__(self, rows: Iterable[Sequence[Any]], after_row: Callable[[int], None]) -> None:
        self.rows, self.count, self.after_row = rows, 0, after_row

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            yield row
            self.count += 1
            self.after_row(self.count)


def _plain(value: Any) -> Any:
    """Local naive times, texts without control characters, Decimals as numbers; anything else unknown becomes text."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0)
    if value is None or isinstance(value, date | int | float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return UNPRINTABLE.sub("", str(value))


def _xlsx(sheet: Sheet, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    table = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.title)[:31])
    for number, column in enumerate(sheet.columns, start=1):
        table.column_dimensions[get_column_letter(number)].width = column.width
    header = len(sheet.lines) + 3
    table.freeze_panes = f"A{header + 1}"

    def cell(value: Any, kind: str = "text") -> Any:
        made = WriteOnlyCell(table)
        made.value = value = _plain(value)
        if isinstance(value, str):
            made.data_type = "s"  # never a formula
        elif kind in NUMBER_FORMATS:
            made.number_format = NUMBER_FORMATS[kind]
        return made

    title = cell(sheet.title)
    title.font = Font(bold=True, size=14)
    table.append([title])
    for line in sheet.lines:
        table.append([cell(line)])
    table.append([])
    titles = [cell(column.title) for column in sheet.columns]
    for each in titles:
        each.font = Font(bold=True)
        each.fill = PatternFill("solid", start_color="E6EFE9")
        each.alignment = Alignment(wrap_text=True, vertical="center")
    table.append(titles)
    for row in sheet.rows:
        table.append([cell(value, column.kind) for value, column in zip(row, sheet.columns, strict=True)])
    book.save(path)


def _csv(sheet: Sheet, path: Path) -> None:
    """UTF-8 with a byte order mark, so that spreadsheets read Vietnamese letters rightly."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([_csv_text(sheet.title)])
        writer.writerows([_csv_text(line)] for line in sheet.lines)
        writer.writerow([])
        writer.writerow([_csv_text(column.title) for column in sheet.columns])
        for row in sheet.rows:
            writer.writerow([_csv_text(value) for value in row])


def _csv_text(value: Any) -> str:
    words = _words(_plain(value))
    return f"'{words}" if isinstance(value, str) and words.lstrip(" ").startswith(LIKE_A_FORMULA) else words


def _words(plain: Any) -> str:
    """What a cell shows."""
    if plain is None:
        return ""
    if isinstance(plain, datetime):
        return plain.strftime("%d/%m/%Y %H:%M")
    return plain.strftime("%d/%m/%Y") if isinstance(plain, date) else str(plain)


def _ods(sheet: Sheet, path: Path) -> None:
    """OpenDocument 1.2, streamed into its zip; the media type comes first and uncompressed, as the standard asks."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), MEDIA_TYPES["ods"])
        archive.writestr("META-INF/manifest.xml", ODS_MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as out:
            for piece in _ods_content(sheet):
                out.write(piece.encode())


def _ods_content(sheet: Sheet) -> Iterator[str]:
    yield ODS_HEAD
    for number, column in enumerate(sheet.columns):
        yield f'<style:style style:name="w{number}" style:family="table-column"><style:table-column-properties '
        yield f'style:column-width="{column.width * 0.2:.1f}cm"/></style:style>'
    yield f"</office:automatic-styles><office:body><office:spreadsheet><table:table table:name={quoteattr(sheet.title[:31])}>"
    for number in range(len(sheet.columns)):
        yield f'<table:table-column table:style-name="w{number}"/>'
    for line in (sheet.title, *sheet.lines):
        yield f"<table:table-row>{_ods_cell(line, 'bold' if line is sheet.title else '')}</table:table-row>"
    yield "<table:table-row><table:table-cell/></table:table-row><table:table-row>"
    yield "".join(_ods_cell(str(column.title), "bold") for column in sheet.columns)
    yield "</table:table-row>"
    for row in sheet.rows:
        yield "<table:table-row>"
        yield "".join(_ods_cell(value, column.kind) for value, column in zip(row, sheet.columns, strict=True))
        yield "</table:table-row>"
    yield "</table:table></office:spreadsheet></office:body></office:document-content>"


def _ods_cell(value: Any, style: str) -> str:
    value = _plain(value)
    if value is None or value == "":
        return "<table:table-cell/>"
    named = f' table:style-name="{style}"' if style in {*NUMBER_FORMATS, "bold"} else ""
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    words = escape(_words(value)).replace("\n", "</text:p><text:p>")
    return f"<table:table-cell{named} {kind}><text:p>{words}</text:p></table:table-cell>"


ODS_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{MEDIA_TYPES["ods"]}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
DAY_PARTS = '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'  # noqa: E501
ODS_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"><office:automatic-styles>
<number:date-style style:name="n-date">{DAY_PARTS}</number:date-style>
<number:date-style style:name="n-moment">{DAY_PARTS}<number:text> </number:text><number:hours number:style="long"/>
<number:text>:</number:text><number:minutes number:style="long"/></number:date-style>
<number:number-style style:name="n-number"><number:number number:min-integer-digits="1"/></number:number-style>
<number:number-style style:name="n-decimal"><number:number number:decimal-places="1" number:min-integer-digits="1"/></number:number-style>
<number:number-style style:name="n-coordinate">
<number:number number:decimal-places="6" number:min-integer-digits="1"/></number:number-style>
<number:number-style style:name="n-money"><number:number number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
{"".join(f'<style:style style:name="{kind}" style:family="table-cell" style:data-style-name="n-{kind}"/>' for kind in NUMBER_FORMATS)}
"""

WRITERS: dict[str, Callable[[Sheet, Path], None]] = {"xlsx": _xlsx, "ods": _ods, "csv": _csv}
