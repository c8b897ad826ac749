"""What a CSW request asks for: GET with keywords or POST with XML."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from lxml import etree

from sonha.geo.layers.limits import Limits
from sonha.geo.layers.systems import System
from sonha.geo.ows.filters import Node, plain_name, read_filter
from sonha.geo.ows.reading import child, children, local, read, text
from sonha.geo.ows.reports import NEGOTIATION, UNSUPPORTED, Refused, invalid, missing

from .dublin import NAMES
from .iso import GMD
from .matching import read_cql

VERSION = "2.0.2"
CSW = "http://www.opengis.net/cat/csw/2.0.2"
OPERATIONS = {each.lower(): each for each in ("GetCapabilities", "DescribeRecord", "GetDomain", "GetRecords", "GetRecordById")}
DEGREES = System(4326, False, "EPSG:4326")
MOST_IDS, DEFAULT_RECORDS, MOST_RECORDS = 100, 10, 100
MOST_NAMES = 30  # of which a GetDomain asks for the values
FORMATS = ("application/xml", "text/xml")
BODY = 256 * 1024


@dataclass(frozen=True)
class Wanted:
    """`size`: brief, summary or full; `schema`: namespace of the records in the answer."""

    operation: str
    ids: tuple[str, ...] = ()
    size: str = "summary"
    schema: str = CSW
    hits: bool = True
    start: int = 1
    most: int = DEFAULT_RECORDS
    node: Node | None = None
    sort: str = ""
    descending: bool = False
    properties: tuple[str, ...] = ()  # of records, whose values are asked for
    parameters: tuple[str, ...] = ()  # of operations, such as GetRecords.resultType


def wanted(request: HttpRequest, limits: Limits) -> Wanted:
    """Refused when the request is not one of this service."""
    if request.method == "POST" and "form-urlencoded" not in request.headers.get("Content-Type", ""):
        return _posted(read(request.body, most=BODY, depth=limits.depth + 10), limits)
    source = request.POST if request.method == "POST" else request.GET
    return _keyed({key.lower(): values[-1].strip() for key, values in source.lists()}, limits)


def _keyed(given: Mapping[str, str], limits: Limits) -> Wanted:
    if not given.get("request"):
        raise missing("request")
    operation = _operation(given["request"])
    _service(given.get("service", ""), required=True)
    if operation == "GetCapabilities":
        _negotiate([each for each in given.get("acceptversions", "").split(",") if each])
        return Wanted(operation)
    _version(given.get("version", VERSION))
    _format(given.get("outputformat", ""))
    if operation == "DescribeRecord":
        return Wanted(operation)
    if operation == "GetDomain":
        return _domain(given.get("propertyname", "").split(","), given.get("parametername", "").split(","))
    size, schema = _size(given.get("elementsetname", "")), _schema(given.get("outputschema", ""))
    if operation == "GetRecordById":
        return Wanted(operation, ids=_ids(given.get("id", "").split(",")), size=size, schema=schema)
    name, _colon, order = given.get("sortby", "").partition(",")[0].rpartition(":")
    return Wanted(
        operation,
        size=size,
        schema=schema,
        hits=_hits(given.get("resulttype", "")),
        start=_start(given),
        most=min(_whole(given, "maxrecords", DEFAULT_RECORDS, least=0), MOST_RECORDS),
        node=_constraint(given, limits),
        sort=plain_name(name or order).lower(),
        descending=bool(name) and order.upper().startswith("D"),
    )


def _constraint(given: Mapping[str, str], limits: Limits) -> Node | None:
    said = given.get("constraint", "")
    if not said:
        return None
    language = given.get("constraintlanguage", "CQL_TEXT").upper()
    if len(said) > limits.filter_bytes:
        raise Refused(_("Bộ lọc dài quá %(most)d KB.") % {"most": limits.filter_bytes // 1024}, "constraint")
    if language == "CQL_TEXT":
        return read_cql(said, limits.depth)
    if language != "FILTER":
        raise invalid("constraintlanguage", language)
    root = read(said.encode("utf-8", "replace"), most=limits.filter_bytes, depth=limits.depth, locator="constraint")
    return read_filter(root, DEGREES, limits, "constraint")


def _posted(root: etree._Element, limits: Limits) -> Wanted:
    operation = _operation(local(root))
    _service(root.get("service", "CSW"), required=False)
    if operation == "GetCapabilities":
        versions = child(root, "AcceptVersions")
        _negotiate([text(each) for each in children(versions)] if versions is not None else [])
        return Wanted(operation)
    _version(root.get("version", VERSION))
    _format(root.get("outputFormat", ""))
    if operation == "DescribeRecord":
        return Wanted(operation)
    if operation == "GetDomain":
        named = {kind: [text(each) for each in children(root) if local(each) == kind] for kind in ("PropertyName", "ParameterName")}
        return _domain(*named.values())
    schema, given = _schema(root.get("outputSchema", "")), {key.lower(): str(value) for key, value in root.attrib.items()}
    if operation == "GetRecordById":
        size = _size(text(child(root, "ElementSetName")))
        return Wanted(operation, ids=_ids([text(each) for each in children(root) if local(each) == "Id"]), size=size, schema=schema)
    query = child(root, "Query")
    if query is None:
        raise missing("query")
    sort = child(query, "SortBy")
    first = child(sort, "SortProperty") if sort is not None else None
    return Wanted(
        operation,
        size=_size(text(child(query, "ElementSetName"))),
        schema=schema,
        hits=_hits(given.get("resulttype", "")),
        start=_start(given),
        most=min(_whole(given, "maxrecords", DEFAULT_RECORDS, least=0), MOST_RECORDS),
        node=_constrained(child(query, "Constraint"), limits),
        sort=plain_name(text(child(first, "PropertyName"))).lower() if first is not None else "",
        descending=first is not None and text(child(first, "SortOrder")) == "DESC",
    )


def _constrained(node: etree._Element | None, limits: Limits) -> Node | None:
    if node is None:
        return None
    said, filtering = child(node, "CqlText"), child(node, "Filter")
    if said is not None:
        return read_cql(text(said), limits.depth)
    return read_filter(filtering, DEGREES, limits, "constraint") if filtering is not None else None


def _operation(name: str) -> str:
    if name.lower() not in OPERATIONS:
        said = {"name": name[:60], "known": ", ".join(OPERATIONS.values())}
        raise Refused(_("Không có thao tác «%(name)s»; dịch vụ có %(known)s.") % said, "request", UNSUPPORTED)
    return OPERATIONS[name.lower()]


def _service(name: str, *, required: bool) -> None:
    if required and not name:
        raise missing("service")
    if name and name.upper() != "CSW":
        raise invalid("service", name)


def _version(version: str) -> None:
    if version != VERSION:
        raise Refused(_("Dịch vụ chỉ có phiên bản %(version)s.") % {"version": VERSION}, "version")


def _negotiate(accepted: list[str]) -> None:
    if accepted and VERSION not in {each.strip() for each in accepted}:
        raise Refused(_("Dịch vụ chỉ có phiên bản %(version)s.") % {"version": VERSION}, "acceptversions", NEGOTIATION)


def _size(name: str) -> str:
    if name and name.lower() not in NAMES:
        raise invalid("elementsetname", name)
    return name.lower() or "summary"


def _schema(name: str) -> str:
    if name and name not in {CSW, GMD, "csw:Record", "csw:IsoRecord"}:
        raise invalid("outputschema", name)
    return GMD if name in {GMD, "csw:IsoRecord"} else CSW


def _format(name: str) -> None:
    if name and name.split(";")[0].strip().lower() not in FORMATS:
        raise invalid("outputformat", name)


def _domain(properties: list[str], parameters: list[str]) -> Wanted:
    """One of the two is named, several names by commas."""
    asked = [tuple(each.strip()[:200] for each in names if each.strip())[:MOST_NAMES] for names in (properties, parameters)]
    if bool(asked[0]) == bool(asked[1]):
        raise missing("propertyname") if not asked[0] else invalid("parametername", asked[1][0])
    return Wanted("GetDomain", properties=asked[0], parameters=asked[1])


def _start(given: Mapping[str, str]) -> int:
    """Records are counted from 1; clients that count from 0 mean the first."""
    return max(_whole(given, "startposition", 1, least=0), 1)


def _ids(ids: list[str]) -> tuple[str, ...]:
    found = tuple(each.strip() for each in ids if each.strip())
    if not found:
        raise missing("id")
    return found[:MOST_IDS]


def _hits(name: str) -> bool:
    if name.lower() not in {"", "hits", "results", "validate"}:
        raise invalid("resulttype", name)
    return name.lower() != "results"


def _whole(given: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    value = given.get(name, "")
    if value and (not (value.isascii() and value.isdigit()) or len(value) > 9 or int(value) < least):
        raise invalid(name, value)
    return int(value) if value else default
