"""GetMap: layers from the bottom up on one canvas."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.limits import Limits, within
from sonha.geo.layers.served import ServedLayer, served
from sonha.geo.rasters.models import Raster
from sonha.geo.rasters.pictures import encode
from sonha.geo.rasters.reading import view_of
from sonha.geo.rasters.selectors import named as rasters_named
from sonha.registry.declarations import Look

from .canvas import Canvas, Offsets
from .faults import ServiceException
from .parameters import MOST_LAYERS, Ground, Parameters, View, day, ground, view
from .projection import Coordinates, native_box, pixels
from .shapes import Drawn, Rows, drawn, read
from .sld import parse, user_style
from .styles import DEFAULT, Class, Style, style, visible

MOST_LABELS = 400
RASTER = "raster."  # before the name of a raster, in LAYERS


@dataclass(frozen=True)
class Sheet:
    """One layer of the picture: of shapes with a style, or a raster."""

    layer: ServedLayer | None = None
    style: Style | None = None
    raster: Raster | None = None

    @property
    def name(self) -> str:
        return self.layer.name if self.layer else RASTER + self.raster.name if self.raster else ""


@dataclass(frozen=True)
class MapRequest:
    view: View
    ground: Ground
    sheets: tuple[Sheet, ...]
    day: date | None


def read_request(given: Parameters, actor: Actor, limits: Limits) -> MapRequest:
    """Everything that GetMap needs, checked. ServiceException."""
    seen, asked = view(given, limits), day(given)
    return MapRequest(seen, ground(given), tuple(sheets(given, actor, limits, asked)), asked)


def sheets(given: Parameters, actor: Actor, limits: Limits, asked: date | None) -> list[Sheet]:
    """LAYERS with STYLES, or with SLD_BODY. A layer that the actor may not see does not exist."""
    if given.get("SLD", ""):
        raise ServiceException(
            _("Kiểu thể hiện theo địa chỉ (SLD) không được hỗ trợ; xin gửi bằng SLD_BODY."), "InvalidParameterValue", "SLD"
        )
    sent: dict[str, Any] = parse(body, limits) if (body := given.get("SLD_BODY", "")) else {}
    names = given.names("LAYERS") or list(sent)
    if not names:
        raise ServiceException(_("Thiếu tham số LAYERS."), "LayerNotDefined", "LAYERS")
    if len(names) > MOST_LAYERS:
        raise ServiceException(_("Mỗi lần vẽ nhiều nhất %(most)d lớp.") % {"most": MOST_LAYERS}, "InvalidParameterValue", "LAYERS")
    chosen = given.names("STYLES") or [""] * len(names)
    if len(chosen) != len(names) and not sent:
        raise ServiceException(_("STYLES phải có đủ một kiểu (có thể để trống) cho mỗi lớp."), "StyleNotDefined", "STYLES")
    layers, rasters = served(actor, [name for name in names if not name.startswith(RASTER)]), _rasters(actor, names)
    found = []
    for name, wanted in zip(names, chosen if not sent else [""] * len(names), strict=True):
        if name in rasters:
            if wanted not in ("", DEFAULT):
                raise ServiceException(_("Lớp ảnh chỉ có một kiểu thể hiện."), "StyleNotDefined", "STYLES")
            found.append(Sheet(raster=rasters[name]))
        elif name in layers:
            found.append(Sheet(layers[name], _style(layers[name], sent.get(name, wanted), asked)))
        else:
            raise ServiceException(_("Không có lớp «%(layer)s».") % {"layer": name[:80]}, "LayerNotDefined", "LAYERS")
    return found


def _rasters(actor: Actor, names: list[str]) -> dict[str, Raster]:
    wanted = [name.removeprefix(RASTER) for name in names if name.startswith(RASTER)]
    return {RASTER + name: raster for name, raster in rasters_named(actor, wanted).items()} if wanted else {}


def _style(layer: ServedLayer, chosen: Any, asked: date | None) -> Style:
    return style(layer, chosen, asked) if isinstance(chosen, str) else user_style(chosen, layer)


def picture(request: MapRequest, limits: Limits) -> bytes:
    """The drawn map, encoded. TooSlow when the database does not answer within the audience's time."""
    canvas = Canvas(request.view.width, request.view.height, None if request.ground.transparent else request.ground.colour)
    with within(limits):
        for sheet in request.sheets:
            draw(canvas, sheet, request)
    return encode(canvas.pixels(), request.ground.form)


def draw(canvas: Canvas, sheet: Sheet, request: MapRequest) -> None:
    seen = request.view
    if sheet.raster is not None:
        if (layer := view_of(sheet.raster, seen.srid, seen.box, seen.width, seen.height)) is not None:
            canvas.picture(layer)
    elif sheet.layer is not None and sheet.style is not None and visible(sheet.layer, seen.scale):
        rows = read(sheet.layer, seen, sheet.style.fields(seen.scale), request.day)
        if len(rows):
            _classes(canvas, rows, sheet, seen)
            if sheet.style.labelled(seen.scale):
                _labels(canvas, rows, sheet.layer, sheet.style, seen)


def _classes(canvas: Canvas, rows: Rows, sheet: Sheet, seen: View) -> None:
    assert sheet.layer is not None and sheet.style is not None
    classes, numbers = sheet.style.classes, _class_numbers(rows, sheet.style)
    for shapes in drawn(rows.geometries, seen, sheet.layer.srid):
        points, parts, looks = _ordered(shapes, numbers[shapes.owner], classes, seen.scale)
        if shapes.kind == "points":
            for look, first, last in looks:
                canvas.marks(points[first:last], look)
        else:
            canvas.shapes(points, parts, looks, closed=shapes.kind == "areas")


def _ordered(
    shapes: Drawn, owner: Offsets, classes: tuple[Class, ...], scale: float
) -> tuple[Coordinates, Offsets, list[tuple[Look, int, int]]]:
    """Points and parts with those of a class side by side, and which look is for which parts. What no class shows is left out."""
    present = [number for number in np.unique(owner).tolist() if number >= 0 and classes[number].shown(scale)]
    if len(present) == 1 and (owner == present[0]).all():
        return shapes.points, shapes.parts, [(classes[present[0]].look, 0, len(owner))]
    order = np.argsort(owner, kind="stable")
    order = order[np.isin(owner[order], present)]
    points, parts = _some(shapes, order)
    ends = np.searchsorted(owner[order], present, side="right").tolist()
    return points, parts, [(classes[number].look, first, last) for number, first, last in zip(present, [0, *ends], ends, strict=False)]


def _class_numbers(rows: Rows, chosen: Style) -> Offsets:
    """For each row the number of its class; -1 when no class takes it."""
    last = next((number for number, each in enumerate(chosen.classes) if each.value is None), -1)
    if not chosen.by:
        return np.full(len(rows), last)
    known: dict[str | None, int] = {}
    for number, each in enumerate(chosen.classes):
        if each.value is not None:
            known.setdefault(each.value, number)
    return np.array([known.get(value, last) for value in rows.values[chosen.by]])


def _some(shapes: Drawn, chosen: Offsets) -> tuple[Coordinates, Offsets]:
    """The points of some of the parts, and where each begins."""
    starts, lengths = shapes.parts[chosen], shapes.parts[chosen + 1] - shapes.parts[chosen]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    picked = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
    return shapes.points[picked], offsets


def _labels(canvas: Canvas, rows: Rows, layer: ServedLayer, chosen: Style, seen: View) -> None:
    """Written at a point inside each shape, or beside a symbol, as long as there is room."""
    texts = rows.values[chosen.label]
    told = np.array([bool(text) for text in texts])
    if not told.any():
        return
    box = native_box(seen, layer.srid, 0)
    shapes = rows.geometries[told]
    if box is not None:
        shapes = shapely.intersection(shapes[: MOST_LABELS * 3], shapely.box(*box)) if _large(shapes, box) else shapes
    anchors = shapely.point_on_surface(shapes)
    places = pixels(shapely.get_coordinates(anchors), seen, layer.srid)
    kept = [
        text for text, anchor in zip((text for text in texts if text), anchors, strict=False) if anchor is not None and not anchor.is_empty
    ]
    beside = chosen.classes[-1].look.size / 2 + 3 if "POINT" in layer.geometry.geometry_type.upper() else 0
    written = 0
    for text, (x, y) in zip(kept, places.tolist(), strict=False):
        if 0 <= x <= seen.width and 0 <= y <= seen.height:
            written += canvas.label(x, y, str(text)[:80], beside=beside)
            if written >= MOST_LABELS:
                return


def _large(shapes: Any, box: tuple[float, float, float, float]) -> bool:
    """Whether a shape may be larger than the view, so that its middle may lie outside."""
    bounds = shapely.bounds(shapes)
    return bool(((bounds[:, 2] - bounds[:, 0] > (box[2] - box[0]) / 2) | (bounds[:, 3] - bounds[:, 1] > (box[3] - box[1]) / 2)).any())


def blank(request_ground: Ground, width: int, height: int) -> bytes:
    canvas = Canvas(width, height, None if request_ground.transparent else request_ground.colour)
    return encode(canvas.pixels(), request_ground.form)


def written(sentence: str, request_ground: Ground, width: int, height: int) -> bytes:
    """A picture that says a sentence."""
    canvas = Canvas(width, height, None if request_ground.transparent else request_ground.colour)
    line, base = "", 18.0
    for word in sentence.split():
        if line and canvas.breadth(f"{line} {word}") > width - 12:
            canvas.text(6, base, line)
            line, base = word, base + 17
        else:
            line = f"{line} {word}".strip()
    canvas.text(6, base, line)
    return encode(canvas.pixels(), request_ground.form)


__all__ = ["MapRequest", "Sheet", "blank", "picture", "read_request", "sheets", "written"]
