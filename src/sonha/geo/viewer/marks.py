"""The reader's own shapes over a printed map: opened from a file or drawn on the page. Sent with the request, printed, kept nowhere."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import shape as of_geojson

from sonha.geo.tiles.grid import VIET_NAM
from sonha.geo.wms.projection import transformer
from sonha.registry.pages.places import province_srid

from .asking import Unclear

LARGEST = 3_000_000  # characters
MOST, MOST_CORNERS = 5_000, 150_000
KINDS = ("file", "drawn")
BEYOND = 3.0  # mm around the frame that are still drawn, so that edges of areas are not seen along it
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """Shapes of one kind, in the province's plane."""

    kind: str
    shapes: tuple[shapely.Geometry, ...]


def read_marks(text: str) -> tuple[Mark, ...]:
    """Of `{"file": GeoJSON, "drawn": GeoJSON}` in degrees; Unclear when they cannot be read or are too many."""
    if not text:
        return ()
    if len(text) > LARGEST:
        raise Unclear(_("Hình vẽ thêm lên bản in quá lớn; xin bỏ bớt."))
    try:
        said = json.loads(text)
        found = tuple(Mark(kind, tuple(_shapes(said[kind]))) for kind in KINDS if said.get(kind))
    except Unclear:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, shapely.errors.ShapelyError):
        raise Unclear(_("Hình vẽ thêm lên bản in không đọc được.")) from None
    if sum(len(each.shapes) for each in found) > MOST or sum(_corners(each) for each in found) > MOST_CORNERS:
        raise Unclear(_("Hình vẽ thêm lên bản in quá lớn; xin bỏ bớt."))
    return tuple(Mark(each.kind, tuple(_placed(shape) for shape in each.shapes)) for each in found if each.shapes)


def _corners(mark: Mark) -> int:
    return int(shapely.get_num_coordinates(np.array(mark.shapes, dtype=object)).sum())


def _shapes(thing: dict[str, Any]) -> Iterator[shapely.Geometry]:
    """Points, lines and areas in any GeoJSON; ValueError outside Viet Nam."""
    if thing["type"] == "FeatureCollection":
        for each in thing["features"]:
            yield from _shapes(each)
    elif thing["type"] == "Feature":
        if thing["geometry"]:
            yield from _shapes(thing["geometry"])
    else:
        west, south, east, north = VIET_NAM
        for part in _simple(shapely.force_2d(of_geojson(thing))):
            corners = shapely.get_coordinates(part)
            if not all(math.isfinite(x) and math.isfinite(y) and west <= x <= east and south <= y <= north for x, y in corners):
                raise Unclear(_("Hình vẽ thêm lên bản in nằm ngoài Việt Nam."))
            yield part


def _simple(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    for part in shapely.get_parts(shape).tolist():
        if part.geom_type in ("Point", "LineString", "Polygon"):
            if not part.is_empty:
                yield part
        else:
            yield from _simple(part)


def _placed(shape: shapely.Geometry) -> shapely.Geometry:
    turn = transformer(4326, province_srid())
    return shapely.transform(shape, lambda places: np.column_stack(turn.transform(places[:, 0], places[:, 1])))


def drawings(marks: tuple[Mark, ...], box: Box, scale: int) -> list[dict[str, Any]]:
    """What lies in the frame, as paths in mm from its upper left corner: `{kind, areas, lines, points}`; nothing of what lies beside."""
    west, south, east, north = box
    more = BEYOND * scale / 1000
    frame = shapely.box(west - more, south - more, east + more, north + more)
    found = []
    for mark in marks:
        drawn: dict[str, Any] = {"kind": mark.kind, "areas": [], "lines": [], "points": []}
        for shape in mark.shapes:
            for part in _simple(shapely.intersection(shape if shape.is_valid else shapely.make_valid(shape), frame)):
                places = [_millimetres(ring, box, scale) for ring in _rings(part)]
                if part.geom_type == "Point":
                    drawn["points"].append(tuple(places[0][0]))
                else:
                    path = "".join(f"M{'L'.join(f'{x:.2f} {y:.2f}' for x, y in each)}" for each in places)
                    drawn["areas" if part.geom_type == "Polygon" else "lines"].append(path)
        if drawn["areas"] or drawn["lines"] or drawn["points"]:
            found.append(drawn)
    return found


def _rings(shape: shapely.Geometry) -> list[Any]:
    rings = [shape.exterior, *shape.interiors] if isinstance(shape, shapely.Polygon) else [shape]
    return [shapely.get_coordinates(each) for each in rings]


def _millimetres(places: Any, box: Box, scale: int) -> Any:
    return ((places - (box[0], box[3])) * (1000 / scale, -1000 / scale)).tolist()
