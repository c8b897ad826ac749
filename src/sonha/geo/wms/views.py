"""The one address of WMS: /ows/wms."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.callers import map_service
from sonha.geo.layers.limits import Limits, TooSlow, limits_of

from . import capabilities, capabilities_111, featureinfo, getmap, legends
from .faults import ServiceException, report
from .parameters import LONGEST_SIDE, Parameters, ground

Operation = Callable[[HttpRequest, Parameters, Actor, Limits], HttpResponse]


@map_service("GET", "POST")
def wms(request: HttpRequest) -> HttpResponse:
    """GetCapabilities, GetMap, GetFeatureInfo and GetLegendGraphic; by GET, or by POST of the same names as a form."""
    given = Parameters(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    limits = limits_of(actor)
    try:
        return _operation(given)(request, given, actor, limits)
    except TooSlow:
        fault = ServiceException(_("Vẽ khung này cần nhiều thời gian hơn mức cho phép; xin phóng to hoặc bớt lớp."))
    except ServiceException as said:
        fault = said
    return _fault(given, fault, limits)


def _operation(given: Parameters) -> Operation:
    service = given.get("SERVICE", "")
    if service and service.upper() != "WMS":
        raise ServiceException(_("Địa chỉ này chỉ phục vụ SERVICE=WMS."), "InvalidParameterValue", "SERVICE")
    name = given.said("REQUEST").lower()
    if name not in OPERATIONS:
        raise ServiceException(_("REQUEST %(given)s không được hỗ trợ.") % {"given": name[:80]}, "OperationNotSupported", "REQUEST")
    if name in ("getcapabilities", "capabilities") and not service and "WMTVER" not in given:
        raise ServiceException(_("Thiếu tham số %(name)s.") % {"name": "SERVICE"}, "MissingParameterValue", "SERVICE")
    if name == "getmap" and not (given.get("VERSION", "") or given.get("WMTVER", "")):
        raise ServiceException(_("Thiếu tham số %(name)s.") % {"name": "VERSION"}, "MissingParameterValue", "VERSION")
    return OPERATIONS[name]


def _capabilities(request: HttpRequest, given: Parameters, actor: Actor, limits: Limits) -> HttpResponse:
    address = request.build_absolute_uri(request.path) + "?"
    document = capabilities.document(actor, limits, address)
    if given.version == "1.1.1":
        return HttpResponse(capabilities_111.older(document), content_type=f"{capabilities_111.MEDIA_TYPE}; charset=utf-8")
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def _map(request: HttpRequest, given: Parameters, actor: Actor, limits: Limits) -> HttpResponse:
    given.exceptions  # noqa: B018  an unknown form is an error of its own
    asked = getmap.read_request(given, actor, limits)
    return HttpResponse(getmap.picture(asked, limits), content_type=asked.ground.media_type)


def _feature_info(request: HttpRequest, given: Parameters, actor: Actor, limits: Limits) -> HttpResponse:
    text, media_type = featureinfo.answer(given, actor, limits)
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8")


def _legend(request: HttpRequest, given: Parameters, actor: Actor, limits: Limits) -> HttpResponse:
    data, wanted = legends.legend(given, actor, limits)
    return HttpResponse(data, content_type=wanted.media_type)


def _fault(given: Parameters, fault: ServiceException, limits: Limits) -> HttpResponse:
    """As the client wants to be told: as a document, or for GetMap in the picture or by an empty one."""
    try:
        how = given.exceptions if given.get("REQUEST", "").lower() in ("getmap", "map") else "xml"
        if how != "xml":
            wanted = ground(given)
            width = given.integer("WIDTH", least=1, most=LONGEST_SIDE)
            height = given.integer("HEIGHT", least=1, most=LONGEST_SIDE)
            if width * height <= limits.pixels:
                data = getmap.blank(wanted, width, height) if how == "blank" else getmap.written(fault.sentence, wanted, width, height)
                return HttpResponse(data, content_type=wanted.media_type)
    except ServiceException:
        pass  # a picture cannot be made of this request either
    text, media_type = report(fault, given.version)
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8")


OPERATIONS: dict[str, Any] = {
    "getcapabilities": _capabilities, "capabilities": _capabilities, "getmap": _map, "map": _map, "getfeatureinfo": _feature_info,
    "getlegendgraphic": _legend,
}  # fmt: skip
