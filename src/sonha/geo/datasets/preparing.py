"""Making the files of a data set: from the declaration and the writers of registry.formats, in one pass for each kind."""

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from sonha.foundation.files.services import keep_path
from sonha.registry.formats.writing.rows import Selection
from sonha.registry.formats.writing.writers import KINDS as FILE_KINDS
from sonha.registry.pages.asking import Asked
from sonha.registry.records.selectors import changes

from .models import PURPOSE, DatasetFile
from .selecting import open_registers, opened

WGS84 = 4326
FORMULAS = tuple("=+-@\t\r")
OLDEST = timedelta(days=7)  # records begin and end with the calendar: files are made anew even without a change


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file of data sets; `maps`: only of registers with open places."""

    title: str | Promise
    ending: str
    media_type: str
    write: Callable[[Selection, Path], int]
    maps: bool = False


def _rows(selection: Selection) -> Iterator[dict[str, Any]]:
    for piece in selection.pieces():
        for values, _shape in piece:
            yield values


def _csv(selection: Selection, path: Path) -> int:
    """One header line with the names of fields; UTF-8 with a mark, so that spreadsheets read it right."""
    names, count = [*(each.name for each in selection.fields), "commune_code", "valid_from", "valid_to"], 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for values in _rows(selection):
            writer.writerow([_text(values[name]) for name in names])
            count += 1
    return count


def _text(value: Any) -> Any:
    """A cell; one that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date | datetime) else value


def _json(selection: Selection, path: Path) -> int:
    """An array of objects."""
    count = 0
    with path.open("wb") as file:
        file.write(b"[")
        for values in _rows(selection):
            file.write((b",\n" if count else b"\n") + orjson.dumps(values, default=_number))
            count += 1
        file.write(b"\n]\n")
    return count


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(value)


def _map(name: str) -> Callable[[Selection, Path], int]:
    return lambda selection, path: FILE_KINDS[name].write(selection, path, lambda count: None)


KINDS: Mapping[str, Kind] = {
    "csv": Kind("CSV", ".csv", "text/csv", _csv),
    "json": Kind("JSON", ".json", "application/json", _json),
    "geojson": Kind("GeoJSON", ".geojson", FILE_KINDS["geojson"].media_type, _map("geojson"), maps=True),
    "gpkg": Kind("GeoPackage", ".gpkg", FILE_KINDS["gpkg"].media_type, _map("gpkg"), maps=True),
}


def kinds_of(asked: Asked) -> dict[str, Kind]:
    placed = Selection(asked, {}, WGS84).geometry is not None
    return {name: kind for name, kind in KINDS.items() if placed or not kind.maps}


def prepare(asked: Asked, kind: str) -> DatasetFile:
    """Makes one file and puts it in the place of the one before. KeyError for a kind that this data set has not."""
    how, register = kinds_of(asked)[kind], asked.register
    place = register.field(register.geometry()).srid if register.geometry() else WGS84
    selection = Selection(asked, {}, WGS84 if kind == "geojson" else place or WGS84)
    made_at, newest = timezone.now(), last_change(asked)
    with tempfile.TemporaryDirectory(prefix="sonha-open-data-") as folder:
        path = Path(folder) / f"{register.slug}{how.ending}"
        rows = how.write(selection, path)
        with transaction.atomic():
            file = keep_path(path, name=path.name, media_type=how.media_type, purpose=PURPOSE)
            said = {"file": file, "rows": rows, "last_change": newest, "made_at": made_at}
            return DatasetFile.objects.update_or_create(register=register.code, kind=kind, defaults=said)[0]


def last_change(asked: Asked) -> int:
    newest = changes(asked.register).values_list("pk", flat=True).first()
    return newest or 0


def outdated() -> Iterator[tuple[Asked, str]]:
    """Files that are missing, older than a change of their register, or older than a week."""
    there = {(each.register, each.kind): each for each in DatasetFile.objects.all()}
    since = timezone.now() - OLDEST
    for register in open_registers():
        asked = opened(register.code)
        newest = last_change(asked)
        for kind in kinds_of(asked):
            held = there.get((register.code, kind))
            if held is None or held.last_change != newest or held.made_at < since:
                yield asked, kind
