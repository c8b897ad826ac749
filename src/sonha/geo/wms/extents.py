"""Extents of layers for capabilities: from the statistics of the tables, kept for some minutes, and rounded outward so that no single
record, least of all one that the caller may not see, can be placed by them.
"""

import math
import time
from collections.abc import Iterable
from typing import Any

from django.db import connection

from sonha.geo.layers.limits import Limits, TooSlow, within
from sonha.geo.layers.served import ServedLayer

from .parameters import Box
from .projection import reprojected

KEPT = 600.0  # seconds
STEP = 0.1  # degrees
COUNTRY: Box = (102.0, 8.0, 110.0, 24.0)
PATIENCE = Limits(features=0, statement_ms=500, pixels=0)
SOME = 20_000  # rows that are looked at of a table without statistics
_known: dict[tuple[str, str], tuple[float, Box]] = {}


def extent(layers: Iterable[ServedLayer]) -> dict[str, Box]:
    """West, south, east, north in degrees by layer's name; of a layer without data the whole country."""
    now = time.monotonic()
    found: dict[str, Box] = {}
    for layer in layers:
        key = (layer.table(), layer.geometry.column)
        if key not in _known or _known[key][0] < now:
            _known[key] = (now + KEPT, _measured(layer))
        found[layer.name] = _known[key][1]
    return found


def _measured(layer: ServedLayer) -> Box:
    table, column = layer.register.model._meta.db_table, layer.geometry.column
    try:
        with within(PATIENCE), connection.cursor() as cursor:
            cursor.execute("SELECT reltuples > 0 FROM pg_class WHERE oid = %s::regclass", [layer.table()])
            counted = cursor.fetchone()
            found = _corners(cursor, "SELECT ST_EstimatedExtent(%s, %s)", [table, column]) if counted and counted[0] else None
            if found is None:
                found = _corners(cursor, f'SELECT ST_Extent(g) FROM (SELECT r."{column}" AS g FROM {layer.table()} r LIMIT {SOME}) x', [])
    except TooSlow:
        found = None
    degrees = found and (found if layer.srid == 4326 else reprojected(found, layer.srid, 4326))
    return _rounded(degrees) if degrees else COUNTRY


def _corners(cursor: Any, statement: str, given: list[str]) -> Box | None:
    cursor.execute(f"SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ({statement}) AS e) q", given)
    row = cursor.fetchone()
    return None if row is None or row[0] is None else (row[0], row[1], row[2], row[3])


def _rounded(box: Box) -> Box:
    return (
        math.floor(box[0] / STEP) * STEP, math.floor(box[1] / STEP) * STEP,
        math.ceil(box[2] / STEP) * STEP, math.ceil(box[3] / STEP) * STEP,
    )  # fmt: skip
