"""Filters tried on metadata records, and CQL read into the same tree."""

import json
import operator
import re
from collections.abc import Callable
from typing import Any

import shapely
from django.utils.translation import gettext as _

from sonha.geo.features.cql2 import FilterError, tree_of_text
from sonha.geo.ows.filters import All, Between, Compare, Either, Ids, Like, Name, Node, Not, Null, Spatial, Value, plain_name
from sonha.geo.ows.reports import Refused
from sonha.geo.ows.shapes import Shape

from .records import MetadataRecord

READ: dict[str, Callable[[MetadataRecord], list[str]]] = {
    "identifier": lambda record: [record.id],
    "title": lambda record: [record.title],
    "abstract": lambda record: [record.abstract],
    "subject": lambda record: record.keywords,
    "modified": lambda record: [record.modified.isoformat()],
    "type": lambda record: ["dataset"],
    "publisher": lambda record: [record.contact],
    "language": lambda record: ["vie"],
    "anytext": lambda record: [" ".join([record.id, record.title, record.abstract, *record.keywords, record.lineage, record.contact])],
}
BOX_NAMES = frozenset({"boundingbox", "bbox"})
SIGNS: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "BBOX": shapely.intersects, "Intersects": shapely.intersects, "Equals": shapely.equals, "Disjoint": shapely.disjoint,
    "Touches": shapely.touches, "Crosses": shapely.crosses, "Within": shapely.within, "Contains": shapely.contains,
    "Overlaps": shapely.overlaps,
}  # fmt: skip


def matches(record: MetadataRecord, node: Node | None) -> bool:
    """Refused for a name that no record has, or a shape in another system than degrees."""
    match node:
        case None:
            return True
        case All(parts):
            return all(matches(record, each) for each in parts)
        case Either(parts):
            return any(matches(record, each) for each in parts)
        case Not(part):
            return not matches(record, part)
        case Compare():
            return _compared(record, node)
        case Like(name, pattern, exact):
            found = re.compile(_regex(pattern), re.DOTALL | (0 if exact else re.IGNORECASE))
            return any(found.fullmatch(each) for each in values(record, name))
        case Null(name):
            return not any(values(record, name))
        case Between(name, low, high):
            return any(low.text <= each <= high.text for each in values(record, name))
        case Ids(ids):
            return record.id in ids
        case Spatial():
            return _placed(record, node)


def values(record: MetadataRecord, name: Name) -> list[str]:
    read = READ.get(name.name.lower())
    if read is None:
        known = ", ".join([*READ, "BoundingBox"])
        raise Refused(
            _("Không tìm được theo «%(name)s»; các trường là %(known)s.") % {"name": name.name[:60], "known": known}, "constraint"
        )
    return read(record)


def _compared(record: MetadataRecord, node: Compare) -> bool:
    left, right = ([each.text] if isinstance(each, Value) else values(record, each) for each in (node.left, node.right))
    if not node.exact:
        left, right = [each.lower() for each in left], [each.lower() for each in right]
    return any(SIGNS[node.sign](one, other) for one in left for other in right)


def _regex(pattern: tuple[str | bool | None, ...]) -> str:
    """Each piece between wild cards is taken where it first occurs and kept (atomic), so that no pattern takes long."""
    pieces = [""]
    for each in pattern:
        if each is None:
            pieces.append("")
        else:
            pieces[-1] += re.escape(each) if isinstance(each, str) else "."
    first, *rest = pieces
    if not rest:
        return first
    return first + "".join(f"(?>.*?{each})" for each in rest[:-1] if each) + f".*{rest[-1]}"


def _placed(record: MetadataRecord, node: Spatial) -> bool:
    if node.shape.srid != 4326:
        raise Refused(_("Danh mục chỉ tìm theo kinh độ, vĩ độ (EPSG:4326)."), "constraint")
    if node.name is not None and node.name.name.lower() not in BOX_NAMES:
        raise Refused(_("Chỉ tìm theo vị trí được với BoundingBox."), "constraint")
    box = shapely.box(*record.box)
    if node.relation in RELATIONS:
        return bool(RELATIONS[node.relation](box, node.shape.geometry))
    near = shapely.distance(box, node.shape.geometry) * 111_320 <= node.metres
    return bool(near if node.relation == "DWithin" else not near)


def read_cql(text: str, depth: int) -> Node:
    """Refused when it is no CQL, or asks what records do not have."""
    try:
        return _node(tree_of_text(text, depth))
    except FilterError as mistake:
        raise Refused(str(mistake), "constraint") from mistake
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.GEOSException) as mistake:
        raise Refused(_("Điều kiện CQL này không được hỗ trợ."), "constraint") from mistake


def _node(tree: Any) -> Node:
    sign, given = tree["op"].lower(), tree["args"]
    if sign in {"and", "or"}:
        parts = tuple(_node(each) for each in given)
        return All(parts) if sign == "and" else Either(parts)
    if sign == "not":
        return Not(_node(given[0]))
    if sign in SIGNS:
        left, right = (_side(each) for each in given)
        return Compare(sign, left, right)
    if sign == "like":
        pieces = tuple({"%": None, "_": True}.get(each, each) for each in re.findall(r"%|_|[^%_]+", str(given[1])))
        return Like(_name(given[0]), pieces, exact=False)
    if sign == "isnull":
        return Null(_name(given[0]))
    if sign == "between":
        return Between(_name(given[0]), *(Value(str(each)) for each in given[1:]))
    if sign.startswith("s_"):
        shape = given[1]
        geometry = shapely.box(*shape["bbox"]) if "bbox" in shape else shapely.from_geojson(json.dumps(shape))
        return Spatial(sign[2:].title(), _name(given[0]), Shape(geometry, 4326))
    raise KeyError(sign)


def _side(part: Any) -> Name | Value:
    if isinstance(part, dict):
        return _name(part) if "property" in part else Value(str(part.get("date") or part["timestamp"]))
    return Value(str(part))


def _name(part: Any) -> Name:
    return Name(plain_name(part["property"]))
