"""Cutting and joining parcels on the plane (EPSG:9215, metres) so that what comes out covers exactly what went in."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.geos import Polygon as GeosPolygon
from django.utils.translation import gettext as _
from shapely.ops import split as split_by

SRID = 9215
TENTH = Decimal("0.1")
SLIVER = 0.5
"""m²: a piece smaller than this is a slip of the hand, not a parcel."""
REACH = 0.1
"""Metres within which a drawn corner is taken for one of the parcel's."""


class CannotCut(ValueError):
    """One sentence for whoever drew it."""


def shape_of(geometry: GEOSGeometry) -> shapely.Geometry:
    return shapely.from_wkb(bytes(geometry.wkb))


def geos_of(shape: shapely.Geometry) -> GeosPolygon:
    found = GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=SRID)
    assert isinstance(found, GeosPolygon)
    return found


def cut_by_line(parcel: shapely.Polygon, line: shapely.LineString) -> list[shapely.Polygon]:
    """The pieces on both sides of a line. A line that ends just inside is drawn on to the boundary. CannotCut with a sentence."""
    pieces = [each for each in split_by(parcel, _reaching(line)).geoms if each.area > SLIVER]
    if len(pieces) < 2:
        raise CannotCut(_("Đường tách không cắt qua thửa đất; hãy kẻ từ cạnh này sang cạnh kia của thửa."))
    return _checked(parcel, pieces)


def cut_by_polygons(parcel: shapely.Polygon, parts: Sequence[shapely.Polygon]) -> list[shapely.Polygon]:
    """The drawn parts, clipped to the parcel, then what is left of it when anything is. CannotCut with a sentence.

    Corners within REACH of a corner of the parcel are taken for it: coordinates on paper are rounded. Crumbs left along a boundary go
    to the piece they lie beside.
    """
    pieces: list[shapely.Geometry] = []
    left: shapely.Geometry = parcel
    for part in (shapely.snap(each, parcel, REACH) for each in parts):
        if not part.is_valid:
            raise CannotCut(_("Ranh giới thửa mới tự cắt nhau; hãy vẽ lại."))
        inside = shapely.intersection(parcel, part)
        if inside.area < 0.5 * part.area:
            raise CannotCut(_("Thửa mới vẽ ra ngoài ranh giới thửa đang tách; hãy kiểm tra toạ độ."))
        piece = shapely.intersection(left, part)
        if piece.area < inside.area * 0.95:
            raise CannotCut(_("Các thửa mới chồng lên nhau; hãy kiểm tra toạ độ."))
        pieces.append(_largest(piece))
        left = shapely.difference(left, part)
    remains = [each for each in shapely.get_parts(left) if each.area > SLIVER]
    if len(remains) > 1:
        raise CannotCut(_("Phần còn lại của thửa bị chia thành nhiều mảnh; hãy vẽ từng mảnh thành một thửa mới."))
    if len(pieces) + len(remains) < 2:
        raise CannotCut(_("Cần ít nhất hai thửa sau khi tách."))
    return _checked(parcel, _with_crumbs(parcel, [*pieces, *remains]))


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    return max(shapely.get_parts(shape), key=lambda each: each.area, default=shape)


def _with_crumbs(parcel: shapely.Polygon, pieces: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
    """The pieces, each with the crumbs of the parcel that lie beside it longest, so that nothing is lost."""
    whole = list(pieces)
    for crumb in shapely.get_parts(shapely.difference(parcel, shapely.union_all(pieces))):
        beside = max(range(len(whole)), key=lambda at: shapely.intersection(shapely.boundary(whole[at]), crumb).length)
        whole[beside] = _largest(shapely.union(whole[beside], crumb, grid_size=0.001))
    return whole


def shares_of(total: Decimal, sizes: Sequence[float]) -> list[Decimal]:
    """The total in tenths of m² in proportion to sizes; the last takes what rounding leaves, so that nothing is lost."""
    whole = sum(sizes)
    shares = [(total * Decimal(str(size / whole))).quantize(TENTH, ROUND_HALF_UP) for size in sizes[:-1]]
    last = total - sum(shares, Decimal())
    if min([*shares, last]) <= 0:
        raise CannotCut(_("Một thửa mới quá nhỏ; hãy vẽ lại đường tách."))
    return [*shares, last]


def joined(parcels: Sequence[shapely.Polygon]) -> shapely.Polygon:
    """One parcel out of several that adjoin. CannotCut when they do not."""
    whole = shapely.coverage_union_all(parcels) if shapely.coverage_is_valid(parcels) else shapely.union_all(parcels, grid_size=0.001)
    if whole.geom_type != "Polygon":
        raise CannotCut(_("Các thửa không liền kề nhau nên không hợp được thành một thửa."))
    return whole


def _reaching(line: shapely.LineString, by: float = 2.0) -> shapely.LineString:
    """The line drawn on at both ends by `by` metres."""
    points = shapely.get_coordinates(line)
    ends = []
    for at, before in ((0, 1), (-1, -2)):
        way = points[at] - points[before]
        ends.append(points[at] + way / max(float((way**2).sum()) ** 0.5, 1e-9) * by)
    return shapely.LineString([ends[0], *points[1:-1], ends[1]])


def _checked(parcel: shapely.Polygon, pieces: Sequence[shapely.Geometry]) -> list[shapely.Polygon]:
    for piece in pieces:
        if piece.geom_type != "Polygon" or not piece.is_valid:
            raise CannotCut(_("Một thửa mới không liền một khối; hãy vẽ lại đường tách."))
        if piece.area <= SLIVER:
            raise CannotCut(_("Một thửa mới quá nhỏ; hãy vẽ lại đường tách."))
    if abs(sum(piece.area for piece in pieces) - parcel.area) > 0.05:
        raise CannotCut(_("Các thửa mới không phủ kín thửa đang tách."))
    return list(pieces)
