"""Gaps between records that lie side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sonha.registry.declarations import Problem, Register

from .kinds import Kind, figure, geometry_of, title_of, titles_of

CLOSE = 0.001  # m: corners that are nearer to each other than this are one
Shapes = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True)
class NoGap(Kind):
    """Records with the same values in `within` (a map sheet) leave no hole between them larger than `tolerance_m2`.

    Holes above `largest_m2` (0: none) are taken for land that belongs to another register: a lake, a road kept elsewhere. A single save
    cannot tell a gap from a parcel not yet entered: only runs over the whole register find them.
    """

    within: tuple[str, ...]
    tolerance_m2: float = 1.0
    largest_m2: float = 0.0
    geometry: str = ""
    hint: str | Promise = ""

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("Không hở giữa các hình cùng %(fields)s") % {"fields": titles_of(register, self.within)}

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        name = geometry_of(register, self.geometry)
        srid = getattr(register.model._meta.get_field(name), "srid", 0)
        for values, first, shapes in self._groups(register, rows, name):
            where = ", ".join(f"{title_of(register, each)} {value}" for each, value in zip(self.within, values, strict=True))
            for hole in holes(shapes):
                if hole.area > self.tolerance_m2 and (not self.largest_m2 or hole.area <= self.largest_m2):
                    sentence = _("Khoảng hở %(size)s m² giữa các hình (%(where)s).") % {"size": figure(hole.area), "where": where}
                    place = GEOSGeometry(memoryview(shapely.to_wkb(hole)), srid=srid)
                    yield self.problem(sentence, first, field=name, place=place)

    def _groups(self, register: type[Register], rows: Any, name: str) -> Iterator[tuple[tuple[Any, ...], int, Shapes]]:
        """(values of `within`, id of the oldest record, shapes) of each group that one of the rows belongs to, as they are today."""
        touching = rows.order_by().filter(**{each: OuterRef(each) for each in self.within})
        today = Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())
        members = register.model._default_manager.filter(today, Exists(touching), **{f"{name}__isvalid": True, f"{name}__isempty": False})
        found = members.order_by(*self.within, "pk").values_list(*self.within, "pk", AsWKB(name))
        for values, group in groupby(found.iterator(chunk_size=5_000), key=itemgetter(slice(len(self.within)))):
            kept = list(group)
            yield values, kept[0][-2], shapely.from_wkb(np.array([bytes(each[-1]) for each in kept], dtype=object))


def holes(shapes: Shapes) -> list[shapely.Polygon]:
    """What lies inside the union of areas and is covered by none of them, the largest first.

    Where neighbours share their corners and none lies on another, the union is that of a coverage, many times faster.
    """
    fitted = shapely.transform(shapes, lambda points: np.round(points / CLOSE) * CLOSE)
    whole = shapely.coverage_union_all(fitted) if shapely.coverage_is_valid(fitted) else shapely.union_all(shapes, grid_size=CLOSE)
    parts = shapely.get_parts(whole)
    areal = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return sorted((shapely.Polygon(ring) for part in areal for ring in part.interiors), key=lambda hole: -hole.area)
