"""What a form asks the server while it is filled in: suggestions for a reference, and a place between numbers and map."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sonha.registry.declarations.fields import Field

from . import places
from .asking import Asked, of_register
from .references import LEAST, candidates

MOST = 8


def _field(asked: Asked, name: str, kind: str) -> Field:
    """A field that the actor fills in; 404 for all others."""
    for each in asked.register.fields():
        if each.name == name and each.kind == kind and name in asked.rights.inside and name not in asked.register.computed:
            return each
    raise Http404


@require_safe
@of_register(edits=True)
def suggest(request: HttpRequest, asked: Asked, name: str) -> HttpResponse:
    """`{"found": [{"text", "name", "about"}], "said"}`: at most eight that the actor may point to, from two letters on."""
    field = _field(asked, name, "reference")
    words = request.GET.get("q", "").strip()
    found = candidates(asked, field, words, MOST, typing=True) if len(words) >= LEAST else []
    said = _("Số gợi ý: %(n)d") % {"n": len(found)}
    return _private({"found": [{"text": each.text, "name": each.name, "about": each.about} for each in found], "said": said})


@require_POST
@of_register(edits=True)
def place(request: HttpRequest, asked: Asked, name: str) -> HttpResponse:
    """A place as typed for the map, or as drawn (`geojson`, WGS 84) for the inputs: `{"geometry", "typed"}`; 422 with `{"error"}`."""
    field = _field(asked, name, "geometry")
    said = {part: request.POST.get(part, "")[: places.MOST_TEXT] for part in places.PARTS}
    drawn = request.POST.get("geojson", "")[: places.MOST_TEXT]
    try:
        found = places.read({"crs": str(places.WGS84), "pasted": drawn} if drawn else said, field)
    except ValidationError as wrong:
        return _private({"error": " ".join(wrong.messages)}, status=422)
    if found is None:
        return _private({"geometry": None, "typed": None})
    geometry = json.loads(places.in_system(found, places.WGS84).geojson)
    return _private({"geometry": geometry, "typed": places.as_typed(found, field, said["crs"]) if drawn else None})


def _private(data: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(data, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
