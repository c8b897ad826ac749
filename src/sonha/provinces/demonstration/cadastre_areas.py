"""Boundaries drawn by chance: a clean partition of a sketched province outline into the communes that the profile names.

Every commune gets a cell around a chosen point; all cells share their edges exactly. Units that became one lie side by side where
chance allows, so that the communes of 2025-07-01 and the districts before are unions of the same cells. Nothing here is a real boundary.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession

OUTLINE = (
    (106.35, 22.33), (106.45, 22.44), (106.56, 22.40), (106.62, 22.33), (106.70, 22.26), (106.70, 22.15), (106.67, 22.06), (106.71, 21.97),
    (106.79, 21.98), (106.88, 21.93), (106.96, 21.92), (107.05, 21.85), (107.02, 21.80), (107.10, 21.76), (107.20, 21.72), (107.28, 21.66),
    (107.36, 21.60), (107.26, 21.50), (107.18, 21.40), (107.06, 21.36), (106.97, 21.44), (106.84, 21.52), (106.74, 21.47), (106.66, 21.42),
    (106.52, 21.39), (106.38, 21.37), (106.24, 21.40), (106.17, 21.50), (106.21, 21.60), (106.13, 21.70), (106.10, 21.82), (106.18, 21.93),
    (106.16, 22.02), (106.26, 22.10), (106.30, 22.22),
)  # fmt: skip
"""A rough sketch of the province, (longitude, latitude) in EPSG:4326."""

CODES_SINCE = date(2004, 7, 8)
"""Units older than the list of codes of Quyết định 124/2004/QĐ-TTg are shown from its day on."""

Points = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Cell:
    """The smallest piece: a part of a commune that was never divided. `path` are the units it belonged to, oldest first."""

    path: tuple[AdminUnit, ...]
    polygon: shapely.Polygon


def cells(chance: np.random.Generator) -> list[Cell]:
    """The partition, in EPSG:9215. Empty when the profile has no communes with known centres near the sketch."""
    paths = list(_paths())
    if not paths:
        return []
    to_metres = Transformer.from_crs(4326, 9215, always_xy=True)
    outline = shapely.Polygon([to_metres.transform(*each) for each in OUTLINE])
    seats = {
        unit.code: np.array(to_metres.transform(unit.centre.x, unit.centre.y))
        for unit in AdminUnit.objects.filter(kind=AdminUnit.Kind.DISTRICT)
        if unit.centre
    }
    groups = _groups(paths)
    if any(not outline.contains(shapely.Point(*at)) for at in seats.values()) or not set(groups) <= set(seats):
        return []
    regions = shapely.voronoi_polygons(shapely.MultiPoint(list(seats.values())), extend_to=outline, ordered=True)
    region_of = {code: shapely.intersection(region, outline) for code, region in zip(seats, regions.geoms, strict=True)}
    placed: list[tuple[AdminUnit, ...]] = []
    seeds: list[Points] = []
    for district, found in groups.items():
        region = shapely.union_all([region_of[code] for code in _neighbourhood(district, groups)])
        order, points = _laid_out(found, region, seats[district], chance)
        placed += order
        seeds.append(points)
    polygons = _partition(np.vstack(seeds), outline, chance)
    return [Cell(path, polygon) for path, polygon in zip(placed, polygons, strict=True)]


def _paths() -> Iterable[tuple[AdminUnit, ...]]:
    """Every way from a unit without predecessor to one that is today; a divided unit has several."""
    onward: dict[int, list[AdminUnit]] = defaultdict(list)
    units = {unit.pk: unit for unit in AdminUnit.objects.filter(kind__in=AdminUnit.COMMUNE_LEVEL).select_related("parent").order_by("code")}
    followers = set()
    for each in AdminUnitSuccession.objects.order_by("old__code", "new__code"):
        onward[each.old_id].append(units[each.new_id])
        followers.add(each.new_id)

    def follow(path: tuple[AdminUnit, ...]) -> Iterable[tuple[AdminUnit, ...]]:
        after = onward.get(path[-1].pk)
        if not after:
            yield path
        for unit in after or ():
            yield from follow((*path, unit))

    for unit in units.values():
        if unit.pk not in followers:
            yield from follow((unit,))


def _groups(paths: list[tuple[AdminUnit, ...]]) -> dict[str, dict[str, list[tuple[AdminUnit, ...]]]]:
    """District -> present commune -> its pieces; a commune made of two districts lies where most of it was."""
    pieces: dict[str, list[tuple[AdminUnit, ...]]] = defaultdict(list)
    for path in paths:
        pieces[path[-1].code].append(path)
    groups: dict[str, dict[str, list[tuple[AdminUnit, ...]]]] = defaultdict(dict)
    for commune, found in sorted(pieces.items()):
        districts = [district_of(path) for path in found]
        home = max(set(districts), key=lambda each: (districts.count(each), each))
        groups[MERGED.get(home, home)][commune] = found
    return groups


MERGED = {"178": "183"}
"""The city and the district around it are laid out as one: their wards were mixed in 2025."""


def _neighbourhood(district: str, groups: dict[str, Any]) -> list[str]:
    return [district, *(city for city, around in MERGED.items() if around == district)]


def district_of(path: tuple[AdminUnit, ...]) -> str:
    """Code of the district that a piece belonged to; empty when it never did."""
    return next((unit.parent.code for unit in path if unit.parent and unit.parent.kind == AdminUnit.Kind.DISTRICT), "")


def _laid_out(
    found: dict[str, list[tuple[AdminUnit, ...]]], region: shapely.Geometry, seat: Points, chance: np.random.Generator
) -> tuple[list[tuple[AdminUnit, ...]], Points]:
    """One point for each piece: those of the communes at the seat nearest to it, the others around in sectors, side by side."""
    count = sum(len(pieces) for pieces in found.values())
    points = _spread(count, region, seat, chance)
    points = points[np.argsort(np.hypot(*(points - seat).T))]
    central = [commune for commune, pieces in found.items() if pieces[0][-1].centre]
    ordered: list[tuple[AdminUnit, ...]] = [piece for commune in central for piece in found[commune]]
    inner = len(ordered)
    ordered += [piece for commune, pieces in found.items() if commune not in central for piece in pieces]
    for part in (slice(0, inner), slice(inner, count)):
        around = points[part] - (seat if part.start else points[part].mean(axis=0) if inner else seat)
        points[part] = points[part][np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    if inner:  # the seat itself lies in the first of the central communes
        nearest = int(np.argmin(np.hypot(*(points[:inner] - seat).T)))
        points[:inner] = np.roll(points[:inner], -nearest, axis=0)
    return ordered, points


def _spread(count: int, region: shapely.Geometry, seat: Points, chance: np.random.Generator) -> Points:
    """Points evenly over a region, denser near its seat (weighted k-means of random points). Shape (count, 2)."""
    west, south, east, north = region.bounds
    cloud = chance.uniform((west, south), (east, north), (12_000, 2))
    cloud = cloud[shapely.contains_xy(region, cloud[:, 0], cloud[:, 1])]
    weight = 1 / (1 + np.hypot(*(cloud - seat).T) / 6_000) ** 2
    points = cloud[chance.choice(len(cloud), count, replace=False, p=weight / weight.sum())]
    for _round in range(12):
        nearest = np.argmin(((cloud[:, None, :] - points[None, :, :]) ** 2).sum(axis=2), axis=1)
        total = np.bincount(nearest, weight, count)
        for axis in (0, 1):
            points[:, axis] = np.bincount(nearest, weight * cloud[:, axis], count) / np.maximum(total, 1e-9)
    return points


def _partition(seeds: Points, outline: shapely.Polygon, chance: np.random.Generator) -> list[shapely.Polygon]:
    """Cells around the seeds with winding common borders. Borders are straightened until none crosses another."""
    straight = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=outline, ordered=True)
    clipped = shapely.intersection(np.array(list(straight.geoms)), outline)
    arcs = shapely.get_parts(shapely.line_merge(shapely.union_all(shapely.boundary(clipped))))
    at = shapely.points(seeds)
    for wind in (0.16, 0.1, 0.05, 0.02, 0.0):
        curved = [_winding(arc, wind, chance) for arc in arcs]
        found = shapely.get_parts(shapely.polygonize(curved))
        pairs = shapely.STRtree(found).query(at, predicate="within")
        if len(found) == len(seeds) and len(set(pairs[1])) == len(seeds) and shapely.coverage_is_valid(found):
            return [found[index] for _seed, index in sorted(zip(*pairs, strict=True))]
    raise RuntimeError("the sketch cannot be divided")


def _winding(arc: shapely.LineString, wind: float, chance: np.random.Generator) -> shapely.LineString:
    """The arc by midpoint displacement down to about 400 m, its ends kept, in centimetres."""
    points = shapely.get_coordinates(arc)
    while (lengths := np.hypot(*np.diff(points, axis=0).T)).max() > 400:
        middle = (points[:-1] + points[1:]) / 2
        across = np.diff(points, axis=0)[:, ::-1] * (1, -1)
        middle += across * chance.normal(0, wind, (len(middle), 1)).clip(-2 * wind, 2 * wind)
        new = np.empty((2 * len(points) - 1, 2))
        new[0::2], new[1::2] = points, middle
        keep = np.ones(len(new), bool)
        keep[1::2] = lengths > 400
        points = new[keep]
    return shapely.LineString(np.round(points, 2))
