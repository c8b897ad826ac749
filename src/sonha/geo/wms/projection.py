"""From coordinates of a layer to pixels of a view, many at once; and which part of the layer's own system a view looks at."""

from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import Transformer

from .parameters import Box, View

Coordinates = np.ndarray[Any, np.dtype[np.float64]]
WINDOW = (85.0, -5.0, 130.0, 40.0)  # degrees around Viet Nam: beyond it the zones' formulas mean nothing
TOLERANCE = 0.1  # pixels that a fitted polynomial may be off
GRID = 7
ENOUGH = 400  # points from which a fit is cheaper than the full formulas


@lru_cache(maxsize=128)
def transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def native_box(view: View, srid: int, margin: float) -> Box | None:
    """What `view`, with `margin` pixels around it, covers in the system `srid`; None when nothing that can be."""
    across, down = view.resolution
    west, south, east, north = view.box
    wide = (west - margin * across, south - margin * down, east + margin * across, north + margin * down)
    if srid == view.srid:
        return wide
    return reprojected(wide, view.srid, srid)


def reprojected(box: Box, source: int, target: int) -> Box | None:
    """The box around `box` in another system, by way of degrees and no further than the surroundings of Viet Nam."""
    degrees = box if source in (4326, 4756) else _around(_edges(box), source, 4326)
    if degrees is None:
        return None
    cut = (max(degrees[0], WINDOW[0]), max(degrees[1], WINDOW[1]), min(degrees[2], WINDOW[2]), min(degrees[3], WINDOW[3]))
    if cut[0] >= cut[2] or cut[1] >= cut[3]:
        return None
    return cut if target == 4326 else _around(_edges(cut), 4326, target)


def pixels(coordinates: Coordinates, view: View, srid: int) -> Coordinates:
    """Columns and rows (from the upper left corner, in pixels) of x, y pairs; not finite where a point cannot be shown."""
    across, down = view.resolution
    if srid == view.srid:
        return (coordinates - (view.box[0], view.box[3])) * (1 / across, -1 / down)
    if len(coordinates) >= ENOUGH and (fitted := _fitted(coordinates, view, srid)) is not None:
        return fitted
    return _exact(coordinates, view, srid)


def _exact(coordinates: Coordinates, view: View, srid: int) -> Coordinates:
    across, down = view.resolution
    x, y = transformer(srid, view.srid).transform(coordinates[:, 0], coordinates[:, 1])
    return np.column_stack(((x - view.box[0]) / across, (view.box[3] - y) / down))


def _fitted(coordinates: Coordinates, view: View, srid: int) -> Coordinates | None:
    """By a polynomial of third order through a grid over the points; None where that is not exact enough (small scales)."""
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    size = np.maximum(high - low, 1e-9)
    known, tested = _grid(GRID), _grid(GRID - 1) * 0.97
    target = _exact(np.vstack((known, tested)) * size / 2 + (low + high) / 2, view, srid)
    if not np.isfinite(target).all():
        return None
    fit, *_rest = np.linalg.lstsq(_terms(known), target[: len(known)], rcond=None)
    if np.abs(_terms(tested) @ fit - target[len(known) :]).max() > TOLERANCE:
        return None
    return _terms((coordinates - (low + high) / 2) / (size / 2)) @ fit


@lru_cache(maxsize=4)
def _grid(side: int) -> Coordinates:
    steps = np.linspace(-1, 1, side)
    return np.array([(x, y) for x in steps for y in steps])


def _terms(points: Coordinates) -> Coordinates:
    x, y = points[:, 0], points[:, 1]
    return np.column_stack((np.ones(len(x)), x, y, x * y, x * x, y * y, x * x * y, x * y * y, x * x * x, y * y * y))


def _edges(box: Box, steps: int = 17) -> Coordinates:
    """Points of a grid over the box: of its inside too, for a side may bulge."""
    x, y = np.meshgrid(np.linspace(box[0], box[2], steps), np.linspace(box[1], box[3], steps))
    return np.column_stack((x.ravel(), y.ravel()))


def _around(points: Coordinates, source: int, target: int) -> Box | None:
    x, y = transformer(source, target).transform(points[:, 0], points[:, 1])
    good = np.isfinite(x) & np.isfinite(y)
    if not good.any():
        return None
    x, y = x[good], y[good]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
