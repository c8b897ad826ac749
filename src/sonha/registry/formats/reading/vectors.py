"""Maps as files, read by GDAL (of pyogrio): GeoPackage, Shapefile, GeoJSON, GML, DXF, DGN. One driver for each kind, no other."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from sonha.foundation.files.errors import FileRefused

from .. import systems
from ..encodings import CP1258, LATIN, TCVN, TITLES, UTF8, VNI, convert, recognise
from .layers import Batch, Column, Layer, Source, samples

DRIVERS = {"gpkg": "GPKG", "shapefile": "ESRI Shapefile", "geojson": "GeoJSON", "gml": "GML", "dxf": "DXF", "dgn": "DGN"}
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
STEP = 20_000
ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, RuntimeError, ValueError)
OPTIONS: dict[str, dict[str, Any]] = {
    "gml": {"DOWNLOAD_SCHEMA": "NO", "READ_MODE": "STANDARD"},
    "dgn": {"ENCODING": "ISO-8859-1"},  # texts as bytes, in whatever font's encoding they were drawn
}

pyogrio.set_gdal_config_options(
    {
        "GML_SKIP_RESOLVE_ELEMS": "ALL",  # no xlink is followed
        "GDAL_VRT_ENABLE_PYTHON": "NO",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "GDAL_HTTP_PROXY": "127.0.0.1:1",  # whatever still tried the network would end here
        "OGR_GEOJSON_MAX_OBJ_SIZE": 200,  # MB
    }
)


def unpack(path: Path, folder: Path) -> list[Path]:
    """The shapefiles of a zip, their parts only, under names of our own. The archive was inspected before."""
    sets: dict[str, dict[str, zipfile.ZipInfo]] = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            stem, dot, ending = entry.filename.rpartition(".")
            part = (dot + ending).lower()
            if part in PARTS and "__MACOSX" not in entry.filename:
                sets.setdefault(stem, {})[part] = entry
        shapes = {stem: parts for stem, parts in sets.items() if ".shp" in parts}
        found = []
        for number, (stem, parts) in enumerate(sorted(shapes.items())):
            missing = [part for part in (".shx", ".dbf") if part not in parts]
            name = stem.rpartition("/")[2]
            if missing:
                given = {"name": name, "parts": ", ".join(missing)}
                raise FileRefused(_("Shapefile «%(name)s» thiếu phần %(parts)s; xin nén đủ .shp, .shx, .dbf, .prj rồi gửi lại.") % given)
            home = folder / str(number)
            home.mkdir()
            safe = re.sub(r"[^\w\- ]", "_", name)[:80] or "data"
            for part, entry in parts.items():
                with archive.open(entry) as packed, (home / f"{safe}{part}").open("wb") as out:
                    while piece := packed.read(1024 * 1024):
                        out.write(piece)
            found.append(home / f"{safe}.shp")
    return found


def source(paths: list[Path], kind: str, encoding: str) -> Source:
    layers: list[Layer] = []
    where: dict[str, tuple[Path, str]] = {}
    for path in paths:
        for name in _layer_names(path):
            layer = _described(path, name, kind, encoding)
            layers.append(layer)
            where[layer.name] = (path, name)
    if not layers:
        raise FileRefused(_("Tệp bản đồ không có lớp nào."))

    def read(layer: Layer) -> Iterator[Batch]:
        path, name = where[layer.name]
        return _batches(path, name, kind, layer)

    return Source(kind, tuple(layers), read)


def _layer_names(path: Path) -> list[str]:
    try:
        return [str(name) for name, _kind in pyogrio.list_layers(path)]
    except ERRORS as error:
        raise _damaged() from error


def _damaged() -> FileRefused:
    return FileRefused(_("Tệp bản đồ bị hỏng hoặc chưa trọn; xin xuất lại từ phần mềm bản đồ rồi gửi lại."))


def _described(path: Path, name: str, kind: str, encoding: str) -> Layer:
    try:
        info = pyogrio.read_info(path, layer=name, encoding=_raw(kind), force_feature_count=True, force_total_bounds=True)
        if info["driver"] != DRIVERS[kind]:
            raise _damaged()
        with _stream(path, name, kind, batch_size=200, read_geometry=False) as (_meta, reader):
            head: dict[str, list[Any]] = next((piece.to_pydict() for piece in reader), {})
    except ERRORS as error:
        raise _damaged() from error
    texts = [str(each) for values in head.values() for each in values if isinstance(each, str)]
    found = encoding or _encoding(path, kind, [*texts, *map(str, info["fields"])])
    columns = tuple(
        Column(convert(str(field), found), _kind(dtype), samples(_texts(head.get(str(field), []), found)))
        for field, dtype in zip(info["fields"], info["dtypes"], strict=True)
    )
    has_shapes = bool(info["geometry_type"])
    said = systems.said(info["crs"]) if has_shapes else systems.Said(0)
    notes = [said.note] if said.note else []
    if found not in (UTF8, LATIN):
        notes.append(_("Chữ trong tệp viết bằng bảng mã %(encoding)s; được đổi sang Unicode khi nhập.") % {"encoding": TITLES[found]})
    bounds = info["total_bounds"] if has_shapes and info["features"] else None
    bounds = tuple(float(each) for each in bounds) if bounds is not None and all(abs(each) < 1e12 for each in bounds) else None
    if said.srid and bounds and (wrong := systems.judge(said.srid, bounds)):
        notes.append(wrong)
    geometry_type = str(info["geometry_type"] or "")
    return Layer(name, columns, int(info["features"]), has_shapes, geometry_type, said.srid, bounds, found, tuple(notes))


def _raw(kind: str) -> str | None:
    """Texts of a shapefile are read as bytes (as Latin-1 shows them): what its .cpg says of them is often wrong."""
    return "ISO-8859-1" if kind == "shapefile" else None


def _encoding(path: Path, kind: str, texts: list[str]) -> str:
    found = recognise(texts)
    if kind != "shapefile" or found != LATIN:
        return found
    declared = path.with_suffix(".cpg").read_text("ascii", "replace").strip().lower() if path.with_suffix(".cpg").exists() else ""
    return CP1258 if "1258" in declared else LATIN


def _texts(values: list[Any], encoding: str) -> list[Any]:
    if encoding not in (UTF8, CP1258, TCVN, VNI):
        return values
    return [convert(each, encoding) if isinstance(each, str) else each for each in values]


def _kind(dtype: str) -> str:
    if "int" in dtype:
        return "integer"
    if "float" in dtype:
        return "decimal"
    if "datetime" in dtype:
        return "date" if "[D]" in dtype else "moment"
    return "boolean" if dtype == "bool" else "text"


def _stream(path: Path, name: str, kind: str, **more: Any) -> Any:
    return pyogrio.raw.open_arrow(path, layer=name, encoding=_raw(kind), use_pyarrow=True, **more, **OPTIONS.get(kind, {}))


def _batches(path: Path, name: str, kind: str, layer: Layer) -> Iterator[Batch]:
    first = 1
    try:
        with _stream(path, name, kind, batch_size=STEP, read_geometry=layer.has_shapes, force_2d=False) as (meta, reader):
            geometry = (meta["geometry_name"] or "wkb_geometry") if layer.has_shapes else ""
            for piece in reader:
                names = [each for each in piece.schema.names if each != geometry]
                columns = {convert(each, layer.encoding): _texts(piece.column(each).to_pylist(), layer.encoding) for each in names}
                shapes = None
                if geometry:
                    with np.errstate(invalid="ignore"):  # NaN is found and told later, row by row
                        shapes = shapely.from_wkb(piece.column(geometry).to_numpy(zero_copy_only=False), on_invalid="fix")
                yield Batch(first, piece.num_rows, columns, shapes)
                first += piece.num_rows
    except (*ERRORS, shapely.GEOSException) as error:
        raise _damaged() from error
