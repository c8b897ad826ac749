"""The address of the service: /ows/wfs."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, InternalError
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from sonha.geo.layers.callers import map_service
from sonha.geo.layers.limits import Limits, TooSlow, limits_of, within
from sonha.geo.layers.served import ServedLayer, served
from sonha.geo.ows.reports import OTHER, Refused, report, too_slow
from sonha.geo.ows.writing import XML_TYPE

from . import outputs
from .capabilities import capabilities
from .features import Asked, Members, asked, collection, count, members
from .requests import CSV, GML, JSON, PREFIX, SHAPES, VERSION, Wanted, wanted
from .schema import schema

GML_TYPE = "text/xml; subtype=gml/3.1.1; charset=UTF-8"
TYPES = {
    JSON: ("application/json", ""),
    CSV: ("text/csv; charset=utf-8", "csv"),
    SHAPES: ("application/zip", "zip"),
}


@map_service("GET", "POST")
def wfs(request: HttpRequest) -> HttpResponse:
    """Every mistake is an exception report; nothing that a client sends ends in a server error."""
    limits = limits_of(request.actor)  # type: ignore[attr-defined]
    try:
        asked_for = wanted(request, limits)
        return ANSWERS[asked_for.operation](request, asked_for, limits)
    except Refused as refused:
        return report(refused)
    except TooSlow:
        return report(too_slow())
    except (DataError, InternalError):  # values and shapes that the database cannot compute with
        return report(Refused(_("Cơ sở dữ liệu không tính được với giá trị hoặc hình này."), "", OTHER))
    except RequestDataTooBig:
        return report(Refused(_("Yêu cầu quá dài."), "", OTHER, 413))


def address(request: HttpRequest) -> str:
    return request.build_absolute_uri(request.path)


def _offered(request: HttpRequest, names: list[str] | None = None) -> dict[str, ServedLayer]:
    """WFS hands data out, so it takes the right to download, not merely to look."""
    found = served(request.actor, names)  # type: ignore[attr-defined]
    return {name: each for name, each in found.items() if each.rights.downloads}


def _layers(request: HttpRequest, names: list[str]) -> dict[str, ServedLayer]:
    found = _offered(request, names)
    for name in names:
        if name not in found:
            raise Refused(_("Không có lớp «%(name)s» trong những lớp ông/bà được xem.") % {"name": name[:80]}, "typename")
    return found


def _capabilities(request: HttpRequest, asked_for: Wanted, limits: Limits) -> HttpResponse:
    return HttpResponse(capabilities(_offered(request), address(request), limits), content_type=XML_TYPE)


def _describe(request: HttpRequest, asked_for: Wanted, limits: Limits) -> HttpResponse:
    found = _layers(request, list(asked_for.names)) if asked_for.names else _offered(request)
    return HttpResponse(schema(found.values()), content_type=GML_TYPE)


def _features(request: HttpRequest, asked_for: Wanted, limits: Limits) -> HttpResponse:
    layers = _layers(request, [each.type_name for each in asked_for.queries])
    questions = [asked(layers[each.type_name], each, asked_for, limits) for each in asked_for.queries]
    with within(limits):
        if asked_for.hits:
            return _hits(request, questions, asked_for)
        if asked_for.output == GML:
            return _gml(request, questions, limits)
        return _file(questions, asked_for, limits)


def _hits(request: HttpRequest, questions: list[Asked], asked_for: Wanted) -> HttpResponse:
    total = sum(count(each) for each in questions)
    total = max(total - asked_for.start, 0)
    total = total if asked_for.most is None else min(total, asked_for.most)
    return HttpResponse(collection([], total, _schema_address(request, questions)), content_type=GML_TYPE)


def _pages(questions: list[Asked], limits: Limits, read: Callable[[Asked, int, int], int]) -> int:
    """Reads what is asked in the order of the types; a page may begin in one and end in another. How many were read."""
    wanted = questions[0].wanted
    most, skip, found = _most(wanted, limits), wanted.start, 0
    for each in questions:
        here = read(each, most - found, skip)
        found += here
        if here:
            skip = 0
        elif skip and len(questions) > 1:
            skip = max(skip - count(each), 0)
    return found


def _gml(request: HttpRequest, questions: list[Asked], limits: Limits) -> HttpResponse:
    found: list[tuple[Asked, Members]] = []

    def read(each: Asked, most: int, start: int) -> int:
        found.append((each, members(each, most, start)))
        return found[-1][1].count

    total = _pages(questions, limits, read)
    body = collection(found, total, _schema_address(request, questions))
    return HttpResponse(body, content_type=GML_TYPE)


def _file(questions: list[Asked], asked_for: Wanted, limits: Limits) -> HttpResponse:
    kind, ending = TYPES[asked_for.output]
    if asked_for.output == JSON:
        texts: list[str] = []

        def read(each: Asked, most: int, start: int) -> int:
            here, text = outputs.features(each, most, start)
            texts.append(text)
            return here

        returned = _pages(questions, limits, read)
        body = outputs.geojson(texts, sum(map(count, questions)), returned, {each.system.srid for each in questions})
        return HttpResponse(body, content_type=kind)
    if len(questions) > 1:
        raise Refused(_("Định dạng này chỉ nhận một lớp mỗi lần."), "typename")
    first, most, start = questions[0], _most(asked_for, limits), asked_for.start
    body = outputs.table(first, most, start) if asked_for.output == CSV else outputs.shapefile(first, most, start)
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{first.layer.name}.{ending}"'})


def _most(asked_for: Wanted, limits: Limits) -> int:
    return limits.features if asked_for.most is None else min(limits.features, asked_for.most)


def _schema_address(request: HttpRequest, questions: list[Asked]) -> str:
    names = ",".join(dict.fromkeys(f"{PREFIX}:{each.layer.name}" for each in questions))
    said = {"service": "WFS", "version": VERSION, "request": "DescribeFeatureType", "typename": names}
    return f"{address(request)}?{urlencode(said)}"


ANSWERS: dict[str, Callable[[HttpRequest, Wanted, Limits], HttpResponse]] = {
    "GetCapabilities": _capabilities,
    "DescribeFeatureType": _describe,
    "GetFeature": _features,
}
