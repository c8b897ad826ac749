"""Maps as files: GeoJSON and GeoPackage that can really be read."""

import sqlite3
from pathlib import Path

import orjson
from django.utils.translation import gettext as _

from ..errors import FileRefused

LARGEST_GEOJSON = 64 * 1024 * 1024
TYPES = {
    "FeatureCollection",
    "Feature",
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
}


def check_geojson(path: Path) -> None:
    if path.stat().st_size > LARGEST_GEOJSON:
        raise FileRefused(_("Tệp GeoJSON lớn hơn 64 MB; xin gửi dạng GeoPackage."))
    try:
        content = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (orjson.JSONDecodeError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("type") not in TYPES:
        raise FileRefused(_("Tệp không phải GeoJSON hợp lệ; xin xuất lại từ phần mềm bản đồ."))


def check_geopackage(path: Path) -> None:
    """Opened read-only and without running anything that is in it."""
    try:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            database.execute("PRAGMA trusted_schema = OFF")
            layers = database.execute("SELECT count(*) FROM gpkg_contents").fetchone()[0]
        finally:
            database.close()
    except sqlite3.Error:
        layers = 0
    if not layers:
        raise FileRefused(_("Tệp GeoPackage bị hỏng hoặc không có lớp bản đồ nào; xin xuất lại từ phần mềm bản đồ."))


def check_gml(path: Path) -> None:
    """No document type anywhere (entities, other files), in pieces."""
    before = b""
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            if b"<!DOCTYPE" in before + piece or b"<!ENTITY" in before + piece:
                raise FileRefused(_("Tệp GML có phần khai báo DOCTYPE nên không nhận được; xin xuất lại từ phần mềm bản đồ."))
            before = piece[-16:]
