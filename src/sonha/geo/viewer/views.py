"""The map page and what it asks. Everything answers as far as the reader may see; a request that makes no sense gets a sentence (422)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sonha.geo.layers.limits import TooSlow
from sonha.registry.pages.asking import reader

from .asking import Unclear, asked, day_of, number, point_of, refusal
from .finding import finding
from .lying import lying
from .overlaps import area_of
from .overlays import overlay
from .page import settings_of
from .printing import SCALES, asked_sheet, sheet
from .proposed import proposed
from .rivers import along

FARTHEST_RIVER, WIDEST_CORRIDOR = 100_000.0, 5_000.0  # metres


def answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Unclear requests and answers that would take too long become sentences."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Unclear as said:
            return refusal(said)
        except TooSlow:
            return refusal(Unclear(_("Câu hỏi này cần quá nhiều thời gian; xin hỏi ở một nơi nhỏ hơn hoặc bớt lớp.")))
        response["Cache-Control"] = "private, no-store"
        return response

    return guarded


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The map. What to show is in the address behind `#`, so that a link shows the same to whoever may see it."""
    actor = reader(request)
    return render(request, "viewer/page.html", {"settings": settings_of(actor), "today": timezone.localdate(), "scales": SCALES})


@require_GET
@answers
def search(request: HttpRequest) -> HttpResponse:
    """`?q=473/QĐ-UBND&day=` -> `{groups: […]}`."""
    return JsonResponse({"groups": finding(reader(request), request.GET.get("q", ""), day_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def here(request: HttpRequest) -> HttpResponse:
    """What lies at a point (`?lng=&lat=&metres=&layers=&day=`) or in a shape (posted) -> `{groups: […]}`."""
    question = asked(request)
    return JsonResponse({"groups": lying(question), "area": area_of(question.place) if question.place.dims == 2 else ""})


@require_GET
@answers
def river(request: HttpRequest) -> HttpResponse:
    """`?lng=&lat=&direction=upstream&along=5000&beside=200` -> the stretches, their corridor, and what lies there."""
    metres = number(request.GET.get("along", 5_000), 1, FARTHEST_RIVER)
    beside = number(request.GET.get("beside", 200), 0, WIDEST_CORRIDOR)
    return JsonResponse(along(asked(request), request.GET.get("direction", ""), metres, beside))


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def print_map(request: HttpRequest) -> HttpResponse:
    """`?lng=&lat=&scale=5000&paper=a4&upright=&title=&layers=&day=` -> PDF, true to scale. Layers from the lowest up.

    Posted as a form it may also hold `marks`: the reader's own shapes over the map, `{"file": GeoJSON, "drawn": GeoJSON}`; kept nowhere.
    """
    said = request.POST if request.method == "POST" else request.GET
    actor, middle = reader(request), point_of(said.get("lng"), said.get("lat"))
    made = sheet(asked_sheet(said, actor, middle, day_of(request, said)), actor)
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="ban-do.pdf"'})


@require_POST
@answers
def open_file(request: HttpRequest) -> HttpResponse:
    """A file of the reader's own as GeoJSON, for the map alone."""
    return JsonResponse({"data": overlay(request.FILES.get("file"))})


@require_http_methods(["GET", "HEAD", "POST"])
def overlap_report(request: HttpRequest) -> HttpResponse:
    """The report of overlaps of a proposed area: drawn on the map, or typed as corner points. Printed as it stands."""
    form = proposed(request)
    return render(request, "viewer/overlaps.html", form.context(), status=422 if form.error else 200)
