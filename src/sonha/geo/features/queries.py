"""What a request for items asks for, checked against the layer. Every mistake is a BadRequest with one sentence."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.http import QueryDict
from django.utils.translation import gettext as _

from sonha.geo.layers.limits import DEFAULT_FEATURES, Limits
from sonha.geo.layers.served import ServedLayer, Sql
from sonha.geo.layers.systems import NEAR, System, UnknownSystem, system

from .cql2 import FilterError, condition, tree_of_text
from .properties import Property, properties

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OFFERED = (4326, 3857, *NEAR)
LANGUAGES = {"cql2-text", "cql2-json"}
PARAMETERS = frozenset({"f", "limit", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs", "after", "count",
                        "known_at", "lang"})  # fmt: skip
KNOWN_WORLD = (95.0, 0.0, 120.0, 30.0)  # degrees around Viet Nam: boxes are cut to it, for the projections end beyond
MERCATOR = 20_037_508.342789244
EDGE_PARTS = 32  # a side of a box is bent so finely when it is put into another coordinate system
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadRequest(Exception):
    """One sentence; the address asked for something that cannot be (400)."""


@dataclass(frozen=True)
class Asked:
    """A request for items. `start` and `end` (inclusive days) are given together; None is open. `nothing`: the box lies elsewhere."""

    limit: int
    system: System
    crs: str
    day: date | None = None
    known_at: datetime | None = None
    span: tuple[date | None, date | None] | None = None
    conditions: list[Sql] = field(default_factory=list)
    after: int = 0
    count: bool = False
    nothing: bool = False


def asked(query: QueryDict, layer: ServedLayer, limits: Limits) -> Asked:
    """BadRequest when a parameter is unknown or its value is wrong."""
    known = {each.name: each for each in properties(layer) if each.type != "geometry"}
    no_strangers(query, PARAMETERS | known.keys())
    given = {name: str(value) for name, value in query.items()}
    conditions = [_equals(known[name], given[name], layer) for name in given if name in known]
    nothing = False
    if "bbox" in given:
        boxes = _boxes(given["bbox"], _system(given.get("bbox-crs", CRS84), "bbox-crs"))
        conditions, nothing = [*conditions, *([_inside(boxes, layer)] if boxes else [])], not boxes
    if given.get("filter", "").strip():
        conditions.append(_filter(given, layer, limits))
    day, span = _time(given.get("datetime", ""))
    crs = given.get("crs", CRS84)
    return Asked(
        limit=_limit(given.get("limit"), limits),
        system=_system(crs, "crs"),
        crs=crs,
        day=day,
        known_at=_known_at(given.get("known_at", "")),
        span=span,
        conditions=conditions,
        after=_whole(given.get("after", "0"), "after", 0, 2**63 - 1),
        count=_flag(given.get("count", "false")),
        nothing=nothing,
    )


def no_strangers(given: QueryDict, known: frozenset[str]) -> None:
    """BadRequest for parameters that the address does not know, given twice, or holding a NUL."""
    for name, values in given.lists():
        if name not in known:
            raise BadRequest(_("Địa chỉ này không có tham số «%(name)s».") % {"name": name[:60]})
        if len(values) > 1:
            raise BadRequest(_("Tham số «%(name)s» chỉ được ghi một lần.") % {"name": name})
        if "\x00" in values[0]:
            raise BadRequest(_("Tham số «%(name)s» có ký tự không được phép.") % {"name": name})


def system_urls(layer: ServedLayer) -> list[str]:
    """Coordinate systems in which the layer is offered, CRS84 first."""
    codes = dict.fromkeys((layer.srid, *OFFERED))
    return [CRS84, *(f"http://www.opengis.net/def/crs/EPSG/0/{code}" for code in codes)]


def _limit(text: str | None, limits: Limits) -> int:
    """More than the audience may have is cut to what it may have, as the standard says."""
    if text is None:
        return DEFAULT_FEATURES
    return min(_whole(text, "limit", 1, 2**31), limits.features)


def _whole(text: str, name: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", text) or not least <= int(text) <= most:
        raise BadRequest(_("Tham số «%(name)s» phải là số nguyên từ %(least)d.") % {"name": name, "least": least})
    return int(text)


def _flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise BadRequest(_("Tham số «count» là true hoặc false."))
    return text == "true"


def _system(text: str, name: str) -> System:
    """A coordinate system that is written as a URI; EPSG:n is taken too, as x and y."""
    try:
        return system(text)
    except UnknownSystem:
        raise BadRequest(_("Tham số «%(name)s»: không có hệ toạ độ «%(crs)s» ở đây.") % {"name": name, "crs": text[:80]}) from None


Box = tuple[float, float, float, float, int]


def _boxes(text: str, crs: System) -> list[Box]:
    """West, south, east, north and srid of one box, or of two when it crosses the antimeridian; none when it lies far from Viet Nam."""
    parts = text.split(",")
    try:
        numbers = [float(each) for each in parts]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(math.isfinite(each) for each in numbers):
        raise BadRequest(_("Tham số «bbox» cần 4 hoặc 6 số, cách nhau bằng dấu phẩy."))
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    x0, y0, x1, y1 = numbers if not crs.flipped else (numbers[1], numbers[0], numbers[3], numbers[2])
    degrees = crs.srid in (4326, 4756)
    if y0 > y1 or (x0 > x1 and not degrees):
        raise BadRequest(_("Tham số «bbox»: góc thứ nhất phải nhỏ hơn góc thứ hai; xin xem thứ tự trục của bbox-crs."))
    if degrees and not (-180 <= x0 <= 180 and -180 <= x1 <= 180 and y0 >= -90 and y1 <= 90):
        raise BadRequest(_("Tham số «bbox»: toạ độ ngoài phạm vi kinh độ, vĩ độ; xin xem thứ tự trục của bbox-crs."))
    if not degrees and max(map(abs, numbers)) > 5e7:
        raise BadRequest(_("Tham số «bbox»: toạ độ ngoài phạm vi của hệ toạ độ."))
    spans = [(x0, x1)] if x0 <= x1 else [(x0, 180.0), (-180.0, x1)]
    cut = (_cut((west, y0, east, y1), crs.srid) for west, east in spans)
    return [(*each, crs.srid) for each in cut if each]


def _cut(box: tuple[float, float, float, float], srid: int) -> tuple[float, float, float, float] | None:
    """The part of a box near Viet Nam. Boxes in VN-2000 zones are left as they are: they are compared as they stand or fail."""
    if srid == 3857:
        west, south, east, north = _mercator(KNOWN_WORLD[0], KNOWN_WORLD[1]) + _mercator(KNOWN_WORLD[2], KNOWN_WORLD[3])
    elif srid in (4326, 4756):
        west, south, east, north = KNOWN_WORLD
    else:
        west, south, east, north = -500_000.0, -100_000.0, 1_500_000.0, 3_500_000.0
    found = (max(box[0], west), max(box[1], south), min(box[2], east), min(box[3], north))
    return found if found[0] <= found[2] and found[1] <= found[3] else None


def _mercator(longitude: float, latitude: float) -> tuple[float, float]:
    y = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / math.pi * MERCATOR
    return longitude / 180 * MERCATOR, y


def _inside(boxes: list[Box], layer: ServedLayer) -> Sql:
    geometry, masked = Property(layer.geometry).sql(layer)
    said, params = [], []
    for west, south, east, north, srid in boxes:
        if srid == layer.srid:
            said.append(f"ST_Intersects({geometry}, ST_MakeEnvelope(%s, %s, %s, %s, %s))")
            params += [*masked, west, south, east, north, srid]
        else:
            edge = max(east - west, north - south, 1e-9) / EDGE_PARTS
            box = "ST_Transform(ST_Segmentize(ST_MakeEnvelope(%s, %s, %s, %s, %s), %s), %s)"
            said.append(f"ST_Intersects({geometry}, {box})")
            params += [*masked, west, south, east, north, srid, edge, layer.srid]
    return f"({' OR '.join(said)})", params


READERS: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
    "boolean": lambda text: {"true": True, "false": False}[text],
    "text": str,
}


def _equals(known: Property, text: str, layer: ServedLayer) -> Sql:
    sql, params = known.sql(layer)
    try:
        value = _number(text) if known.type == "number" else READERS[known.type](text)
    except (ValueError, KeyError):
        raise BadRequest(_("Tham số «%(name)s» có giá trị không đúng kiểu.") % {"name": known.name}) from None
    return f"{sql} = %s", [*params, value]


def _number(text: str) -> float | int:
    if len(text) > 30:
        raise ValueError(text)
    value = int(text) if re.fullmatch(r"-?[0-9]+", text) else float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _filter(given: dict[str, str], layer: ServedLayer, limits: Limits) -> Sql:
    text, language = given["filter"], given.get("filter-lang", "cql2-text")
    if language not in LANGUAGES:
        raise BadRequest(_("Tham số «filter-lang» là cql2-text hoặc cql2-json."))
    if len(text.encode()) > limits.filter_bytes:
        raise BadRequest(_("Bộ lọc dài hơn %(most)d KB.") % {"most": limits.filter_bytes // 1024})
    crs = _system(given.get("filter-crs", CRS84), "filter-crs")
    try:
        tree = tree_of_text(text, limits.depth) if language == "cql2-text" else orjson.loads(text)
        return condition(tree, layer, crs, limits)
    except orjson.JSONDecodeError:
        raise BadRequest(_("Bộ lọc không phải JSON hợp lệ.")) from None
    except FilterError as wrong:
        raise BadRequest(str(wrong)) from None


def _time(text: str) -> tuple[date | None, tuple[date | None, date | None] | None]:
    """An instant as a day, or an interval as two days of which one may be open."""
    if not text:
        return None, None
    parts = text.split("/")
    if len(parts) == 1:
        return _day(text), None
    if len(parts) != 2:
        raise BadRequest(_("Tham số «datetime» là một thời điểm, hoặc hai thời điểm cách nhau bằng dấu /."))
    start, end = (None if each in ("", "..") else _day(each) for each in parts)
    if start and end and start > end:
        raise BadRequest(_("Tham số «datetime»: thời điểm đầu phải trước thời điểm cuối."))
    return None, (start, end)


def _day(text: str) -> date:
    """The day in Viet Nam of a day or a moment (RFC 3339)."""
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(text)
        return moment.astimezone(ZONE).date()
    except (ValueError, OverflowError):
        raise BadRequest(_("Tham số «datetime» phải có dạng yyyy-mm-dd hoặc yyyy-mm-ddThh:mm:ssZ.")) from None


def _known_at(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadRequest(_("Tham số «known_at» phải có dạng yyyy-mm-ddThh:mm:ssZ."))
    return moment
