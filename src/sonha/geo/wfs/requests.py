"""What a request asks for: GET with keywords or POST with XML, read into the same few shapes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.http import HttpRequest
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from lxml import etree

from sonha.geo.layers.limits import Limits
from sonha.geo.layers.systems import System, UnknownSystem, system
from sonha.geo.ows.filters import plain_name
from sonha.geo.ows.reading import child, children, local, read, text
from sonha.geo.ows.reports import NEGOTIATION, UNSUPPORTED, Refused, invalid, missing

VERSION = "1.1.0"
NAMESPACE, PREFIX = "urn:sonha:layers", "sonha"
OPERATIONS = {each.lower(): each for each in ("GetCapabilities", "DescribeFeatureType", "GetFeature")}
GML, JSON, SHAPES, CSV = "gml", "json", "shapes", "csv"
FORMATS = {
    "text/xml; subtype=gml/3.1.1": GML, "text/gml; subtype=gml/3.1.1": GML, "text/xml;subtype=gml/3.1.1": GML, "gml3": GML,
    "gml/3.1.1": GML, "gml3.1.1": GML, "text/xml": GML, "xmlschema": GML,
    "application/json": JSON, "application/geo+json": JSON, "application/vnd.geo+json": JSON, "geojson": JSON, "json": JSON,
    "shape-zip": SHAPES, "shapezip": SHAPES, "csv": CSV, "text/csv": CSV,
}  # fmt: skip
MOST_TYPES = 20  # of one GetFeature
BODY = 2 * 1024 * 1024


@dataclass(frozen=True)
class Sorting:
    name: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """One type and what is asked of it. `filter` is XML still: shapes in it are read with the type's own coordinate system."""

    type_name: str
    properties: tuple[str, ...] = ()
    filter: etree._Element | None = None
    ids: tuple[str, ...] = ()
    bbox: tuple[tuple[float, float, float, float], System | None] | None = None
    system: System | None = None
    sort: tuple[Sorting, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """A request. `names` are the types of DescribeFeatureType."""

    operation: str
    names: tuple[str, ...] = ()
    queries: tuple[Query, ...] = ()
    output: str = GML
    hits: bool = False
    most: int | None = None
    start: int = 0
    day: date | None = None
    known_at: datetime | None = None
    sections: frozenset[str] = field(default_factory=frozenset)


def wanted(request: HttpRequest, limits: Limits) -> Wanted:
    """Refused when the request is not one of this service."""
    given = {key.lower(): values[-1] for key, values in request.GET.lists()}
    if request.method == "POST" and "form-urlencoded" in request.headers.get("Content-Type", ""):
        given |= {key.lower(): values[-1] for key, values in request.POST.lists()}
    elif request.method == "POST":
        found = _posted(read(request.body, most=BODY, depth=limits.depth + 10), limits)
        return replace(found, day=_day(given), known_at=_known_at(given))
    return _keyed(given, limits)


# --- keywords ---------------------------------------------------------------------------------------------------------------------


def _keyed(given: Mapping[str, str], limits: Limits) -> Wanted:
    if not given.get("request"):
        raise missing("request")
    operation = _operation(given["request"], "request")
    _service(given.get("service", ""), required=operation == "GetCapabilities")
    if operation == "GetCapabilities":
        _negotiate([each for each in given.get("acceptversions", "").split(",") if each])
        return Wanted(operation)
    _version(given.get("version", ""))
    if operation == "DescribeFeatureType":
        names = tuple(_type(each, given.get("namespace", ""), "typename") for each in given.get("typename", "").split(",") if each.strip())
        _described_format(given.get("outputformat", ""))
        return Wanted(operation, names=names)
    return Wanted(
        operation,
        queries=_queries(given, limits),
        output=_format(given.get("outputformat", "")),
        hits=_result_type(given.get("resulttype", "")),
        most=_whole(given, "maxfeatures", "count"),
        start=_whole(given, "startindex") or 0,
        day=_day(given),
        known_at=_known_at(given),
    )


def _queries(given: Mapping[str, str], limits: Limits) -> tuple[Query, ...]:
    asked = [name for name in ("featureid", "filter", "bbox") if given.get(name, "").strip()]
    if len(asked) > 1:
        raise Refused(_("FEATUREID, FILTER và BBOX không dùng cùng nhau."), asked[1])
    ids = tuple(each.strip() for each in given.get("featureid", "").split(",") if each.strip())
    names = [_type(each, given.get("namespace", ""), "typename") for each in _listed(given.get("typename", "")) if each.strip()]
    if not names and ids:
        names = list(dict.fromkeys(plain_name(each).rpartition(".")[0] for each in ids))
        if not all(names):
            raise invalid("featureid", given["featureid"])
    if not names:
        raise missing("typename")
    if len(names) > MOST_TYPES:
        raise Refused(_("Mỗi yêu cầu hỏi nhiều nhất %(most)d lớp.") % {"most": MOST_TYPES}, "typename")
    properties = _grouped(given, "propertyname", len(names))
    filters = _grouped(given, "filter", len(names))
    sorts = _grouped(given, "sortby", len(names))
    named = _system(given.get("srsname", ""), "srsname")
    bbox = _bbox(given["bbox"]) if given.get("bbox", "").strip() else None
    return tuple(
        Query(
            name,
            properties=tuple(plain_name(each) for each in properties[at].split(",") if each.strip() and each.strip() != "*"),
            filter=_filter(filters[at], limits) if filters[at].strip() else None,
            ids=ids,
            bbox=bbox,
            system=named,
            sort=_sorting(sorts[at]),
        )
        for at, name in enumerate(names)
    )


def _listed(text: str) -> list[str]:
    """`a,b` or `(a)(b)`, the way lists of lists are written."""
    return re.findall(r"\(([^()]*)\)", text) if text.strip().startswith("(") else text.split(",")


def _grouped(given: Mapping[str, str], name: str, types: int) -> list[str]:
    """One value for each type: `(…)(…)`, or one value for all when there is one type."""
    value = given.get(name, "").strip()
    groups = re.split(r"\)\s*\(", value[1:-1]) if value.startswith("(") and value.endswith(")") else [value]
    if not value:
        return [""] * types
    if len(groups) == 1 and types > 1 and name != "filter":
        return groups * types
    if len(groups) != types:
        raise Refused(_("%(name)s phải có đúng một phần trong ngoặc cho mỗi lớp.") % {"name": name.upper()}, name)
    return groups


def _filter(text: str, limits: Limits) -> etree._Element:
    return read(text.strip().encode("utf-8", "replace"), most=limits.filter_bytes, depth=limits.depth, locator="filter")


def _sorting(text: str) -> tuple[Sorting, ...]:
    found = []
    for each in text.split(","):
        words = each.split()
        if not words:
            continue
        order = words[1].upper() if len(words) == 2 else "A"
        if len(words) > 2 or order not in {"A", "D", "ASC", "DESC"}:
            raise invalid("sortby", each)
        found.append(Sorting(plain_name(words[0]), order.startswith("D")))
    return tuple(found)


def _bbox(text: str) -> tuple[tuple[float, float, float, float], System | None]:
    parts = [each.strip() for each in text.split(",")]
    if len(parts) not in (4, 5):
        raise Refused(_("BBOX cần bốn số, rồi có thể tên hệ toạ độ."), "bbox")
    named = _system(parts[4], "bbox") if len(parts) == 5 else None
    try:
        one, two, three, four = (float(each) for each in parts[:4])
    except ValueError as mistake:
        raise invalid("bbox", text) from mistake
    if not all(abs(each) < 1e15 for each in (one, two, three, four)) or one > three or two > four:
        raise invalid("bbox", text)
    return (one, two, three, four), named


# --- XML ---------------------------------------------------------------------------------------------------------------------------


def _posted(root: etree._Element, limits: Limits) -> Wanted:
    operation = _operation(local(root), "request")
    _service(root.get("service", "WFS"), required=False)
    if operation == "GetCapabilities":
        versions = child(root, "AcceptVersions")
        _negotiate([text(each) for each in children(versions)] if versions is not None else [])
        return Wanted(operation)
    _version(root.get("version", VERSION))
    if operation == "DescribeFeatureType":
        names = tuple(_qualified(each, text(each)) for each in children(root) if local(each) == "TypeName")
        _described_format(root.get("outputFormat", ""))
        return Wanted(operation, names=names)
    queries = tuple(_query(each, limits) for each in children(root) if local(each) == "Query")
    if not queries:
        raise missing("query")
    if len(queries) > MOST_TYPES:
        raise Refused(_("Mỗi yêu cầu hỏi nhiều nhất %(most)d lớp.") % {"most": MOST_TYPES}, "query")
    given = {key.lower(): str(value) for key, value in root.attrib.items()}
    return Wanted(
        operation,
        queries=queries,
        output=_format(given.get("outputformat", "")),
        hits=_result_type(given.get("resulttype", "")),
        most=_whole(given, "maxfeatures", "count"),
        start=_whole(given, "startindex") or 0,
    )


def _query(node: etree._Element, limits: Limits) -> Query:
    names = node.get("typeName", "").replace(",", " ").split()
    if not names:
        raise missing("typeName")
    if len(names) > 1:
        raise Refused(_("Mỗi wfs:Query hỏi một lớp."), "typeName")
    sort = child(node, "SortBy")
    return Query(
        _qualified(node, names[0]),
        properties=tuple(plain_name(text(each)) for each in children(node) if local(each) == "PropertyName" and text(each) != "*"),
        filter=_checked(child(node, "Filter"), limits),
        system=_system(node.get("srsName", ""), "srsName"),
        sort=tuple(_sorted(each) for each in children(sort)) if sort is not None else (),
    )


def _checked(node: etree._Element | None, limits: Limits) -> etree._Element | None:
    if node is not None and len(etree.tostring(node)) > limits.filter_bytes:
        raise Refused(_("Bộ lọc dài quá %(most)d KB.") % {"most": limits.filter_bytes // 1024}, "filter")
    return node


def _sorted(node: etree._Element) -> Sorting:
    order = text(child(node, "SortOrder")) or "ASC"
    if local(node) != "SortProperty" or order not in {"ASC", "DESC"}:
        raise invalid("sortby", order)
    return Sorting(plain_name(text(child(node, "PropertyName"))), order == "DESC")


def _qualified(node: etree._Element, name: str) -> str:
    prefix, _colon, plain = name.strip().rpartition(":")
    if prefix and node.nsmap.get(prefix, NAMESPACE if prefix == PREFIX else "") != NAMESPACE:
        raise invalid("typeName", name)
    return plain


# --- both --------------------------------------------------------------------------------------------------------------------------


def _operation(name: str, locator: str) -> str:
    if name.lower() not in OPERATIONS:
        said = {"name": name[:60], "known": ", ".join(OPERATIONS.values())}
        raise Refused(_("Không có thao tác «%(name)s»; dịch vụ có %(known)s.") % said, locator, UNSUPPORTED)
    return OPERATIONS[name.lower()]


def _service(name: str, *, required: bool) -> None:
    if required and not name:
        raise missing("service")
    if name and name.upper() != "WFS":
        raise invalid("service", name)


def _version(version: str) -> None:
    if version and version not in {VERSION, "1.1"}:
        raise Refused(_("Dịch vụ chỉ có phiên bản %(version)s.") % {"version": VERSION}, "version")


def _negotiate(accepted: list[str]) -> None:
    if accepted and not {each.strip() for each in accepted} & {VERSION, "1.1"}:
        raise Refused(_("Dịch vụ chỉ có phiên bản %(version)s.") % {"version": VERSION}, "acceptversions", NEGOTIATION)


def _type(name: str, namespaces: str, locator: str) -> str:
    """The name without its prefix, which must stand for our namespace: `sonha:`, none, or as NAMESPACE=xmlns(p=…) says."""
    prefix, _colon, plain = name.strip().rpartition(":")
    mapped = dict(re.findall(r"xmlns\(([\w.-]+)[=,]([^()]*)\)", namespaces))
    if prefix and mapped.get(prefix, NAMESPACE if prefix == PREFIX else "") != NAMESPACE:
        raise invalid(locator, name)
    return plain


def _described_format(name: str) -> None:
    if name and FORMATS.get(_squeezed(name)) != GML:
        raise invalid("outputformat", name)


def _format(name: str) -> str:
    if not name.strip():
        return GML
    found = FORMATS.get(_squeezed(name))
    if found is None:
        raise invalid("outputformat", name)
    return found


def _squeezed(name: str) -> str:
    """Lower case; a `+` that became a space in the address is read as one again."""
    return re.sub(r"\s*;\s*", "; ", name.strip().lower()).replace("geo json", "geo+json")


def _result_type(name: str) -> bool:
    if name and name.lower() not in {"hits", "results"}:
        raise invalid("resulttype", name)
    return name.lower() == "hits"


def _whole(given: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        value = given.get(name, "").strip()
        if value:
            if not (value.isascii() and value.isdigit()) or len(value) > 9:
                raise invalid(name, value)
            return int(value)
    return None


def _system(name: str, locator: str) -> System | None:
    if not name.strip():
        return None
    try:
        return system(name)
    except UnknownSystem as unknown:
        raise Refused(_("Hệ toạ độ «%(name)s» không được phục vụ.") % {"name": name[:80]}, locator) from unknown


def _day(given: Mapping[str, str]) -> date | None:
    for name in ("day", "time"):
        if value := given.get(name, "").strip():
            try:
                return date.fromisoformat(value[:10])
            except ValueError as mistake:
                raise invalid(name, value) from mistake
    return None


def _known_at(given: Mapping[str, str]) -> datetime | None:
    value = given.get("known_at", "").strip()
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError as mistake:
        raise invalid("known_at", value) from mistake
    return found if found.tzinfo else found.replace(tzinfo=get_current_timezone())
