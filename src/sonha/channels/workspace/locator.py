"""Where a place lies in the province, as a small drawing without script or outside tiles: the place among the communes around it."""

from math import cos, radians
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from sonha.foundation.organisations.selectors import communes

WIDTH, HEIGHT = 360, 240
NEAREST = 40
LABEL = (84, 16)  # room of a name in the drawing
MARGIN = 0.35  # of the drawn extent, around the nearest communes
KM_A_DEGREE = 111.32


def locator(place: GEOSGeometry | None) -> dict[str, Any] | None:
    """Positions in an SVG of WIDTH x HEIGHT: the place (a point, and its outline when it has one), communes with names, a scale in km."""
    if place is None or place.empty:
        return None
    centre = place.centroid
    near = _nearest(centre)
    half = max([0.03, *(max(abs(each["dx"]), abs(each["dy"]) * WIDTH / HEIGHT) for each in near[:5])]) * (1 + MARGIN)
    scale = WIDTH / (2 * half)
    squeeze = cos(radians(centre.y))

    def at(x: float, y: float) -> tuple[float, float]:
        return round(WIDTH / 2 + (x - centre.x) * squeeze * scale, 1), round(HEIGHT / 2 - (y - centre.y) * scale, 1)

    drawn = _named([{"name": each["name"], "at": at(each["x"], each["y"])} for each in near])
    outline: Any = place.convex_hull if place.geom_type != "Polygon" else place
    corners = [at(x, y) for x, y in outline.coords[0]] if outline.geom_type == "Polygon" else []
    kilometres = next(size for size in (50, 20, 10, 5, 2, 1) if size / KM_A_DEGREE * scale < WIDTH / 3 or size == 1)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "centre": (WIDTH / 2, HEIGHT / 2),
        "communes": [each for each in drawn if 0 < each["at"][0] < WIDTH and 8 < each["at"][1] < HEIGHT],
        "corners": " ".join(f"{x},{y}" for x, y in corners),
        "scale": {"km": kilometres, "length": round(kilometres / KM_A_DEGREE * scale, 1)},
        "longitude": centre.x,
        "latitude": centre.y,
    }


def _named(drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Marks which communes show their name: the nearest first, as long as no two names run into each other."""
    taken: list[tuple[float, float]] = []
    for each in drawn:
        x, y = each["at"]
        free = all(abs(x - other_x) > LABEL[0] or abs(y - other_y) > LABEL[1] for other_x, other_y in taken)
        each["named"] = free
        taken += [(x, y)] if free else []
    return drawn


def _nearest(centre: Any) -> list[dict[str, Any]]:
    squeeze = cos(radians(centre.y))
    found = [
        {
            "name": area.name,
            "x": area.centre.x,
            "y": area.centre.y,
            "dx": (area.centre.x - centre.x) * squeeze,
            "dy": area.centre.y - centre.y,
        }
        for area in communes()
        if area.centre
    ]
    return sorted(found, key=lambda each: each["dx"] ** 2 + each["dy"] ** 2)[:NEAREST]
