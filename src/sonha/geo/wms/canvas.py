"""Drawing on a cairo surface. Whole layers go in as one path, made from arrays of points without a loop over shapes."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cairocffi as cairo
import numpy as np
from cairocffi import cairo as library
from cairocffi import ffi

from sonha.geo.rasters.pictures import Pixels
from sonha.registry.declarations import Look

from .projection import Coordinates

FONT = "Noto Sans"
FAR = 30_000.0  # pixels: cairo's numbers end at eight million, and nobody sees what is so far out
MOVE, LINE, CLOSE = 0, 1, 3
Offsets = np.ndarray[Any, np.dtype[np.int64]]
Colour = tuple[int, int, int]


class Canvas:
    """A picture under way: `width` x `height` pixels, from the upper left corner."""

    def __init__(self, width: int, height: int, background: Colour | None) -> None:
        self.width, self.height = width, height
        self._opaque = background is not None
        self._surface = cairo.ImageSurface(cairo.FORMAT_RGB24 if background else cairo.FORMAT_ARGB32, width, height)
        self._context = cairo.Context(self._surface)
        self._context.set_antialias(cairo.ANTIALIAS_FAST)
        self._context.set_line_join(cairo.LINE_JOIN_ROUND)
        self._taken: list[tuple[float, float, float, float]] = []
        if background:
            self._context.set_source_rgb(*(part / 255 for part in background))
            self._context.paint()

    def pixels(self) -> Pixels:
        """height x width x 4, premultiplied BGRA; or where there is a ground, x 3, RGB."""
        self._surface.flush()
        rows = np.frombuffer(self._surface.get_data(), np.uint8).reshape(self.height, self._surface.get_stride() // 4, 4)[:, : self.width]
        return rows[:, :, 2::-1] if self._opaque else rows

    def areas(self, points: Coordinates, rings: Offsets, look: Look) -> None:
        """Filled shapes and their outlines. `points` in pixels; `rings` where each ring begins, and the end."""
        self.shapes(points, rings, [(look, 0, len(rings) - 1)], closed=True)

    def lines(self, points: Coordinates, parts: Offsets, look: Look) -> None:
        self.shapes(points, parts, [(look, 0, len(parts) - 1)], closed=False)

    def shapes(self, points: Coordinates, parts: Offsets, looks: Sequence[tuple[Look, int, int]], *, closed: bool) -> None:
        """Areas or lines that look differently: each look with the range of parts it is for. First all fills, then all outlines."""
        if not len(points):
            return
        data = path_data(np.clip(points, -FAR, FAR), parts, closed=closed)

        def place(at: int) -> int:
            return int(2 * parts[at] + (at if closed else 0))

        ranges = [(look, place(first), place(last)) for look, first, last in looks]
        for look, first, last in ranges:
            if closed and look.fill:
                self._path(data[first:last])
                self._source(look.fill, look.opacity)
                self._context.fill()
        for look, first, last in joined(ranges):
            if look.stroke and look.width > 0:
                self._path(data[first:last])
                self._outline(look)

    def marks(self, places: Coordinates, look: Look) -> None:
        """Symbols at `places`. Places that share a pixel get one."""
        if not len(places):
            return
        _cells, first = np.unique(np.floor(places).astype(np.int64), axis=0, return_index=True)
        drawing = symbol(look.symbol) * look.size / 2
        points = (places[first][:, None, :] + drawing[None, :, :]).reshape(-1, 2)
        if look.symbol == "cross":
            stroke = replace(look, stroke=look.stroke or look.fill or "#000000", width=max(look.width, 1.5))
            self.lines(points, np.arange(len(first) * 2 + 1) * 2, stroke)
        else:
            self.areas(points, np.arange(len(first) + 1) * len(drawing), look)

    def label(self, x: float, y: float, text: str, *, size: float = 11, beside: float = 0) -> bool:
        """Text centred at a place, or `beside` pixels right of it, with a white rim; not written, and False, where another stands."""
        self._font(size)
        _x, y_bearing, width, height, *_advance = self._context.text_extents(text)
        left, base = (x + beside, y - y_bearing / 2) if beside else (x - width / 2, y - y_bearing - height / 2)
        space = (left - 2, base - size - 1, left + width + 2, base + 4)
        if any(space[0] < other[2] and space[2] > other[0] and space[1] < other[3] and space[3] > other[1] for other in self._taken):
            return False
        self._taken.append(space)
        self._context.move_to(left, base)
        self._context.text_path(text)
        self._context.set_source_rgba(1, 1, 1, 0.85)
        self._context.set_dash([])
        self._context.set_line_width(2.6)
        self._context.stroke_preserve()
        self._source("#202020")
        self._context.fill()
        return True

    def text(self, x: float, y: float, text: str, *, size: float = 12, bold: bool = False, colour: str = "#202020") -> None:
        """A line of text from its left end, on its base line."""
        self._font(size, bold)
        self._source(colour)
        self._context.move_to(x, y)
        self._context.show_text(text)

    def breadth(self, text: str, *, size: float = 12, bold: bool = False) -> float:
        """Pixels that a line of text takes."""
        self._font(size, bold)
        return float(self._context.text_extents(text)[4])

    def picture(self, pixels: Pixels) -> None:
        """Lays RGBA pixels (height x width x 4, not multiplied) of the canvas's own size over it."""
        alpha = pixels[:, :, 3:].astype(np.uint16)
        rows = np.empty((self.height, self.width, 4), np.uint8)
        rows[:, :, :3] = (pixels[:, :, 2::-1].astype(np.uint16) * alpha + 127) // 255
        rows[:, :, 3] = pixels[:, :, 3]
        data = bytearray(rows.tobytes())
        layer = cairo.ImageSurface.create_for_data(data, cairo.FORMAT_ARGB32, self.width, self.height, self.width * 4)
        self._context.set_source_surface(layer, 0, 0)
        self._context.paint()
        self._surface.flush()

    def _font(self, size: float, bold: bool = False) -> None:
        weight = cairo.FONT_WEIGHT_BOLD if bold else cairo.FONT_WEIGHT_NORMAL
        self._context.select_font_face(FONT, cairo.FONT_SLANT_NORMAL, weight)
        self._context.set_font_size(size)

    def _source(self, colour: str, opacity: float = 1.0) -> None:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        self._context.set_source_rgba(red, green, blue, opacity)

    def _outline(self, look: Look) -> None:
        self._source(look.stroke)
        self._context.set_line_width(look.width)
        self._context.set_dash(list(look.dash))
        self._context.stroke()

    def _path(self, data: Coordinates) -> None:
        path = ffi.new("cairo_path_t *")
        path.status, path.num_data = 0, len(data)
        path.data = ffi.cast("cairo_path_data_t *", ffi.from_buffer(data))
        self._context.new_path()
        library.cairo_append_path(self._context._pointer, path)


def joined(ranges: Sequence[tuple[Look, int, int]]) -> list[tuple[Look, int, int]]:
    """Neighbouring ranges whose outlines are alike, as one."""
    found: list[tuple[Look, int, int]] = []
    for look, first, last in ranges:
        if found and found[-1][2] == first and (look.stroke, look.width, look.dash) == (
            found[-1][0].stroke, found[-1][0].width, found[-1][0].dash,
        ):  # fmt: skip
            found[-1] = (look, found[-1][1], last)
        else:
            found.append((look, first, last))
    return found


def path_data(points: Coordinates, parts: Offsets, *, closed: bool) -> Coordinates:
    """cairo's own form of a path (`cairo_path_data_t`, 16 bytes each): a head before every point, and one to close a part."""
    starts = np.asarray(parts[:-1])
    ends = np.asarray(parts[1:])
    part_of = np.repeat(np.arange(len(starts)), ends - starts)
    at = 2 * np.arange(len(points)) + (part_of if closed else 0)
    data = np.zeros((2 * len(points) + (len(starts) if closed else 0), 2))
    words = data.view(np.int32)
    words[at, 0], words[at, 1] = LINE, 2
    filled = ends > starts
    words[at[starts[filled]], 0] = MOVE
    data[at + 1] = points
    if closed:
        closing = 2 * ends + np.arange(len(starts))
        words[closing, 0], words[closing, 1] = CLOSE, 1
    return data


def symbol(name: str) -> Coordinates:
    """The outline of a symbol of radius 1; of a cross its two strokes."""
    return SYMBOLS.get(name, SYMBOLS["circle"])


def _turned(count: int, radii: Sequence[float] = (1.0,), start: float = -90.0) -> Coordinates:
    angles = np.radians(start + np.arange(count) * 360 / count)
    sizes = np.array([radii[each % len(radii)] for each in range(count)])
    return np.column_stack((np.cos(angles) * sizes, np.sin(angles) * sizes))


SYMBOLS: dict[str, Coordinates] = {
    "circle": _turned(20),
    "square": _turned(4, (math.sqrt(2) * 0.886,), -45),
    "triangle": _turned(3, (1.15,)),
    "diamond": _turned(4, (1.15,)),
    "cross": np.array([(-1, 0), (1, 0), (0, -1), (0, 1)], dtype=float),
    "star": _turned(10, (1.15, 0.5)),
}
