"""A record's shape: as a small drawing without script, its size in words, and what moved between two versions."""

from dataclasses import dataclass
from math import atan2, degrees
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.ui.figures import format_number

from .places import in_system, province_srid

WIDTH, HEIGHT, MARGIN = 360.0, 260.0, 24.0
MOST_CORNERS = 5_000
DIRECTIONS = (
    gettext_lazy("đông"), gettext_lazy("đông bắc"), gettext_lazy("bắc"), gettext_lazy("tây bắc"),
    gettext_lazy("tây"), gettext_lazy("tây nam"), gettext_lazy("nam"), gettext_lazy("đông nam"),
)  # fmt: skip
HECTARE, KILOMETRE = 10_000, 1_000


def metric(geometry: GEOSGeometry) -> GEOSGeometry:
    """In metres: as it is when projected, else in the province's zone."""
    return geometry if geometry.srid and geometry.srid not in (4326, 4756) else in_system(geometry, province_srid())


def size_words(geometry: GEOSGeometry | None) -> str:
    """`Vùng 1.250,5 m²`, `Đường dài 1,25 km`, `Điểm`; empty without a shape."""
    if geometry is None or geometry.empty:
        return ""
    shape = metric(geometry)
    if geometry.dims == 0:
        return _("Điểm") if geometry.num_geom == 1 else _("%(n)d điểm") % {"n": geometry.num_geom}
    if geometry.dims == 1:
        return _("Đường dài %(length)s") % {"length": length_words(shape.length)}
    return _("Vùng %(area)s") % {"area": area_words(shape.area)}


def _rounded(number: float, places: int) -> str:
    return format_number(round(number, places))


def area_words(area: float) -> str:
    """Square metres, above ten hectares with hectares beside them."""
    metres = f"{_rounded(area, 1)} m²"
    return f"{metres} ({_rounded(area / HECTARE, 2)} ha)" if area >= 10 * HECTARE else metres


def length_words(length: float) -> str:
    return f"{_rounded(length / KILOMETRE, 2)} km" if length >= KILOMETRE else f"{_rounded(length, 1)} m"


def difference_words(before: GEOSGeometry | None, after: GEOSGeometry | None) -> str:
    """What became of the shape: `Diện tích từ 120 m² thành 118,5 m² (giảm 1,5 m²); tâm dời 0,4 m về phía tây.` Empty when nothing did."""
    if before is None or after is None:
        return "" if before is after else _("Trước chưa có vị trí.") if before is None else _("Sau không còn vị trí.")
    old, new = metric(before), metric(after)
    if old.srid and new.srid != old.srid:
        new = in_system(new, old.srid)
    if old.equals_exact(new, 0.0005):
        return ""
    said = []
    if old.dims == 2 or new.dims == 2:
        said.append(_became(_("Diện tích"), old.area, new.area, area_words))
    elif old.dims == 1 or new.dims == 1:
        said.append(_became(_("Chiều dài"), old.length, new.length, length_words))
    moved = old.centroid.distance(new.centroid)
    if moved >= 0.005:
        where = DIRECTIONS[round(degrees(atan2(new.centroid.y - old.centroid.y, new.centroid.x - old.centroid.x)) / 45) % 8]
        said.append(
            (_("dời %(far)s về phía %(where)s") if old.dims == 0 else _("tâm dời %(far)s về phía %(where)s"))
            % {"far": f"{_rounded(moved, 2)} m", "where": where}
        )
    if old.num_coords != new.num_coords:
        said.append(_("số đỉnh từ %(old)d thành %(new)d") % {"old": old.num_coords, "new": new.num_coords})
    text = "; ".join(said) or _("hình dạng thay đổi")
    return text[:1].upper() + text[1:] + "."


def _became(what: str, old: float, new: float, words: Any) -> str:
    if abs(old - new) < 0.05:
        return _("%(what)s vẫn %(size)s") % {"what": what, "size": words(new)}
    change = (_("tăng %(by)s") if new > old else _("giảm %(by)s")) % {"by": words(abs(new - old))}
    return _("%(what)s từ %(old)s thành %(new)s (%(change)s)") % {"what": what, "old": words(old), "new": words(new), "change": change}


@dataclass(frozen=True)
class Drawing:
    """Positions in an SVG of `width` x `height`: `paths` of the shape, of that `before` it; a scale of `metres` is `length` long."""

    width: float
    height: float
    paths: list[str]
    before: list[str]
    is_area: bool
    metres: str
    length: float


def drawing(geometry: GEOSGeometry | None, before: GEOSGeometry | None = None) -> Drawing | None:
    """A line or an area, with what it was `before` if given. None without a shape, for points, and for too many corners to draw so."""
    shapes = [metric(each) for each in (geometry, before) if each is not None and not each.empty and each.dims > 0]
    if geometry is None or not shapes or sum(each.num_coords for each in shapes) > MOST_CORNERS:
        return None
    extents = [each.extent for each in shapes]
    west, south = min(each[0] for each in extents), min(each[1] for each in extents)
    east, north = max(each[2] for each in extents), max(each[3] for each in extents)
    span = max(east - west, north - south, 1.0)
    scale = min((WIDTH - 2 * MARGIN) / max(east - west, span / 2), (HEIGHT - 2 * MARGIN) / max(north - south, span / 2))
    frame = ((west + east) / 2, (south + north) / 2, scale)
    metres = next((size for size in SCALES if size * scale <= WIDTH / 3), SCALES[-1])
    words = f"{format_number(metres / KILOMETRE)} km" if metres >= KILOMETRE else f"{format_number(metres)} m"
    earlier = _paths(shapes[1], frame) if len(shapes) > 1 else []
    return Drawing(WIDTH, HEIGHT, _paths(shapes[0], frame), earlier, shapes[0].dims == 2, words, round(metres * scale, 1))


def _paths(shape: Any, frame: tuple[float, float, float]) -> list[str]:
    x0, y0, scale = frame
    found = []
    for part in _parts(shape):
        if part.geom_type == "Point":
            continue
        rings = part.coords if part.geom_type == "Polygon" else (part.coords,)
        drawn = (
            "L".join(f"{WIDTH / 2 + (each[0] - x0) * scale:.1f},{HEIGHT / 2 - (each[1] - y0) * scale:.1f}" for each in ring)
            for ring in rings
        )
        close = "Z" if part.geom_type == "Polygon" else ""
        found.append(" ".join(f"M{ring}{close}" for ring in drawn))
    return found


SCALES = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)


def _parts(shape: Any) -> list[Any]:
    if shape.geom_type.startswith("Multi") or shape.geom_type == "GeometryCollection":
        return [each for part in shape for each in _parts(part)]
    return [shape]


def corners(geometry: GEOSGeometry | None, most: int = 60) -> list[tuple[int, str, str]]:
    """(number, north, east) of the corners for a printed table, in the record's own system; empty when there are more than `most`."""
    if geometry is None or geometry.empty or geometry.num_coords > most:
        return []
    places = 2 if geometry.srid not in (4326, 4756) else 6
    flat: list[tuple[float, float]] = []
    for part in _parts(geometry):
        rings = part.coords if part.geom_type == "Polygon" else (part.coords,)
        for ring in rings:
            pairs = [(each[0], each[1]) for each in ([ring] if part.geom_type == "Point" else ring)]
            flat += pairs[:-1] if part.geom_type == "Polygon" else pairs
    return [(number, format_number(y, places), format_number(x, places)) for number, (x, y) in enumerate(flat, start=1)]
