"""The SQL of one tile: found by the index in the layer's own plane, thinned to what can be seen, cut, encoded, all by PostGIS."""

from collections.abc import Sequence
from datetime import date

from sonha.geo.layers.served import ServedLayer, Sql
from sonha.registry.declarations.fields import Field

from .grid import EXTENT, MARGIN, Tile, zoom_of
from .planes import affine

MOST = 20_000  # features of a tile
LABELS = "label"  # the tile's layer of points where areas are written upon
THINNED_UNTIL = 14  # closer, vertices are as many as the eye sees
DEGREE = 111_320.0  # metres
TEXT = frozenset({"date", "moment"})


def fields_of(served: ServedLayer) -> Sequence[Field]:
    """The few that drawing and hovering need: the name, the class, the label, as far as the caller sees them."""
    layer, register = served.layer, served.register
    wanted = dict.fromkeys((register.naming(), layer.by, layer.label, *register.identity[:2]))
    return [each for each in served.fields if each.name in wanted]


def tile_sql(served: ServedLayer, tile: Tile, day: date | None = None) -> Sql | None:
    """Gives one row: the tile's bytes and of how many features. None when the tile lies outside the country."""
    degrees = tile.degrees()
    if degrees is None:
        return None
    shape, shape_params = _shape(served, tile)
    columns, column_params = _columns(served)
    label, label_params = _label(served, tile)
    where, where_params = served.where(day)
    seen, seen_params = _large_enough(served, tile)
    geometry = f'r."{served.geometry.column}"'
    names = "".join(f', "{field.name}"' for field in fields_of(served))
    labels = (
        f" || coalesce((SELECT ST_AsMVT(b, '{LABELS}', {EXTENT}, 'label_at', 'id') FROM"
        f" (SELECT id, label_at{names} FROM part WHERE label_at IS NOT NULL) b), '')"
    )
    sql = f"""
        WITH part AS MATERIALIZED (
            SELECT r.id, ST_AsMVTGeom({shape}, ST_TileEnvelope(%s, %s, %s), {EXTENT}, {MARGIN}, true) AS shape{columns}{label}
            FROM {served.table(day)} r
            WHERE {geometry} && ST_Transform(ST_Segmentize(ST_MakeEnvelope(%s, %s, %s, %s, 4326), 0.5), {served.srid})
              AND {where}{seen}
            LIMIT {MOST}
        )
        SELECT coalesce((SELECT ST_AsMVT(a, %s, {EXTENT}, 'shape', 'id') FROM
                         (SELECT id, shape{names} FROM part WHERE shape IS NOT NULL) a), ''){labels if label else ""},
               (SELECT count(*) FROM part)
    """
    numbers = [tile.z, tile.x, tile.y]
    params = [*shape_params, *numbers, *column_params, *label_params, *degrees, *where_params, *seen_params, served.name]
    return sql, params


def labels_apart(served: ServedLayer) -> bool:
    """Whether labels are points of their own: an area is written upon once, however many tiles it lies in."""
    names = {each.name for each in served.fields}
    return served.layer.label in names and "POLYGON" in served.geometry.geometry_type


def _label(served: ServedLayer, tile: Tile) -> Sql:
    smallest = served.layer.label_smallest
    if not labels_apart(served) or (smallest and tile.z < int(zoom_of(smallest))):
        return "", []
    whole, thinned = _thinned(served, tile)
    point, params = _in_web_plane(f"ST_PointOnSurface({whole})", served, tile)
    numbers = [tile.z, tile.x, tile.y]
    return f", ST_AsMVTGeom({point}, ST_TileEnvelope(%s, %s, %s), {EXTENT}, 0, true) AS label_at", [*thinned, *params, *numbers]


def _unit(served: ServedLayer) -> float:
    """Metres in one unit of the layer's coordinates."""
    return DEGREE if served.srid in {4326, 4756} else 1.0


def _thinned(served: ServedLayer, tile: Tile) -> Sql:
    shape = f'r."{served.geometry.column}"'
    if tile.z < THINNED_UNTIL and "POINT" not in served.geometry.geometry_type:
        return f"ST_Simplify({shape}, %s, true)", [2 * tile.step / _unit(served)]
    return shape, []


def _in_web_plane(shape: str, served: ServedLayer, tile: Tile) -> Sql:
    if served.srid == 3857:
        return shape, []
    near = affine(served.srid, tile)
    return (f"ST_Affine({shape}, %s, %s, %s, %s, %s, %s)", list(near)) if near else (f"ST_Transform({shape}, 3857)", [])


def _shape(served: ServedLayer, tile: Tile) -> Sql:
    thinned, first = _thinned(served, tile)
    shape, then = _in_web_plane(thinned, served, tile)
    return shape, [*first, *then]


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
