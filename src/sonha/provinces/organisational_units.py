"""Loads organisations/units.csv, communes.csv, patterns.yaml and successions.csv.

units.csv, communes.csv  code, parent, kind, level, is_agency, name, name_en, short_name, area, code_qd20, code_102,
                         state, valid_from, valid_to, source, assumption
patterns.yaml            desks and divisions that stand alike in many units
successions.csv          old, new, on_date, source, assumption

`state` says to which organisation a unit belongs: `documents` (2020), `today` (since 2025), `both`, or `former` (ended in
either). While the profile works in the organisation of the documents, units of `documents` stay open in the database;
their legal end is the date of their succession and the valid_to of the file
(docs/adr/0006-two-states-of-the-organisation.md).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sonha.foundation.audit.history import changed_by_people
from sonha.foundation.organisations.models import AdminUnit, Unit, UnitSuccession
from sonha.provinces.administrative_areas import Outcome
from sonha.provinces.profiles import Profile, ProfileError, day, yes

Row = dict[str, str]
SHARED = ("name", "name_en", "short_name")


@transaction.atomic
def load_units(profile: Profile) -> Outcome:
    """Brings units and their successions to what the files say; repeatable. What a person changed last stays."""
    known = {unit.code: unit for unit in Unit.objects.all()}
    by_people = changed_by_people(Unit)
    areas = _areas()
    outcome = Outcome()
    for row in unit_rows(profile):
        outcome.total += 1
        if row["code"] not in known or known[row["code"]].pk not in by_people:
            outcome.written += _save(row, profile, known, areas)
    for row in profile.rows("organisations/successions.csv"):
        outcome.total += 1
        outcome.written += _succeed(row, known)
    return outcome


def unit_rows(profile: Profile) -> list[Row]:
    """Every unit of the profile, patterns applied, parents first."""
    rows = {row["code"]: row for name in ("units.csv", "communes.csv") for row in profile.rows(f"organisations/{name}")}
    for pattern in profile.document("organisations/patterns.yaml") or []:
        for row in [row for row in rows.values() if _chosen(row, pattern["of"])]:
            for made in _made(row, pattern["add"]):
                rows.setdefault(made["code"], made)
    return _parents_first(rows)


def _chosen(row: Row, of: dict[str, Any]) -> bool:
    return row["code"] not in of.get("not", ()) and all(row[name] == value for name, value in of.items() if name != "not")


def _made(row: Row, additions: list[dict[str, Any]]) -> Iterator[Row]:
    for addition in additions:
        texts = {name: str(addition.get(name, "")).format(**row) for name in SHARED}
        yield {
            **row,
            **texts,
            "code": f"{row['code']}.{addition['suffix']}",
            "parent": row["code"],
            "kind": addition["kind"],
            "is_agency": "no",
            "code_qd20": "",
            "code_102": "",
            "source": addition["source"],
            "assumption": "yes" if addition.get("assumption") else "no",
        }


def _parents_first(rows: dict[str, Row]) -> list[Row]:
    ordered: dict[str, Row] = {}

    def place(row: Row) -> None:
        if row["code"] in ordered:
            return
        if row["parent"]:
            if row["parent"] not in rows:
                raise ProfileError(_("Đơn vị %(code)s có đơn vị cấp trên %(parent)s không có trong tệp.") % row)
            place(rows[row["parent"]])
        ordered[row["code"]] = row

    for row in rows.values():
        place(row)
    return list(ordered.values())


def _areas() -> dict[tuple[str, bool], AdminUnit]:
    """Areas by code and whether they are still open: a code may have been given twice."""
    return {(area.code, area.valid_to is None): area for area in AdminUnit.objects.order_by("valid_from")}


def _area(row: Row, areas: dict[tuple[str, bool], AdminUnit]) -> int | None:
    if not row["area"]:
        return None
    open_now = not row["valid_to"]
    found = areas.get((row["area"], open_now)) or areas.get((row["area"], not open_now))
    if found is None:
        raise ProfileError(_("Đơn vị %(code)s thuộc địa bàn %(area)s chưa có trong danh mục đơn vị hành chính.") % row)
    return found.pk


def _save(row: Row, profile: Profile, known: dict[str, Unit], areas: dict[tuple[str, bool], AdminUnit]) -> bool:
    values = {
        "code_qd20": row["code_qd20"],
        "code_102": row["code_102"],
        "name": row["name"],
        "name_en": row["name_en"],
        "short_name": row["short_name"],
        "kind": row["kind"],
        "level": row["level"],
        "is_agency": yes(row["is_agency"]),
        "parent_id": known[row["parent"]].pk if row["parent"] else None,
        "area_id": _area(row, areas),
        "valid_from": day(row["valid_from"]),
        "valid_to": _end(row, profile),
        "source": row["source"],
        "assumption": yes(row["assumption"]),
    }
    unit = known.get(row["code"])
    if unit and all(getattr(unit, name) == value for name, value in values.items()):
        return False
    unit = unit or Unit(code=row["code"])
    for name, value in values.items():
        setattr(unit, name, value)
    unit.save()
    known[row["code"]] = unit
    return True


def _end(row: Row, profile: Profile) -> date | None:
    working_in_documents = profile.operational_structure == "documents" and row["state"] == "documents"
    return None if working_in_documents else day(row["valid_to"])


def _succeed(row: Row, known: dict[str, Unit]) -> bool:
    old, new = known[row["old"]], known[row["new"]]
    values = {"on_date": day(row["on_date"]), "source": row["source"], "assumption": yes(row["assumption"])}
    if UnitSuccession.objects.filter(old=old, new=new, **values).exists():
        return False
    UnitSuccession.objects.update_or_create(old=old, new=new, defaults=values)
    return True
