"""The province on the home page: its communes and how many permits are in force around each, as one small drawing without script.

Commune boundaries are not among the data (centres only), so the drawing shows places, not areas.
"""

from collections import Counter
from math import cos, radians, sqrt
from typing import Any

from django.core.cache import cache

from sonha.foundation.organisations.selectors import communes
from sonha.services.permits.selectors import places_in_force

WIDTH, MARGIN = 640, 46
KEPT = 3600  # seconds
SMALLEST, LARGEST = 3.0, 19.0  # radius of a circle
LABEL = (92, 17)  # room of a name in the drawing
MOST_NAMED = 22


def province_map() -> dict[str, Any] | None:
    """`{"width", "height", "places": [{"name", "code", "x", "y", "r", "count", "named"}], "total"}`; None without any centre."""
    found: dict[str, Any] | None = cache.get_or_set("portal.province_map", _drawn, KEPT)
    return found


def _drawn() -> dict[str, Any] | None:
    areas = [(area, area.centre.x, area.centre.y) for area in communes() if area.centre]
    if not areas:
        return None
    west, east = min(x for _area, x, _y in areas), max(x for _area, x, _y in areas)
    south, north = min(y for _area, _x, y in areas), max(y for _area, _x, y in areas)
    squeeze = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 0.01)
    counts: Counter[str] = Counter()
    for x, y, number in places_in_force():
        nearest = min(areas, key=lambda each: ((each[1] - x) * squeeze) ** 2 + (each[2] - y) ** 2)
        counts[nearest[0].code] += number
    most = max(counts.values(), default=1)
    places = [
        {
            "name": area.name,
            "code": area.code,
            "x": round(MARGIN + (x - west) * squeeze * scale, 1),
            "y": round(MARGIN + (north - y) * scale, 1),
            "r": round(SMALLEST + (LARGEST - SMALLEST) * sqrt(counts[area.code] / most), 1) if counts[area.code] else SMALLEST,
            "count": counts[area.code],
        }
        for area, x, y in areas
    ]
    _name(places)
    height = round(2 * MARGIN + (north - south) * scale)
    return {"width": WIDTH, "height": height, "places": sorted(places, key=lambda each: -each["count"]), "total": sum(counts.values())}


def _name(places: list[dict[str, Any]]) -> None:
    """Writes names where there is room for them, where most happens first."""
    taken: list[dict[str, Any]] = []
    for each in sorted(places, key=lambda each: -each["count"]):
        free = all(abs(each["x"] - other["x"]) > LABEL[0] or abs(each["y"] - other["y"]) > LABEL[1] for other in taken)
        each["named"] = free and len(taken) < MOST_NAMED
        taken += [each] if each["named"] else []
