"""Pages of what became of old communes - chuyển đổi đơn vị hành chính: a table that is searched both ways, one code at a time, a file."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sonha.foundation.jobs.models import Progress
from sonha.foundation.organisations.models import AdminUnit
from sonha.foundation.rendering import exports
from sonha.registry.grants.rights import rights
from sonha.registry.pages import features
from sonha.registry.pages.asking import Asked, reader
from sonha.registry.records.selectors import records

from .registers import AREAS, Communes
from .transitions import Transition, districts, holders, transitions

PER_PAGE = 50
ON_MAP = 60
KINDS = ("csv", "xlsx", "ods")
OLD, NEW = "#8a5a1a", "#1f6b4a"


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Old units and what they became; `q` a name or a code, `side` old or new, `district` a former one."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "side", "district")}
    found = transitions(asked["q"], asked["side"], asked["district"])
    start = _start(request.GET.get("from", ""), len(found))
    shown = found[start : start + PER_PAGE]
    narrowed = bool(asked["q"] or asked["district"]) and len(found) <= ON_MAP
    context = {
        "database": AREAS,
        "asked": asked,
        "rows": shown,
        "count": len(found),
        "old_count": len({each.old.pk for each in found}),
        "new_count": len({last.pk for each in found for last in each.present}),
        "start": start,
        "next": start + PER_PAGE if start + PER_PAGE < len(found) else None,
        "districts": districts(),
        "kinds": KINDS,
        "features": on_map(request, found) if narrowed else None,
        "ground": features.ground_url(),
    }
    return render(request, "areas/table.html", context)


def _start(text: str, count: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return number if number < count else 0


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Every unit that ever had a code, with what it became and what it was made from."""
    found = holders(code)
    if not found:
        raise Http404
    every = [each for each in transitions() if code in (each.old.code, each.new.code)]
    ids = {each.pk for each in found}
    every = [each for each in every if ids & {each.old.pk, each.new.pk}]
    units = [
        {
            "unit": each,
            "became": [row for row in every if row.old.pk == each.pk],
            "made_of": [row for row in every if row.new.pk == each.pk],
        }
        for each in found
    ]
    title = f"{found[0].name} ({code})"
    context = {
        "database": AREAS, "units": units, "title": title, "features": on_map(request, every, found), "ground": features.ground_url(),
        "boundaries": f"{reverse('registers:list', args=[Communes.slug])}?q={code}&ended=1",
    }  # fmt: skip
    return render(request, "areas/unit.html", context)


def on_map(request: HttpRequest, rows: list[Transition], also: Iterable[AdminUnit] = ()) -> dict[str, Any] | None:
    """Boundaries of the units, those of today below those that are no more; None when the reader may not see boundaries."""
    actor = reader(request)
    held = rights(actor, Communes)
    if "geometry" not in held.fields():
        return None
    units = {each.pk: each for row in rows for each in (row.old, row.new, *row.present)} | {each.pk: each for each in also}
    wanted = Q(pk__in=[])
    for each in units.values():
        wanted |= Q(code=each.code, valid_to=each.valid_to)
    shapes = list(records(actor, Communes, ended=True).filter(wanted).order_by("-valid_from", "code"))
    drawn = features.collection(Asked(actor, Communes, held), shapes)
    for feature, shape in zip(drawn["features"], shapes, strict=True):
        colour = OLD if shape.valid_to else NEW
        until = f" (– {shape.valid_to:%d/%m/%Y})" if shape.valid_to else ""
        feature["properties"] |= {
            "name": f"{shape.name}{until}", "fill": colour, "stroke": colour, "opacity": 0.2 if shape.valid_to else 0.12,
            "width": 1.5 if shape.valid_to else 2.5, "url": reverse("areas:unit", args=[shape.code]),
        }  # fmt: skip
    return drawn if drawn["features"] else None


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    try:
        made = exports.export(reader(request), "area_transitions", request.GET.dict(), request.POST.get("kind", ""))
    except LookupError:
        raise Http404 from None
    except exports.ExportRefused as refused:
        messages.error(request, str(refused))
        return redirect("areas:table")
    if isinstance(made, Progress):
        messages.info(request, _("Danh sách dài, đang được lập ở máy chủ."))
        return redirect("registers:progress", progress_id=made.pk)
    return made
