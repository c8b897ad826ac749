"""The report on a register's quality: counts by rule, the findings, their map."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sonha.foundation.jobs.models import Progress
from sonha.foundation.rendering import exports as lists
from sonha.foundation.search.counting import capped_count
from sonha.registry.declarations import Register, Severity
from sonha.registry.pages.asking import Asked, When, of_register
from sonha.registry.pages.lists import KINDS, shared
from sonha.registry.records.services import NotYours

from . import services
from .exports import narrowed
from .models import Finding
from .selectors import by_rule, findings, last_run

PER_PAGE = 50
ON_MAP = 2_000
COLOURS = {Severity.ERROR: "#b3261e", Severity.WARNING: "#8a5a00", Severity.NOTE: "#0f6b76"}


def _allowed(asked: Asked) -> None:
    """For officials who read the register in full somewhere."""
    if not asked.actor.is_official or not asked.rights.inside:
        raise PermissionDenied


@require_safe
@of_register()
def report(request: HttpRequest, asked: Asked) -> HttpResponse:
    _allowed(asked)
    parameters = request.GET.dict()
    found = narrowed(findings(asked.actor, asked.register), parameters)
    count, more = capped_count(found.order_by(), 10_000)
    after = parameters.get("after", "")
    page = found.filter(pk__lt=int(after)) if after.isdecimal() and len(after) < 19 else found
    shown = list(page.order_by("-pk")[: PER_PAGE + 1])
    rules = by_rule(asked.actor, asked.register)
    run = last_run(asked.register)
    context = {
        **shared(asked, When()), "rules": rules, "run": run, "running": run is not None and run.state == "running",
        "count": count, "more": more,
        "rows": _named(asked, shown[:PER_PAGE]), "next": shown[PER_PAGE - 1].pk if len(shown) > PER_PAGE else None, "chosen": parameters,
        "totals": [(severity, sum(each["open"] for each in rules if each["severity"] == severity)) for severity in Severity],
        "states": Finding.State.choices, "severities": Severity.choices, "kinds": KINDS if asked.rights.downloads else (),
        "features": _features(asked.register, found) if asked.register.geometry() else None, "on_map": ON_MAP,
        "progress": run.progress if run and run.progress and run.progress.user_id == asked.actor.user_id else None,
    }  # fmt: skip
    return render(request, "quality/report.html", context)


def _named(asked: Asked, shown: list[Finding]) -> list[tuple[Finding, str, str, bool]]:
    """(finding, name of its record, address, whether the actor may say that it stays so)."""
    ids = {each.record_id for each in shown} | {each.other_id for each in shown}
    rows = {row.pk: row for row in asked.rows(When(), ended=True).filter(pk__in=ids - {None, 0})}
    naming = asked.register.naming()
    found = []
    for each in shown:
        row = rows.get(each.record_id)
        name = (
            asked.register.named(row)
            if row is not None and (naming == "pk" or naming in asked.rights.fields_of(row))
            else str(each.record_id)
        )
        url = reverse("registers:record", args=[asked.register.slug, each.record_id]) if row is not None else ""
        found.append((each, name, url, row is not None and asked.rights.may_edit(row)))
    return found


def _features(register: type[Register], found: Any) -> dict[str, Any]:
    rows = found.exclude(place=None).order_by("-pk").values_list("pk", "record_id", "sentence", "severity", "place")[:ON_MAP]
    return {"type": "FeatureCollection", "features": [_feature(register, *row) for row in rows]}


def _feature(register: type[Register], pk: int, record_id: int, sentence: str, severity: str, place: Any) -> dict[str, Any]:
    colour = COLOURS[Severity(severity)]
    look = {"fill": colour, "stroke": colour, "opacity": 0.5, "width": 2, "size": 10}
    url = reverse("registers:record", args=[register.slug, record_id]) if record_id else ""
    return {
        "type": "Feature", "id": pk, "geometry": json.loads(place.geojson),
        "properties": {"name": sentence, "url": url, "severity": severity, **look},
    }  # fmt: skip


@require_safe
@of_register()
def places(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The same findings as GeoJSON, at most 2,000."""
    _allowed(asked)
    found = narrowed(findings(asked.actor, asked.register), request.GET.dict())
    response = JsonResponse(_features(asked.register, found), content_type="application/geo+json")
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@of_register(edits=True)
def start(request: HttpRequest, asked: Asked) -> HttpResponse:
    _allowed(asked)
    services.start(asked.actor, asked.register)
    messages.success(request, _("Đang kiểm tra; trang này cập nhật khi xong."))
    return redirect("quality:report", asked.register.slug)


@require_POST
@of_register(edits=True)
def stop(request: HttpRequest, asked: Asked) -> HttpResponse:
    _allowed(asked)
    run = last_run(asked.register)
    if run is not None:
        services.stop(run)
    return redirect("quality:report", asked.register.slug)


@require_POST
@of_register(edits=True)
def accept(request: HttpRequest, asked: Asked, pk: int) -> HttpResponse:
    _allowed(asked)
    finding = get_object_or_404(findings(asked.actor, asked.register), pk=pk)
    try:
        services.accept(asked.actor, finding, request.POST.get("reason", ""))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    except NotYours as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Đã ghi nhận lý do; lỗi này không còn được đếm."))
    return redirect(f"{reverse('quality:report', args=[asked.register.slug])}?{request.GET.urlencode()}")


@require_POST
@of_register()
def export(request: HttpRequest, asked: Asked) -> HttpResponse:
    _allowed(asked)
    if not asked.rights.downloads:
        raise PermissionDenied
    try:
        made = lists.export(asked.actor, f"findings:{asked.register.code}", request.GET.dict(), request.POST.get("kind", ""))
    except LookupError:
        raise Http404 from None
    except lists.ExportRefused as refused:
        messages.error(request, str(refused))
        return redirect("quality:report", asked.register.slug)
    return redirect("registers:progress", progress_id=made.pk) if isinstance(made, Progress) else made
