"""A map on paper: true to scale in the province's plane, with frame, grid, north arrow, legend, source and date.

The picture is drawn by the renderer of WMS under the reader's rights; the sheet by WeasyPrint. North is north of the plane's grid.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.rendering.pdf import pdf
from sonha.foundation.ui.figures import format_number
from sonha.geo.layers.limits import limits_of, within
from sonha.geo.layers.served import ServedLayer, served
from sonha.geo.layers.systems import system
from sonha.geo.rasters.selectors import named
from sonha.geo.tiles.style import classes
from sonha.geo.wms.getmap import RASTER, MapRequest, Sheet, picture
from sonha.geo.wms.parameters import Ground, View
from sonha.geo.wms.styles import style
from sonha.registry.pages.places import ZONES, province_srid

from .asking import Unclear, number
from .marks import Mark, drawings, read_marks
from .tree import look_of

SCALES = (500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000)
PAPERS = {"a4": (297.0, 210.0), "a3": (420.0, 297.0)}  # mm, lying
EDGE, HEAD, FOOT = 10.0, 16.0, 34.0  # mm around the map
DOTS = 150  # an inch
MOST_LAYERS, MOST_CLASSES = 30, 36
STEPS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
BETWEEN = 35.0  # mm between lines of the grid, at least


@dataclass(frozen=True)
class Printed:
    """What is asked: the middle in the plane, the scale's denominator, paper, what is drawn from the lowest up."""

    middle: Point
    scale: int
    paper: str
    upright: bool
    title: str
    sheets: tuple[Sheet, ...]
    day: date | None
    marks: tuple[Mark, ...] = ()

    @property
    def layers(self) -> list[ServedLayer]:
        """Without pictures of the ground, which need no legend."""
        return [each.layer for each in self.sheets if each.layer]

    @property
    def page(self) -> tuple[float, float]:
        """Width and height in mm."""
        width, height = PAPERS[self.paper]
        return (height, width) if self.upright else (width, height)

    @property
    def frame(self) -> tuple[float, float]:
        """Of the map in mm."""
        width, height = self.page
        return width - 2 * EDGE, height - 2 * EDGE - HEAD - FOOT

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres of the plane: exactly the frame times the scale."""
        half = [side / 2000 * self.scale for side in self.frame]
        return self.middle.x - half[0], self.middle.y - half[1], self.middle.x + half[0], self.middle.y + half[1]


def asked_sheet(said: Any, actor: Actor, middle: Point, day: date | None) -> Printed:
    """Unclear when scale or paper are not offered."""
    scale = int(number(said.get("scale", 5_000), SCALES[0], SCALES[-1]))
    paper = said.get("paper", "a4")
    if paper not in PAPERS:
        raise Unclear(_("Khổ giấy là A4 hoặc A3."))
    names = [each for each in said.get("layers", "").split(",") if each]
    if len(names) > MOST_LAYERS:
        raise Unclear(_("Mỗi bản in có nhiều nhất %(most)d lớp; xin tắt bớt.") % {"most": MOST_LAYERS})
    layers, pictures = served(actor, names), named(actor, [each.removeprefix(RASTER) for each in names if each.startswith(RASTER)])
    drawn = [
        Sheet(layers[name], style(layers[name], "", day)) if name in layers else Sheet(raster=pictures[name.removeprefix(RASTER)])
        for name in names
        if name in layers or (name.startswith(RASTER) and name.removeprefix(RASTER) in pictures)
    ]
    marks = read_marks(said.get("marks", ""))
    return Printed(middle, scale, paper, said.get("upright") == "1", said.get("title", "").strip()[:120], tuple(drawn), day, marks)


def sheet(of: Printed, actor: Actor) -> bytes:
    """The PDF. TooSlow as of any map."""
    width, height = (round(side / 25.4 * DOTS) for side in of.frame)
    srid = province_srid()
    view = View(srid, of.box, width, height, system(f"EPSG:{srid}"))
    drawn = picture(MapRequest(view, Ground("png", "image/png", False, (255, 255, 255)), of.sheets, of.day), limits_of(actor))
    with within(limits_of(actor)):
        legend = list(_legend(of))
    bar = _bar(of.scale)
    return pdf(
        "viewer/sheet.html",
        {
            "of": of,
            "page": of.page,
            "frame": of.frame,
            "picture": base64.b64encode(drawn).decode(),
            "scale": format_number(of.scale),
            "ticks": list(_ticks(of)),
            "marks": drawings(of.marks, of.box, of.scale),
            "bar": bar,
            "bar_words": [format_number(bar["metres"] * part / 2) for part in (0, 1, 2)],
            "legend": legend,
            "sources": list(dict.fromkeys(str(layer.register.database.title) for layer in of.layers)),
            "zone": ZONES.get(srid, str(srid)),
            "srid": srid,
            "day": of.day or timezone.localdate(),
            "now": timezone.localtime(),
            "who": actor.name if actor.is_authenticated else "",
        },
    )


def _ticks(of: Printed) -> Iterator[dict[str, Any]]:
    """Lines of the grid that meet the frame: where on it (mm) and which coordinate."""
    west, south, east, north = of.box
    step = next((each for each in STEPS if each / of.scale * 1000 >= BETWEEN), STEPS[-1])
    across, up = of.frame
    for index in range(int(west // step) + 1, int(east // step) + 1):
        yield {
            "vertical": True,
            "at": round((index * step - west) / of.scale * 1000, 2),
            "words": format_number(index * step),
            "length": up,
        }
    for index in range(int(south // step) + 1, int(north // step) + 1):
        at = round((north - index * step) / of.scale * 1000, 2)
        yield {"vertical": False, "at": at, "words": format_number(index * step), "length": across}


def _bar(scale: int) -> dict[str, float]:
    """A bar of two parts, at most 50 mm long."""
    metres = max(
        (each for each in (10, 20, 40, 100, 200, 400, 1_000, 2_000, 4_000, 10_000, 20_000) if each / scale * 1000 <= 50), default=10
    )
    return {"metres": metres, "mm": round(metres / scale * 1000, 3), "half": round(metres / scale * 500, 3)}


def _legend(of: Printed) -> Iterator[dict[str, Any]]:
    """The looks that are on the sheet: of a layer by classes, only those that lie in the frame."""
    left = MOST_CLASSES
    for layer in reversed(of.layers):
        declared = layer.geometry.geometry_type
        kind = "point" if "POINT" in declared else "line" if "LINE" in declared else "area"
        present = _present(layer, of)
        chosen = [(title, look) for value, title, look in classes(layer) if value in present][:left]
        for title, look in chosen:
            yield {"title": title, "kind": kind, "look": look_of(look)}
        if not chosen:
            yield {"title": str(layer.title), "kind": kind, "look": look_of(layer.layer.look)}
        left -= max(len(chosen), 1)
        if left <= 0:
            return


def _present(layer: ServedLayer, of: Printed) -> set[str]:
    """Values of the layer's class within the frame."""
    if layer.layer.by not in {each.name for each in layer.fields}:
        return set()
    column, given = layer.column(layer.field(layer.layer.by))
    where, params = layer.where(of.day)
    box = f'r."{layer.geometry.column}" && ST_Transform(ST_MakeEnvelope(%s, %s, %s, %s, {province_srid()}), {layer.srid})'
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT ({column})::text FROM {layer.table(of.day)} r WHERE {box} AND {where}", [*given, *of.box, *params])
        return {value for (value,) in cursor.fetchall() if value is not None}
