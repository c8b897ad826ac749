"""The province's printed catalogue becomes rows of `Procedure`. Repeatable; nothing is dropped, repaired or invented.

Files of a catalogue folder (UTF-8 CSV):
  procedures.csv            stt, agency, field, code, name, resolution, source_note, source_line
  procedures_fragments.csv  fragment_no, agency, field, code, name, resolution, note, source_line
  fields.csv                raw, name, slug, kind (field | group | missing)
  agencies.csv              agency, unit, level (province | district | commune)
`stt` is the key. The code is an attribute: 51 codes stand on more than one row.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.organisations.models import Unit, UnitSuccession
from sonha.services.procedures.models import CatalogueFragment, Field, Procedure
from sonha.services.procedures.quality import (
    CatalogueRow,
    Fragment,
    QualityReport,
    clean,
    code_pattern,
    inspect_rows,
    report,
)

GENERATED = ("search", "name_folded", "code_key")  # columns the database computes


class CatalogueError(Exception):
    """The catalogue files cannot be imported; the message says which row and what to do."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue folder, read and cleaned."""

    rows: list[CatalogueRow]
    fragments: list[Fragment]
    fields: dict[str, dict[str, str]]
    agencies: dict[str, dict[str, str]]

    @property
    def field_groups(self) -> list[str]:
        return [raw for raw, row in self.fields.items() if row["kind"] == "group"]

    def report(self) -> QualityReport:
        return report(self.rows, self.fragments, inspect_rows(self.rows, self.field_groups))


@dataclass(slots=True)
class ImportResult:
    """How many procedures were new, changed, or the same; `absent`: rows of the database that the file no longer has."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0
    fragments: int = 0


def read_catalogue(folder: Path) -> Catalogue:
    """Reads the four files.

    CatalogueError when a file is missing, a number stands twice, or a field or agency is not in its table.
    """
    rows = [
        CatalogueRow(
            stt=int(raw["stt"]),
            agency=raw["agency"],
            field=raw["field"],
            code=raw["code"],
            name=raw["name"],
            resolution=raw["resolution"],
            source_note=raw["source_note"],
            source_line=_number(raw["source_line"]),
        )
        for raw in _read(folder / "procedures.csv")
    ]
    fragments = [
        Fragment(
            number=int(raw["fragment_no"]),
            agency=raw["agency"],
            field=raw["field"],
            code=raw["code"],
            name=raw["name"],
            resolution=raw["resolution"],
            note=raw["note"],
            source_line=_number(raw["source_line"]),
        )
        for raw in _read(folder / "procedures_fragments.csv")
    ]
    known_fields = {raw["raw"]: raw for raw in _read(folder / "fields.csv")}
    agencies = {raw["agency"]: raw for raw in _read(folder / "agencies.csv")}
    catalogue = Catalogue(rows, fragments, known_fields, agencies)
    _check(catalogue)
    return catalogue


@transaction.atomic
def import_catalogue(folder: Path, *, on: date | None = None) -> ImportResult:
    """Brings the database to what the files of `folder` say. The second time nothing changes.

    The agency of a procedure is the unit of agencies.csv or, when that unit has ended by `on` (default today), the unit
    that took over from it. Procedures of a level (district, commune) have no single agency. What other parts wrote on a
    procedure (family, declaration, life events, keywords) stays.
    """
    catalogue = read_catalogue(folder)
    day = on or timezone.localdate()
    field_ids = _save_fields(catalogue)
    agency_ids = {name: _agency(row["unit"], day).pk if row["unit"] else None for name, row in catalogue.agencies.items()}
    defects = inspect_rows(catalogue.rows, catalogue.field_groups)
    known = {procedure.stt: procedure for procedure in Procedure.objects.defer(*GENERATED)}
    result = ImportResult(fragments=len(catalogue.fragments), absent=len(known.keys() - {row.stt for row in catalogue.rows}))
    new: list[Procedure] = []
    changed: list[Procedure] = []
    names: set[str] = set()
    for row in catalogue.rows:
        values = _values(row, catalogue, field_ids, agency_ids, defects[row.stt])
        procedure = known.get(row.stt)
        if procedure is None:
            new.append(Procedure(stt=row.stt, **values))
        elif different := {name for name, value in values.items() if getattr(procedure, name) != value}:
            for name in different:
                setattr(procedure, name, values[name])
            names |= different
            changed.append(procedure)
        else:
            result.unchanged += 1
    Procedure.objects.bulk_create(new, batch_size=500)
    if changed:
        Procedure.objects.bulk_update(changed, sorted(names), batch_size=500)
    _save_fragments(catalogue)
    result.created, result.changed = len(new), len(changed)
    return result


def stored_report() -> QualityReport:
    """The quality report of what the database holds, computed from its rows and the defects stored on them."""
    rows, defects = [], {}
    for procedure in Procedure.objects.defer(*GENERATED, "keywords").order_by("stt"):
        rows.append(
            CatalogueRow(
                stt=procedure.stt,
                agency=procedure.agency_raw,
                field=procedure.field_raw,
                code=procedure.code,
                name=procedure.name,
                resolution=procedure.resolution,
                source_note=procedure.source_note,
                source_line=procedure.source_line,
            )
        )
        defects[procedure.stt] = list(procedure.defects)
    fragments = [
        Fragment(row.number, row.agency_raw, row.field_raw, row.code, row.name, row.resolution, row.note, row.source_line)
        for row in CatalogueFragment.objects.order_by("number")
    ]
    return report(rows, fragments, defects)


def _values(
    row: CatalogueRow,
    catalogue: Catalogue,
    field_ids: Mapping[str, int],
    agency_ids: Mapping[str, int | None],
    defects: list[str],
) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "agency_raw": row.agency,
        "field_raw": row.field,
        "resolution": row.resolution,
        "source_note": row.source_note,
        "source_line": row.source_line,
        "agency_id": agency_ids[row.agency],
        "level": catalogue.agencies[row.agency]["level"],
        "field_id": field_ids.get(catalogue.fields[row.field]["slug"]),
        "defects": defects,
        "code_pattern": code_pattern(row.code),
    }


def _save_fields(catalogue: Catalogue) -> dict[str, int]:
    """Tidy fields by slug; an empty cell has no field."""
    wanted = {row["slug"]: row["name"] for row in catalogue.fields.values() if row["kind"] != "missing"}
    known = {field.slug: field for field in Field.objects.all()}
    Field.objects.bulk_create(Field(slug=slug, name=name) for slug, name in wanted.items() if slug not in known)
    for slug, field in known.items():
        if slug in wanted and field.name != wanted[slug]:
            Field.objects.filter(pk=field.pk).update(name=wanted[slug])
    return dict(Field.objects.values_list("slug", "pk"))


def _save_fragments(catalogue: Catalogue) -> None:
    known = {row.number: row for row in CatalogueFragment.objects.all()}
    for fragment in catalogue.fragments:
        values = {
            "agency_raw": fragment.agency,
            "field_raw": fragment.field,
            "code": fragment.code,
            "name": fragment.name,
            "resolution": fragment.resolution,
            "note": fragment.note,
            "source_line": fragment.source_line,
        }
        row = known.get(fragment.number)
        if row is None or any(getattr(row, name) != value for name, value in values.items()):
            CatalogueFragment.objects.update_or_create(number=fragment.number, defaults=values)


def _agency(code: str, day: date) -> Unit:
    """The unit of this code or, when it has ended, the one that took over."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CatalogueError(_("Chưa có cơ quan mang mã %(code)s; hãy nạp cơ quan, đơn vị trước khi nạp danh mục.") % {"code": code})
    while unit.valid_to and unit.valid_to < day:
        succession = UnitSuccession.objects.filter(old=unit).select_related("new").order_by("pk").first()
        if succession is None:
            break
        unit = succession.new
    return unit


def _check(catalogue: Catalogue) -> None:
    seen: set[int] = set()
    for row in catalogue.rows:
        if row.stt in seen:
            raise CatalogueError(_("Số thứ tự %(stt)d xuất hiện hai lần trong danh mục.") % {"stt": row.stt})
        seen.add(row.stt)
        if row.field not in catalogue.fields:
            raise CatalogueError(_("Lĩnh vực “%(field)s” (STT %(stt)d) chưa có trong fields.csv.") % {"field": row.field, "stt": row.stt})
        if row.agency not in catalogue.agencies:
            raise CatalogueError(
                _("Cơ quan “%(agency)s” (STT %(stt)d) chưa có trong agencies.csv.") % {"agency": row.agency, "stt": row.stt}
            )


def _read(path: Path) -> Iterator[dict[str, str]]:
    if not path.exists():
        raise CatalogueError(_("Thiếu tệp %(path)s.") % {"path": path})
    with path.open(encoding="utf-8", newline="") as file:
        for raw in csv.DictReader(file):
            yield {name: clean(value or "") for name, value in raw.items()}


def _number(text: str) -> int | None:
    return int(text) if text else None
