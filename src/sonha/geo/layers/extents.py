"""Where the records of a layer lie, roughly, for capabilities: from the statistics of the database, never by reading rows."""

import math
from functools import lru_cache

from django.db import connection
from django.utils import timezone

from .served import ServedLayer

PROVINCE = (106.0, 21.3, 107.4, 22.5)  # Lạng Sơn, for layers of which nothing is known yet
Degrees = tuple[float, float, float, float]


def extent(layer: ServedLayer) -> Degrees:
    """West, south, east, north in degrees (EPSG:4326), rounded outward to hundredths; looked up at most once an hour."""
    model = layer.register.model._meta
    return _looked_up(connection.settings_dict["NAME"], model.db_table, layer.geometry.column, layer.srid, timezone.now().hour)


@lru_cache(maxsize=4096)
def _looked_up(database: str, table: str, column: str, srid: int, hour: int) -> Degrees:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_statistic s WHERE s.starelid = %s::regclass LIMIT 1", [f'"{table}"'])
        if not cursor.fetchone():
            return PROVINCE
        cursor.execute(
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Transform(ST_SetSRID(box::geometry, %s), 4326) AS b"
            " FROM ST_EstimatedExtent(current_schema(), %s, %s) AS box WHERE box IS NOT NULL) found",
            [srid, table, column],
        )
        row = cursor.fetchone()
    if not row or not all(each is not None and math.isfinite(each) for each in row):
        return PROVINCE
    west, south, east, north = row
    return math.floor(west * 100) / 100, math.floor(south * 100) / 100, math.ceil(east * 100) / 100, math.ceil(north * 100) / 100
