"""Shapes of a layer inside a view, read under the actor's rights and turned into arrays of pixels."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from sonha.geo.layers.limits import binary_rows
from sonha.geo.layers.served import ServedLayer

from .canvas import FAR, Offsets
from .faults import ServiceException
from .parameters import View
from .projection import Coordinates, native_box, pixels

MOST_SHAPES = 100_000
MARGIN = 16  # pixels around the view from which symbols and outlines reach in
KINDS = {0: "points", 1: "lines", 2: "lines", 3: "areas", 4: "points", 5: "lines", 6: "areas", 7: "other"}
Geometries = np.ndarray[Any, np.dtype[np.object_]]


@dataclass
class Drawn:
    """Shapes of one kind. `parts` are rings of areas or pieces of lines; `owner` says for each part which row it belongs to."""

    kind: str
    points: Coordinates
    parts: Offsets
    owner: Offsets


@dataclass
class Rows:
    """What was read: shapes in the layer's system, and beside each the values of the fields asked for."""

    geometries: Geometries
    values: dict[str, list[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.geometries)


def read(layer: ServedLayer, view: View, names: list[str], day: date | None) -> Rows:
    """Shapes that the view touches, with the fields `names`. ServiceException when there are more than can be drawn."""
    box = native_box(view, layer.srid, MARGIN)
    if box is None:
        return Rows(np.empty(0, object), {name: [] for name in names})
    columns, given = [f'ST_AsBinary(r."{layer.geometry.column}")'], []
    for name in names:
        sql, params = layer.column(layer.field(name))
        columns.append(f"({sql})::text")
        given += params
    where, params = layer.where(day)
    statement = f"""SELECT {", ".join(columns)} FROM {layer.table(day)} AS r
        WHERE r."{layer.geometry.column}" && ST_MakeEnvelope(%s, %s, %s, %s, %s) AND {where} LIMIT %s"""
    found = binary_rows(statement, [*given, *box, layer.srid, *params, MOST_SHAPES + 1])
    if len(found) > MOST_SHAPES:
        raise ServiceException(_("Lớp «%(layer)s» có quá nhiều đối tượng trong khung này; xin phóng to bản đồ.") % {"layer": layer.title})
    geometries = shapely.from_wkb(np.array([row[0] for row in found], object))
    return Rows(_near(geometries, box), {name: [row[at] for row in found] for at, name in enumerate(names, 1)})


def drawn(geometries: Geometries, view: View, srid: int) -> Iterator[Drawn]:
    """The shapes by kind, in pixels. Rings turn one way, so that shapes which overlap do not cancel each other."""
    kinds = shapely.get_type_id(geometries)
    if (kinds == 7).any():
        geometries, source = shapely.get_parts(geometries, return_index=True)
        kinds = shapely.get_type_id(geometries)
    else:
        source = np.arange(len(geometries))
    for kind in ("areas", "lines", "points"):
        chosen = np.isin(kinds, [each for each, name in KINDS.items() if name == kind])
        if not chosen.any():
            continue
        some = shapely.orient_polygons(geometries[chosen]) if kind == "areas" else geometries[chosen]
        points, parts, owner = _parts(some, kind)
        placed = pixels(points, view, srid)
        if not np.isfinite(placed).all():
            placed = np.nan_to_num(placed, nan=FAR, posinf=FAR, neginf=-FAR)
        yield Drawn(kind, placed, parts, source[chosen][owner])


def _parts(geometries: Geometries, kind: str) -> tuple[Coordinates, Offsets, Offsets]:
    """(points, where parts begin, row of each part)."""
    simple, source = shapely.get_parts(geometries, return_index=True)
    _type, points, offsets = shapely.to_ragged_array(simple, include_z=False)
    points = np.ascontiguousarray(points[:, :2])
    if kind == "points":
        return points, np.arange(len(points) + 1), source
    if kind == "lines":
        return points, offsets[0], source
    rings, polygons = offsets
    return points, rings, np.repeat(source, np.diff(polygons))


def _near(geometries: Geometries, box: tuple[float, float, float, float]) -> Geometries:
    """Cuts off what reaches very far outside the view: a district's border when one looks at a single house."""
    if not len(geometries):
        return geometries
    wide, high = (box[2] - box[0]) * 8, (box[3] - box[1]) * 8
    bounds = shapely.bounds(geometries)
    limit = (box[0] - wide, box[1] - high, box[2] + wide, box[3] + high)
    far = (bounds[:, 0] < limit[0]) | (bounds[:, 1] < limit[1]) | (bounds[:, 2] > limit[2]) | (bounds[:, 3] > limit[3])
    if far.any():
        try:
            geometries[far] = shapely.clip_by_rect(geometries[far], *limit)
        except shapely.errors.GEOSException:
            return geometries  # a faulty shape is drawn as it is; the canvas bounds what it gets
    return geometries
