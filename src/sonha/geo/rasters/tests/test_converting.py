"""What is taken, what is refused, and that the picture ends where the ground is."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from sonha.geo.rasters import reading
from sonha.geo.rasters.checks import RasterRefused, examine
from sonha.geo.rasters.converting import convert
from sonha.geo.rasters.demonstration import shaded, terrain

WEST, NORTH, STEP = 449_000.0, 2_421_000.0, 10.0


def geotiff(path: Path, bands: int = 3, side: int = 200, **said: Any) -> Path:
    """Red in the west half, blue in the east; the first band of others counts up."""
    profile = {"driver": "GTiff", "width": side, "height": side, "count": bands, "dtype": "uint8", "crs": "EPSG:9215",
               "transform": from_origin(WEST, NORTH, STEP, STEP), **said}  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        values = np.zeros((bands, side, side), profile["dtype"])
        values[0, :, : side // 2] = 200
        values[-1, :, side // 2 :] = 200
        if profile["dtype"] != "uint8":
            values[0] = np.arange(side)[None, :] * 10
        file.write(values)
    return path


class Kept:
    """A raster's files, as `reading` wants them."""

    def __init__(self, path: Path, digest: str) -> None:
        self.path, self.sha256 = path, digest


class Made:
    def __init__(self, source: Path, folder: Path) -> None:
        found = examine(source)
        done = convert(source, folder, found.srid)
        self.data, self.drawing, self.footprint = Kept(done.data, f"d{folder}"), Kept(done.drawing, f"m{folder}"), found.footprint
        self.most_zoom = done.most_zoom


def test_the_picture_is_where_the_ground_is(tmp_path: Path) -> None:
    made: Any = Made(geotiff(tmp_path / "s.tif"), tmp_path)
    for srid, box in ((9215, (449_000.0, 2_419_000.0, 451_000.0, 2_421_000.0)),
                      (3857, (11_884_290.0, 2_495_560.0, 11_886_440.0, 2_497_690.0)),
                      (4326, (106.7584, 21.8668, 106.7777, 21.8849))):  # fmt: skip
        picture = reading.view_of(made, srid, box, 100, 100)
        assert picture is not None
        assert picture[50, 20, :3].astype(int) == pytest.approx((200, 0, 0), abs=30), srid
        assert picture[50, 80, :3].astype(int) == pytest.approx((0, 0, 200), abs=30), srid
    assert reading.view_of(made, 3857, (0, 0, 1000, 1000), 64, 64) is None
    assert reading.view_of(made, 9215, (-1e11, -1e11, 1e11, 1e11), 64, 64) is None
    assert reading.value_at(made, 106.7631, 21.8758) == [200, 0, 0]
    assert reading.value_at(made, 105.0, 21.0) is None


def test_a_window_of_the_data_is_lossless(tmp_path: Path) -> None:
    source = geotiff(tmp_path / "s.tif", bands=1, dtype="int16", nodata=-1)
    made: Any = Made(source, tmp_path)
    part = reading.cut(made, (106.7620, 21.8740, 106.7640, 21.8760))
    (tmp_path / "part.tif").write_bytes(part)
    with rasterio.open(tmp_path / "part.tif") as cut, rasterio.open(source) as whole:
        assert (cut.crs.to_epsg(), cut.res) == (9215, (10.0, 10.0))
        window = rasterio.windows.from_bounds(*cut.bounds, transform=whole.transform)
        assert np.array_equal(cut.read(), whole.read(window=window.round_offsets().round_lengths()))
    with pytest.raises(reading.WindowRefused):
        reading.cut(made, (100.0, 10.0, 101.0, 11.0))


def test_a_file_that_does_not_say_its_system_is_told(tmp_path: Path) -> None:
    source = geotiff(tmp_path / "s.tif", crs=None)
    with pytest.raises(RasterRefused, match="hệ tọa độ"):
        examine(source)
    assert examine(source, 9215).srid == 9215


def bomb(path: Path) -> Path:
    """A few kilobytes that promise 160 gigapixels."""
    profile = {"driver": "GTiff", "width": 400_000, "height": 400_000, "count": 1, "dtype": "uint8", "crs": "EPSG:9215",
               "transform": from_origin(WEST, NORTH, 1, 1), "SPARSE_OK": True, "tiled": True, "blockxsize": 4096, "blockysize": 4096,
               "compress": "deflate", "BIGTIFF": "YES"}  # fmt: skip
    with rasterio.open(path, "w", **profile):
        pass
    return path


def text(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


VRT = (
    b"<VRTDataset rasterXSize='1' rasterYSize='1'><VRTRasterBand><SourceFilename>/etc/passwd</SourceFilename></VRTRasterBand></VRTDataset>"
)
REFUSED: dict[str, tuple[Any, str]] = {
    "a VRT that reads other files": (lambda path: text(path, VRT), "GeoTIFF"),
    "a PNG": (lambda path: text(path, b"\x89PNG\r\n\x1a\n" + b"\0" * 99), "GeoTIFF"),
    "nothing": (lambda path: text(path, b""), "GeoTIFF"),
    "only the first bytes": (lambda path: text(path, geotiff(path).read_bytes()[:90]), "hỏng"),
    "garbage behind the mark": (lambda path: text(path, b"II*\0" + b"\xff" * 200), "hỏng"),
    "a picture without a place": (lambda path: geotiff(path, transform=rasterio.Affine.identity()), "nắn|ngoài"),
    "a place in Africa": (lambda path: geotiff(path, crs="EPSG:4326", transform=from_origin(20, 10, 0.001, 0.001)), "ngoài lãnh thổ"),
    "easting and northing in the wrong system": (lambda path: geotiff(path, crs="EPSG:4326"), "ngoài lãnh thổ|không hợp"),
    "complex numbers": (lambda path: geotiff(path, bands=1, dtype="complex64"), "Kiểu số"),
    "too many bands": (lambda path: geotiff(path, bands=17, side=8), "17 kênh"),
    "a bomb": (bomb, "quá lớn"),
}


@pytest.mark.parametrize(("made", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_taken_is_refused_in_a_sentence(tmp_path: Path, made: Any, words: str) -> None:
    with pytest.raises(RasterRefused, match=words):
        examine(made(tmp_path / "x.tif"))


@pytest.mark.parametrize(("bands", "said"), [(1, {}), (1, {"dtype": "float32", "nodata": -9999}), (5, {}), (2, {"dtype": "uint16"})])
def test_grids_and_pictures_of_all_kinds_are_drawn(tmp_path: Path, bands: int, said: dict[str, Any]) -> None:
    made: Any = Made(geotiff(tmp_path / "s.tif", bands=bands, **said), tmp_path)
    picture = reading.view_of(made, 9215, (449_000.0, 2_419_000.0, 451_000.0, 2_421_000.0), 64, 64)
    assert picture is not None and (picture[:, :, 3] > 0).mean() > 0.9
    with rasterio.open(made.drawing.path) as drawing:
        assert drawing.crs.to_epsg() == 3857
        assert drawing.count == 3


def test_the_generated_terrain_is_the_same_each_time() -> None:
    one, two = terrain(64), terrain(64)
    assert np.array_equal(one, two)
    assert 0 <= one.min() < one.max() <= 1_500
    assert shaded(one).min() >= 1
    assert json.dumps(float(shaded(one).std()))
