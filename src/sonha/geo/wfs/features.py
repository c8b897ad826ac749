"""GetFeature: PostGIS writes the members of a collection, one statement for each type."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import shapely
from django.db import connection
from django.utils.translation import gettext as _

from sonha.geo.layers.limits import Limits
from sonha.geo.layers.served import ServedLayer, Sql
from sonha.geo.layers.systems import LATITUDE_FIRST, System
from sonha.geo.ows.filters import read_filter
from sonha.geo.ows.reports import Refused
from sonha.geo.ows.shapes import Shape
from sonha.geo.ows.writing import carried, escaped
from sonha.registry.declarations.fields import Field

from .conditions import condition, ids_of, kind_of, placed
from .requests import JSON, NAMESPACE, PREFIX, Query, Wanted

LONGITUDE_FIRST = System(4326, False, "EPSG:4326")  # of GeoJSON, unless another system is asked for
LONG, LINES, LATITUDE, BOX = 1, 4, 16, 32  # options of ST_AsGML
DIGITS = {4326: 9, 4756: 9}  # decimals of degrees: a tenth of a millimetre
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:{PREFIX}="{NAMESPACE}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.opengis.net/wfs http://schemas.opengis.net/wfs/1.1.0/wfs.xsd {namespace} {schema}"'
    ' timeStamp="{now}" numberOfFeatures="{count}">'
)


@dataclass(frozen=True)
class Asked:
    """A query whose names are known to fit the layer."""

    layer: ServedLayer
    fields: tuple[Field, ...]
    places: bool  # whether the geometry is asked for
    system: System
    wanted: Wanted
    where: Sql
    order: Sql


def asked(layer: ServedLayer, query: Query, wanted: Wanted, limits: Limits) -> Asked:
    """Refused when a property, a filter or a sort does not fit the layer."""
    named = set(query.properties)
    unknown = named - {layer.layer.geometry, *(each.name for each in layer.fields)}
    if unknown:
        raise _no_field(layer, min(unknown), "propertyname")
    return Asked(
        layer,
        tuple(each for each in layer.fields if not named or each.name in named),
        not named or layer.layer.geometry in named,
        query.system or (LONGITUDE_FIRST if wanted.output == JSON else default_system(layer.srid)),
        wanted,
        _where(layer, query, wanted, limits),
        _order(layer, query),
    )


def default_system(srid: int) -> System:
    """Of a layer: the URN of what it is stored in."""
    return System(srid, srid in LATITUDE_FIRST, f"urn:ogc:def:crs:EPSG::{srid}")


def _no_field(layer: ServedLayer, name: str, locator: str) -> Refused:
    return Refused(_("Lớp %(layer)s không có trường «%(name)s».") % {"layer": layer.name, "name": name[:60]}, locator)


def _where(layer: ServedLayer, query: Query, wanted: Wanted, limits: Limits) -> Sql:
    sql, params = layer.where(wanted.day, wanted.known_at)
    default = query.system or default_system(layer.srid)
    if query.ids:
        sql, params = f"{sql} AND r.id = ANY(%s)", [*params, ids_of(layer, query.ids)]
    if query.bbox is not None:
        (one, two, three, four), named = query.bbox
        found = named or default
        box = shapely.box(two, one, four, three) if found.flipped else shapely.box(one, two, three, four)
        shape, given = placed(Shape(box, found.srid), layer.srid)
        sql, params = f'{sql} AND ST_Intersects(r."{layer.geometry.column}", {shape})', [*params, *given]
    if query.filter is not None:
        node = read_filter(query.filter, default, limits)
        if node is not None:
            more, given = condition(layer, node)
            sql, params = f"{sql} AND {more}", [*params, *given]
    return sql, params


def _order(layer: ServedLayer, query: Query) -> Sql:
    pieces, params = [], []
    for each in query.sort:
        try:
            sql, given = layer.column(layer.field(each.name))
        except LookupError as unknown:
            raise _no_field(layer, each.name, "sortby") from unknown
        pieces.append(f"{sql} {'DESC NULLS LAST' if each.descending else 'ASC NULLS LAST'}")
        params += given
    return ", ".join([*pieces, "r.id"]), params


def count(asked: Asked) -> int:
    """How many there are, whatever the limits of one answer."""
    where, params = asked.where
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_table(asked)} r WHERE {where}", params)
        return int(cursor.fetchone()[0])


def _table(asked: Asked) -> str:
    return asked.layer.table(asked.wanted.day, asked.wanted.known_at)


def rows(asked: Asked, most: int, start: int) -> Sql:
    """`SELECT id, g, f0, f1 …` of the page asked for; `g` is the shape in the system asked for."""
    geometry, params = f'r."{asked.layer.geometry.column}"', []
    columns = ["r.id", f"{geometry if asked.system.srid == asked.layer.srid else f'ST_Transform({geometry}, {asked.system.srid})'} AS g"]
    for at, field in enumerate(asked.fields):
        sql, given = asked.layer.column(field)
        columns.append(f"{sql} AS f{at}")
        params += given
    where, given = asked.where
    order, sorting = asked.order
    sql = f"SELECT {', '.join(columns)} FROM {_table(asked)} r WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s"
    return sql, [*params, *given, *sorting, most, start]


@dataclass(frozen=True)
class Members:
    count: int
    text: str
    bounds: tuple[float, float, float, float] | None


def members(asked: Asked, most: int, start: int) -> Members:
    """The members as GML 3.1.1 text, escaped."""
    inner, params = rows(asked, most, start)
    texts = [f"f{at}" for at, field in enumerate(asked.fields) if kind_of(field) == "text"]
    plain = _member(asked, escape=False)
    member = plain
    if texts:  # few texts hold a sign that must be escaped: one look at all of them is cheaper than three at each
        member = f"CASE WHEN concat({', '.join(texts)}) ~ '[&<>]' THEN {_member(asked, escape=True)} ELSE {plain} END"
    bounds = "ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
    sql = f"SELECT n, t, {bounds} FROM (SELECT count(*) AS n, string_agg({member}, '') AS t, ST_Extent(g) AS e FROM ({inner}) p) q"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        number, text, *corners = cursor.fetchone()
    return Members(number, text or "", tuple(corners) if corners[0] is not None else None)


def _member(asked: Asked, *, escape: bool) -> str:
    """An SQL expression. Names come from declarations and are XML names: no quotes, no per cent."""
    name = asked.layer.name
    options = LINES | (LONG if asked.system.name.lower().startswith("urn:") else 0) | (LATITUDE if asked.system.flipped else 0)
    digits = DIGITS.get(asked.system.srid, 4)
    parts = [f"'<gml:featureMember><{PREFIX}:{name} gml:id=\"{name}.' || id || '\">"]
    if asked.places:
        tag = f"{PREFIX}:{asked.layer.layer.geometry}"
        parts.append(
            f"<gml:boundedBy>' || ST_AsGML(3, g, {digits}, {options | BOX}) || '</gml:boundedBy>"
            f"<{tag}>' || {_straight(asked.layer, f'ST_AsGML(3, g, {digits}, {options})')} || '</{tag}>"
        )
    parts.append("'")
    for at, field in enumerate(asked.fields):
        tag = f"{PREFIX}:{field.name}"
        parts.append(f" || coalesce('<{tag}>' || {_written(f'f{at}', kind_of(field), escape=escape)} || '</{tag}>', '')")
    return f"{''.join(parts)} || '</{PREFIX}:{name}></gml:featureMember>'"


STRAIGHT = {
    "MULTIPOLYGON": (("MultiSurface", "MultiPolygon"), ("surfaceMember", "polygonMember")),
    "MULTILINESTRING": (("MultiCurve", "MultiLineString"), ("curveMember", "lineStringMember")),
}


def _straight(layer: ServedLayer, gml: str) -> str:
    """As the schema names the shapes; PostGIS writes collections by the names of their curved kinds."""
    for curved, plain in STRAIGHT.get(layer.geometry.geometry_type.upper(), ()):
        gml = f"replace({gml}, 'gml:{curved}', 'gml:{plain}')"
    return gml


def _written(column: str, kind: str, *, escape: bool) -> str:
    if kind == "moment":
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    if kind == "text" and escape:
        return f"replace(replace(replace({column}::text, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    return f"{column}::text"


def collection(found: list[tuple[Asked, Members]], total: int, schema: str) -> bytes:
    """The document; `schema` is the address of DescribeFeatureType for the types in it."""
    parts = [HEAD.format(namespace=NAMESPACE, schema=escaped(schema), now=moment(), count=total), _bounds(found)]
    for asked, members in found:
        text = members.text
        short = f"EPSG:{asked.system.srid}"
        if asked.system.name not in (short, asked.system.urn):
            written = asked.system.urn if asked.system.name.lower().startswith("urn:") else short
            text = text.replace(f'srsName="{written}"', f'srsName="{escaped(asked.system.name)}"')
        parts.append(text)
    return carried("".join([*parts, "</wfs:FeatureCollection>"]).encode())


def moment() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _bounds(found: list[tuple[Asked, Members]]) -> str:
    """One envelope when all types are in one system; the standard asks for none."""
    placed = [(asked, members.bounds) for asked, members in found if members.bounds is not None and asked.places]
    if not placed or len({asked.system for asked, _bounds in placed}) > 1:
        return ""
    system, digits = placed[0][0].system, DIGITS.get(placed[0][0].system.srid, 4)
    boxes: list[Any] = [bounds for _asked, bounds in placed]
    west, south, east, north = (f"{pick(each[at] for each in boxes):.{digits}f}" for at, pick in enumerate((min, min, max, max)))
    low, high = (f"{south} {west}", f"{north} {east}") if system.flipped else (f"{west} {south}", f"{east} {north}")
    return (
        f'<gml:boundedBy><gml:Envelope srsName="{escaped(system.name)}" srsDimension="2"><gml:lowerCorner>{low}</gml:lowerCorner>'
        f"<gml:upperCorner>{high}</gml:upperCorner></gml:Envelope></gml:boundedBy>"
    )
