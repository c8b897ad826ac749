"""A generated raster for the demonstration: the shaded relief of a terrain that a formula made up. Nobody can mistake it for a survey."""

import shutil
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from django.db import transaction
from rasterio.transform import from_origin

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.files import storage

from .checks import examine
from .models import Raster
from .services import keep

NAME = "bong-dia-hinh-mau"
WEST, NORTH, SIDE, STEP = 380_000.0, 2_485_000.0, 640, 200.0  # EPSG:9215, pixels, metres: around Lạng Sơn
SEED = 9215
Array = np.ndarray[Any, np.dtype[np.float64]]


def load() -> Raster:
    """The raster, made once (about a second)."""
    if known := Raster.objects.filter(name=NAME, removed_at=None).first():
        return known
    folder = storage.aside(f"rasters-{uuid.uuid4().hex}")
    try:
        path = folder / "source.tif"
        _write(path)
        found = examine(path)
        with transaction.atomic():
            raster = Raster.objects.create(
                name=NAME, title="Bóng địa hình mẫu (do máy tạo ra để trình diễn, không phải địa hình thật)",
                description="Độ cao do công thức sinh ra, tô bóng với nắng từ tây bắc. Không dùng cho việc gì ngoài trình diễn.",
                captured_on=date(2026, 1, 1), sensor="Công thức sinh số ngẫu nhiên", source="Dữ liệu tạo ra để trình diễn",
                is_public=True, is_demo=True, srid=found.srid, width=found.width, height=found.height, bands=found.bands, kind=found.kind,
                resolution=found.resolution, footprint=found.footprint,
            )  # fmt: skip
            keep(raster, path, folder)
            record("raster.added", subject=raster, actor=Actor.system("demonstration"), payload={"raster": NAME, "size": raster.size})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return raster


def terrain(side: int = SIDE, seed: int = SEED) -> Array:
    """Heights in metres, side x side: noise whose waves are the stronger the longer they are."""
    noise = np.fft.fft2(np.random.default_rng(seed).standard_normal((side, side)))
    across, down = np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side))
    length = np.hypot(across, down)
    length[0, 0] = 1
    heights = np.real(np.fft.ifft2(noise / length**1.9 * (length > 1.5 / side)))
    heights -= heights.min()
    return heights / heights.max() * 1_500


def shaded(heights: Array, step: float = STEP) -> Array:
    """0-255: how bright the ground is with the sun at 315 degrees, 45 degrees high."""
    south, east = np.gradient(heights * 2.5, step)
    slope, aspect = np.arctan(np.hypot(east, south)), np.arctan2(south, -east)
    light = np.sin(np.pi / 4) * np.cos(slope) + np.cos(np.pi / 4) * np.sin(slope) * np.cos(np.radians(135) - aspect)
    return np.clip(40 + light * 215, 1, 255)


def _write(path: Path) -> None:
    profile = {"driver": "GTiff", "width": SIDE, "height": SIDE, "count": 1, "dtype": "uint8", "crs": "EPSG:9215",
               "transform": from_origin(WEST, NORTH, STEP, STEP), "nodata": 0, "compress": "deflate"}  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(shaded(terrain()).astype(np.uint8), 1)
