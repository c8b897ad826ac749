"""From what a citizen wrote, or an officer pointed at, to points on a river."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Centroid
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from sonha.foundation.search.folding import fold
from sonha.foundation.ui.figures import parse_coordinate
from sonha.sectors.places import SRID, shown, stored

from .reader import REACHES, Reader

MOST = 6
NAMED = ("monitoring_stations", "abstraction_works", "wastewater_discharges", "facilities")
"""Registers whose records people call by name."""
SHORTEST = 5  # letters of a name that may be looked for in a text
PREFIXES = re.compile(r"^(xa|phuong|thi tran|song|suoi|diem quan trac|tram) ")
PROVINCE = (105.5, 21.0, 108.0, 23.0)


@dataclass(frozen=True, slots=True)
class Place:
    """A point that may be meant, in EPSG:9215 and in degrees, with what it is called."""

    title: str
    point: Point
    longitude: float
    latitude: float

    @property
    def key(self) -> str:
        """How the address of the page names it."""
        return f"{self.longitude:.6f},{self.latitude:.6f}"


def at(longitude: float, latitude: float, title: str = "") -> Place | None:
    """A place in degrees; None when it is nowhere near the province."""
    west, south, east, north = PROVINCE
    if not (west <= longitude <= east and south <= latitude <= north):
        return None
    point = stored({"type": "Point", "coordinates": [longitude, latitude]})
    if not isinstance(point, Point):
        return None
    where = {"north": f"{latitude:.5f}".replace(".", ","), "east": f"{longitude:.5f}".replace(".", ",")}
    return Place(title or _("Điểm %(north)s° vĩ bắc, %(east)s° kinh đông") % where, point, longitude, latitude)


def pointed(text: str) -> Place | None:
    """A place named by `key`: longitude, latitude in degrees."""
    parts = [parse_coordinate(part) for part in text.split(",")]
    if len(parts) != 2 or parts[0] is None or parts[1] is None:
        return None
    return at(parts[0], parts[1])


def meant(reader: Reader, text: str) -> list[Place]:
    """Places that a text may mean, the likeliest first: works and outlets by name, a river within a commune, a reach, a river."""
    words = f" {fold(text)} "
    if len(words) < SHORTEST:
        return []
    found: dict[str, Place] = {}
    for title, point in (*_by_name(reader, words), *_by_river(reader, words)):
        place = _shown(title, point)
        if place is not None:
            found.setdefault(place.key, place)
    return list(found.values())[:MOST]


def _in(name: str, words: str) -> bool:
    short = PREFIXES.sub("", fold(name))
    return len(short) >= SHORTEST and f" {short} " in re.sub(r"[.,;:!?()]", " ", words)


def _by_name(reader: Reader, words: str) -> Iterator[tuple[str, Point]]:
    for code in NAMED:
        if reader.reads(code, "name"):
            for name, point in reader.rows(code).values_list("name", "geometry")[:5000]:
                if _in(name, words):
                    yield name, point


def _by_river(reader: Reader, words: str) -> Iterator[tuple[str, Point]]:
    rows = list(reader.rows(REACHES).order_by("stream_order", "code"))
    named = [row for row in rows if _in(row.river, words)]
    communes = _communes(reader, words)
    for commune, centre in communes:
        near = min(named or rows, key=lambda row: row.geometry.distance(centre), default=None)
        if near is not None:
            line = near.geometry
            yield f"{near.river}, {commune}", _on(line, line.project(centre))
    for row in sorted(named or rows, key=lambda row: -sum(_in(part, words) for part in row.name.split(" - "))):
        if any(_in(part, words) for part in row.name.split(" - ")) or (row in named and not communes):
            yield f"{row.river}, {row.name}", _on(row.geometry, row.geometry.length / 2)


def _communes(reader: Reader, words: str) -> list[tuple[str, Any]]:
    if not reader.reads("communes", "name"):
        return []
    known = [(pk, name) for pk, name in reader.rows("communes").values_list("pk", "name") if _in(name, words)]
    named = reader.rows("communes").filter(pk__in=[pk for pk, _name in known])
    centres = dict(named.annotate(centre=Centroid("geometry")).values_list("pk", "centre"))
    return [(name, centres[pk]) for pk, name in sorted(known, key=lambda pair: -len(pair[1]))]


def _on(line: Any, metres: float) -> Point:
    point = line.interpolate(metres)
    point.srid = SRID
    return point  # type: ignore[no-any-return]


def _shown(title: str, point: Point) -> Place | None:
    longitude, latitude = shown(point)["coordinates"]
    return at(longitude, latitude, title)
