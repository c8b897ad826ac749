"""Reading windows of the kept files. Files stay open, a few in each thread."""

import math
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import Any

import numpy as np
import rasterio
import rasterio.warp
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.windows import Window

from sonha.foundation.files.models import StoredFile

from .checks import SAFELY
from .models import Raster
from .pictures import Pixels, encode

TILE = 256
HALF = 20_037_508.342789244  # metres from the middle of EPSG:3857 to its edge
KNOTS = 33  # places a side that are computed exactly; the pixels between lie on straight lines
FAR = 1e9
MOST_OPEN = 8
MOST_DOWNLOADED = 25_000_000  # values of one download
Box = tuple[float, float, float, float]
_own = threading.local()


class WindowRefused(Exception):
    """A download that is outside or too large; `pixels` is how many it would have been."""

    def __init__(self, pixels: int) -> None:
        super().__init__(pixels)
        self.pixels = pixels


def tile(raster: Raster, z: int, x: int, y: int, form: str) -> bytes | None:
    """An encoded tile of 256 pixels (XYZ, row 0 in the north); None where the raster has nothing. `form`: png or jpeg."""
    side = 2 * HALF / 2**z
    box = (x * side - HALF, HALF - (y + 1) * side, (x + 1) * side - HALF, HALF - y * side)
    pixels = view_of(raster, 3857, box, TILE, TILE)
    return None if pixels is None else encode(_on_white(pixels) if form == "jpeg" else _as_drawn(pixels), form)


def view_of(raster: Raster, srid: int, box: Box, width: int, height: int) -> Pixels | None:
    """RGBA pixels (height x width x 4) of any view; None where the raster has nothing or the view cannot be computed."""
    source = _opened(raster.drawing)
    if srid == 3857:
        return _straight(source, box, width, height)
    return _warped(source, srid, box, width, height)


def value_at(raster: Raster, longitude: float, latitude: float) -> list[float | int] | None:
    """The values of all bands at a place; None outside and where the raster has none."""
    source = _opened(raster.data)
    x, y = rasterio.warp.transform("EPSG:4326", source.crs, [longitude], [latitude])
    row, column = source.index(x[0], y[0])
    if not (0 <= row < source.height and 0 <= column < source.width):
        return None
    window = Window(column, row, 1, 1)
    if not source.dataset_mask(window=window).any():
        return None
    return [value.item() for value in source.read(window=window)[:, 0, 0]]


def cut(raster: Raster, box: Box | None) -> bytes:
    """A GeoTIFF of the data inside `box` (degrees: west, south, east, north; None: all). WindowRefused when empty or too large."""
    source = _opened(raster.data)
    window = Window(0, 0, source.width, source.height)
    if box is not None:
        west, south, east, north = rasterio.warp.transform_bounds("EPSG:4326", source.crs, *box)
        c0, r0 = ~source.transform @ (west, north)
        c1, r1 = ~source.transform @ (east, south)
        left, top = max(0, math.floor(min(c0, c1))), max(0, math.floor(min(r0, r1)))
        right, bottom = min(source.width, math.ceil(max(c0, c1))), min(source.height, math.ceil(max(r0, r1)))
        if right <= left or bottom <= top:
            raise WindowRefused(0)
        window = Window(left, top, right - left, bottom - top)
    if window.width * window.height * source.count > MOST_DOWNLOADED:
        raise WindowRefused(int(window.width * window.height))
    profile = {"driver": "GTiff", "width": window.width, "height": window.height, "count": source.count, "dtype": source.dtypes[0],
               "crs": source.crs, "transform": source.window_transform(window), "nodata": source.nodata, "compress": "deflate"}  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(**profile) as made:
            made.write(source.read(window=window))
        return bytes(memory.read())


def _straight(source: rasterio.DatasetReader, box: Box, width: int, height: int) -> Pixels | None:
    """A view in the system of the drawing: only scaled, from the overview that fits."""
    c0, r0 = ~source.transform @ (box[0], box[3])
    c1, r1 = ~source.transform @ (box[2], box[1])
    left, top, right, bottom = max(c0, 0.0), max(r0, 0.0), min(c1, float(source.width)), min(r1, float(source.height))
    if right <= left or bottom <= top:
        return None
    across, down = width / (c1 - c0), height / (r1 - r0)
    x0, x1 = round((left - c0) * across), round((right - c0) * across)
    y0, y1 = round((top - r0) * down), round((bottom - r0) * down)
    if x1 <= x0 or y1 <= y0:
        return None
    window, shape = Window(left, top, right - left, bottom - top), (y1 - y0, x1 - x0)
    exact = abs(across - 1) < 1e-6 and abs(down - 1) < 1e-6
    how = Resampling.nearest if exact or across > 1 else Resampling.bilinear
    mask = source.read_masks(1, window=window, out_shape=shape, resampling=Resampling.nearest)
    if not mask.any():
        return None
    pixels = np.zeros((height, width, 4), np.uint8)
    part = pixels[y0:y1, x0:x1]
    part[:, :, :3] = np.moveaxis(source.read((1, 2, 3), window=window, out_shape=(3, *shape), resampling=how), 0, -1)
    part[:, :, 3] = mask
    return pixels


def _warped(source: rasterio.DatasetReader, srid: int, box: Box, width: int, height: int) -> Pixels | None:
    """A view in another system: what it covers is read at about its resolution, and pixels are taken from there by a grid of places."""
    x, y = np.meshgrid(np.linspace(box[0], box[2], KNOTS), np.linspace(box[3], box[1], KNOTS))
    east, north = _transformer(srid).transform(x, y)
    good = np.isfinite(east) & np.isfinite(north)
    if not good.any():
        return None
    east, north = np.where(good, east, FAR), np.where(good, north, FAR)
    known = east[good], north[good]
    wide = (float(known[0].min()), float(known[1].min()), float(known[0].max()), float(known[1].max()))
    if wide[0] >= wide[2] or wide[1] >= wide[3]:
        return None
    columns, rows = width * 5 // 4 + 1, height * 5 // 4 + 1
    read = _straight(source, wide, columns, rows)
    if read is None:
        return None
    across, down = _weights(width), _weights(height)
    column = (down @ ((east - wide[0]) / (wide[2] - wide[0]) * columns) @ across.T).astype(np.int64)
    row = (down @ ((wide[3] - north) / (wide[3] - wide[1]) * rows) @ across.T).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    taken = read.view(np.uint32)[:, :, 0][row.clip(0, rows - 1), column.clip(0, columns - 1)]
    taken[~inside] = 0
    pixels = taken.view(np.uint8).reshape(height, width, 4)
    return pixels if pixels[:, :, 3].any() else None


@lru_cache(maxsize=32)
def _transformer(srid: int) -> Transformer:
    return Transformer.from_crs(srid, 3857, always_xy=True)


@lru_cache(maxsize=32)
def _weights(count: int) -> Any:
    """count x KNOTS: how much each knot of a line counts at the middle of each pixel."""
    at = (np.arange(count) + 0.5) / count * (KNOTS - 1)
    left = np.minimum(at.astype(np.int64), KNOTS - 2)
    weights = np.zeros((count, KNOTS))
    weights[np.arange(count), left] = 1 - (at - left)
    weights[np.arange(count), left + 1] = at - left
    return weights


def _as_drawn(pixels: Pixels) -> Pixels:
    """Premultiplied BGRA, which is what the encoder takes; drawings are either there or not, so multiplying is masking."""
    there = pixels[:, :, 3:] > 0
    drawn = np.empty_like(pixels)
    drawn[:, :, :3] = pixels[:, :, 2::-1] * there
    drawn[:, :, 3] = there[:, :, 0] * 255
    return drawn


def _on_white(pixels: Pixels) -> Pixels:
    return np.where(pixels[:, :, 3:] > 0, pixels[:, :, :3], 255).astype(np.uint8)


def _opened(file: StoredFile | None) -> Any:
    """The dataset of a kept file; rasterio's handles belong to one thread."""
    assert file is not None
    known: OrderedDict[str, Any] = _own.__dict__.setdefault("files", OrderedDict())
    if file.sha256 in known:
        known.move_to_end(file.sha256)
        return known[file.sha256]
    with rasterio.Env(**SAFELY):
        known[file.sha256] = rasterio.open(file.path, driver="GTiff")
    while len(known) > MOST_OPEN:
        known.popitem(last=False)[1].close()
    return known[file.sha256]
