"""Loads areas/admin_units.csv and areas/successions.csv.

admin_units.csv  code, name, name_en, kind, parent, valid_from, valid_to, lon, lat, source, assumption
successions.csv  old, new, partial, on_date, source, assumption

The statistics office gave codes of old communes to new ones, so a unit is known by code and start date. A succession on
a day goes from the unit that held `old` the day before to the unit that holds `new` on that day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession
from sonha.provinces.profiles import Profile, ProfileError, day, yes


@dataclass(slots=True)
class Outcome:
    """Rows written; `total` is how many the profile has."""

    total: int = 0
    written: int = 0


@transaction.atomic
def load_areas(profile: Profile) -> Outcome:
    """Brings administrative units and their successions to what the files say; repeatable."""
    known = {(unit.code, unit.valid_from): unit for unit in AdminUnit.objects.all()}
    outcome = Outcome()
    for row in profile.rows("areas/admin_units.csv"):
        outcome.total += 1
        outcome.written += _save(row, known)
    for row in profile.rows("areas/successions.csv"):
        outcome.total += 1
        outcome.written += _succeed(row, known)
    return outcome


def unit_on(known: dict[tuple[str, date | None], AdminUnit], code: str, on: date) -> AdminUnit:
    """The unit that held `code` on a day. ProfileError when none did."""
    for (held, start), unit in known.items():
        if held == code and (start is None or start <= on) and (unit.valid_to is None or on <= unit.valid_to):
            return unit
    raise ProfileError(_("Không có đơn vị hành chính mang mã %(code)s vào ngày %(day)s.") % {"code": code, "day": f"{on:%d/%m/%Y}"})


def _save(row: dict[str, str], known: dict[tuple[str, date | None], AdminUnit]) -> bool:
    start = day(row["valid_from"])
    values = {
        "name": row["name"],
        "name_en": row["name_en"],
        "kind": row["kind"],
        "parent_id": _parent(row, known),
        "centre": Point(float(row["lon"]), float(row["lat"]), srid=4326) if row["lon"] else None,
        "valid_to": day(row["valid_to"]),
        "source": row["source"],
        "assumption": yes(row["assumption"]),
    }
    unit = known.get((row["code"], start))
    if unit is None:
        known[row["code"], start] = AdminUnit.objects.create(code=row["code"], valid_from=start, **values)
        return True
    if all(getattr(unit, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(unit, name, value)
    unit.save()
    return True


def _parent(row: dict[str, str], known: dict[tuple[str, date | None], AdminUnit]) -> int | None:
    if not row["parent"]:
        return None
    found = [unit for (code, _start), unit in known.items() if code == row["parent"]]
    if len(found) != 1:
        raise ProfileError(
            _("Đơn vị hành chính %(code)s có đơn vị cấp trên %(parent)s không rõ.") % {"code": row["code"], "parent": row["parent"]}
        )
    return found[0].pk


def _succeed(row: dict[str, str], known: dict[tuple[str, date | None], AdminUnit]) -> bool:
    on = date.fromisoformat(row["on_date"])
    old, new = unit_on(known, row["old"], on - timedelta(days=1)), unit_on(known, row["new"], on)
    values = {
        "partial": yes(row["partial"]),
        "on_date": on,
        "source": row["source"],
        "assumption": yes(row["assumption"]),
    }
    if AdminUnitSuccession.objects.filter(old=old, new=new, **values).exists():
        return False
    AdminUnitSuccession.objects.update_or_create(old=old, new=new, defaults=values)
    return True
