"""The requests that `bench maps` repeats: the same places for every service and for the peer, chosen by a fixed seed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from pyproj import Transformer

from sonha.registry.declarations import register

BOXES = 40
HALF = 20037508.342789244  # metres from the middle of EPSG:3857 to its edge


@dataclass(frozen=True, slots=True)
class Box:
    """A square in the coordinates of the layer that holds about `wanted` records."""

    west: float
    south: float
    east: float
    north: float

    def text(self) -> str:
        return f"{self.west:.3f},{self.south:.3f},{self.east:.3f},{self.north:.3f}"


def boxes(code: str, wanted: int, seed: int = 7) -> list[Box]:
    """Squares around records chosen at random, each as wide as its nearest neighbours need."""
    declared = register(code)
    table, column = declared.model._meta.db_table, declared.field(declared.geometry()).column
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT min(id), max(id) FROM "{table}"')
        low, high = cursor.fetchone()
        cursor.execute("SELECT setseed(%s)", [seed / 100])
        cursor.execute(
            f'''SELECT ST_X(c), ST_Y(c), (SELECT max(ST_Distance(c, near.g)) FROM
                  (SELECT "{column}" AS g FROM "{table}" WHERE valid_to IS NULL ORDER BY "{column}" <-> c LIMIT %s) AS near)
                FROM (SELECT ST_PointOnSurface("{column}") AS c FROM "{table}" WHERE id IN
                  (SELECT (%s + random() * (%s - %s))::bigint FROM generate_series(1, %s))) AS chosen''',
            [wanted, low, high, low, BOXES * 4],
        )
        found = sorted(cursor.fetchall(), key=lambda row: row[2])[:BOXES]  # where parcels are dense: maps of wide places draw none
    reach = 0.886  # half the side of the square that is as large as the circle of that radius
    return [Box(x - reach * far, y - reach * far, x + reach * far, y + reach * far) for x, y, far in found]


def wfs(code: str, box: Box, srid: int) -> str:
    asked = {
        "SERVICE": "WFS",
        "VERSION": "1.1.0",
        "REQUEST": "GetFeature",
        "TYPENAME": code,
        "BBOX": f"{box.text()},EPSG:{srid}",
        "SRSNAME": f"EPSG:{srid}",
    }
    return urlencode(asked, safe=",:")


def wms(code: str, box: Box, srid: int, kind: str) -> str:
    asked = {
        "SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": code, "STYLES": "", "CRS": f"EPSG:{srid}", "BBOX": box.text(),
        "WIDTH": "512", "HEIGHT": "512", "FORMAT": kind,
    }  # fmt: skip
    return urlencode(asked, safe=",:/;= ").replace(" ", "%20")


def tiles(zoom: int, wanted: list[Box], srid: int) -> list[tuple[int, int, int]]:
    """The tiles of a zoom in which the boxes' centres lie."""
    to_mercator = Transformer.from_crs(srid, 3857, always_xy=True)
    side = 2 * HALF / (1 << zoom)
    centres = [to_mercator.transform((box.west + box.east) / 2, (box.south + box.north) / 2) for box in wanted]
    return sorted({(zoom, int((x + HALF) // side), int((HALF - y) // side)) for x, y in centres})
