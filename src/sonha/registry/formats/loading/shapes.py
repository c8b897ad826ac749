"""Shapes of a file as the register keeps them: type, coordinates, validity. In arrays, as files have hundreds of thousands."""

from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.registry.declarations.fields import Field
from sonha.registry.quality.rules.shapes import fault

from .. import systems

SINGLE = {"POLYGON": 3, "POINT": 0, "LINESTRING": 1}  # what shapely calls them
MULTI = {"MULTIPOLYGON": (6, 3), "MULTIPOINT": (4, 0), "MULTILINESTRING": (5, 1)}
OF_MANY = {0: 4, 1: 5, 3: 6}
KINDS = {
    0: gettext_lazy("điểm"), 1: gettext_lazy("đường"), 2: gettext_lazy("đường"), 3: gettext_lazy("vùng"), 4: gettext_lazy("nhiều điểm"),
    5: gettext_lazy("nhiều đường"), 6: gettext_lazy("nhiều vùng"), 7: gettext_lazy("hình hỗn hợp"),
}  # fmt: skip


def points(east: list[Any], north: list[Any]) -> tuple[Any, dict[int, str]]:
    """Points from two columns of numbers, and what is wrong with which."""
    from .values import Refused, number

    convert, shapes, wrong = number(None, whole=False, foreign=True), [], {}
    for at, (x, y) in enumerate(zip(east, north, strict=True)):
        try:
            one, two = convert(x), convert(y)
        except Refused as refused:
            wrong[at], one, two = _("Toạ độ %(why)s.") % {"why": refused}, None, None
        shapes.append(shapely.Point(float(one), float(two)) if one is not None and two is not None else None)
    return np.array(shapes, dtype=object), wrong


def prepared(shapes: Any, field: Field, srid: int, *, swapped: bool) -> tuple[list[str | None], dict[int, str]]:
    """(hexadecimal WKB in the coordinates of the file or None, what is wrong by index)."""
    wrong: dict[int, str] = {}
    shapes = shapely.force_2d(shapes)
    if swapped:
        shapes = shapely.transform(shapes, lambda pairs: pairs[:, ::-1])
    there = ~shapely.is_missing(shapes)
    for at in np.flatnonzero(there & shapely.is_empty(shapes)):
        wrong[int(at)] = _("Hình rỗng.")
    shapes = _typed(shapes, field.geometry_type, wrong)
    bounds = shapely.bounds(shapes)
    there &= ~shapely.is_empty(shapes)
    for at in np.flatnonzero(there & ~_finite(shapes)):
        wrong.setdefault(int(at), _("Hình có toạ độ không phải là số."))
    west, south, east, north = systems.plausible(srid)
    strange = there & ~((bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north))
    for at in np.flatnonzero(strange):
        wrong.setdefault(
            int(at), systems.judge(srid, (bounds[at][0], bounds[at][1], bounds[at][2], bounds[at][3])) or _("Toạ độ không đọc được.")
        )
    for at in np.flatnonzero(there & ~shapely.is_valid(shapes)):
        if int(at) not in wrong:
            reason = shapely.is_valid_reason(shapes[at])
            place = reason.partition("[")[2].rstrip("]")
            given = {"fault": fault(reason), "place": place}
            wrong[int(at)] = (
                _("Hình học chưa hợp lệ: %(fault)s tại %(place)s.") % given if place else _("Hình học chưa hợp lệ: %(fault)s.") % given
            )
    texts = shapely.to_wkb(shapes, hex=True)
    return texts.tolist(), wrong


def _finite(shapes: Any) -> Any:
    pairs, of = shapely.get_coordinates(shapes, return_index=True)
    fine = np.ones(len(shapes), dtype=bool)
    fine[of[~np.isfinite(pairs).all(axis=1)]] = False
    return fine


def _typed(shapes: Any, wanted: str, wrong: dict[int, str]) -> Any:
    """Single from multi with one part, multi from single, areas from closed lines; anything else is wrong."""
    kinds = shapely.get_type_id(shapes)
    if wanted in SINGLE:
        target = SINGLE[wanted]
        many = kinds == OF_MANY[target]
        single = many & (shapely.get_num_geometries(shapes) == 1) if many.any() else many
        if single.any():
            shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
        if target == 3:
            shapes = _closed(shapes)
        good = {target}
    elif wanted in MULTI:
        target, part = MULTI[wanted]
        shapes = _closed(shapes) if part == 3 else shapes
        kinds = shapely.get_type_id(shapes)
        make = {3: shapely.multipolygons, 0: shapely.multipoints, 1: shapely.multilinestrings}[part]
        for at in np.flatnonzero(kinds == part):
            shapes[at] = make([shapes[at]])
        good = {target}
    else:
        return shapes
    kinds = shapely.get_type_id(shapes)
    for at in np.flatnonzero((kinds >= 0) & ~np.isin(kinds, list(good))):
        given = {"given": KINDS.get(int(kinds[at]), "?"), "wanted": KINDS[next(iter(good))]}
        wrong.setdefault(int(at), _("Hình trong tệp là %(given)s, sổ này cần %(wanted)s.") % given)
    return shapes


def _closed(shapes: Any) -> Any:
    """Lines that end where they begin (drawings know no areas) as areas."""
    kinds = shapely.get_type_id(shapes)
    lines = (kinds == 1) | (kinds == 2)
    if not lines.any():
        return shapes
    rings = np.flatnonzero(lines & shapely.is_closed(shapes) & (shapely.get_num_points(shapes) >= 4))
    shapes = shapes.copy()
    for at in rings:
        shapes[at] = shapely.Polygon(shapes[at].coords)
    return shapes
