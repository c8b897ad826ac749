"""From a layer's plane to the web's, within one tile. So near, the one is the other turned and stretched: six numbers spare PostGIS the
projection of every vertex, and the table a second copy of its geometry (measured: half the cost of a tile at zoom 14 to 17)."""

from functools import lru_cache

import numpy as np
from pyproj import Transformer

from .grid import EXTENT, MARGIN, WORLD, Tile

EXACT = 0.5  # steps of the tile's grid by which a vertex may be off at most
DEGREES = frozenset({4326, 4756})

Affine = tuple[float, float, float, float, float, float]  # a, b, d, e, xoff, yoff of ST_Affine


@lru_cache(maxsize=16)
def _inverse(srid: int) -> Transformer:
    return Transformer.from_crs(3857, srid, always_xy=True)


@lru_cache(maxsize=8192)
def affine(srid: int, tile: Tile) -> Affine | None:
    """None where the planes differ too much within the tile: there every vertex is projected."""
    if srid in DEGREES or srid == 3857:
        return None
    around = tile.width * MARGIN / EXTENT
    west, north = tile.x * tile.width - WORLD, WORLD - tile.y * tile.width
    xs, ys = np.meshgrid(
        np.linspace(west - around, west + tile.width + around, 4), np.linspace(north + around, north - tile.width - around, 4)
    )
    x, y = xs.ravel(), ys.ravel()
    east, up = _inverse(srid).transform(x, y)
    if not (np.isfinite(east).all() and np.isfinite(up).all()):
        return None
    middle = np.array([east.mean(), up.mean()])
    known = np.column_stack([east - middle[0], up - middle[1], np.ones_like(east)])
    found, *_rest = np.linalg.lstsq(known, np.column_stack([x, y]), rcond=None)
    if np.abs(known @ found - np.column_stack([x, y])).max() > EXACT * tile.width / EXTENT:
        return None
    (a, d), (b, e), (xoff, yoff) = found
    offsets = xoff - a * middle[0] - b * middle[1], yoff - d * middle[0] - e * middle[1]
    return float(a), float(b), float(d), float(e), float(offsets[0]), float(offsets[1])
