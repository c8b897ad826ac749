"""From an uploaded GeoTIFF to the two files that are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import ColorInterp, Resampling
from rasterio.windows import Window
from rio_cogeo.cogeo import cog_translate
from rio_cogeo.profiles import cog_profiles

from .checks import SAFELY

STRIP = 512  # rows at a time
SAMPLE = 1024  # pixels a side from which the range of values is taken
WHOLE_WORLD = 156_543.033928  # metres of a pixel of zoom level 0 in EPSG:3857
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Converted:
    data: Path
    drawing: Path
    most_zoom: int


def convert(source: Path, folder: Path, srid: int, tell: Callable[[], None] = lambda: None) -> Converted:
    """Makes both files in `folder`; `tell` is called after each of the three steps. rasterio's errors for broken files."""
    data, colours, drawing = folder / "data.tif", folder / "colours.tif", folder / "drawing.tif"
    with rasterio.Env(**SAFELY, GDAL_CACHEMAX=128):
        _declare(source, srid)
        cog_translate(source, data, cog_profiles.get("deflate"), in_memory=False, quiet=True, additional_cog_metadata={})
        tell()
        with rasterio.open(data, driver="GTiff") as made:
            _colour(made, colours)
        tell()
        cog_translate(
            colours, drawing, cog_profiles.get("jpeg"), indexes=(1, 2, 3), add_mask=True, web_optimized=True, in_memory=False, quiet=True,
            overview_resampling="average", resampling="bilinear",
        )  # fmt: skip
        colours.unlink()
        with rasterio.open(drawing, driver="GTiff") as drawn:
            zoom = max(0, round(float(np.log2(WHOLE_WORLD / abs(drawn.transform.a)))))
        tell()
    return Converted(data, drawing, min(zoom, 24))


def _declare(source: Path, srid: int) -> None:
    """Writes the system into a file that does not say it."""
    with rasterio.open(source, driver="GTiff") as file:
        known = file.crs is not None and file.crs.to_epsg() == srid
    if not known:
        with rasterio.open(source, "r+", driver="GTiff") as file:
            file.crs = f"EPSG:{srid}"


def _colour(source: rasterio.DatasetReader, target: Path) -> None:
    """Red, green, blue and alpha of eight bits, strip by strip."""
    profile = {"driver": "GTiff", "width": source.width, "height": source.height, "count": 4, "dtype": "uint8", "crs": source.crs,
               "transform": source.transform, "compress": "lzw", "tiled": True, "BIGTIFF": "IF_SAFER"}  # fmt: skip
    paint = _painter(source)
    with rasterio.open(target, "w", **profile) as made:
        made.colorinterp = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
        for top in range(0, source.height, STRIP):
            window = Window(0, top, source.width, min(STRIP, source.height - top))
            made.write(paint(window), window=window, indexes=(1, 2, 3))
            made.write(source.dataset_mask(window=window), window=window, indexes=4)


def _painter(source: rasterio.DatasetReader) -> Callable[[Window], Array]:
    """Palettes and 8-bit colours as they are; everything else in a range that leaves out the outer two per cent."""
    indexes = (1, 2, 3) if source.count >= 3 else (1, 1, 1)
    if source.colorinterp[0] == ColorInterp.palette:
        table = np.zeros((256, 3), np.uint8)
        for value, colour in source.colormap(1).items():
            table[value & 255] = colour[:3]
        return lambda window: np.moveaxis(table[source.read(1, window=window).astype(np.uint8)], -1, 0)
    if source.dtypes[0] == "uint8":
        return lambda window: source.read(indexes, window=window)
    low, high = _range(source, indexes)

    def stretched(window: Window) -> Array:
        values = np.nan_to_num(source.read(indexes, window=window).astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
        scaled = (values - low[:, None, None]) / (high - low)[:, None, None] * 255
        return np.clip(scaled, 0, 255).astype(np.uint8)

    return stretched


def _range(source: rasterio.DatasetReader, indexes: tuple[int, ...]) -> tuple[Array, Array]:
    shape = (min(source.height, SAMPLE), min(source.width, SAMPLE))
    values = source.read(indexes, out_shape=(len(indexes), *shape), resampling=Resampling.nearest).astype(np.float64)
    good = source.dataset_mask(out_shape=shape) > 0
    low, high = np.zeros(len(indexes)), np.ones(len(indexes))
    for at, band in enumerate(values):
        if len(known := band[good & np.isfinite(band)]):
            low[at], high[at] = np.percentile(known, (2, 98))
            high[at] = max(high[at], low[at] + 1e-6)
    return low, high
