"""The statistical report of a register, and the progress of a long spreadsheet."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from sonha.foundation.jobs.selectors import progress_of

from .asking import Asked, When, of_register
from .lists import KINDS, shared
from .statistics import statistics_of, table


@require_safe
@of_register()
def statistics_page(request: HttpRequest, asked: Asked) -> HttpResponse:
    context = {
        **shared(asked, When.of(request.GET)),
        "offered": list(enumerate(each.title for each in statistics_of(asked))),
        "table": table(asked, request.GET.dict()),
        "kinds": KINDS if asked.rights.downloads else (),
    }
    return render(request, "registers/statistics.html", context)


@require_safe
def progress(request: HttpRequest, progress_id: UUID) -> HttpResponse:
    """How far a long spreadsheet is; only for the one who asked."""
    row = get_object_or_404(progress_of(request.actor), pk=progress_id)  # type: ignore[attr-defined]
    return render(request, "registers/progress.html", {"progress": row})
