"""Parcels drawn by chance: villages of winding plots along a road, rice and orchards behind, forest beyond, a stream between.

A village is one map sheet. Its plots are the cells of a bent lattice: neighbours have their corners and every point of their common
boundary in common, so there are neither gaps nor overlaps. Coordinates in metres of EPSG:9215, rounded to the millimetre.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

Array = np.ndarray[Any, Any]

COLUMNS, ROWS = 24, 20
"""Of a full village; about 400 parcels, since some plots are two cells wide and roads are long."""
REACH = 450.0
"""No point of a village lies further from its middle, in metres."""
ROAD, STREAM = 5.0, 9.0
LEAST, MOST = 100.0, 3000.0
"""Usual sizes in m²; roads and streams may be smaller or larger."""


@dataclass(frozen=True)
class Village:
    """A sheet: parallel arrays, one entry per parcel. `near` is 0 in the middle and 1 at the rim; `road` and `stream` mark strips."""

    middle: tuple[float, float]
    polygons: Array
    areas: Array
    near: Array
    on_road: Array
    road: Array
    stream: Array

    @property
    def size(self) -> int:
        return len(self.polygons)


def villages(commune: shapely.Geometry, wanted: int, chance: np.random.Generator, *, most: int = 1_000) -> list[Village]:
    """About `wanted` parcels in villages that lie wholly in the commune, apart from each other; fewer when there is no room."""
    found: list[Village] = []
    inner = shapely.buffer(commune, -REACH, quad_segs=2)
    west, south, east, north = inner.bounds if not inner.is_empty else (0, 0, 0, 0)
    middles: list[Array] = []
    attempts = 0
    while (left := wanted - sum(each.size for each in found)) > 0 and attempts < most and not inner.is_empty:
        attempts += 1
        middle = chance.uniform((west, south), (east, north))
        if not shapely.contains_xy(inner, *middle) or any(np.hypot(*(middle - other)) < 2 * REACH for other in middles):
            continue
        middles.append(middle)
        found.append(village(middle, min(left, COLUMNS * ROWS * 4 // 5), chance))
    return found


def village(middle: Array, wanted: int, chance: np.random.Generator) -> Village:
    """A village of about `wanted` parcels (up to 400)."""
    scale = min(1.0, np.sqrt(max(wanted, 12) / (COLUMNS * ROWS * 4 / 5)))
    columns, rows = max(4, round(COLUMNS * scale)), max(5, round(ROWS * scale))
    roads, streams = _strips(rows, chance)
    xs, ys = _widths(columns, chance), _depths(rows, roads, streams, chance)
    corners, across, along = _lattice(xs, ys, middle, chance)
    runs = [_runs(columns, row in roads or row in streams, chance) for row in range(rows)]
    rings, facts = [], []
    for row, starts in enumerate(runs):
        for start, length in starts:
            rings.append(_ring(corners, across, along, row, start, length))
            off = np.hypot((start + length / 2) / columns - 0.5, (row + 0.5) / rows - 0.5) / 0.72
            facts.append((off, bool({row - 1, row + 1} & roads), row in roads, row in streams))
    polygons = np.array([shapely.Polygon(np.round(ring, 3)) for ring in rings], dtype=object)
    near, on_road, road, stream = (np.array(each) for each in zip(*facts, strict=True))
    return Village((float(middle[0]), float(middle[1])), polygons, shapely.area(polygons), near, on_road, road, stream)


def _strips(rows: int, chance: np.random.Generator) -> tuple[set[int], set[int]]:
    """Rows of the lattice that are roads, and those that are a stream."""
    roads = {rows // 2}
    if rows > 12:
        roads |= {rows // 2 - 5, rows // 2 + 5}
    streams = {int(chance.integers(0, 3))} if rows > 8 else set()
    return roads, streams - roads


def _widths(columns: int, chance: np.random.Generator) -> Array:
    away = np.abs(np.arange(columns) - (columns - 1) / 2) / 12
    return (9 + 24 * away**1.4) * chance.uniform(0.8, 1.25, columns)


def _depths(rows: int, roads: set[int], streams: set[int], chance: np.random.Generator) -> Array:
    away = np.abs(np.arange(rows) - rows // 2) / 10
    depths = (20 + 26 * away) * chance.uniform(0.85, 1.2, rows)
    depths[list(roads)] = ROAD
    depths[list(streams)] = STREAM
    return depths


def _lattice(xs: Array, ys: Array, middle: Array, chance: np.random.Generator) -> tuple[Array, Array, Array]:
    """Corners (columns+1, rows+1, 2) and the points halfway along edges: `across` (east-west edges) and `along` (north-south edges)."""
    x = np.concatenate(([0.0], np.cumsum(xs))) - xs.sum() / 2
    y = np.concatenate(([0.0], np.cumsum(ys))) - ys.sum() / 2
    corners = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    room = np.minimum(_room(xs)[:, None], _room(ys)[None, :])[..., None]
    corners += chance.uniform(-0.16, 0.16, corners.shape) * room
    across = (corners[:-1] + corners[1:]) / 2
    across[..., 1] += chance.uniform(-0.08, 0.08, across.shape[:2]) * np.minimum(room[:-1, :, 0], room[1:, :, 0])
    along = (corners[:, :-1] + corners[:, 1:]) / 2
    along[..., 0] += chance.uniform(-0.08, 0.08, along.shape[:2]) * np.minimum(room[:, :-1, 0], room[:, 1:, 0])
    bend, turn = chance.uniform(-1, 1, 4), chance.uniform(0, 2 * np.pi)
    return tuple(_bent(each, bend, turn, middle) for each in (corners, across, along))  # type: ignore[return-value]


def _room(sizes: Array) -> Array:
    """How much a line between two sizes may move: the smaller of its neighbours."""
    padded = np.concatenate(([sizes[0]], sizes, [sizes[-1]]))
    return np.minimum(padded[:-1], padded[1:])


def _bent(points: Array, bend: Array, turn: float, middle: Array) -> Array:
    """The whole lattice swung by one smooth, invertible map, turned and put in its place."""
    x, y = points[..., 0], points[..., 1]
    moved_y = y + 18 * bend[0] * np.sin(x / 95 + bend[1] * 3)
    moved_x = x + 14 * bend[2] * np.sin(moved_y / 110 + bend[3] * 3)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.stack((middle[0] + cos * moved_x - sin * moved_y, middle[1] + sin * moved_x + cos * moved_y), axis=-1)


def _runs(columns: int, strip: bool, chance: np.random.Generator) -> list[tuple[int, int]]:
    """(first column, columns) of each plot of a row: some plots are two wide, strips of road and stream up to eight."""
    runs, column = [], 0
    while column < columns:
        length = min(8 if strip else 2 if chance.random() < 0.16 else 1, columns - column)
        runs.append((column, length))
        column += length
    return runs


def _ring(corners: Array, across: Array, along: Array, row: int, start: int, length: int) -> Array:
    """Boundary of the plot of `length` cells from column `start` in a row, with every point that its neighbours have."""
    lower = np.empty((2 * length + 1, 2))
    upper = np.empty((2 * length + 1, 2))
    for line, at in ((lower, row), (upper, row + 1)):
        line[0::2] = corners[start : start + length + 1, at]
        line[1::2] = across[start : start + length, at]
    return np.concatenate((lower, along[start + length, row][None], upper[::-1], along[start, row][None]))
