"""Looking procedures up: by own words, field, agency, life event, code."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control

from sonha.channels.portal.steps import drawing, main_steps
from sonha.foundation.organisations.selectors import areas_for_choice
from sonha.process.bpmn.export import to_bpmn
from sonha.process.cases.clock import limit_of
from sonha.process.deadlines import limit_words
from sonha.services.dossiers import fee_words
from sonha.services.dossiers.public_figures import usual_days_kept
from sonha.services.procedures import selectors
from sonha.services.procedures.models import Procedure, ProcedureVersion
from sonha.services.procedures.unit_names import unit_names

PER_PAGE = 20
FILTERS = ("field", "agency", "level", "life_event", "defect")


def procedures(request: HttpRequest) -> HttpResponse:
    """The catalogue with its filters; the list alone for htmx."""
    actor = request.actor  # type: ignore[attr-defined]
    chosen = {name: request.GET.get(name, "").replace("\x00", "").strip() for name in FILTERS}
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = selectors.find_procedures(actor, words, modelled=bool(request.GET.get("modelled")), **chosen)
    rows, following = page_after(found, request.GET.get("sau", ""), ranked=bool(words))
    context: dict[str, Any] = {"rows": rows, "following": following, "words": words, "chosen": chosen, "total": found.count()}
    context["begun"] = "sau" in request.GET
    said = selectors.summaries(rows)
    for row in rows:
        row.said = said.get(row.pk)  # type: ignore[attr-defined]
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "portal/procedures_list.html", context)
    context |= {
        "fields": selectors.fields(actor),
        "agencies": selectors.agencies_with_procedures(actor),
        "life_events": [event for event in selectors.life_events(actor) if getattr(event, "count", 0)],
        "narrowed": any(chosen.values()),
    }
    return render(request, "portal/procedures.html", context)


def page_after(found: QuerySet[Procedure], after: str, *, ranked: bool) -> tuple[list[Procedure], int | None]:
    """The page that follows the procedure with STT `after`, and the STT to ask for next (None at the end).

    Without words the order is a key of the table, and the page starts behind it; with words it is the rank, and the page starts behind
    the row of that STT among the matches.
    """
    last = int(after) if after.isdecimal() and len(after) < 10 else None
    if not ranked:
        if last is not None:
            own = Procedure.objects.filter(stt=last).values_list("fully_modelled", flat=True).first()
            behind = Q(fully_modelled=bool(own), stt__gt=last)
            found = found.filter(behind | Q(fully_modelled=False) if own else behind)
        rows = list(found[: PER_PAGE + 1])
    else:
        order = list(found.values_list("stt", flat=True))
        start = order.index(last) + 1 if last in order else 0
        wanted = order[start : start + PER_PAGE + 1]
        by_stt = {procedure.stt: procedure for procedure in found.filter(stt__in=wanted)}
        rows = [by_stt[stt] for stt in wanted]
    return rows[:PER_PAGE], rows[PER_PAGE - 1].stt if len(rows) > PER_PAGE else None


def procedure(request: HttpRequest, stt: int) -> HttpResponse:
    """One procedure: what it is for, what to prepare, what it costs, how long it takes, and its steps."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.procedures(actor), stt=stt)
    version = selectors.current_version(found)
    context: dict[str, Any] = {"procedure": found, "version": version, "at_desk": actor.has_role("receptionist")}
    if version is not None:
        context |= _content(found, version)
    return render(request, "portal/procedure.html", context)


def _content(found: Procedure, version: ProcedureVersion) -> dict[str, Any]:
    assert version.flow_version
    limit = limit_of(version.content.get("time_limit"))
    flow, units = version.flow_version.definition, unit_names(version.content, found)
    basis = version.content.get("legal_basis", [])
    return {
        "content": version.content,
        "papers": version.papers.all(),
        "limit": limit_words(limit) if limit else "",
        "fees": fee_words.all_rows(version),
        "fee_due": fee_words.due_words(version),
        "exemptions": fee_words.exemptions(version),
        "steps": main_steps(flow, units),
        "diagram": drawing(flow, units, ident="procedure"),
        "usual_days": usual_days_kept(found),
        "basis": [entry for entry in basis if not entry.get("assumption")],
        "assumptions": [entry["citation"] for entry in basis if entry.get("assumption")],
    }


def checklist(request: HttpRequest, stt: int) -> HttpResponse:
    """What to prepare on one sheet to print or keep."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.procedures(actor), stt=stt)
    version = selectors.current_version(found)
    if version is None:
        return render(request, "portal/not_open.html", {"procedure": found}, status=404)
    return render(request, "portal/checklist.html", {"procedure": found, "version": version, **_content(found, version)})


def bpmn(request: HttpRequest, stt: int) -> HttpResponse:
    """The flow of a procedure as BPMN 2.0 XML."""
    found = get_object_or_404(Procedure, stt=stt)
    version = selectors.current_version(found)
    if version is None or version.flow_version is None:
        return HttpResponse(status=404)
    xml = to_bpmn(version.flow_version.definition, name=found.name, units=unit_names(version.content, found))
    response = HttpResponse(xml, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="thu-tuc-{stt}.bpmn"'
    return response


@cache_control(max_age=3600, public=True)
def areas(request: HttpRequest) -> JsonResponse:
    """Communes of the province for cascading lists and small maps."""
    return JsonResponse({"areas": areas_for_choice()})
