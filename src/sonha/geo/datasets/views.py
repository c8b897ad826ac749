"""Pages of open data, for everybody."""

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sonha.foundation.files.serving import respond
from sonha.foundation.jobs.services import enqueue
from sonha.foundation.search.counting import capped_count
from sonha.registry.declarations.known import layers_of
from sonha.registry.pages.asking import Asked, When

from . import catalogue
from .models import DatasetFile
from .preparing import KINDS, kinds_of, prepare
from .selecting import open_fields, open_registers, opened

AT_ONCE = 2_000
"""Rows that a request writes itself when a file is asked for that is not there yet."""


def _opened(slug: str) -> Asked:
    try:
        found = opened(slug)
    except LookupError:
        raise Http404 from None
    if found.register.slug != slug:
        raise Http404
    return found


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The data sets by database."""
    files: dict[str, list[DatasetFile]] = {}
    for each in DatasetFile.objects.select_related("file"):
        files.setdefault(each.register, []).append(each)
    groups: dict[str, list[dict[str, object]]] = {}
    for register in open_registers():
        made = files.get(register.code, [])
        rows = {"register": register, "kinds": kinds_of(opened(register.code)), "made": made[0] if made else None}
        groups.setdefault(str(register.database.title), []).append(rows)
    return render(request, "datasets/index.html", {"groups": groups, "licence": catalogue.licence()})


@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    asked = _opened(slug)
    made = {each.kind: each for each in DatasetFile.objects.filter(register=asked.register.code).select_related("file")}
    context = {
        "register": asked.register,
        "fields": open_fields(asked),
        "files": [(name, kind, made.get(name)) for name, kind in kinds_of(asked).items()],
        "layers": [name for name, layer in layers_of(asked.register) if layer.geometry in asked.rights.fields()],
        "newest": max((each.made_at for each in made.values()), default=None),
        "is_demo": asked.register.model._default_manager.filter(is_demo=True).exists(),
        "licence": catalogue.licence(),
        "publisher": catalogue.publisher(),
        "root": request.build_absolute_uri("/"),
    }
    return render(request, "datasets/dataset.html", context)


@require_safe
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The file that is ready; a short one is made at once, a long one by a job: 503 with when to come again."""
    asked = _opened(slug)
    if kind not in kinds_of(asked):
        raise Http404
    made = DatasetFile.objects.filter(register=asked.register.code, kind=kind).select_related("file").first()
    if made is None and not capped_count(asked.rows(When()), AT_ONCE)[1]:
        made = prepare(asked, kind)
    if made is None:
        day = timezone.localdate()
        enqueue("datasets.prepare_file", key=f"open-data:{asked.register.code}:{kind}:{day}", register=asked.register.code, kind=kind)
        waiting = {"register": asked.register, "kind": KINDS[kind]}
        response = render(request, "datasets/waiting.html", waiting, status=503)
        response["Retry-After"] = "60"
        return response
    answer = respond(made.file)
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Access-Control-Allow-Origin"] = "*"  # open data: any page may fetch it, and no cookie goes along
    answer["Last-Modified"] = made.made_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return answer


def _catalogue(request: HttpRequest) -> dict[str, object]:
    return catalogue.catalogue(request.build_absolute_uri("/"), open_registers())


@require_safe
def jsonld(request: HttpRequest) -> HttpResponse:
    return HttpResponse(orjson.dumps(_catalogue(request), option=orjson.OPT_INDENT_2), content_type="application/ld+json")


@require_safe
def turtle(request: HttpRequest) -> HttpResponse:
    return HttpResponse(catalogue.turtle(_catalogue(request)), content_type="text/turtle; charset=utf-8")
