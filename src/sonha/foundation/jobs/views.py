"""The progress fragment that a page polls."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from . import selectors


def progress(request: HttpRequest, progress_id: UUID) -> HttpResponse:
    """Progress of one bulk operation of the person who asks; htmx polls until it has ended (status 286 stops the polling)."""
    row = get_object_or_404(selectors.progress_of(request.actor), pk=progress_id)  # type: ignore[attr-defined]
    return render(
        request, "jobs/progress.html", {"progress": row}, status=286 if row.finished and request.headers.get("HX-Request") else 200
    )
