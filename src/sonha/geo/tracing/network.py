"""The shortest ways from a point along declared reaches, as far as asked."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import shapely
from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.geos import GEOSGeometry, Point
from django.contrib.gis.measure import D
from django.db.models import F, QuerySet
from shapely.ops import substring

PLANE = 9215  # where lengths are measured when reaches are kept in degrees
NOT_METRES = frozenset({4326, 4756, 3857})
FARTHEST = 200_000  # metres
NEAR = 2_000  # metres within which a point belongs to a river

Direction = Literal["upstream", "downstream"]


class NoRiver(LookupError):
    """No reach lies near the point."""


class Stretch(NamedTuple):
    """A part of a reach, by fractions of its length from its upper end; `metres` by the river from the point to the part's nearer end."""

    reach: int
    from_fraction: float
    to_fraction: float
    metres: float


@dataclass(frozen=True)
class Reach:
    """One line of the network, drawn downstream from node `upper` to node `lower`."""

    pk: int
    upper: str
    lower: str
    line: shapely.LineString

    @cached_property
    def length(self) -> float:
        return float(self.line.length)


@dataclass(frozen=True)
class Trace:
    """What `trace` found. Geometries are in the plane of the reaches (`srid`), lengths in metres."""

    direction: Direction
    metres: float
    srid: int
    start: Stretch  # from_fraction == to_fraction: where the point meets the river; `metres`: how far off the river it lies
    stretches: list[Stretch]  # nearest first
    reaches: dict[int, Reach]

    @cached_property
    def parts(self) -> list[shapely.LineString]:
        """The line of each stretch."""
        return [substring(self.reaches[each.reach].line, each.from_fraction, each.to_fraction, normalized=True) for each in self.stretches]

    @property
    def length(self) -> float:
        return float(sum(part.length for part in self.parts))

    @property
    def line(self) -> GEOSGeometry:
        """All stretches as one geometry."""
        return _geos(shapely.union_all(self.parts), self.srid)

    def corridor(self, width: float) -> GEOSGeometry:
        """What lies within `width` metres of the stretches."""
        return _geos(shapely.union_all(self.parts).buffer(width, quad_segs=8), self.srid)

    def metres_to(self, place: GEOSGeometry) -> float:
        """How far by the river from the point to where the stretches come nearest to the place."""
        at = _shape(place, self.srid)
        nearest, part = min(zip(self.stretches, self.parts, strict=True), key=lambda pair: pair[1].distance(at))
        along = part.project(shapely.Point(shapely.shortest_line(part, at).coords[0]))
        return nearest.metres + (along if self.direction == "downstream" else part.length - along)


def trace(
    reaches: QuerySet[Any],
    point: Point,
    direction: Direction,
    metres: float,
    *,
    reach: int | None = None,
    geometry: str = "geometry",
    nodes: tuple[str, str] = ("from_node", "to_node"),
) -> Trace:
    """Follows the river from `point` for `metres` (at most 200 km) against or with the water; branches are all followed.

    `reaches` are rows that the caller may read. The point belongs to the nearest reach, or to the one named. NoRiver when none is near.
    The way to a place is the shortest by the network, so only reaches within `metres` as the crow flies are read.
    """
    metres = min(max(metres, 0.0), FARTHEST)
    known, srid = _read(reaches, point, metres, geometry, nodes)
    at = _shape(point, srid)
    first = _nearest(known.values(), at, reach)
    fraction = float(first.line.project(at, normalized=True))
    start = Stretch(first.pk, fraction, fraction, float(first.line.distance(at)))
    found = sorted(_followed(known, first, fraction, direction, metres), key=lambda each: each.metres)
    return Trace(direction, metres, srid, start, found, known)


def _read(rows: QuerySet[Any], point: Point, metres: float, geometry: str, nodes: tuple[str, str]) -> tuple[dict[int, Reach], int]:
    kept = rows.model._meta.get_field(geometry).srid
    srid = PLANE if kept in NOT_METRES else kept
    if kept in NOT_METRES:
        degrees = (metres + NEAR) / 100_000
        near = rows.filter(**{f"{geometry}__dwithin": (point, degrees)}) if kept != 3857 else rows
        near = near.annotate(line_in_plane=Transform(geometry, srid))
    else:
        within = {f"{geometry}__dwithin": (point.transform(srid, clone=True), D(m=metres + NEAR))}
        near = rows.filter(**within).annotate(line_in_plane=F(geometry))
    read = near.values_list("pk", *nodes, "line_in_plane")
    found = {pk: Reach(pk, upper, lower, shapely.from_wkb(bytes(line.wkb))) for pk, upper, lower, line in read if line and not line.empty}
    return {pk: each for pk, each in found.items() if each.length > 0}, srid


def _nearest(known: Iterable[Reach], at: shapely.Point, named: int | None) -> Reach:
    near = [(each.line.distance(at), each.pk, each) for each in known if named in (None, each.pk)]
    if not near or min(near)[0] > NEAR:
        raise NoRiver
    return min(near)[2]


def _followed(known: dict[int, Reach], first: Reach, fraction: float, direction: Direction, metres: float) -> Iterator[Stretch]:
    """Dijkstra over the nodes: every reach is entered from its near node, once."""
    onward: dict[str, list[Reach]] = defaultdict(list)
    for each in known.values():
        onward[each.upper if direction == "downstream" else each.lower].append(each)
    rest = first.length * (1 - fraction if direction == "downstream" else fraction)
    share = min(metres, rest) / first.length
    yield _part(first, direction, fraction if direction == "downstream" else 1 - fraction, share, 0.0)
    waiting = [(rest, _far(first, direction))]
    reached: set[str] = set()
    while waiting:
        distance, node = heapq.heappop(waiting)
        if node in reached or distance >= metres:
            continue
        reached.add(node)
        for each in onward[node]:
            most = 1.0 if each.pk != first.pk else (fraction if direction == "downstream" else 1 - fraction)
            share = min((metres - distance) / each.length, most)
            if share > 0:
                yield _part(each, direction, 0.0, share, distance)
            if most == 1.0:
                heapq.heappush(waiting, (distance + each.length, _far(each, direction)))


def _part(reach: Reach, direction: Direction, begin: float, share: float, metres: float) -> Stretch:
    """`begin` and `share` are fractions in the direction of the way; a stretch is told from the upper end."""
    end = min(begin + share, 1.0)
    return Stretch(reach.pk, begin, end, metres) if direction == "downstream" else Stretch(reach.pk, 1 - end, 1 - begin, metres)


def _far(reach: Reach, direction: Direction) -> str:
    return reach.lower if direction == "downstream" else reach.upper


def _shape(place: GEOSGeometry, srid: int) -> Any:
    moved = place if place.srid == srid else place.transform(srid, clone=True)
    return shapely.from_wkb(bytes(moved.wkb))


def _geos(shape: Any, srid: int) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=srid)
