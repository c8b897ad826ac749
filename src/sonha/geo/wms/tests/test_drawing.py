"""The canvas, the encoder and the pixels of other systems, without a database."""

import io
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sonha.geo.layers.systems import system
from sonha.geo.rasters.pictures import encode, straightened
from sonha.geo.wms import projection
from sonha.geo.wms.canvas import SYMBOLS, Canvas
from sonha.geo.wms.parameters import View
from sonha.geo.wms.shapes import drawn
from sonha.registry.declarations import Look

RED = Look(fill="#ff0000", stroke="", width=0)


def shown(canvas: Canvas, form: str = "png") -> Image.Image:
    return Image.open(io.BytesIO(encode(canvas.pixels(), form))).convert("RGBA")


def square(left: float, top: float, side: float) -> np.ndarray[Any, Any]:
    return np.array([(left, top), (left + side, top), (left + side, top + side), (left, top + side), (left, top)])


def test_a_hole_stays_open_and_neighbours_do_not_cancel() -> None:
    """Two shapes that overlap, drawn in opposite directions, are both filled; a hole is not."""
    view = View(3857, (0, 0, 100, 100), 100, 100, system("EPSG:3857"))
    holed = shapely.Polygon(square(10, 10, 60), [square(20, 20, 20)])
    turned = shapely.Polygon(square(50, 50, 40)[::-1])
    canvas = Canvas(100, 100, (255, 255, 255))
    for shapes in drawn(np.array([holed, turned], object), view, 3857):
        canvas.areas(shapes.points, shapes.parts, RED)
    picture = shown(canvas)
    assert picture.getpixel((15, 85)) == (255, 0, 0, 255)
    assert picture.getpixel((30, 70)) == (255, 255, 255, 255), "the hole"
    assert picture.getpixel((60, 40)) == (255, 0, 0, 255), "where they overlap"
    assert picture.getpixel((95, 5)) == (255, 255, 255, 255)


def test_shapes_of_every_kind_at_once() -> None:
    view = View(3857, (0, 0, 100, 100), 100, 100, system("EPSG:3857"))
    kinds = [shapely.Point(1, 1), shapely.MultiPoint([(2, 2), (3, 3)]), shapely.LineString([(0, 0), (5, 5)]), shapely.box(0, 0, 9, 9),
             shapely.MultiPolygon([shapely.box(20, 20, 30, 30), shapely.box(40, 40, 50, 50)]), shapely.Polygon(),
             shapely.GeometryCollection([shapely.Point(7, 7), shapely.box(1, 1, 2, 2)])]  # fmt: skip
    found = {each.kind: each for each in drawn(np.array(kinds, object), view, 3857)}
    assert set(found) == {"areas", "lines", "points"}
    assert sorted(set(found["areas"].owner.tolist())) == [3, 4, 6]
    assert sorted(found["points"].owner.tolist()) == [0, 1, 1, 6]


def test_what_is_very_far_out_does_not_wrap_around() -> None:
    canvas = Canvas(50, 50, (255, 255, 255))
    canvas.areas(np.array([(-1e12, -1e12), (1e12, -1e12), (1e12, 25), (-1e12, 25), (-1e12, -1e12)]), np.array([0, 5]), RED)
    picture = shown(canvas)
    assert picture.getpixel((25, 10)) == (255, 0, 0, 255)
    assert picture.getpixel((25, 40)) == (255, 255, 255, 255)


@pytest.mark.parametrize("name", SYMBOLS)
def test_every_symbol_is_seen(name: str) -> None:
    canvas = Canvas(30, 30, None)
    canvas.marks(np.array([(15.0, 15.0)]), Look(fill="#1f6f8b", stroke="#1f6f8b", symbol=name, size=16))
    inked = np.asarray(shown(canvas))[:, :, 3] > 100
    rows, columns = np.nonzero(inked)
    assert inked[15, 15] or name == "cross"
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx((7, 22, 7, 22), abs=3)


def ink(text: str, size: float = 40) -> np.ndarray[Any, Any]:
    canvas = Canvas(120, 90, (255, 255, 255))
    canvas.text(10, 65, text, size=size)
    return np.asarray(shown(canvas).convert("L")) < 128


@pytest.mark.parametrize(("letter", "plain"), [("ằ", "a"), ("ễ", "e"), ("ộ", "o"), ("ữ", "u"), ("Ậ", "A"), ("đ", "d")])
def test_vietnamese_letters_carry_their_marks(letter: str, plain: str) -> None:
    """One glyph of the same width with more ink, above or below the plain letter, and not the box of a missing glyph."""
    marked, bare, missing = ink(letter), ink(plain), ink("\U0010fffd")
    assert marked.sum() > bare.sum()
    assert (marked & bare).sum() > 0.85 * bare.sum(), "the plain letter is in it"
    assert not np.array_equal(marked, missing)
    canvas = Canvas(1, 1, None)
    assert canvas.breadth(letter, size=40) == pytest.approx(canvas.breadth(plain, size=40), rel=0.3)


def test_labels_do_not_lie_on_each_other() -> None:
    canvas = Canvas(200, 60, (255, 255, 255))
    assert canvas.label(100, 30, "Thửa 12")
    assert not canvas.label(104, 33, "Thửa 13")
    assert canvas.label(40, 50, "7")


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1), st.booleans())
def test_png_gives_back_every_pixel(width: int, height: int, seed: int, opaque: bool) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[:, :, 3] = 255 if opaque else rng.choice([0, 255], (height, width))
    pixels[pixels[:, :, 3] == 0] = 0
    read = np.asarray(Image.open(io.BytesIO(encode(pixels, "png"))).convert("RGBA"))
    assert np.array_equal(read, pixels[:, :, [2, 1, 0, 3]])
    assert Image.open(io.BytesIO(encode(pixels, "png8"))).size == (width, height)


def test_half_transparent_colours_come_back() -> None:
    pixels = np.array([[[64, 32, 100, 128]]], np.uint8)  # premultiplied BGRA
    assert straightened(pixels).tolist() == [[[199, 64, 128, 128]]]


@settings(max_examples=60, deadline=None)
@given(st.floats(400_000, 500_000), st.floats(2_370_000, 2_480_000), st.floats(100, 60_000), st.sampled_from([3857, 4326, 9214, 3405]))
def test_the_fit_is_as_exact_as_it_claims(x: float, y: float, side: float, target: int) -> None:
    box = projection.reprojected((x, y, x + side, y + side), 9215, target)
    assert box is not None
    view = View(target, box, 512, 512, system("CRS:84"))
    rng = np.random.default_rng(1)
    points = np.column_stack((rng.uniform(x, x + side, 600), rng.uniform(y, y + side, 600)))
    exact = projection._exact(points, view, 9215)
    assert np.abs(projection.pixels(points, view, 9215) - exact).max() <= projection.TOLERANCE * 1.5


def test_the_test_vector_of_the_province() -> None:
    for srid, x, y in ((4326, 106.76805905, 21.87584998), (4756, 106.76616789, 21.87684282), (3857, 11885365.966, 2496626.052)):
        assert projection.transformer(9215, srid).transform(450_000, 2_420_000) == pytest.approx((x, y), abs=1e-3 if srid == 3857 else 1e-7)
