"""The form of a proposed area: drawn on the map (GeoJSON) or typed as corner points; and its report."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.geo.layers.limits import TooSlow
from sonha.registry.declarations.fields import Field
from sonha.registry.pages.asking import reader
from sonha.registry.pages.drawing import corners, drawing
from sonha.registry.pages.places import PARTS, province_srid, read, systems

from .asking import Asked, Unclear, day_of, in_plane, named_layers
from .overlaps import area_of, overlaps

AREAS = ("Polygon", "MultiPolygon")


@dataclass
class Proposed:
    """What was typed or drawn, and what came of it."""

    request: HttpRequest
    typed: dict[str, str]
    name: str = ""
    drawn: str = ""
    error: str = ""
    groups: list[Any] = field(default_factory=list)
    area: str = ""
    asked: Asked | None = None

    def context(self) -> dict[str, Any]:
        return {
            "form": self,
            "systems": systems(),
            "chosen_system": self.typed.get("crs") or str(province_srid()),
            "now": timezone.localtime(),
            "reported": self.asked is not None,
            "drawing": drawing(self.asked.place) if self.asked else None,
            "corners": corners(self.asked.place) if self.asked else [],
            "day": (self.asked.day if self.asked else None) or timezone.localdate(),
        }


def proposed(request: HttpRequest) -> Proposed:
    """The form as sent, with its report when it can be made."""
    said = request.POST if request.method == "POST" else request.GET
    form = Proposed(request, {part: said.get(part, "") for part in PARTS}, said.get("name", "").strip()[:200], said.get("drawn", ""))
    if request.method != "POST":
        return form
    try:
        actor = reader(request)
        place = _drawn(form.drawn) if form.drawn else read(form.typed, _as_area())
        if place is None:
            raise Unclear(_("Hãy vẽ khu vực trên bản đồ, hoặc nhập toạ độ các đỉnh."))
        form.asked = Asked(actor, place, 0.0, named_layers(actor, None), day_of(request))
        form.groups = overlaps(form.asked)
        form.area = area_of(place)
    except ValidationError as wrong:
        form.error = " ".join(wrong.messages)
    except Unclear as wrong:
        form.error = str(wrong)
    except TooSlow:
        form.error = _("Khu vực này cần quá nhiều thời gian; xin chia nhỏ rồi hỏi lại.")
    if form.error:
        form.asked = None
    return form


def _as_area() -> Field:
    return Field("proposed", _("khu vực đề xuất"), "geometry", srid=province_srid(), geometry_type="MULTIPOLYGON")


def _drawn(text: str) -> Any:
    try:
        geometry = json.loads(text)
    except (ValueError, RecursionError):
        raise Unclear(_("Hình này không đọc được.")) from None
    return in_plane(geometry, kinds=AREAS)
