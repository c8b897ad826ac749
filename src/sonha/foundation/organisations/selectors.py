"""Reading units and areas. Both are public facts; what units handle is not read here."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from sonha.foundation.organisations.models import AdminUnit, Unit


def communes(on: date | None = None) -> QuerySet[AdminUnit]:
    """Communes, wards and townships of the province on a day (default today)."""
    return (
        AdminUnit.objects.on(on or timezone.localdate()).filter(kind__in=AdminUnit.COMMUNE_LEVEL).select_related("parent").order_by("name")
    )


def area(code: str) -> AdminUnit | None:
    """The newest state of an area: codes outlive the names and borders of their communes."""
    newest = F("valid_from").desc(nulls_last=True)  # no date means: since before the records began
    return AdminUnit.objects.filter(code=code).select_related("parent").order_by(newest).first()


@lru_cache(maxsize=1024)
def remembered_area_name(code: str, day: date) -> str:
    found = area(code)
    if found is None:
        return code
    parent = found.parent
    return f"{found.name}, {parent.name}" if parent and parent.kind == AdminUnit.Kind.DISTRICT else found.name


def area_name(code: str) -> str:
    """`Xã Bình Gia` for a code; communes before 2025-07-01 with their district. The code itself when unknown."""
    return remembered_area_name(code, timezone.localdate())


def areas_for_choice(on: date | None = None) -> list[dict[str, Any]]:
    """Communes as the form's cascade needs them: code, name, former district, centre."""
    return [
        {
            "code": area.code,
            "name": area.name,
            "kind": area.kind,
            "parent": area.parent.code if area.parent and area.parent.kind == AdminUnit.Kind.DISTRICT else "",
            "centre": [area.centre.x, area.centre.y] if area.centre else None,
        }
        for area in communes(on)
    ]


def agencies(on: date | None = None) -> QuerySet[Unit]:
    return Unit.objects.filter(is_agency=True).order_by("name")
