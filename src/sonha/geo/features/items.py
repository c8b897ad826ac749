"""The items of a collection: PostgreSQL writes the whole answer in one statement, Python adds the links."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import DataError, InternalError, connection
from django.utils.translation import gettext as _

from sonha.geo.layers.limits import Limits, within
from sonha.geo.layers.served import ServedLayer, Sql
from sonha.geo.layers.systems import System

from .properties import Property, shown
from .queries import Asked, BadRequest

DIGITS_OF_DEGREES, DIGITS_OF_METRES = 8, 4
MOST_COUNTED = 10_000
DEGREES = frozenset({4326, 4756})


@dataclass(frozen=True)
class Items:
    """`features` is the inside of a JSON array; `last` the id after which the next page begins; None on the last page."""

    features: str
    returned: int
    last: int | None
    matched: int | None


def items(layer: ServedLayer, asked: Asked, limits: Limits) -> Items:
    """One page. BadRequest for what the database finds wrong in a filter; TooSlow after the audience's time limit."""
    if asked.nothing:
        return Items("", 0, None, 0)
    rows, params = _rows(layer, asked)
    feature, feature_params = _feature(layer, asked.system)
    sql = (
        f"SELECT coalesce(string_agg(f, ',') FILTER (WHERE n <= %s), ''), count(*), max(id) FILTER (WHERE n <= %s) FROM ("
        f"SELECT {feature} AS f, row_number() OVER () AS n, r.id FROM ({rows} ORDER BY r.id LIMIT %s) AS r) AS page"
    )
    values = [asked.limit, asked.limit, *feature_params, *params, asked.limit + 1]
    text, found, last = _fetched(sql, values, limits)
    returned = min(found, asked.limit)
    more = found > asked.limit
    return Items(text, returned, last if more else None, _matched(layer, asked, limits, returned, more))


def item(layer: ServedLayer, pk: int, asked: Asked, limits: Limits) -> str | None:
    """One feature as JSON text without its closing brace, so that links can follow; None when there is none."""
    rows, params = _rows(layer, asked)
    feature, feature_params = _feature(layer, asked.system)
    sql = f"SELECT max({feature}) FROM ({rows} AND r.id = %s) AS r"
    (text,) = _fetched(sql, [*feature_params, *params, pk], limits)
    return text[:-1] if text else None


def _fetched(sql: str, params: list[Any], limits: Limits) -> tuple[Any, ...]:
    try:
        with within(limits), connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchone()  # type: ignore[no-any-return]
    except DataError:
        raise BadRequest(_("Bộ lọc có phép tính không thực hiện được: chia cho 0, số quá lớn, hoặc mẫu LIKE dở dang.")) from None
    except InternalError:
        raise BadRequest(_("Toạ độ đã cho không chuyển được sang hệ toạ độ của lớp.")) from None


def _rows(layer: ServedLayer, asked: Asked) -> Sql:
    """The rows asked for: of a day, or the last state of each record within an interval."""
    if asked.span is not None:
        return _rows_of_span(layer, asked)
    where, params = layer.where(asked.day, asked.known_at)
    return _selected(f"SELECT r.* FROM {layer.table(asked.day, asked.known_at)} AS r", where, params, asked)


def _rows_of_span(layer: ServedLayer, asked: Asked) -> Sql:
    start, end = asked.span or (None, None)
    where, params = layer.where(end or date.max, asked.known_at)
    params[1] = start or date.min  # the first is the last day on which a version may begin, the second the first on which it may end
    table = layer.table(end or date.max, asked.known_at)
    inner, inner_params = _selected(f"SELECT DISTINCT ON (r.id) r.* FROM {table} AS r", where, params, asked)
    return f"SELECT r.* FROM ({inner} ORDER BY r.id, r.valid_from DESC) AS r WHERE TRUE", inner_params


def _selected(head: str, where: str, params: list[Any], asked: Asked) -> Sql:
    parts, values = [where], list(params)
    if asked.after:
        parts.append("r.id > %s")
        values.append(asked.after)
    for sql, more in asked.conditions:
        parts.append(sql)
        values += more
    return f"{head} WHERE {' AND '.join(parts)}", values


def _feature(layer: ServedLayer, system: System) -> Sql:
    """A feature as text of JSON."""
    geometry, params = Property(layer.geometry).sql(layer)
    if system.srid != layer.srid:
        geometry, params = f"ST_Transform({geometry}, %s)", [*params, system.srid]
    if system.flipped:
        geometry = f"ST_FlipCoordinates({geometry})"
    digits = DIGITS_OF_DEGREES if system.srid in DEGREES else DIGITS_OF_METRES
    columns, column_params = [], []
    for each in shown(layer):
        sql, more = each.sql(layer)
        columns.append(f'{sql} AS "{each.name}"')
        column_params += more
    said = (
        f"""'{{"type":"Feature","id":' || r.id || ',"geometry":' || coalesce(ST_AsGeoJSON({geometry}, {digits}, 0), 'null')"""
        f""" || ',"properties":' || (SELECT row_to_json(p) FROM (SELECT {", ".join(columns)}) AS p)::text || '}}'"""
    )
    return said, [*params, *column_params]


def _matched(layer: ServedLayer, asked: Asked, limits: Limits, returned: int, more: bool) -> int | None:
    """How many there are in all: known for nothing when one page holds them, counted on request up to a cap, else not said."""
    if not more and not asked.after:
        return returned
    if not asked.count:
        return None
    rows, params = _rows(layer, Asked(**{**asked.__dict__, "after": 0}))
    (found,) = _fetched(f"SELECT count(*) FROM ({rows} LIMIT %s) AS r", [*params, MOST_COUNTED + 1], limits)
    return found if found <= MOST_COUNTED else None
