"""Places in answers: GeoJSON points and polygons in WGS 84, and the coordinates people have on paper (VN-2000 east and north).

VN-2000 of the province is EPSG:9215 (central meridian 107°15', zone width 3°) unless the settings name another zone; the shift to
WGS 84 is EPSG:6960, nominal accuracy 1 m.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import shapely
from django.conf import settings
from pyproj import Transformer

from sonha.foundation.ui.figures import as_decimal, parse_coordinate

MAX_VERTICES, MAX_RINGS = 2000, 20
PLACES = 7  # decimals of a degree: about a centimetre
EQUATOR, FLATTENING = 6378137.0, 1 / 298.257223563

Ring = list[list[float]]
Checked = tuple[dict[str, Any] | None, str, dict[str, Any]]  # geometry, code of the message, its values


def vn2000_epsg() -> int:
    return int(getattr(settings, "SONHA_VN2000_EPSG", 9215))


@lru_cache(maxsize=8)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_wgs84(east: float, north: float, epsg: int | None = None) -> tuple[float, float]:
    """(longitude, latitude) in degrees of a VN-2000 easting and northing in metres; ValueError when it is nowhere."""
    longitude, latitude = _transformer(epsg or vn2000_epsg(), 4326).transform(east, north)
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise ValueError("outside the zone")
    return round(longitude, PLACES), round(latitude, PLACES)


def to_vn2000(longitude: float, latitude: float, epsg: int | None = None) -> tuple[float, float]:
    """(east, north) in metres, to the centimetre; ValueError when it is nowhere."""
    east, north = _transformer(4326, epsg or vn2000_epsg()).transform(longitude, latitude)
    if not (math.isfinite(east) and math.isfinite(north)):
        raise ValueError("outside the zone")
    return round(east, 2), round(north, 2)


def is_typed(raw: Any) -> bool:
    """Whether an answer is coordinates as typed (`{"crs": "vn2000", "x": "450 000", "y": ...}` or `lines`) rather than GeoJSON."""
    return isinstance(raw, Mapping) and "type" not in raw and ("crs" in raw or "x" in raw or "lines" in raw)


def typed_is_blank(raw: Mapping[str, Any]) -> bool:
    return not any(isinstance(raw.get(name), str) and raw[name].strip() for name in ("x", "y", "lines"))


def check_point(raw: Any, bbox: tuple[float, float, float, float]) -> Checked:
    """A point of an answer, rounded to 7 decimals. Typed `wgs84` is x = latitude, y = longitude, as people read them aloud."""
    if is_typed(raw):
        position = _typed_position(str(raw.get("crs") or "wgs84"), raw.get("x"), raw.get("y"))
    else:
        position = _position(raw.get("coordinates")) if isinstance(raw, Mapping) and raw.get("type") == "Point" else None
    if position is None:
        return None, "point", {}
    if not _inside(position, bbox):
        return None, "outside", {}
    return {"type": "Point", "coordinates": position}, "", {}


def check_polygon(raw: Any, bbox: tuple[float, float, float, float], max_area_ha: float | None) -> Checked:
    """A polygon of an answer: closed rings, not crossing themselves, inside the frame, not larger than allowed."""
    rings, code = _typed_rings(raw) if is_typed(raw) else _rings(raw)
    if code:
        return None, code, {"max": MAX_VERTICES}
    if any(ring[0] != ring[-1] for ring in rings):
        return None, "closed", {}
    rings = [_without_repeats(ring) for ring in rings]
    if any(len(ring) < 4 for ring in rings):
        return None, "polygon", {}
    if not all(_inside(position, bbox) for ring in rings for position in ring):
        return None, "outside", {}
    if not shapely.Polygon(rings[0], rings[1:]).is_valid:
        return None, "crossing", {}
    area = area_ha(rings)
    if max_area_ha is not None and area > max_area_ha:
        return None, "area", {"area": round(area, 2), "max": max_area_ha}
    return {"type": "Polygon", "coordinates": rings}, "", {}


def check_line(raw: Any, bbox: tuple[float, float, float, float]) -> Checked:
    """A line of an answer: at least two different positions, inside the frame, not crossing itself."""
    if is_typed(raw):
        positions, code = _typed_positions(raw)
    else:
        coordinates = raw.get("coordinates") if isinstance(raw, Mapping) and raw.get("type") == "LineString" else None
        positions, code = _positions(coordinates) if isinstance(coordinates, list) else ([], "line")
    if code:
        return None, "line" if code == "polygon" else code, {"max": MAX_VERTICES}
    positions = _without_repeats(positions)
    if len(positions) < 2:
        return None, "line", {}
    if not all(_inside(position, bbox) for position in positions):
        return None, "outside", {}
    if not shapely.LineString(positions).is_simple:
        return None, "crossing", {}
    return {"type": "LineString", "coordinates": positions}, "", {}


def length_m(positions: Ring) -> float:
    """Length in metres, on the same plane as `area_ha`."""
    east, north = _metres_of_a_degree(positions)
    return sum(math.hypot((b[0] - a[0]) * east, (b[1] - a[1]) * north) for a, b in pairwise(positions))


def area_ha(rings: list[Ring]) -> float:
    """Area in hectares on the ellipsoid near the first point (plane of the local radii): below 0.1 % off for shapes under 50 km."""
    east, north = _metres_of_a_degree(rings[0])
    areas = [abs(_shoelace(ring)) * east * north / 10_000 for ring in rings]
    return areas[0] - sum(areas[1:])


def _metres_of_a_degree(positions: Ring) -> tuple[float, float]:
    """Metres eastwards and northwards that one degree measures there."""
    centre = math.radians(sum(position[1] for position in positions) / len(positions))
    squared = FLATTENING * (2 - FLATTENING)
    bend = 1 - squared * math.sin(centre) ** 2
    east = EQUATOR / math.sqrt(bend) * math.cos(centre) * math.pi / 180
    return east, EQUATOR * (1 - squared) / bend**1.5 * math.pi / 180


def _shoelace(ring: Ring) -> float:
    x0, y0 = ring[0]
    return sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in pairwise(ring)) / 2


def _position(raw: Any) -> list[float] | None:
    if not isinstance(raw, list | tuple) or not 2 <= len(raw) <= 3:
        return None
    numbers = [as_decimal(part) for part in raw[:2]]
    if any(number is None or abs(number) > 1_000 for number in numbers):
        return None
    return [round(float(number), PLACES) for number in numbers if number is not None]


def _inside(position: list[float], bbox: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bbox
    return west <= position[0] <= east and south <= position[1] <= north


def _typed_position(crs: str, first: Any, second: Any) -> list[float] | None:
    numbers = [parse_coordinate(part) for part in (first, second)]
    if numbers[0] is None or numbers[1] is None:
        return None
    if crs == "wgs84":
        return [round(numbers[1], PLACES), round(numbers[0], PLACES)]
    try:
        return list(to_wgs84(numbers[0], numbers[1]))
    except ValueError:
        return None


def _typed_rings(raw: Mapping[str, Any]) -> tuple[list[Ring], str]:
    ring, code = _typed_positions(raw)
    if code or len(ring) < 3:
        return [], code or "polygon"
    return [ring if ring[0] == ring[-1] else [*ring, ring[0]]], ""


def _typed_positions(raw: Mapping[str, Any]) -> tuple[Ring, str]:
    lines = [line.strip() for line in str(raw.get("lines") or "")[: MAX_VERTICES * 60].splitlines() if line.strip()]
    if len(lines) > MAX_VERTICES:
        return [], "vertices"
    ring: Ring = []
    for line in lines:
        parts = [part for part in re.split(r"[;\t ]+", line) if part]
        position = _typed_position(str(raw.get("crs") or "wgs84"), *parts) if len(parts) == 2 else None
        if position is None:
            return [], "polygon"
        ring.append(position)
    return ring, ""


def _rings(raw: Any) -> tuple[list[Ring], str]:
    coordinates = raw.get("coordinates") if isinstance(raw, Mapping) and raw.get("type") == "Polygon" else None
    if (
        not isinstance(coordinates, list)
        or not 1 <= len(coordinates) <= MAX_RINGS
        or not all(isinstance(ring, list) for ring in coordinates)
    ):
        return [], "polygon"
    if sum(len(ring) for ring in coordinates) > MAX_VERTICES:
        return [], "vertices"
    rings: list[Ring] = []
    for ring in coordinates:
        positions, code = _positions(ring)
        if code or len(positions) < 3:
            return [], code or "polygon"
        rings.append(positions)
    return rings, ""


def _positions(raw: list[Any]) -> tuple[Ring, str]:
    if len(raw) > MAX_VERTICES:
        return [], "vertices"
    positions = [_position(position) for position in raw]
    found = [position for position in positions if position is not None]
    return (found, "") if len(found) == len(positions) else ([], "polygon")


def _without_repeats(ring: Ring) -> Ring:
    return [position for index, position in enumerate(ring) if index == 0 or position != ring[index - 1]]
