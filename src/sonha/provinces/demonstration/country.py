"""The invented country behind the registers of the demonstration: where things may lie, who may own them, and rows on their way in."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import models
from pyproj import Transformer

from sonha.foundation.identity.models import Party
from sonha.provinces.demonstration import people
from sonha.registry.records.models import Change

LABEL = "Dữ liệu tạo ra để trình diễn, không phải số liệu thật"
SRID = 9215
TODAY = date(2026, 7, 1)
"""Until which the invented story was told; a fixed day, so that every installation holds the same."""


@dataclass
class Country:
    """Where things may be put: the province, its communes, its rivers; and who may own them. Shapes are shapely's, in EPSG:9215."""

    chance: random.Random
    outline: shapely.Polygon
    communes: list[tuple[str, str, shapely.Polygon]]  # code, name, shape
    businesses: list[Party]
    tree: shapely.STRtree = field(init=False)
    rivers: dict[str, list[tuple[Any, shapely.LineString]]] = field(default_factory=dict)  # river -> its reaches, downstream

    def __post_init__(self) -> None:
        self.tree = shapely.STRtree([shape for _code, _name, shape in self.communes])

    def commune(self, place: shapely.Geometry) -> tuple[str, str]:
        """(code, name) of the commune in which the middle of a place lies; the nearest one for places outside."""
        index = int(self.tree.nearest(place.representative_point()))
        return self.communes[index][0], self.communes[index][1]

    def anywhere(self, *, near: tuple[float, float] | None = None, spread: float = 4_000) -> shapely.Point:
        """A point in the province; near a place given in degrees."""
        if near is not None:
            centre = metres(*near)
            return self._inside(lambda: (self.chance.gauss(centre[0], spread), self.chance.gauss(centre[1], spread)))
        west, south, east, north = self.outline.bounds
        return self._inside(lambda: (self.chance.uniform(west, east), self.chance.uniform(south, north)))

    def _inside(self, draw: Any) -> shapely.Point:
        while True:
            point = shapely.Point(*draw())
            if self.outline.contains(point):
                return point

    def beside(self, river: str, least: float, most: float, *, among: Iterable[str] = ()) -> tuple[Any, shapely.Point, float]:
        """(reach, a point `least` to `most` metres off its line, fraction of its length); `among` limits the reaches by code."""
        reach, line = self.chance.choice([pair for pair in self.rivers[river] if not among or pair[0].code in among])
        share = self.chance.uniform(0.05, 0.95)
        at, ahead = line.interpolate(share, normalized=True), line.interpolate(min(share + 0.002, 1), normalized=True)
        east, north = ahead.x - at.x, ahead.y - at.y
        length = max(float(np.hypot(east, north)), 1e-6)
        off = self.chance.uniform(least, most) * self.chance.choice((-1, 1))
        return reach, shapely.Point(at.x - north / length * off, at.y + east / length * off), share

    def business(self) -> Party:
        return self.chance.choice(self.businesses)

    def person(self) -> str:
        return people.person_name(self.chance, self.chance.choice(("male", "female")))

    def day(self, first: int, last: int) -> date:
        """A day between the beginnings of two years, never after the story's end."""
        start = date(first, 1, 5)
        return min(start + timedelta(days=self.chance.randrange((date(last, 1, 1) - start).days)), TODAY)

    def field_shape(self, point: shapely.Point, hectares: float) -> shapely.Polygon:
        """A six- to eight-cornered area of about that size around a point."""
        corners, radius = self.chance.randint(6, 8), float(np.sqrt(hectares * 10_000 / 2.6))
        turn = self.chance.uniform(0, 1)
        angles = [2 * np.pi * (index + turn) / corners for index in range(corners)]
        stretched = [(radius * self.chance.uniform(0.85, 1.15), angle) for angle in angles]
        return shapely.Polygon([(round(point.x + r * np.cos(a) * 1.3, 2), round(point.y + r * np.sin(a) * 0.8, 2)) for r, a in stretched])


@dataclass
class Sheaf:
    """Rows on their way into the registers, written in the order in which their kinds were first named."""

    change: Change
    country: Country
    rows: dict[type[models.Model], list[Any]] = field(default_factory=dict)

    def add(self, model: type[models.Model], since: date, /, *, place: shapely.Geometry | None = None, **values: Any) -> Any:
        """A row so since a day; `place` gives its geometry and commune."""
        if place is not None:
            values |= {"geometry": geos(place), "commune_code": values.get("commune_code") or self.country.commune(place)[0]}
        common = {"valid_from": since, "recorded_at": self.change.made_at, "change": self.change, "is_demo": True, "origin": LABEL}
        row = model(**{**common, **values})
        self.rows.setdefault(model, []).append(row)
        return row

    def write(self) -> int:
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows, batch_size=500)
        return sum(len(rows) for rows in self.rows.values())


_transformer = Transformer.from_crs(4326, SRID, always_xy=True)


def metres(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to (east, north) of EPSG:9215."""
    east, north = _transformer.transform(longitude, latitude)
    return float(east), float(north)


def geos(shape: shapely.Geometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=SRID)


def many(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])


def corners(shape: shapely.Polygon) -> list[dict[str, Any]]:
    """Corner points as a licence lists them: X is north, Y east."""
    ring = list(shape.exterior.coords)[:-1]
    return [{"name": str(number), "x": round(north, 2), "y": round(east, 2)} for number, (east, north) in enumerate(ring, start=1)]


def hectares(shape: shapely.Geometry) -> float:
    return round(shape.area / 10_000, 2)
