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
    areas = [area for area in communes() if area.centre]
    if not areas:
        return None
    west, east = min(area.centre.x for area in areas), max(area.centre.x for area in areas)
    south, north = min(area.centre.y for area in areas), max(area.centre.y for area in areas)
    squeeze = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 0.01)
    counts: Counter[str] = Counter()
    for x, y, number in places_in_force():
        nearest = min(areas, key=lambda area: ((area.centre.x - x) * squeeze) ** 2 + (area.centre.y - y) ** 2)
        counts[nearest.code] += number
    most = max(counts.values(), default=1)
    places = [
        {
            "name": area.name,
            "code": area.code,
            "x": round(MARGIN + (area.centre.x - west) * squeeze * scale, 1),
            "y": round(MARGIN + (north - area.centre.y) * scale, 1),
            "r": round(SMALLEST + (LARGEST - SMALLEST) * sqrt(counts[area.code] / most), 1) if counts[area.code] else SMALLEST,
            "count": counts[area.code],
        }
        for area in areas
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
