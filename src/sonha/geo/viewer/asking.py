"""What a request of the map page asks about: a place, a day, layers. Wrong ones are refused in a sentence: Unclear."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import shapely
from django.contrib.gis.geos import GEOSGeometry, Point
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from shapely.geometry import shape as of_geojson

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.served import ServedLayer, served
from sonha.geo.tiles.grid import VIET_NAM
from sonha.geo.tiles.views import past_day
from sonha.registry.pages.asking import reader
from sonha.registry.pages.places import in_system, province_srid

MOST_CORNERS = 5_000
MOST_BODY = 1_000_000  # bytes
MOST_LAYERS = 200
FARTHEST = 50_000.0  # metres around a place
WIDEST = 20_000_000_000.0  # m²: more than the province


class Unclear(ValueError):
    """The text is what to tell the person."""


@dataclass(frozen=True)
class Asked:
    """`place` lies in the plane of the province (VN-2000), `metres` around it; `layers`: what the actor may see of those named, or all."""

    actor: Actor
    place: GEOSGeometry
    metres: float
    layers: dict[str, ServedLayer]
    day: date | None
    press: bool = False  # a press on the map: `metres` is what a finger covers, for points and lines; in areas it lies or not


def asked(request: HttpRequest) -> Asked:
    """From `?lng=&lat=&metres=&layers=&day=`, or a JSON body with the same names and `geometry` (GeoJSON in degrees)."""
    body = json_body(request) if request.method == "POST" else {}

    def said(name: str) -> Any:
        return body.get(name, request.GET.get(name))

    actor = reader(request)
    place = in_plane(body["geometry"]) if body.get("geometry") else point_of(said("lng"), said("lat"))
    metres = number(said("metres") or 0, 0, FARTHEST)
    return Asked(actor, place, metres, named_layers(actor, said("layers")), day_of(request, body), said("press") == "1")


def day_of(request: HttpRequest, body: Mapping[str, Any] | None = None) -> date | None:
    said = (body or {}).get("day") or request.GET.get("day", "")
    try:
        return past_day(str(said))
    except ValueError:
        raise Unclear(_("Ngày cần viết dạng năm-tháng-ngày, ví dụ 2026-01-31, không sau hôm nay.")) from None


def named_layers(actor: Actor, names: Any) -> dict[str, ServedLayer]:
    """Layers in the order named; all of them when none is named."""
    if isinstance(names, str):
        names = [each for each in names.split(",") if each]
    if not names:
        return served(actor)
    if not isinstance(names, list) or len(names) > MOST_LAYERS or not all(isinstance(each, str) for each in names):
        raise Unclear(_("Danh sách lớp không đọc được."))
    found = served(actor, names)
    return {name: found[name] for name in names if name in found}


def in_plane(geometry: Any, *, kinds: tuple[str, ...] = ()) -> GEOSGeometry:
    """GeoJSON in degrees -> the province's plane; made valid. Unclear when it is no place in Viet Nam."""
    try:
        shape = of_geojson(geometry)
        corners = shapely.get_coordinates(shape)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, shapely.errors.ShapelyError):
        raise Unclear(_("Hình này không đọc được.")) from None
    if not len(corners) or len(corners) > MOST_CORNERS:
        raise Unclear(_("Hình cần có từ 1 đến %(most)d đỉnh.") % {"most": MOST_CORNERS})
    if kinds and shape.geom_type not in kinds:
        raise Unclear(_("Ở đây cần một vùng khép kín."))
    west, south, east, north = VIET_NAM
    if not all(math.isfinite(x) and math.isfinite(y) and west <= x <= east and south <= y <= north for x, y in corners):
        raise Unclear(_("Vị trí nằm ngoài Việt Nam."))
    shape = shapely.force_2d(shape)
    shape = shape if shape.is_valid else shapely.make_valid(shape)
    placed = in_system(GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326), province_srid())
    if placed.area > WIDEST:
        raise Unclear(_("Vùng này quá rộng; xin vẽ nhỏ hơn."))
    return placed


def point_of(longitude: Any, latitude: Any) -> Point:
    """In the province's plane."""
    lng, lat = number(longitude, -180, 180), number(latitude, -90, 90)
    return cast(Point, in_plane({"type": "Point", "coordinates": [lng, lat]}))


def number(value: Any, least: float, most: float) -> float:
    """Unclear unless it is a number between the two."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        raise Unclear(_("Cần một số ở đây, không phải «%(given)s».") % {"given": str(value)[:40]}) from None
    if not math.isfinite(found) or not least <= found <= most:
        raise Unclear(_("Số phải từ %(least)s đến %(most)s.") % {"least": f"{least:g}", "most": f"{most:g}"})
    return found


def json_body(request: HttpRequest) -> dict[str, Any]:
    """Unclear when it is no JSON object, or too long."""
    if len(request.body) > MOST_BODY:
        raise Unclear(_("Hình có quá nhiều đỉnh."))
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Unclear(_("Yêu cầu không đọc được."))
    return body


def refusal(said: Unclear) -> HttpResponse:
    return HttpResponse(json.dumps({"error": str(said)}, ensure_ascii=False), status=422, content_type="application/json; charset=utf-8")
