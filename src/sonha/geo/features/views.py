"""/ogc/: every address answers machines in JSON and people in HTML (`f`, or the Accept header)."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.rest.problems import problem
from sonha.geo.layers.callers import map_service
from sonha.geo.layers.limits import TooSlow, limits_of
from sonha.geo.layers.served import ServedLayer, served

from . import describing
from .describing import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, link
from .items import item as one_item
from .items import items as page_of_items
from .openapi import definition
from .properties import properties, shown
from .queries import BadRequest, asked, no_strangers

FORMATS = {"json": False, "geojson": False, "html": True}
ONLY_FORM = frozenset({"f", "lang"})
OF_AN_ITEM = ONLY_FORM | {"crs", "datetime", "known_at"}
LARGEST_ID = 2**63 - 1


def service(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A map service whose refusals are problem documents."""

    @map_service()
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadRequest as wrong:
            return problem("unreadable", str(wrong))
        except Http404:
            return problem("not-found", _("Không có lớp dữ liệu hay đối tượng này, hoặc ông/bà không được xem."))
        except TooSlow:
            return problem("unavailable", _("Yêu cầu này cần quá nhiều thời gian; xin thu hẹp vùng hoặc bộ lọc."))

    return answer


def wants_html(request: HttpRequest) -> bool:
    """By `f`, else by which of the two the Accept header names first. BadRequest for another `f`."""
    if "f" in request.GET:
        if request.GET["f"] not in FORMATS:
            raise BadRequest(_("Tham số «f» là json hoặc html."))
        return FORMATS[request.GET["f"]]
    accept = request.headers.get("Accept", "")
    html = accept.find("text/html")
    machine = min((place for name in (JSON, GEOJSON, SCHEMA) if (place := accept.find(name)) >= 0), default=len(accept) + 1)
    return 0 <= html < machine


def root_of(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("features:landing"))


def said(content: Any, kind: str = JSON) -> HttpResponse:
    return HttpResponse(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS), content_type=kind)


@service
def landing(request: HttpRequest) -> HttpResponse:
    no_strangers(request.GET, ONLY_FORM)
    html = wants_html(request)
    content = describing.landing(root_of(request), html)
    if html:
        layers = served(request.actor).values()  # type: ignore[attr-defined]
        return render(request, "features/landing.html", {"content": content, "layers": layers, "root": root_of(request)})
    return said(content)


@service
def conformance(request: HttpRequest) -> HttpResponse:
    no_strangers(request.GET, ONLY_FORM)
    content = describing.conformance()
    return render(request, "features/conformance.html", {"content": content}) if wants_html(request) else said(content)


@service
def api(request: HttpRequest) -> HttpResponse:
    no_strangers(request.GET, ONLY_FORM)
    actor = request.actor  # type: ignore[attr-defined]
    content = definition(root_of(request), served(actor).values(), limits_of(actor))
    return render(request, "features/api.html", {"content": content}) if wants_html(request) else said(content, OPENAPI)


@service
def collections(request: HttpRequest) -> HttpResponse:
    no_strangers(request.GET, ONLY_FORM)
    html = wants_html(request)
    layers = served(request.actor)  # type: ignore[attr-defined]
    if html:
        return render(request, "features/collections.html", {"layers": layers.values()})
    return said(describing.collections(root_of(request), layers.values()))


def _layer(request: HttpRequest, name: str) -> ServedLayer:
    found = served(request.actor, [name]).get(name)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@service
def collection(request: HttpRequest, name: str) -> HttpResponse:
    layer = _layer(request, name)
    no_strangers(request.GET, ONLY_FORM)
    html = wants_html(request)
    content = describing.collection(root_of(request), layer, html)
    if html:
        return render(request, "features/collection.html", {"layer": layer, "content": content, "properties": properties(layer)})
    return said(content)


@service
def queryables(request: HttpRequest, name: str) -> HttpResponse:
    layer = _layer(request, name)
    no_strangers(request.GET, ONLY_FORM)
    return _structure(request, layer, describing.queryables(root_of(request), layer), _("Thuộc tính để lọc"))


@service
def schema(request: HttpRequest, name: str) -> HttpResponse:
    layer = _layer(request, name)
    no_strangers(request.GET, ONLY_FORM)
    return _structure(request, layer, describing.schema(root_of(request), layer), _("Cấu trúc dữ liệu"))


def _structure(request: HttpRequest, layer: ServedLayer, content: dict[str, Any], title: str) -> HttpResponse:
    if wants_html(request):
        return render(request, "features/structure.html", {"layer": layer, "content": content, "heading": title})
    return said(content, SCHEMA)


@service
def items(request: HttpRequest, name: str) -> HttpResponse:
    layer = _layer(request, name)
    limits = limits_of(request.actor)  # type: ignore[attr-defined]
    wanted, html = asked(request.GET, layer, limits), wants_html(request)
    found = page_of_items(layer, wanted, limits)
    following = None
    if found.last is not None:
        query = request.GET.copy()
        query["after"] = str(found.last)
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode(safe='/:,')}")
    if html:
        features = orjson.loads(f"[{found.features}]")
        context = {"layer": layer, "rows": [_row(layer, each) for each in features], "found": found, "following": following,
                   "properties": shown(layer), "machine": _other_form(request, "json")}  # fmt: skip
        return _in(wanted.crs, render(request, "features/items.html", context))
    links = [
        link(request.build_absolute_uri(), "self", GEOJSON),
        link(_other_form(request), "alternate", HTML),
        link(f"{root_of(request)}collections/{layer.name}", "collection", JSON),
        *([link(following, "next", GEOJSON)] if following else []),
    ]
    matched = f',"numberMatched":{found.matched}' if found.matched is not None else ""
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    head = f'{{"type":"FeatureCollection","numberReturned":{found.returned}{matched},"timeStamp":"{now}","links":'
    body = b"".join((head.encode(), orjson.dumps(links), b',"features":[', found.features.encode(), b"]}"))
    return _in(wanted.crs, HttpResponse(body, content_type=GEOJSON))


def _row(layer: ServedLayer, feature: dict[str, Any]) -> dict[str, Any]:
    """A feature for people: (title, value) of each property, in words where the declaration has words."""
    values = []
    for each in shown(layer):
        value = feature["properties"][each.name]
        if each.type == "date" and value:
            value = f"{date.fromisoformat(value):%d/%m/%Y}"
        unit = f" ({each.field.unit})" if each.field.unit else ""
        values.append((f"{each.field.title}{unit}", dict(each.field.choices).get(value, value)))
    return {"id": feature["id"], "values": values}


@service
def item(request: HttpRequest, name: str, pk: str) -> HttpResponse:
    layer = _layer(request, name)
    no_strangers(request.GET, OF_AN_ITEM)
    limits = limits_of(request.actor)  # type: ignore[attr-defined]
    wanted, html = asked(request.GET, layer, limits), wants_html(request)
    text = one_item(layer, int(pk), wanted, limits) if pk.isascii() and pk.isdecimal() and int(pk) <= LARGEST_ID else None
    if text is None:
        raise Http404
    if html:
        feature = orjson.loads(text + "}")
        context = {"layer": layer, "feature": feature, "values": _row(layer, feature)["values"]}
        return _in(wanted.crs, render(request, "features/item.html", context))
    links = [
        link(request.build_absolute_uri(), "self", GEOJSON),
        link(_other_form(request), "alternate", HTML),
        link(f"{root_of(request)}collections/{layer.name}", "collection", JSON),
    ]
    body = b"".join((text.encode(), b',"links":', orjson.dumps(links), b"}"))
    return _in(wanted.crs, HttpResponse(body, content_type=GEOJSON))


def _in(crs: str, response: HttpResponse) -> HttpResponse:
    response["Content-Crs"] = f"<{crs}>"
    return response


def _other_form(request: HttpRequest, form: str = "html") -> str:
    query = request.GET.copy()
    query["f"] = form
    return request.build_absolute_uri(f"{request.path}?{query.urlencode(safe='/:,')}")


@service
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise Http404
