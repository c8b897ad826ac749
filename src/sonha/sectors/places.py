"""Places in the answers of a form, brought into the coordinate system of a register, and what already lies there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import dumps, loads
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON, Intersection, Transform
from django.contrib.gis.geos import GEOSGeometry
from django.db import DataError, InternalError, connection, transaction
from django.db.models import FloatField, Func, Value

SRID = 9215
SQUARE_METRES = 10_000
SLIVER = 100.0
"""Square metres below which an overlap is the line between neighbours, not an overlap."""


def stored(geojson: Any, srid: int = SRID, *, areas: bool = False) -> GEOSGeometry | None:
    """A GeoJSON place in WGS 84 in the register's system, transformed by the database alone; None for no place.

    `areas`: as a valid MultiPolygon; None when nothing of it covers an area.
    """
    if not isinstance(geojson, Mapping) or not geojson.get("coordinates"):
        return None
    shape = "ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(%s), 4326), %s)"
    sql = f"SELECT ST_AsEWKB(ST_Multi(ST_CollectionExtract(ST_MakeValid({shape}), 3)))" if areas else f"SELECT ST_AsEWKB({shape})"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [dumps({"type": geojson.get("type"), "coordinates": geojson["coordinates"]}), srid])
            found = cursor.fetchone()[0]
    except (DataError, InternalError):
        return None
    made = GEOSGeometry(memoryview(found)) if found is not None else None
    return None if made is None or made.empty else made


def shown(geometry: GEOSGeometry) -> Any:
    """The same as GeoJSON in WGS 84."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsGeoJSON(ST_Transform(ST_GeomFromEWKB(%s), 4326), 7)", [bytes(geometry.ewkb)])
        return loads(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Overlap:
    """A record that covers part of an area: how much (ha), and where (GeoJSON, WGS 84)."""

    row: Any
    hectares: float
    place: Any


def overlaps(rows: Any, area: GEOSGeometry, *, field: str = "geometry", least_m2: float = SLIVER) -> Iterator[Overlap]:
    """Records of a queryset that cover more than `least_m2` of an area in their own coordinate system, the largest overlap first."""
    part = Intersection(field, area)
    size = Func(part, function="ST_Area", output_field=FloatField())
    place = AsGeoJSON(Transform(part, 4326), precision=6)
    found = rows.filter(**{f"{field}__intersects": area}).annotate(common_m2=size, common_place=place).filter(common_m2__gt=least_m2)
    for row in found.order_by("-common_m2", "pk"):
        yield Overlap(row, row.common_m2 / SQUARE_METRES, loads(row.common_place) if row.common_place else None)


def metres_from(point: GEOSGeometry, field: str = "geometry") -> Func:
    """The distance of each record from a point in the same plane, as an expression."""
    here = Value(point, output_field=GeometryField(srid=point.srid or SRID))
    return Func(field, here, function="ST_Distance", output_field=FloatField())


def nearest(rows: Any, point: GEOSGeometry, metres: float, *, field: str = "geometry") -> Any:
    """Records within `metres` of a point, nearest first, with `away` in metres; through the spatial index."""
    return rows.filter(**{f"{field}__dwithin": (point, metres)}).annotate(away=metres_from(point, field)).order_by("away", "pk")
