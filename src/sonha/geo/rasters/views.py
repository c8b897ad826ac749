"""Pages of rasters for officials; tiles and downloads for whoever may see the raster."""

import json
import math
from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sonha.foundation.access.guards import officials_only
from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.serving import respond
from sonha.geo.layers.callers import map_service

from . import reading, selectors, services
from .checks import RasterRefused
from .forms import RasterForm, UploadForm
from .models import Raster

MOST_ZOOM = 24
FORMS = {"png": ("png", "image/png"), "jpg": ("jpeg", "image/jpeg"), "jpeg": ("jpeg", "image/jpeg")}


@require_GET
@officials_only()
def index(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    return render(request, "rasters/index.html", {"rasters": selectors.kept(actor), "may_keep": selectors.may_keep(actor)})


@officials_only(*selectors.KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    """Upload. What was typed survives an error; the file must be chosen again, which browsers do not let a page do."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name not in ("file", "srid")}
        try:
            raster = services.add(form.cleaned_data["file"], _actor(request), srid=form.cleaned_data["srid"], **said)
        except (RasterRefused, FileRefused) as refused:
            form.add_error("file", str(refused))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("rasters:detail", raster.name)
    return render(request, "rasters/new.html", {"form": form}, status=422 if form.errors else 200)


@officials_only()
def detail(request: HttpRequest, name: str) -> HttpResponse:
    raster = _kept(request, name)
    may_keep = selectors.may_keep(_actor(request))
    form = RasterForm(instance=raster)
    if request.method == "POST":
        form = RasterForm(request.POST, instance=raster)
        if form.is_valid():
            services.change(raster, _actor(request), **form.cleaned_data)
            flash.success(request, _("Đã lưu thông tin ảnh."))
            return redirect("rasters:detail", raster.name)
    context = {"raster": raster, "form": form, "may_keep": may_keep, "footprint": _extent(raster)}
    return render(request, "rasters/detail.html", context, status=422 if form.errors else 200)


@require_POST
@officials_only(*selectors.KEEPERS)
def remove(request: HttpRequest, name: str) -> HttpResponse:
    raster = _kept(request, name)
    try:
        services.remove(raster, _actor(request), request.POST.get("reason", "")[:300])
    except ValueError as error:
        flash.error(request, str(error))
        return redirect("rasters:detail", raster.name)
    flash.success(request, _("Đã gỡ bỏ ảnh «%(title)s».") % {"title": raster.title})
    return redirect("rasters:index")


@map_service()
def tile(request: HttpRequest, name: str, z: int, x: int, y: int, form: str) -> HttpResponse:
    """204 where the raster has nothing; 404 for a raster that the caller may not see and for tiles that are not."""
    if form not in FORMS or z > MOST_ZOOM or x >= 2**z or y >= 2**z:
        raise Http404
    raster = selectors.named(_actor(request), [name]).get(name)
    if raster is None:
        raise Http404
    encoding, media_type = FORMS[form]
    mark = f'"{raster.drawing.sha256[:16]}-{z}-{x}-{y}-{form}"' if raster.drawing else ""
    headers = {"ETag": mark, "Cache-Control": "public, max-age=3600" if raster.is_public else "private, max-age=600"}
    if request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304, headers=headers)
    data = reading.tile(raster, z, x, y, encoding)
    return HttpResponse(status=204, headers=headers) if data is None else HttpResponse(data, content_type=media_type, headers=headers)


@map_service()
def tilejson(request: HttpRequest, name: str) -> HttpResponse:
    """What a web map needs to show the raster, as TileJSON 3.0."""
    raster = selectors.named(_actor(request), [name]).get(name)
    if raster is None:
        raise Http404
    address = request.build_absolute_uri(f"/tiles/raster/{raster.name}/")
    said = {
        "tilejson": "3.0.0", "name": raster.title, "description": raster.description, "attribution": raster.source, "scheme": "xyz",
        "tiles": [f"{address}{{z}}/{{x}}/{{y}}.png"], "minzoom": 0, "maxzoom": raster.most_zoom, "bounds": _extent(raster),
    }  # fmt: skip
    return HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/json")


@map_service()  # type: ignore[arg-type]  # a kept file is streamed
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """The data as GeoTIFF: the kept file, or the window `bbox` (west,south,east,north in degrees). 400 and a sentence when too large."""
    raster = selectors.named(_actor(request), [name]).get(name)
    if raster is None or raster.data is None:
        raise Http404
    asked = request.GET.get("bbox", "")
    if not asked:
        return respond(raster.data)
    try:
        parts = [float(part) for part in asked.split(",")]
        if len(parts) != 4 or not all(map(math.isfinite, parts)) or parts[0] >= parts[2] or parts[1] >= parts[3]:
            raise ValueError
        data = reading.cut(raster, (parts[0], parts[1], parts[2], parts[3]))
    except ValueError:
        return _sentence(_("bbox phải là bốn số: tây, nam, đông, bắc, tính bằng độ."))
    except reading.WindowRefused as refused:
        if not refused.pixels:
            return _sentence(_("Ảnh không có phần nào trong khung này."))
        return _sentence(_("Khung này có %(pixels)d điểm ảnh, quá lớn để cắt; xin chọn khung nhỏ hơn.") % {"pixels": refused.pixels})
    headers = {"Content-Disposition": f'attachment; filename="{raster.name}.tif"'}
    return HttpResponse(data, content_type="image/tiff; application=geotiff", headers=headers)


def _sentence(text: str) -> HttpResponse:
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")


def _kept(request: HttpRequest, name: str) -> Raster:
    return get_object_or_404(selectors.kept(_actor(request)), name=name)


def _extent(raster: Raster) -> list[float]:
    return [round(each, 6) for each in raster.footprint.extent] if raster.footprint else []


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]
