"""Records within a box."""

import math
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db import InternalError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sonha.foundation.rest.problems import ProblemError
from sonha.registry.pages.asking import Asked
from sonha.registry.pages.places import WGS84, in_system

AROUND_VIET_NAM = (95.0, 0.0, 120.0, 30.0)  # boxes in degrees are cut to it: the projections end beyond
LARGEST = 5e7


def narrowed_by_box(asked: Asked, rows: QuerySet[Any], text: str, srid: int) -> QuerySet[Any]:
    """The rows whose place meets the box, among those whose place the actor may see. ProblemError for what is no box."""
    if not text:
        return rows
    name = asked.register.geometry()
    if not name or name not in asked.rights.fields():
        raise _refused(_("Bản ghi của sổ này không có vị trí."))
    west, south, east, north = _numbers(text, srid)
    if srid == WGS84:
        frame = AROUND_VIET_NAM
        west, south, east, north = max(west, frame[0]), max(south, frame[1]), min(east, frame[2]), min(north, frame[3])
        if west > east or south > north:
            return rows.none()
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = srid
    try:
        placed = in_system(box, asked.register.field(name).srid)
    except InternalError:
        raise _refused(_("Khung nằm ngoài phạm vi của hệ toạ độ.")) from None
    return rows.filter(asked.rights.where_shown([name]), **{f"{name}__intersects": placed})


def _numbers(text: str, srid: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    most = 180.0 if srid == WGS84 else LARGEST
    if len(numbers) != 4 or not all(math.isfinite(each) and abs(each) <= most for each in numbers):
        raise _refused(_("Khung phải là bốn số: tây, nam, đông, bắc."))
    if numbers[0] > numbers[2] or numbers[1] > numbers[3]:
        raise _refused(_("Khung phải là bốn số: tây, nam, đông, bắc."))
    return numbers


def _refused(sentence: str) -> ProblemError:
    return ProblemError("invalid", sentence, {"bbox": sentence})
