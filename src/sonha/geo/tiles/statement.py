"""The SQL of one tile: found by the index in the layer's own plane, thinned to what can be seen, cut, encoded, all by PostGIS."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sonha.geo.layers.served import ServedLayer, Sql
from sonha.registry.declarations.fields import Field

from .grid import EXTENT, MARGIN, Tile

MOST = 20_000  # features of a tile
THINNED_UNTIL = 14  # closer, vertices are as many as the eye sees
DEGREE = 111_320.0  # metres
TEXT = frozenset({"date", "moment"})


def fields_of(served: ServedLayer) -> Sequence[Field]:
    """The few that drawing and hovering need: the name, the class, the label, as far as the caller sees them."""
    layer, register = served.layer, served.register
    wanted = dict.fromkeys((register.naming(), layer.by, layer.label, *register.identity[:2]))
    return [each for each in served.fields if each.name in wanted]


def tile_sql(served: ServedLayer, tile: Tile, day: date | None = None) -> Sql | None:
    """Gives one row: the tile's bytes and how many features it was made of. None when the tile lies outside the country."""
    degrees = tile.degrees()
    if degrees is None:
        return None
    shape, shape_params = _shape(served, tile)
    columns, column_params = _columns(served)
    where, where_params = served.where(day)
    seen, seen_params = _large_enough(served, tile)
    geometry = f'r."{served.geometry.column}"'
    sql = f"""
        SELECT ST_AsMVT(part, %s, {EXTENT}, 'shape', 'id'), count(*) FROM (
            SELECT r.id, ST_AsMVTGeom({shape}, ST_TileEnvelope(%s, %s, %s), {EXTENT}, {MARGIN}, true) AS shape{columns}
            FROM {served.table(day)} r
            WHERE {geometry} && ST_Transform(ST_Segmentize(ST_MakeEnvelope(%s, %s, %s, %s, 4326), 0.5), {served.srid})
              AND {where}{seen}
            LIMIT {MOST}
        ) part WHERE shape IS NOT NULL
    """
    params = [served.name, *shape_params, tile.z, tile.x, tile.y, *column_params, *degrees, *where_params, *seen_params]
    return sql, params


def _unit(served: ServedLayer) -> float:
    """Metres in one unit of the layer's coordinates."""
    return DEGREE if served.srid in {4326, 4756} else 1.0


def _shape(served: ServedLayer, tile: Tile) -> Sql:
    shape: str = f'r."{served.geometry.column}"'
    params: list[Any] = []
    if tile.z < THINNED_UNTIL and "POINT" not in served.geometry.geometry_type:
        shape, params = f"ST_Simplify({shape}, %s, true)", [2 * tile.step / _unit(served)]
    return (shape if served.srid == 3857 else f"ST_Transform({shape}, 3857)"), params


def _columns(served: ServedLayer) -> Sql:
    pieces, params = [], []
    for field in fields_of(served):
        column, given = served.column(field)
        pieces.append(f', ({column}){"::text" if field.kind in TEXT else ""} AS "{field.name}"')
        params += given
    return "".join(pieces), params


def _large_enough(served: ServedLayer, tile: Tile) -> Sql:
    """Shapes that would not fill half a pixel are left out of overviews; points never."""
    if tile.z >= THINNED_UNTIL or "POINT" in served.geometry.geometry_type:
        return "", []
    shape, least = f'r."{served.geometry.column}"', EXTENT / 1024 * tile.step / _unit(served)
    return f" AND (ST_XMax({shape}) - ST_XMin({shape}) > %s OR ST_YMax({shape}) - ST_YMin({shape}) > %s)", [least, least]
