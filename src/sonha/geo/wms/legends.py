"""GetLegendGraphic: a swatch and a title for each class."""

from dataclasses import replace

import numpy as np
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.limits import Limits
from sonha.geo.layers.served import ServedLayer
from sonha.geo.rasters.pictures import encode

from .canvas import Canvas
from .faults import ServiceException
from .getmap import Sheet, sheets
from .parameters import Ground, Parameters, ground
from .styles import Class

ROW, SWATCH, GAP = 22, 28, 8
MOST_CLASSES = 150


def legend(given: Parameters, actor: Actor, limits: Limits) -> tuple[bytes, Ground]:
    """(picture, how it is written). ServiceException as of GetMap; WIDTH and HEIGHT are of the swatches' column only and not needed."""
    name = given.said("LAYER")
    if "," in name:
        raise ServiceException(_("LAYER chỉ được nêu một lớp."), "InvalidParameterValue", "LAYER")
    asked = _With(given, {"LAYERS": name, "STYLES": given.get("STYLE", ""), "FORMAT": given.get("FORMAT", "") or "image/png"})
    sheet, wanted = sheets(asked, actor, limits, None)[0], ground(asked)
    classes = sheet.style.classes[:MOST_CLASSES] if sheet.style else ()
    measure = Canvas(1, 1, None)
    widest = max((measure.breadth(each.title[:90]) for each in classes), default=0)
    title = str(sheet.layer.title if sheet.layer else sheet.raster)
    many = len(classes) > 1
    width = round(max(SWATCH + GAP * 3 + widest, measure.breadth(title, bold=True) + GAP * 2 if many or not classes else 0)) + 2
    canvas = Canvas(min(width, 1200), ROW * (len(classes) + (many or not classes)) + 4, None if wanted.transparent else wanted.colour)
    top = 2
    if many or not classes:
        canvas.text(GAP, top + 15, title, bold=True)
        top += ROW
    for each in classes:
        swatch(canvas, sheet, each, GAP, top + 3)
        canvas.text(SWATCH + GAP * 2, top + 15, each.title[:90])
        top += ROW
    return encode(canvas.pixels(), wanted.form), wanted


def swatch(canvas: Canvas, sheet: Sheet, one: Class, left: float, top: float) -> None:
    """An area, a line or a symbol in a box of 28 x 16 pixels."""
    right, bottom = left + SWATCH, top + 16
    kind = _kind(sheet.layer) if sheet.layer else "areas"
    if kind == "points":
        look = replace(one.look, size=min(one.look.size, 15))
        canvas.marks(np.array([[(left + right) / 2, (top + bottom) / 2]]), look)
    elif kind == "lines":
        canvas.lines(
            np.array([[left, bottom - 4], [left + 10, top + 4], [left + 18, bottom - 4], [right, top + 4]]), np.array([0, 4]), one.look
        )
    else:
        canvas.areas(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]), np.array([0, 4]), one.look)


def _kind(layer: ServedLayer) -> str:
    kind = layer.geometry.geometry_type.upper()
    return "points" if "POINT" in kind else "lines" if "LINE" in kind else "areas"


class _With(Parameters):
    """The same request with some parameters said otherwise."""

    def __init__(self, given: Parameters, said: dict[str, str]) -> None:
        self._values = {**given, **said}
