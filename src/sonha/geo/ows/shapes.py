"""GML 3.1.1 geometries of a filter, as shapes with x before y."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import shapely
from django.utils.translation import gettext as _
from lxml import etree

from sonha.geo.layers.systems import System, UnknownSystem, system

from .reading import child, children, local, text
from .reports import Refused

GML = "http://www.opengis.net/gml"
Points = list[tuple[float, float]]
MEMBERS = frozenset(
    {"pointMember", "pointMembers", "lineStringMember", "curveMember", "curveMembers", "polygonMember", "surfaceMember", "surfaceMembers",
     "geometryMember", "geometryMembers"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """`srid` is that of `geometry`, whose x comes first whatever order was sent."""

    geometry: shapely.Geometry
    srid: int


@dataclass
class Reader:
    """Reads shapes of one filter: `default` is the system of those that name none, `left` counts the vertices still allowed."""

    default: System
    left: int
    locator: str = "filter"
    _flipped: bool = field(default=False, init=False)

    def shape(self, node: etree._Element) -> Shape:
        """Refused when it is no geometry, has too many vertices, or crosses itself."""
        named = next((each.get("srsName") for each in node.iter() if isinstance(each.tag, str) and each.get("srsName")), "")
        try:
            found = system(named) if named else self.default
        except UnknownSystem as unknown:
            raise Refused(_("Hệ toạ độ «%(name)s» không được phục vụ.") % {"name": named[:80]}, self.locator) from unknown
        self._flipped = found.flipped
        try:
            geometry = self._geometry(node)
        except (ValueError, shapely.errors.GEOSException) as mistake:
            raise self._no_shape() from mistake
        if not geometry.is_valid:
            reason = shapely.is_valid_reason(geometry)[:80]
            raise Refused(_("Hình trong bộ lọc không hợp lệ: %(reason)s.") % {"reason": reason}, self.locator)
        return Shape(geometry, found.srid)

    def _no_shape(self) -> Refused:
        return Refused(_("Hình trong bộ lọc không đọc được."), self.locator)

    def _geometry(self, node: etree._Element) -> shapely.Geometry:
        read = READERS.get(local(node))
        if read is None or etree.QName(node).namespace not in (GML, None):
            raise Refused(_("Bộ lọc có «%(name)s», không phải hình GML 3.1.1.") % {"name": local(node)[:60]}, self.locator)
        return read(self, node)

    def point(self, node: etree._Element) -> shapely.Geometry:
        points = self._points(node)
        if len(points) != 1:
            raise self._no_shape()
        return shapely.Point(points[0])

    def line(self, node: etree._Element) -> shapely.Geometry:
        return shapely.LineString(self._points(node))

    def curve(self, node: etree._Element) -> shapely.Geometry:
        """Straight segments only; arcs are refused."""
        points: Points = []
        for segment in self._inside(node, "segments"):
            if local(segment) != "LineStringSegment":
                raise Refused(_("Bộ lọc chỉ nhận đường gồm các đoạn thẳng."), self.locator)
            points += [each for each in self._points(segment) if not points or each != points[-1]]
        return shapely.LineString(points)

    def polygon(self, node: etree._Element) -> shapely.Geometry:
        outer: list[Points] = []
        inner: list[Points] = []
        for part in children(node):
            rings = {"exterior": outer, "outerBoundaryIs": outer, "interior": inner, "innerBoundaryIs": inner}.get(local(part))
            if rings is not None:
                rings += [self._ring(each) for each in children(part)]
        if len(outer) != 1:
            raise self._no_shape()
        return shapely.Polygon(outer[0], inner)

    def surface(self, node: etree._Element) -> shapely.Geometry:
        patches = [self.polygon(each) for each in self._inside(node, "patches")]
        return patches[0] if len(patches) == 1 else shapely.union_all(patches)

    def envelope(self, node: etree._Element) -> shapely.Geometry:
        corners = [text(child(node, name)) for name in ("lowerCorner", "upperCorner")]
        points = [self._pairs(each.split(), 2)[0] for each in corners] if all(corners) else self._points(node)
        if len(points) != 2:
            raise self._no_shape()
        (west, south), (east, north) = points
        if west > east or south > north:
            raise Refused(_("Khung toạ độ có góc dưới lớn hơn góc trên."), self.locator)
        return shapely.box(west, south, east, north)

    def many(self, node: etree._Element) -> shapely.Geometry:
        made: dict[str, Callable[[list[shapely.Geometry]], shapely.Geometry]] = {
            "MultiPoint": shapely.MultiPoint, "MultiLineString": shapely.MultiLineString, "MultiCurve": shapely.MultiLineString,
            "MultiPolygon": shapely.MultiPolygon, "MultiSurface": shapely.MultiPolygon, "MultiGeometry": shapely.GeometryCollection,
        }  # fmt: skip
        parts = [self._geometry(each) for member in children(node) if local(member) in MEMBERS for each in children(member)]
        if not parts:
            raise self._no_shape()
        return made[local(node)](parts)

    def _inside(self, node: etree._Element, name: str) -> Iterator[etree._Element]:
        holder = child(node, name)
        if holder is None:
            raise self._no_shape()
        return children(holder)

    def _ring(self, node: etree._Element) -> Points:
        points = self._points(node)
        if len(points) < 4 or points[0] != points[-1]:
            raise Refused(_("Vòng của vùng trong bộ lọc phải khép kín và có ít nhất bốn điểm."), self.locator)
        return points

    def _points(self, node: etree._Element) -> Points:
        points: Points = []
        for each in children(node):
            name = local(each)
            if name in {"pos", "posList"}:
                width = int(each.get("srsDimension") or node.get("srsDimension") or each.get("dimension") or 2)
                points += self._pairs(text(each).split(), width if name == "posList" else len(text(each).split()))
            elif name == "coordinates":
                points += self._written(each)
            elif name in {"pointProperty", "pointRep"}:
                points += [pair for inner in children(each) for pair in self._points(inner)]
        return points

    def _written(self, node: etree._Element) -> Points:
        """`x,y x,y` with the separators that the element names."""
        decimal, between, after = node.get("decimal", "."), node.get("cs", ","), node.get("ts", " ")
        tuples = text(node).split() if after.isspace() else text(node).split(after)
        return [self._pairs([part.replace(decimal, ".") for part in each.split(between)], len(each.split(between)))[0] for each in tuples]

    def _pairs(self, words: list[str], width: int) -> Points:
        """The first two of every `width` numbers; heights are left aside."""
        if width not in (2, 3) or not words or len(words) % width:
            raise self._no_shape()
        self.left -= len(words) // width
        if self.left < 0:
            raise Refused(_("Hình trong bộ lọc có quá nhiều đỉnh."), self.locator)
        numbers = [float(each) for each in words]
        if not all(map(math.isfinite, numbers)):
            raise self._no_shape()
        pairs = [(numbers[at], numbers[at + 1]) for at in range(0, len(numbers), width)]
        return [(y, x) for x, y in pairs] if self._flipped else pairs


READERS: dict[str, Callable[[Reader, etree._Element], shapely.Geometry]] = {
    "Point": Reader.point, "LineString": Reader.line, "Curve": Reader.curve, "LinearRing": Reader.line, "Polygon": Reader.polygon,
    "Surface": Reader.surface, "Envelope": Reader.envelope, "Box": Reader.envelope,
    **dict.fromkeys(("MultiPoint", "MultiLineString", "MultiCurve", "MultiPolygon", "MultiSurface", "MultiGeometry"), Reader.many),
}  # fmt: skip
