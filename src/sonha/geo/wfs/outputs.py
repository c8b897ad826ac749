"""The features of GetFeature in other formats: GeoJSON, zipped shapefile, CSV."""

import csv
import io
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from sonha.geo.ows.reports import Refused
from sonha.registry.declarations.fields import Field

from .conditions import kind_of
from .features import Asked, moment, rows

GEOMETRY_TYPES = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
SHP_NAME = 10  # letters of a column in a shapefile


def features(asked: Asked, most: int, start: int) -> tuple[int, str]:
    """How many, and the GeoJSON features between commas. Longitude first whatever the system's own order, as GeoJSON has it."""
    inner, params = rows(asked, most, start)
    fields = ", ".join(f"'{field.name}', f{at}" for at, field in enumerate(asked.fields))
    shape = "ST_AsGeoJSON(g, 7)::json" if asked.places else "NULL::json"
    member = (
        f"json_build_object('type', 'Feature', 'id', '{asked.layer.name}.' || id, 'geometry', {shape},"
        f" 'properties', json_build_object({fields}))"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), string_agg({member}::text, ',') FROM ({inner}) p", params)
        here, text = cursor.fetchone()
    return here, text or ""


def geojson(texts: list[str], matched: int, returned: int, srids: set[int]) -> bytes:
    """The collection; it names its system only when that is not GeoJSON's own."""
    head: dict[str, Any] = {"type": "FeatureCollection", "timeStamp": moment(), "numberMatched": matched, "numberReturned": returned}
    if srids != {4326}:
        head["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{min(srids)}"}}
    return f'{json.dumps(head)[:-1]}, "features": [{",".join(each for each in texts if each)}]}}'.encode()


def table(asked: Asked, most: int, start: int) -> bytes:
    """CSV in UTF-8 with a mark, as spreadsheets want it; the shape as WKT."""
    inner, params = rows(asked, most, start)
    shape = ", ST_AsText(g, 7)" if asked.places else ""
    columns = "".join(f", f{at}::text" for at in range(len(asked.fields)))
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(["id", *([asked.layer.layer.geometry] if asked.places else []), *(each.name for each in asked.fields)])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{asked.layer.name}.' || id{shape}{columns} FROM ({inner}) p", params)
        writer.writerows([_harmless(each) for each in row] for row in cursor.fetchall())
    return b"\xef\xbb\xbf" + page.getvalue().encode()


def _harmless(value: str | None) -> str:
    """A cell that a spreadsheet would run as a formula gets a quote before it; numbers keep their sign."""
    if not value or value[0] not in "=+-@\t\r":
        return value or ""
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def shapefile(asked: Asked, most: int, start: int) -> bytes:
    """A zip of shp, shx, dbf, prj, cpg. Names of columns are cut to ten letters, numbered when two become the same."""
    import numpy as np
    import pyogrio

    inner, params = rows(asked, most, start)
    columns = "".join(f", f{at}::text" for at in range(len(asked.fields)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ST_AsBinary(g), id{columns} FROM ({inner}) p", params)
        found = cursor.fetchall()
    if not found:
        raise Refused(_("Không có đối tượng nào để ghi thành tệp."), "typename")
    shapes = np.array([bytes(row[0]) for row in found], dtype=object)
    values = [np.array([row[1] for row in found], dtype=np.int64)]
    values += [_column([row[2 + at] for row in found], field) for at, field in enumerate(asked.fields)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{asked.layer.name}.shp"
        pyogrio.raw.write(
            str(path), shapes, values, _short(["id", *(each.name for each in asked.fields)]),
            geometry_type=_geometry_type(asked), crs=f"EPSG:{asked.system.srid}", encoding="UTF-8", driver="ESRI Shapefile",
        )  # fmt: skip
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
    return packed.getvalue()


def _geometry_type(asked: Asked) -> str:
    return {each.upper(): each for each in GEOMETRY_TYPES}.get(asked.layer.geometry.geometry_type.upper(), "Unknown")


def _column(values: list[str | None], field: Field) -> Any:
    import numpy as np

    if kind_of(field) == "number":
        return np.array([np.nan if each is None else float(each) for each in values], dtype=np.float64)
    return np.array(values, dtype=object)


def _short(names: list[str]) -> list[str]:
    taken: list[str] = []
    for name in names:
        short, number = name[:SHP_NAME], 1
        while short in taken:
            short, number = f"{name[: SHP_NAME - len(str(number))]}{number}", number + 1
        taken.append(short)
    return taken
