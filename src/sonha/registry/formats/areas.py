"""A boundary from a file as the area that a list is narrowed to: read, joined, made simple enough for an address, kept nowhere."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.gis.geos import GEOSGeometry
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pyproj import Transformer

from sonha.registry.pages.asking import Asked, of_register
from sonha.registry.pages.places import province_srid
from sonha.registry.pages.within import PARAMETER, area_text

from .reading import FileRefused, Layer, Source, sent
from .systems import judge

LARGEST = 20_000_000  # bytes
MOST_CORNERS = 300_000
TOLERANCES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Metres by which a boundary may be simplified, tried in turn; what is still too long then is refused."""


@require_POST
@of_register()
def narrow(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The list that the address names, narrowed to the boundary in the file that was sent; for whoever is signed in."""
    if not asked.actor.is_authenticated:
        return redirect_to_login(reverse("registers:list", args=[asked.register.slug]))
    parameters = request.GET.copy()
    try:
        parameters[PARAMETER], off = area_in(request.FILES.get("file"))
    except FileRefused as refused:
        messages.error(request, str(refused))
    else:
        parameters.pop("after", None)
        if off:
            said = _("Ranh giới trong tệp có nhiều đỉnh nên đã được đơn giản hoá, lệch không quá %(metres)s m.")
            messages.warning(request, said % {"metres": f"{off:g}".replace(".", ",")})
    return redirect(f"{reverse('registers:list', args=[asked.register.slug])}?{parameters.urlencode()}")


def area_in(given: UploadedFile | None) -> tuple[str, float]:
    """The areas of a file as one, as the text of an address, and how far (m) it may be off. FileRefused with one sentence."""
    if given is None or not given.size:
        raise FileRefused(_("Hãy chọn một tệp."))
    if given.size > LARGEST:
        raise FileRefused(_("Tệp ranh giới lớn hơn 20 MB."))
    with sent(given) as source:
        whole = shapely.union_all(list(_areas(source)))
    if whole.is_empty:
        raise FileRefused(_("Tệp không có vùng nào; ranh giới phải là hình vùng có toạ độ."))
    return _said(whole)


def _areas(source: Source) -> Iterator[Any]:
    corners = 0
    for layer in source.layers:
        if not layer.has_shapes:
            continue
        srid = _system(layer)
        turn = Transformer.from_crs(srid, province_srid(), always_xy=True)
        for batch in source.batches(layer):
            shapes = shapely.force_2d(batch.shapes[~shapely.is_missing(batch.shapes)])
            corners += int(shapely.get_num_coordinates(shapes).sum())
            if corners > MOST_CORNERS:
                raise FileRefused(_("Tệp có quá nhiều đỉnh để làm ranh giới lọc."))
            shapes = shapely.make_valid(shapes[shapely.get_dimensions(shapes) == 2])
            yield from shapely.transform(shapes, lambda places: np.column_stack(turn.transform(places[:, 0], places[:, 1])))  # noqa: B023 - used at once


def _system(layer: Layer) -> int:
    srid = layer.srid or province_srid()
    if layer.bounds and (said := judge(srid, layer.bounds)):
        raise FileRefused(said)
    return srid


def _said(whole: Any) -> tuple[str, float]:
    for off in TOLERANCES:
        simple = shapely.make_valid(shapely.simplify(whole, off)) if off else whole
        text = area_text(GEOSGeometry(memoryview(shapely.to_wkb(simple)), srid=province_srid()))
        if text:
            return text, off
    raise FileRefused(_("Ranh giới trong tệp quá phức tạp để lọc danh sách; xin dùng một vùng đơn giản hơn."))
