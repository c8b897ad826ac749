"""A proposed area against every register: what it meets, and how much of it - báo cáo chồng lấn."""

from typing import Any

from django.contrib.gis.db.models.functions import Area, Intersection, Length
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.measure import Area as AreaMeasure
from django.contrib.gis.measure import Distance as DistanceMeasure
from django.db.models import F

from sonha.geo.layers.limits import limits_of, within
from sonha.geo.layers.served import ServedLayer
from sonha.registry.pages.asking import Asked as OfRegister
from sonha.registry.pages.drawing import area_words, length_words
from sonha.registry.pages.places import in_system

from .asking import Asked
from .lying import described, rows_at, with_shape
from .tree import GROUND

LISTED = 200  # records of a layer
LEAST = 0.05  # m²: what only touches does not overlap
Json = dict[str, Any]


def overlaps(asked: Asked) -> list[Json]:
    """Of each layer that the area meets: records with `part` (m² or m of the record inside, 0 for points) and its share of the area."""
    found, seen = [], set()
    for layer in asked.layers.values():
        key = (layer.register.code, layer.geometry.name)
        if key in seen:
            continue
        seen.add(key)
        with within(limits_of(asked.actor)):
            group = _group(asked, layer)
        if group["records"]:
            found.append(group)
    return sorted(found, key=lambda group: group["layer"] in GROUND)


def _group(asked: Asked, layer: ServedLayer) -> Json:
    area = in_system(asked.place, layer.srid)
    rows = rows_at(asked, layer)
    name = layer.geometry.name
    is_area, is_line = "POLYGON" in layer.geometry.geometry_type, "LINESTRING" in layer.geometry.geometry_type
    if is_area or is_line:
        rows = rows.annotate(part=(Area if is_area else Length)(Intersection(F(name), area))).order_by(
            F("part").desc(nulls_last=True), "pk"
        )
    else:
        rows = rows.order_by("pk")
    shown = list(with_shape(rows, layer)[: LISTED + 1])
    parts = {row.pk: metres(getattr(row, "part", None)) for row in shown}
    kept = [row for row in shown[:LISTED] if not is_area or parts[row.pk] > LEAST]
    whole = asked.place.area
    records = described(OfRegister(asked.actor, layer.register, layer.rights), kept, asked)
    for record in records:
        part = parts[record["id"]]
        record["part"] = part
        record["words"] = area_words(part) if is_area else length_words(part) if is_line else ""
        record["share"] = part / whole if is_area and whole else 0.0
    total = sum(record["part"] for record in records)
    return {
        "layer": layer.name,
        "title": str(layer.title),
        "source": str(layer.register.source),
        "more": len(shown) > LISTED,
        "records": records,
        "total": area_words(total) if is_area else length_words(total) if is_line else "",
    }


def metres(measure: Any) -> float:
    """m² or m of what the database measured."""
    if isinstance(measure, AreaMeasure):
        return float(measure.sq_m)
    if isinstance(measure, DistanceMeasure):
        return float(measure.m)
    return float(measure or 0)


def area_of(place: GEOSGeometry) -> str:
    return area_words(place.area)
