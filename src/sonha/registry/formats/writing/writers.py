"""The writers: one function for each kind of file. Rows are streamed; a file of a million records costs no memory."""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import shapely
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import CRS

from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.rendering.exports import described, head_lines
from sonha.foundation.rendering.spreadsheets import MEDIA_TYPES, Column, Sheet
from sonha.foundation.rendering.spreadsheets import write as write_sheet
from sonha.registry.declarations.fields import Field
from sonha.registry.pages.narrowing import Narrowing

from .. import systems
from .rows import ENGINE, Selection

Told = Callable[[int], None]
ARROW = {"integer": pa.int64(), "decimal": pa.float64(), "date": pa.date32(), "moment": pa.timestamp("ms", "UTC"), "boolean": pa.bool_()}
SHAPES = {
    "POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon", "MULTIPOINT": "MultiPoint", "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
}  # fmt: skip
LONGEST_NAME = 10  # of a column of a shapefile


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. `maps`: it holds shapes, so the register must have them; `srid`: the only system it may be in; 0: any."""

    title: str | Promise
    ending: str
    media_type: str
    write: Callable[[Selection, Path, Told], int]
    maps: bool = True
    srid: int = 0


def spreadsheet(kind: str) -> Callable[[Selection, Path, Told], int]:
    """With titles in Vietnamese; points get two columns of coordinates."""

    def write(selection: Selection, path: Path, told: Told) -> int:
        register = selection.asked.register
        columns = [_column(each) for each in selection.fields]
        columns += [
            Column(_("Mã xã"), width=9),
            Column(_("Xã, phường"), width=24),
            Column(_("Từ ngày"), "date", 12),
            Column(_("Đến hết ngày"), "date", 12),
        ]
        points = selection.geometry is not None and selection.geometry.geometry_type == "POINT"
        if points:
            columns += [Column("X", width=14), Column("Y", width=14)]
        chosen = [(label, words) for _name, label, words in Narrowing(selection.asked, selection.parameters).chosen()]
        lines = head_lines(selection.asked.actor, described(chosen))
        if points:
            lines.append(_("Toạ độ X (hướng đông), Y (hướng bắc) theo %(system)s") % {"system": systems.title(selection.srid)})
        return write_sheet(Sheet(str(register.title), lines, columns, _cells(selection, points)), kind, path, after_row=told)

    return write


def _column(field: Field) -> Column:
    kind = {"date": "date", "moment": "moment", "integer": "number"}.get(field.kind, "text")
    unit = f" ({field.unit})" if field.unit else ""
    return Column(f"{str(field.title)[:1].upper()}{str(field.title)[1:]}{unit}", kind, 12 if kind != "text" else 22)


def _cells(selection: Selection, points: bool) -> Iterator[list[Any]]:
    names = [each.name for each in selection.fields]
    json_names = {each.name for each in selection.fields if each.kind == "json"}
    flags = {each.name for each in selection.fields if each.kind == "boolean"}
    for piece in selection.pieces():
        for values, wkb in piece:
            row = [_cell(values[name], name in json_names, name in flags) for name in names]
            commune = values["commune_code"]
            row += [commune or None, area_name(commune) if commune else None, values["valid_from"], values["valid_to"]]
            if points:
                point = shapely.from_wkb(wkb) if wkb else None
                digits = 8 if selection.srid in systems.DEGREES else 3
                row += [round(point.x, digits), round(point.y, digits)] if point is not None else [None, None]
            yield row


def _cell(value: Any, is_json: bool, is_flag: bool) -> Any:
    if value is None or value == "":
        return None
    if is_flag:
        return _("Có") if value else _("Không")
    return json.dumps(value, ensure_ascii=False) if is_json else value


def names_in_files(selection: Selection, longest: int = 0) -> dict[str, str]:
    """Names of columns: those of the circular where it gives one, else of the field; cut and told apart where a format wants it short."""
    found: dict[str, str] = {}
    for name in (*(each.name for each in selection.fields), *ENGINE):
        called = selection.asked.register.exchange_names.get(name, name)
        if longest and len(called) > longest:
            called = called[:longest]
        number = 1
        while called.lower() in {each.lower() for each in found.values()} | {"geometry", "fid"}:
            tail = f"_{number}"
            called, number = called[: (longest or 60) - len(tail)] + tail, number + 1
        found[name] = called
    return found


def _batches(selection: Selection, names: dict[str, str], schema: pa.Schema, told: Told, counted: list[int]) -> Iterator[pa.RecordBatch]:
    kinds = {each.name: each.kind for each in selection.fields}
    for piece in selection.pieces():
        columns = []
        for at, name in enumerate(names):
            kind = kinds.get(name, "line" if name == "commune_code" else "date")
            columns.append(pa.array([_value(values[name], kind) for values, _wkb in piece], schema.field(at).type))
        if "geometry" in schema.names:
            columns.append(pa.array([wkb for _values, wkb in piece], pa.binary()))
        counted[0] += len(piece)
        yield pa.RecordBatch.from_arrays(columns, schema=schema)
        told(counted[0])


def _value(value: Any, kind: str) -> Any:
    if value is None or kind in ("date", "moment", "boolean", "integer"):
        return value
    if kind == "decimal":
        return float(value)
    return json.dumps(value, ensure_ascii=False) if kind == "json" else str(value)


def _schema(selection: Selection, names: dict[str, str], geometry: bool) -> pa.Schema:
    kinds = {each.name: each.kind for each in selection.fields} | {"valid_from": "date", "valid_to": "date"}
    fields = [pa.field(called, ARROW.get(kinds.get(name, "line"), pa.string())) for name, called in names.items()]
    if geometry:
        fields.append(pa.field("geometry", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"}))
    return pa.schema(fields)


def vector(driver: str, **options: Any) -> Callable[[Selection, Path, Told], int]:
    """By GDAL, from a stream of Arrow batches."""

    def write(selection: Selection, path: Path, told: Told) -> int:
        assert selection.geometry is not None
        names = {} if driver == "DXF" else names_in_files(selection, LONGEST_NAME if driver == "ESRI Shapefile" else 0)
        schema, counted = _schema(selection, names, True), [0]
        reader = pa.RecordBatchReader.from_batches(schema, _batches(selection, names, schema, told, counted))
        shp = driver == "ESRI Shapefile"
        pyogrio.raw.write_arrow(
            reader, path, layer=None if shp else selection.asked.register.code, driver=driver, geometry_name="geometry",
            geometry_type=SHAPES.get(selection.geometry.geometry_type, "Unknown"), crs=f"EPSG:{selection.srid}",
            encoding="UTF-8" if shp else None, **options,
        )  # fmt: skip
        return counted[0]

    return write


def shapefile(selection: Selection, path: Path, told: Told) -> int:
    """Zipped; .cpg says UTF-8, .prj of VN-2000 carries the seven parameters, so that every program lays it where it belongs."""
    home = path.with_suffix(".parts")
    home.mkdir()
    stem = selection.asked.register.code
    count = vector("ESRI Shapefile")(selection, home / f"{stem}.shp", told)
    (home / f"{stem}.prj").write_text(_wkt(selection.srid))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(home.iterdir()):
            archive.write(part, part.name)
    return count


def _wkt(srid: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT srtext FROM spatial_ref_sys WHERE srid = %s", [srid])
        return str(cursor.fetchone()[0])


def geoparquet(selection: Selection, path: Path, told: Told) -> int:
    """GeoParquet 1.1: WKB in a column named geometry, its system as PROJJSON in the file's `geo` metadata."""
    assert selection.geometry is not None
    names = names_in_files(selection)
    schema, counted = _schema(selection, names, True), [0]
    kind = SHAPES.get(selection.geometry.geometry_type)
    column = {"encoding": "WKB", "geometry_types": [kind] if kind else [], "crs": CRS.from_epsg(selection.srid).to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    schema = schema.with_metadata({"geo": json.dumps(geo)})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(selection, names, schema, told, counted):
            writer.write_batch(batch)
    return counted[0]


GML = "application/gml+xml"
KINDS: dict[str, Kind] = {
    "xlsx": Kind("Excel", ".xlsx", MEDIA_TYPES["xlsx"], spreadsheet("xlsx"), maps=False),
    "csv": Kind("CSV", ".csv", MEDIA_TYPES["csv"], spreadsheet("csv"), maps=False),
    "ods": Kind("OpenDocument", ".ods", MEDIA_TYPES["ods"], spreadsheet("ods"), maps=False),
    "gpkg": Kind("GeoPackage", ".gpkg", "application/geopackage+sqlite3", vector("GPKG")),
    "shp": Kind(gettext_lazy("Shapefile (nén)"), ".zip", "application/zip", shapefile),
    "geojson": Kind(
        "GeoJSON",
        ".geojson",
        "application/geo+json",
        vector("GeoJSON", layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": "9"}),
        srid=4326,
    ),
    "gml": Kind("GML 3.2", ".gml", GML, vector("GML", dataset_options={"FORMAT": "GML3.2"})),
    "gml311": Kind("GML 3.1.1", ".gml", GML, vector("GML", dataset_options={"FORMAT": "GML3"})),
    "dxf": Kind(gettext_lazy("DXF (chỉ hình)"), ".dxf", "image/vnd.dxf", vector("DXF")),
    "parquet": Kind("GeoParquet", ".parquet", "application/vnd.apache.parquet", geoparquet),
}
