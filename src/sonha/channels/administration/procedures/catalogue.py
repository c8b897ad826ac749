"""The catalogue as the administrator sees it: which procedures are modelled, drafted, damaged; the report on the quality of its rows."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.services.procedures import selectors
from sonha.services.procedures.importing import stored_report
from sonha.services.procedures.models import CatalogueFragment, Procedure, ProcedureVersion
from sonha.services.procedures.quality import DEFECTS, PATTERNS

PER_PAGE = 30
STATES = ("modelled", "family", "draft", "closed", "defect")


@officials_only(Role.ADMINISTRATOR)
def procedure_list(request: HttpRequest) -> HttpResponse:
    """Every procedure, found by words without diacritics and by filters."""
    actor = request.actor  # type: ignore[attr-defined]
    words = request.GET.get("q", "")
    chosen = {name: request.GET.get(name, "").strip() for name in ("field", "agency", "state", "defect", "pattern")}
    drafts = ProcedureVersion.objects.filter(procedure=OuterRef("pk"), state=ProcedureVersion.State.DRAFT)
    found = selectors.find_procedures(actor, words, field=chosen["field"], agency=chosen["agency"], defect=chosen["defect"])
    found = _in_state(found.annotate(has_draft=Exists(drafts)), chosen["state"])
    if chosen["pattern"] in PATTERNS:
        found = found.filter(code_pattern=chosen["pattern"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "chosen": chosen,
        "total": page.paginator.count,
        "fields": selectors.fields(actor),
        "agencies": selectors.agencies_with_procedures(actor),
        "defects": DEFECTS,
        "drafts": Procedure.objects.filter(Exists(drafts)).order_by("stt"),
    }
    return render(request, "administration/procedures/list.html", context)


@officials_only(Role.ADMINISTRATOR)
def quality(request: HttpRequest) -> HttpResponse:
    """What is wrong in the printed catalogue, counted, each count with the rows behind it."""
    report = stored_report()
    context: dict[str, Any] = {
        "report": report,
        "defects": [(code, title, report.defects.get(code, 0)) for code, title in DEFECTS.items()],
        "patterns": [(code, title, report.patterns.get(code, 0)) for code, title in PATTERNS.items()],
        "most": max(report.defects.values(), default=1) or 1,
        "with_defects": report.rows - report.clean_rows,
        "lost": list(report.lost_stt),
        "fragments": CatalogueFragment.objects.order_by("number"),
    }
    return render(request, "administration/procedures/quality.html", context)


def _in_state(found: QuerySet[Procedure], state: str) -> QuerySet[Procedure]:
    filters = {
        "modelled": Q(fully_modelled=True),
        "family": Q(fully_modelled=False),
        "draft": Q(has_draft=True),
        "closed": Q(open_for_filing=False),
        "defect": ~Q(defects=[]),
    }
    return found.filter(filters[state]) if state in filters else found
