"""The form of a proposed area: drawn on the map (GeoJSON), typed as corner points or read from a file; and its report."""

import json
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import mapping
from shapely.geometry import shape as of_geojson

from sonha.geo.layers.limits import TooSlow
from sonha.registry.declarations.fields import Field
from sonha.registry.pages.asking import reader
from sonha.registry.pages.drawing import corners, drawing
from sonha.registry.pages.places import PARTS, province_srid, read, systems

from .asking import Asked, Unclear, day_of, in_plane, named_layers
from .overlaps import area_of, overlaps
from .overlays import overlay

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
        place = _given(request, form)
        if place is None:
            raise Unclear(_("Hãy vẽ khu vực trên bản đồ, nhập toạ độ các đỉnh, hoặc chọn tệp có ranh giới khu vực."))
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


def _given(request: HttpRequest, form: Proposed) -> Any:
    """Drawn, else the areas of a file, else as typed; None when nothing was given."""
    if form.drawn:
        return _drawn(form.drawn)
    given = request.FILES.get("file")
    if isinstance(given, UploadedFile):
        return in_plane(_areas_of(overlay(given)))
    return read(form.typed, _as_area())


def _areas_of(collection: dict[str, Any]) -> dict[str, Any]:
    """All areas of a file as one shape; Unclear when it has none."""
    shapes = [of_geojson(each["geometry"]) for each in collection["features"]]
    areas = [part for shape in shapes for part in shapely.get_parts(shape).tolist() if part.geom_type == "Polygon" and not part.is_empty]
    if not areas:
        raise Unclear(_("Tệp không có vùng khép kín nào; báo cáo chồng lấn cần ranh giới khu vực."))
    whole: dict[str, Any] = mapping(shapely.union_all([shapely.make_valid(each) for each in areas]))
    return whole


def _as_area() -> Field:
    return Field("proposed", _("khu vực đề xuất"), "geometry", srid=province_srid(), geometry_type="MULTIPOLYGON")


def _drawn(text: str) -> Any:
    try:
        geometry = json.loads(text)
    except (ValueError, RecursionError):
        raise Unclear(_("Hình này không đọc được.")) from None
    return in_plane(geometry, kinds=AREAS)
