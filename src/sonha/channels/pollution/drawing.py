"""A situation as one map: GeoJSON for the screen (WGS 84), a plain drawing for paper and for browsers without WebGL."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from sonha.sectors.places import shown

from .situation import Line, Situation, Table

WIDTH, HEIGHT, MARGIN = 680.0, 420.0, 26.0
FEWEST_METRES = 400.0
AREAS = frozenset({"corridors", "forbidden", "extraction", "parcels"})


def features(situation: Situation) -> dict[str, Any]:
    """`{river: [up, down], place, records}`: each record with table, colour, number, name, distance and address."""
    tables = [*situation.tables, *([situation.banks.table] if situation.banks.table else [])]
    records = [_feature(table, line) for table in tables for line in table.lines if line.geometry]
    rivers = [
        {"type": "Feature", "geometry": shown(trace.line), "properties": {"way": way}}
        for way, trace in (("up", situation.up), ("down", situation.down))
        if trace is not None and trace.stretches
    ]
    return {
        "place": [situation.place.longitude, situation.place.latitude],
        "river": {"type": "FeatureCollection", "features": rivers},
        "records": {"type": "FeatureCollection", "features": records},
    }


def _feature(table: Table, line: Line) -> dict[str, Any]:
    name = next((cell.text for cell in line.cells if cell.text and not cell.masked), "")
    return {
        "type": "Feature",
        "geometry": json.loads(line.geometry),
        "properties": {
            "table": table.part.key,
            "title": str(table.part.title),
            "colour": table.part.colour,
            "number": line.number,
            "name": name,
            "marks": "; ".join(line.marks),
            "metres": round(line.metres),
            "way": line.way,
            "url": reverse("registers:record", args=[table.register.slug, line.row.pk]),
        },
    }


@dataclass
class Drawing:
    """Paths and marks in a box of WIDTH by HEIGHT; `scale` is the length of the bar with its words."""

    width: float = WIDTH
    height: float = HEIGHT
    rivers: list[tuple[str, str]] = field(default_factory=list)  # way, path
    areas: list[tuple[str, str]] = field(default_factory=list)  # colour, path
    points: list[tuple[float, float, str, int]] = field(default_factory=list)  # x, y, colour, number
    place: tuple[float, float] = (0.0, 0.0)
    bar: float = 0.0
    bar_words: str = ""


def drawn(situation: Situation) -> Drawing:
    """North is up; the box holds the river that was followed."""
    lines = [(way, trace.line) for way, trace in (("up", situation.up), ("down", situation.down)) if trace is not None and trace.stretches]
    boxes = [line.extent for _way, line in lines] or [situation.place.point.buffer(FEWEST_METRES).extent]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    scale = min((WIDTH - 2 * MARGIN) / max(east - west, FEWEST_METRES), (HEIGHT - 2 * MARGIN) / max(north - south, FEWEST_METRES))
    left = (WIDTH - (east - west) * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return round(left + (x - west) * scale, 1), round(top + (north - y) * scale, 1)

    made = Drawing(place=at(situation.place.point.x, situation.place.point.y))
    made.rivers = [(way, _path(line, at)) for way, line in lines]
    for table in situation.tables:
        for line in table.lines:
            shape = getattr(line.row, table.register.geometry())
            if table.part.key in AREAS:
                made.areas.append((table.part.colour, _path(shape, at)))
            else:
                made.points.append((*at(shape.x, shape.y), table.part.colour, line.number))
    metres = next(step for step in (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 1) if step * scale <= WIDTH / 3)
    made.bar, made.bar_words = metres * scale, f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    return made


def _path(shape: Any, at: Any) -> str:
    parts: list[str] = []

    def walk(coordinates: Any, closed: bool) -> None:
        if coordinates and isinstance(coordinates[0][0], (int, float)):
            steps = " ".join("{},{}".format(*at(each[0], each[1])) for each in coordinates)
            parts.append(f"M{steps}{'Z' if closed else ''}")
        else:
            for each in coordinates:
                walk(each, closed)

    walk(shape.coords, shape.dims == 2)
    return " ".join(parts)
