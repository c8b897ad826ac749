"""The addresses of its own that a form's script needs: coordinates on paper into coordinates on a map, and what registers say."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from ninja.throttling import SimpleRateThrottle

from sonha.process.forms import asking, shapes, sources
from sonha.process.forms.schema import VIETNAM
from sonha.process.forms.sources import Answer, Asker, Cut

MOST_GIVEN, LONGEST, LONGEST_LINE, MOST_AREAS = 12, 60, 20_000, 50


class _Asking(SimpleRateThrottle):
    """So many questions of one account, whichever form it fills in."""

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"ask-rate-{request.user.pk}"


brake = _Asking("120/min")


@require_GET
def convert(request: HttpRequest) -> JsonResponse:
    """`?east=450.000&north=2.420.000` (VN-2000 of the province, metres) -> `{"longitude", "latitude"}`; and `?longitude=&latitude=` back.

    A public calculation without any data of its own; 422 with a sentence when the numbers are no place.
    """
    given = {name: shapes.parse_coordinate(request.GET.get(name)) for name in ("east", "north", "longitude", "latitude")}
    try:
        if given["east"] is not None and given["north"] is not None:
            longitude, latitude = shapes.to_wgs84(given["east"], given["north"])
            return JsonResponse({"longitude": longitude, "latitude": latitude})
        if given["longitude"] is not None and given["latitude"] is not None:
            east, north = shapes.to_vn2000(given["longitude"], given["latitude"])
            return JsonResponse({"east": east, "north": north})
    except ValueError:
        pass
    return JsonResponse({"error": _("Toạ độ không đọc được; cần E và N tính bằng mét theo hệ VN-2000 của tỉnh.")}, status=422)


@require_GET
@never_cache
@login_required
def ask(request: HttpRequest) -> JsonResponse:
    """What a register holds: `?of=parcel&commune=06112&sheet=5&number=12`, with `line` (GeoJSON) also how it divides what is
    found, compared with `areas` as typed (`200;120,5`).

    `{"answer": {sentence, warn, digest, values, shape, around} | null, "cut": {sentence, warn, digest, parts: [{geometry, area}]} | null}`.
    Every asker sees what its grants show and never the name of anybody else. 404 for an unknown look-up, 429 when asked too often.
    """
    source = sources.source(request.GET.get("of", ""))
    if source is None:
        return JsonResponse({"error": _("Không có mục tra cứu này.")}, status=404)
    if not brake.allow_request(request):
        too_many = JsonResponse({"error": _("Ông/bà tra cứu nhanh quá; xin chờ một phút rồi thử lại.")}, status=429)
        too_many["Retry-After"] = str(int(brake.wait() or 60))
        return too_many
    asker = Asker(request.actor)  # type: ignore[attr-defined]
    given = {name: value[:LONGEST] for name, value in list(request.GET.items())[:MOST_GIVEN] if name not in ("of", "line", "areas")}
    line = _line(request.GET.get("line", ""))
    cut = source.cut(asker, given, line) if line else None
    answer = source.find(asker, given)
    typed = [number for text in request.GET.get("areas", "").split(";") if (number := shapes.parse_coordinate(text)) is not None]
    return JsonResponse({"answer": _told(answer) if answer else None, "cut": _parted(cut, typed[:MOST_AREAS]) if cut else None})


def _line(text: str) -> dict[str, Any] | None:
    try:
        raw = json.loads(text) if 0 < len(text) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        raw = None
    return shapes.check_line(raw, VIETNAM)[0] if raw is not None else None


def _told(answer: Answer) -> dict[str, Any]:
    said = {"sentence": answer.sentence, "warn": answer.warn, "digest": sources.digest(answer.sentence) if answer.warn else ""}
    return {**said, "values": dict(answer.values), "shape": answer.shape, "around": list(answer.around)}


def _parted(cut: Cut, typed: list[float]) -> dict[str, Any]:
    sentence, warn = asking.compared(cut, typed)
    said = {"sentence": sentence, "warn": warn, "digest": sources.digest(sentence) if warn else ""}
    return {**said, "parts": [{"geometry": part.geometry, "area": part.area} for part in cut.parts]}
