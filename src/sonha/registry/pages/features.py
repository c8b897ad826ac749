"""Records as GeoJSON for the small map of a page: what is on the page, with the colours of the register's layer."""

import json
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse

from sonha.registry.declarations import Register, registers
from sonha.registry.declarations.known import layers_of
from sonha.registry.declarations.layers import Layer, Look

from .asking import Asked
from .places import province_frame

GROUND = "communes"  # the layer that lies under the records, where it is there
NO_LOOK = Look(fill="#1f6f8b", opacity=0.25, stroke="#0f6b76", width=1.5)


def collection(asked: Asked, rows: list[Any]) -> dict[str, Any]:
    """Features in WGS 84 with `name`, `url` and colours. `rows` are those whose place the actor may see."""
    register = asked.register
    place = register.geometry()
    shapes = _in_degrees([getattr(row, place) for row in rows]) if rows else []
    layer = register.layers[0] if register.layers else Layer(NO_LOOK)
    naming = register.naming()
    features = []
    for row, shape in zip(rows, shapes, strict=True):
        shown = naming == "pk" or naming in asked.rights.fields_of(row)
        look = layer.looks.get(str(getattr(row, layer.by, "")), layer.look) if layer.by in asked.rights.fields_of(row) else layer.look
        properties = {
            "name": register.named(row) if shown else f"#{row.pk}",
            "url": reverse("registers:record", args=[register.slug, row.pk]),
            "fill": look.fill or "#00000000",
            "opacity": look.opacity if look.fill else 0,
            "stroke": look.stroke or look.fill or NO_LOOK.stroke,
            "width": max(look.width, 1.5),
            "size": look.size,
        }
        features.append({"type": "Feature", "id": row.pk, "geometry": shape, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def ground_url() -> str:
    """Template of the tiles of the communes' boundaries; empty while they are not served."""
    there = any(name == GROUND for register in registers() for name, _layer in layers_of(register))
    return _tiles(GROUND) if there else ""


def beside_url(register: type[Register]) -> str:
    """Template of the tiles of the register's own layer, which show what lies beside a record; empty when it has none."""
    name = next((name for name, _layer in layers_of(register)), "")
    return _tiles(name) if name and name != GROUND else ""


def _tiles(name: str) -> str:
    try:
        return reverse("tiles:tile", args=[name, 0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
    except NoReverseMatch:
        return ""


def drawing_on(register: type[Register]) -> dict[str, str]:
    """What a map that one draws on needs: where the province lies (degrees), and the tiles of the register's own records."""
    return {"frame": " ".join(f"{each:.4f}" for each in province_frame()), "beside": beside_url(register)}


def map_address(names: list[str], collection: dict[str, Any] | None = None) -> str:
    """The map page with these layers, moved to the first of the features; empty while there is no such page."""
    try:
        page = reverse("map")
    except NoReverseMatch:
        return ""
    if not names:
        return ""
    where = ""
    if collection and collection["features"]:
        position: Any = collection["features"][0]["geometry"].get("coordinates")
        while position and isinstance(position[0], list):
            position = position[0]
        where = f"map=15/{position[1]:.6f}/{position[0]:.6f}&" if position else ""
    return f"{page}#{where}layers={','.join(names)}"


def _in_degrees(shapes: list[Any]) -> list[Any]:
    """GeoJSON geometries, all in one statement; to six places, a decimetre."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsGeoJSON(CASE WHEN ST_NPoints(s) > 2000 THEN ST_SimplifyPreserveTopology(s, 0.00005) ELSE s END, 6)"
            " FROM unnest(%s::bytea[]) WITH ORDINALITY AS t(g, n), ST_Transform(ST_GeomFromEWKB(g), 4326) AS s ORDER BY n",
            [[bytes(each.ewkb) for each in shapes]],
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]
