"""What a file must be before it is converted: a GeoTIFF, with a place in or near Viet Nam, of a size that can be worked on."""

from dataclasses import dataclass
from pathlib import Path

import rasterio
from django.contrib.gis.geos import Polygon
from django.utils.translation import gettext as _
from rasterio.errors import CRSError, RasterioError
from rasterio.warp import transform_geom

MOST_BYTES = 2 * 1024**3  # as sent
MOST_PIXELS = 1_200_000_000  # of one band: 30 x 40 km at one metre
MOST_BANDS = 16
MOST_UNPACKED = 12 * 1024**3  # bytes once unpacked: a small file may promise a very large picture
WINDOW = (100.0, 5.0, 118.0, 25.0)  # degrees within which every place of Viet Nam lies
MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
SAFELY = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_TIFF_INTERNAL_MASK": True}


class RasterRefused(Exception):
    """The file cannot be taken; the text is one sentence for the person who sent it."""


@dataclass(frozen=True)
class Found:
    """What the file says of itself. `resolution` in metres; `footprint` in EPSG:4326."""

    srid: int
    width: int
    height: int
    bands: int
    kind: str
    resolution: float
    footprint: Polygon


def examine(path: Path, srid: int | None = None) -> Found:
    """RasterRefused with one sentence. `srid`: what the person says, for files that do not."""
    with path.open("rb") as file:
        if file.read(4) not in MAGIC:
            raise RasterRefused(_("Tệp không phải là ảnh GeoTIFF; xin chuyển sang GeoTIFF (.tif) rồi gửi lại."))
    try:
        with rasterio.Env(**SAFELY), rasterio.open(path, driver="GTiff") as source:
            return _examined(source, srid)
    except (RasterioError, CRSError, OSError, ValueError) as error:
        raise RasterRefused(_("Tệp GeoTIFF bị hỏng hoặc tải lên chưa trọn; xin kiểm tra rồi gửi lại.")) from error


def _examined(source: rasterio.DatasetReader, srid: int | None) -> Found:
    if source.count > MOST_BANDS or source.count < 1:
        raise RasterRefused(_("Ảnh có %(bands)d kênh; nhiều nhất là %(most)d.") % {"bands": source.count, "most": MOST_BANDS})
    kinds = set(source.dtypes)
    if len(kinds) > 1 or not kinds <= {"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"}:
        raise RasterRefused(_("Kiểu số của ảnh (%(kinds)s) không được hỗ trợ.") % {"kinds": ", ".join(sorted(kinds))})
    unpacked = source.width * source.height * source.count * _bytes(source.dtypes[0])
    if source.width * source.height > MOST_PIXELS or unpacked > MOST_UNPACKED:
        raise RasterRefused(
            _("Ảnh %(width)d × %(height)d điểm ảnh quá lớn; xin cắt thành các mảnh nhỏ hơn.")
            % {"width": source.width, "height": source.height}
        )
    number = srid or (source.crs.to_epsg() if source.crs else None)
    if number is None:
        raise RasterRefused(_("Tệp không ghi rõ hệ tọa độ theo mã EPSG; xin chọn hệ tọa độ của ảnh rồi gửi lại."))
    if source.transform.is_identity or source.transform.a == 0:
        raise RasterRefused(_("Ảnh chưa được nắn, định vị lên hệ tọa độ; xin nắn ảnh rồi gửi lại."))
    footprint = _footprint(source, number)
    west, south, east, north = footprint.extent
    if west < WINDOW[0] or south < WINDOW[1] or east > WINDOW[2] or north > WINDOW[3]:
        raise RasterRefused(_("Ảnh nằm ngoài lãnh thổ Việt Nam; xin kiểm tra hệ tọa độ của ảnh."))
    metres = 111_319.49 if number in (4326, 4756) else 1.0
    return Found(number, source.width, source.height, source.count, source.dtypes[0], abs(source.transform.a) * metres, footprint)


def _bytes(kind: str) -> int:
    return int("".join(char for char in kind if char.isdigit())) // 8


def _footprint(source: rasterio.DatasetReader, srid: int) -> Polygon:
    corners = [source.transform @ at for at in ((0, 0), (source.width, 0), (source.width, source.height), (0, source.height), (0, 0))]
    try:
        shape = transform_geom(f"EPSG:{srid}", "EPSG:4326", {"type": "Polygon", "coordinates": [corners]})
        found = Polygon(shape["coordinates"][0], srid=4326)
    except Exception as error:  # rasterio and GEOS have many of their own for coordinates that fit no system
        raise RasterRefused(_("Tọa độ của ảnh không hợp với hệ tọa độ EPSG:%(srid)d.") % {"srid": srid}) from error
    if not all(abs(value) < 1000 for value in found.extent) or not found.valid:
        raise RasterRefused(_("Tọa độ của ảnh không hợp với hệ tọa độ EPSG:%(srid)d.") % {"srid": srid})
    return found
