"""Looking procedures up: by own words, field, agency, life event, code."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control

from sonha.foundation.organisations.selectors import areas_for_choice
from sonha.process.bpmn.diagram import diagram_svg
from sonha.process.bpmn.export import to_bpmn
from sonha.process.cases.clock import limit_of
from sonha.process.deadlines import limit_words
from sonha.services.dossiers.averages import usual_days
from sonha.services.procedures import selectors
from sonha.services.procedures.models import Procedure

PER_PAGE = 20


def procedures(request: HttpRequest) -> HttpResponse:
    """The catalogue with its filters; the list alone for htmx."""
    actor = request.actor  # type: ignore[attr-defined]
    chosen = {name: request.GET.get(name, "").strip() for name in ("field", "agency", "level", "life_event", "defect")}
    words = request.GET.get("q", "")
    found = selectors.find_procedures(actor, words, modelled=bool(request.GET.get("modelled")), **chosen)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "chosen": chosen, "total": page.paginator.count}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "portal/procedures_list.html", context)
    context |= {
        "fields": selectors.fields(actor),
        "agencies": selectors.agencies_with_procedures(actor),
        "life_events": selectors.life_events(actor),
    }
    return render(request, "portal/procedures.html", context)


def procedure(request: HttpRequest, stt: int) -> HttpResponse:
    """One procedure: what it is for, what to prepare, what it costs, how long it takes, and its steps."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.procedures(actor), stt=stt)
    version = selectors.current_version(found)
    context: dict[str, object] = {"procedure": found, "version": version}
    if version is not None:
        limit = limit_of(version.content.get("time_limit"))
        context |= {
            "content": version.content,
            "papers": version.papers.all(),
            "limit": limit_words(limit) if limit else "",
            "fees": (version.content.get("fees") or {}).get("rules", []),
            "diagram": diagram_svg(version.flow_version.definition, current=set(), done=set(), late=set()),  # type: ignore[union-attr]
            "usual_days": usual_days(found),
            "assumptions": [entry["citation"] for entry in version.content.get("legal_basis", []) if entry.get("assumption")],
            "versions": found.versions.exclude(state="draft"),
        }
    return render(request, "portal/procedure.html", context)


def bpmn(request: HttpRequest, stt: int) -> HttpResponse:
    """The flow of a procedure as BPMN 2.0 XML."""
    found = get_object_or_404(Procedure, stt=stt)
    version = selectors.current_version(found)
    if version is None or version.flow_version is None:
        return HttpResponse(status=404)
    xml = to_bpmn(version.flow_version.definition, name=found.name)
    response = HttpResponse(xml, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="thu-tuc-{stt}.bpmn"'
    return response


@cache_control(max_age=3600, public=True)
def areas(request: HttpRequest) -> JsonResponse:
    """Communes of the province for cascading lists and small maps."""
    return JsonResponse({"areas": areas_for_choice()})
