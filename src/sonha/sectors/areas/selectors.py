"""Where a place lies, and which unit an old one became. Codes may be given again: a unit is a code and a day."""

from datetime import date
from functools import lru_cache

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q

from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession

from .models import Commune


def commune_at(place: GEOSGeometry, day: date) -> Commune | None:
    """The commune in which a point lies on a day; None outside of all known ones."""
    on_day = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    return Commune.objects.filter(on_day, geometry__covers=place).first()


@lru_cache(maxsize=4096)
def successors(code: str, day: date) -> tuple[str, ...]:
    """Codes of the present units into which the unit holding `code` on `day` went, itself when it still is; empty when unknown.

    Several codes mean that it was divided: which one a place belongs to follows from where it lies.
    """
    unit = AdminUnit.objects.on(day).filter(code=code, kind__in=AdminUnit.COMMUNE_LEVEL).first()
    return tuple(dict.fromkeys(_present(unit))) if unit else ()


def _present(unit: AdminUnit) -> list[str]:
    if unit.valid_to is None:
        return [unit.code]
    onward = AdminUnitSuccession.objects.filter(old=unit).select_related("new").order_by("new__code")
    return [code for each in onward for code in _present(each.new)]
