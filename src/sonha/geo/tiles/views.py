"""Tiles, TileJSON and styles of layers. What the caller may not read is not there: 404, as for a layer that never was."""

import gzip
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.geo.layers.callers import map_service
from sonha.geo.layers.limits import TooSlow, limits_of, within
from sonha.geo.layers.served import ServedLayer, Sql, served

from .burst import layer_of
from .grid import DEEPEST, VIET_NAM, OutOfGrid, Tile, zooms
from .statement import MOST, fields_of, tile_sql
from .style import source, style

KIND = "application/vnd.mapbox-vector-tile"
PUBLIC, OWN, SECRET = "public, max-age=300", "private, max-age=60", "private, no-store"
WORTH_PACKING = 1_000  # bytes
FIRST_DAY = date(1900, 1, 1)


@map_service()
def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """A Mapbox vector tile; 204 when nothing lies there, 400 when there is no such tile, 404 no such layer, 503 when it takes too long."""
    try:
        where, day = Tile(z, x, y), asked_day(request)
    except OutOfGrid:
        return _sentence(_("Không có ô bản đồ này: mức phóng từ 0 đến %(deepest)s, x và y trong lưới của mức.") % {"deepest": DEEPEST}, 400)
    except ValueError:
        return _sentence(_("Ngày cần viết dạng năm-tháng-ngày, ví dụ 2026-01-31."), 400)
    found = layer_of(request.actor, layer)  # type: ignore[attr-defined]
    if found is None:
        return _sentence(_("Không có lớp bản đồ này, hoặc ông/bà không được xem."), 404)
    kept = _kept(request, found)
    asked = None if z < int(zooms(found.layer.smallest, 0)[0]) else tile_sql(found, where, day)
    if asked is None:
        return HttpResponse(status=204, headers=kept)
    try:
        with within(limits_of(request.actor)):  # type: ignore[attr-defined]
            body, count = _fetched(asked)
    except TooSlow:
        return _sentence(_("Ô bản đồ này quá nặng; xin phóng to thêm."), 503)
    if not body:
        return HttpResponse(status=204, headers=kept)
    return _packed(request, body, {**kept, **({"X-Features-Cut": str(MOST)} if count >= MOST else {})})


def asked_day(request: HttpRequest) -> date | None:
    """`?day=2024-06-01`; None for today. ValueError when it is no day."""
    return past_day(request.GET.get("day", ""))


def past_day(text: str) -> date | None:
    """A day up to today as it is written in addresses; None for today and for nothing. ValueError otherwise."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= timezone.localdate():
        raise ValueError(text)
    return None if day == timezone.localdate() else day


def _fetched(asked: Sql) -> tuple[bytes, int]:
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        body, count = cursor.fetchone()
    return bytes(body), count


def _kept(request: HttpRequest, layer: ServedLayer) -> dict[str, str]:
    """How long the answer may be kept, and by whom."""
    if layer.rights.secret_rows:
        return {"Cache-Control": SECRET}
    return {"Cache-Control": OWN if request.actor.is_authenticated else PUBLIC}  # type: ignore[attr-defined]


def _packed(request: HttpRequest, body: bytes, headers: Mapping[str, str]) -> HttpResponse:
    mark = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304, headers={**headers, "ETag": mark})
    packing = "gzip" in request.headers.get("Accept-Encoding", "") and len(body) > WORTH_PACKING
    response = HttpResponse(gzip.compress(body, 1, mtime=0) if packing else body, content_type=KIND, headers={**headers, "ETag": mark})
    response["Vary"] = "Accept-Encoding, Authorization, Cookie"
    if packing:
        response["Content-Encoding"] = "gzip"
    return response


def _sentence(said: str, status: int) -> HttpResponse:
    return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")


def template_of(layer: str, day: date | None = None) -> str:
    """The address of a layer's tiles with {z}/{x}/{y} to be filled in, without the host."""
    address = reverse("tiles:tile", kwargs={"layer": layer, "z": 0, "x": 0, "y": 0}).removesuffix("0/0/0") + "{z}/{x}/{y}"
    return f"{address}?day={day.isoformat()}" if day else address


@map_service()
def tilejson(request: HttpRequest, layer: str) -> HttpResponse:
    """TileJSON 3.0.0 of a layer."""
    return _described(request, layer, lambda found, tiles: _tilejson(found, tiles))


@map_service()
def style_of(request: HttpRequest, layer: str) -> HttpResponse:
    """A MapLibre style with this layer alone, as its declaration draws it."""
    return _described(request, layer, style)


def _described(request: HttpRequest, layer: str, describe: Any) -> HttpResponse:
    try:
        day = asked_day(request)
    except ValueError:
        return _sentence(_("Ngày cần viết dạng năm-tháng-ngày, ví dụ 2026-01-31."), 400)
    found = served(request.actor, [layer]).get(layer)  # type: ignore[attr-defined]
    if found is None:
        return _sentence(_("Không có lớp bản đồ này, hoặc ông/bà không được xem."), 404)
    host = f"{request.scheme}://{request.get_host()}"
    return JsonResponse(describe(found, host + template_of(layer, day)), headers={"Access-Control-Allow-Origin": "*"})


def _tilejson(found: ServedLayer, tiles: str) -> dict[str, Any]:
    of = source(found, tiles)
    return {
        "tilejson": "3.0.0",
        "name": str(found.title),
        "tiles": of["tiles"],
        "minzoom": of["minzoom"],
        "maxzoom": of["maxzoom"],
        "bounds": list(VIET_NAM),
        "attribution": str(found.register.source),
        "vector_layers": [{"id": found.name, "fields": {each.name: str(each.title) for each in fields_of(found)}}],
    }
