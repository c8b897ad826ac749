"""Filter Encoding 1.1 as a tree. The tree says what was asked; who owns the data says what the names mean."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from lxml import etree

from sonha.geo.layers.limits import Limits
from sonha.geo.layers.systems import System

from .reading import child, children, local, text
from .reports import Refused
from .shapes import Reader, Shape

OGC = "http://www.opengis.net/ogc"
COMPARISONS = {
    "PropertyIsEqualTo": "=", "PropertyIsNotEqualTo": "<>", "PropertyIsLessThan": "<", "PropertyIsGreaterThan": ">",
    "PropertyIsLessThanOrEqualTo": "<=", "PropertyIsGreaterThanOrEqualTo": ">=",
}  # fmt: skip
SPATIAL = ("BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps")
DISTANT = ("DWithin", "Beyond")
METRES = {
    "m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "km": 1000.0, "kilometre": 1000.0, "kilometer": 1000.0,
    "kilometers": 1000.0, "cm": 0.01, "ft": 0.3048, "feet": 0.3048, "foot": 0.3048, "mi": 1609.344, "mile": 1609.344, "miles": 1609.344,
    "urn:ogc:def:uom:epsg::9001": 1.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A property, without prefix and path."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    text: str


@dataclass(frozen=True, slots=True)
class Compare:
    sign: str
    left: Name | Value
    right: Name | Value
    exact: bool = True  # upper and lower case differ


@dataclass(frozen=True, slots=True)
class Like:
    """`pattern`: plain pieces, `None` for any number of characters, `True` for exactly one."""

    name: Name
    pattern: tuple[str | bool | None, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Null:
    name: Name


@dataclass(frozen=True, slots=True)
class Between:
    name: Name
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Ids:
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spatial:
    """`name` is None for the main geometry; `metres` for DWithin and Beyond."""

    relation: str
    name: Name | None
    shape: Shape
    metres: float = 0.0


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


Node = Compare | Like | Null | Between | Ids | Spatial | All | Either | Not


def read_filter(root: etree._Element, default: System, limits: Limits, locator: str = "filter") -> Node | None:
    """The tree of an ogc:Filter, or None for one that says nothing. `default`: the system of shapes that name none. Refused when wrong."""
    if local(root) != "Filter":
        raise Refused(_("Bộ lọc phải bắt đầu bằng ogc:Filter."), locator)
    return _Filter(Reader(default, limits.vertices, locator), locator).root(root)


@dataclass(frozen=True)
class _Filter:
    reader: Reader
    locator: str

    def root(self, node: etree._Element) -> Node | None:
        parts = list(children(node))
        ids = [each for each in parts if local(each) in {"FeatureId", "GmlObjectId"}]
        if ids and len(ids) != len(parts):
            raise self.wrong(_("Bộ lọc không được trộn mã đối tượng với điều kiện khác."))
        if ids:
            return Ids(tuple(self._id(each) for each in ids))
        if len(parts) > 1:
            raise self.wrong(_("Bộ lọc chỉ được có một điều kiện ngoài cùng; xin dùng And hoặc Or."))
        return self.node(parts[0]) if parts else None

    def node(self, node: etree._Element) -> Node:
        name = local(node)
        if etree.QName(node).namespace not in (OGC, None):
            raise self.unknown(name)
        if name in {"And", "Or"}:
            parts = tuple(self.node(each) for each in children(node))
            if len(parts) < 2:
                raise self.wrong(_("%(name)s cần ít nhất hai điều kiện.") % {"name": name})
            return All(parts) if name == "And" else Either(parts)
        if name == "Not":
            return Not(self.node(self._exactly(node, 1)[0]))
        if name in COMPARISONS:
            return self._compare(node)
        if name in SPATIAL or name in DISTANT:
            return self._spatial(node)
        read = {"PropertyIsLike": self._like, "PropertyIsNull": self._null, "PropertyIsBetween": self._between}.get(name)
        if read is None:
            raise self.unknown(name)
        return read(node)

    def _compare(self, node: etree._Element) -> Node:
        left, right = (self._operand(each) for each in self._exactly(node, 2))
        if isinstance(left, Value) and isinstance(right, Value):
            raise self.wrong(_("So sánh cần ít nhất một trường."))
        return Compare(COMPARISONS[local(node)], left, right, node.get("matchCase", "true") not in {"false", "0"})

    def _like(self, node: etree._Element) -> Node:
        name, value = (self._operand(each) for each in self._exactly(node, 2))
        if not isinstance(name, Name) or not isinstance(value, Value):
            raise self.wrong(_("PropertyIsLike cần một trường và một mẫu."))
        marks = [node.get("wildCard"), node.get("singleChar"), node.get("escapeChar", node.get("escape"))]
        if not all(marks):
            raise self.wrong(_("PropertyIsLike cần các thuộc tính wildCard, singleChar và escapeChar."))
        return Like(name, _pieces(value.text, *(str(each) for each in marks)), node.get("matchCase", "true") not in {"false", "0"})

    def _null(self, node: etree._Element) -> Node:
        return Null(self._name(self._exactly(node, 1)[0]))

    def _between(self, node: etree._Element) -> Node:
        name, low, high = self._exactly(node, 3)
        ends = []
        for each, wanted in ((low, "LowerBoundary"), (high, "UpperBoundary")):
            value = self._operand(self._exactly(each, 1)[0])
            if local(each) != wanted or not isinstance(value, Value):
                raise self.wrong(_("PropertyIsBetween cần LowerBoundary rồi UpperBoundary, mỗi cái một giá trị."))
            ends.append(value)
        return Between(self._name(name), *ends)

    def _spatial(self, node: etree._Element) -> Node:
        relation, parts = local(node), list(children(node))
        name = self._name(parts.pop(0)) if parts and local(parts[0]) == "PropertyName" else None
        metres = self._distance(parts.pop()) if relation in DISTANT and parts and local(parts[-1]) == "Distance" else -1.0
        if len(parts) != 1 or (name is None and relation != "BBOX") or (relation in DISTANT and metres < 0):
            raise self.wrong(_("%(name)s thiếu trường, hình hoặc khoảng cách.") % {"name": relation})
        if relation == "BBOX" and local(parts[0]) not in {"Envelope", "Box"}:
            raise self.wrong(_("BBOX cần một gml:Envelope."))
        return Spatial(relation, name, self.reader.shape(parts[0]), metres)

    def _distance(self, node: etree._Element) -> float:
        unit = (node.get("units") or node.get("uom") or "m").strip().lower()
        try:
            metres = float(text(node)) * METRES[unit.removeprefix("#")]
        except (ValueError, KeyError) as mistake:
            raise self.wrong(_("Khoảng cách phải là số, với đơn vị m, km, ft hoặc mi.")) from mistake
        if not (math.isfinite(metres) and 0 <= metres <= 1e8):
            raise self.wrong(_("Khoảng cách phải từ 0 đến 100.000 km."))
        return metres

    def _operand(self, node: etree._Element) -> Name | Value:
        if local(node) == "PropertyName":
            return self._name(node)
        if local(node) == "Literal":
            if child(node, "*") is not None or len(node):
                raise self.wrong(_("Giá trị so sánh phải là chữ hoặc số."))
            return Value("".join(part for part in node.itertext() if isinstance(part, str)))
        raise self.unknown(local(node))

    def _name(self, node: etree._Element) -> Name:
        if local(node) != "PropertyName" or not text(node):
            raise self.wrong(_("Điều kiện thiếu ogc:PropertyName."))
        return Name(plain_name(text(node)))

    def _id(self, node: etree._Element) -> str:
        given = node.get("fid") or node.get("{http://www.opengis.net/gml}id") or ""
        if not given:
            raise self.wrong(_("Mã đối tượng trong bộ lọc còn trống."))
        return given

    def _exactly(self, node: etree._Element, count: int) -> list[etree._Element]:
        parts = list(children(node))
        if len(parts) != count:
            raise self.wrong(_("%(name)s cần đúng %(count)d phần.") % {"name": local(node)[:60], "count": count})
        return parts

    def unknown(self, name: str) -> Refused:
        return self.wrong(_("Bộ lọc có «%(name)s», không được hỗ trợ.") % {"name": name[:60]})

    def wrong(self, sentence: str) -> Refused:
        return Refused(sentence, self.locator)


def plain_name(text: str) -> str:
    """`sonha:parcels/sonha:code` -> `code`."""
    return text.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2]


def _pieces(pattern: str, wild: str, single: str, escape: str) -> tuple[str | bool | None, ...]:
    found: list[str | bool | None] = []
    at = 0

    def plain(letters: str) -> None:
        if found and isinstance(found[-1], str):
            found[-1] += letters
        else:
            found.append(letters)

    while at < len(pattern):
        if pattern.startswith(escape, at) and at + len(escape) < len(pattern):
            at += len(escape)
            plain(pattern[at])
            at += 1
        elif pattern.startswith(wild, at):
            found.append(None)
            at += len(wild)
        elif pattern.startswith(single, at):
            found.append(True)
            at += len(single)
        else:
            plain(pattern[at])
            at += 1
    return tuple(found)


def shapes_in(node: Node | None) -> Iterable[Spatial]:
    """Every spatial condition of a tree."""
    match node:
        case Spatial():
            yield node
        case All(parts) | Either(parts):
            for each in parts:
                yield from shapes_in(each)
        case Not(part):
            yield from shapes_in(part)
