"""Exports of the officials' lists: at once, or by a job with a page that says how far it is."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from sonha.foundation.access.guards import officials_only
from sonha.foundation.jobs.models import Progress
from sonha.foundation.jobs.selectors import progress_of
from sonha.foundation.rendering import exports
from sonha.services.handling import bundle

PAGES = {"dossiers": "dossiers", "board": "boards", "register": "register", "permits": "permits"}
"""The lists that can be exported, and the page each is shown on."""


@officials_only(changes=False)
@require_POST
def make(request: HttpRequest, name: str) -> HttpResponse:
    """The list that the address asks for, as the kind of file that the button names."""
    if name not in PAGES:
        raise Http404
    kind = request.POST.get("kind", "")
    try:
        if (name, kind) == ("dossiers", bundle.KIND):
            return redirect("export_progress", progress_id=bundle.begin(request.actor, request.GET.dict()).pk)  # type: ignore[attr-defined]
        made = exports.export(request.actor, name, request.GET.dict(), kind)  # type: ignore[attr-defined]
    except LookupError:
        raise Http404 from None
    except exports.ExportRefused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse(PAGES[name])}?{request.GET.urlencode()}")
    return redirect("export_progress", progress_id=made.pk) if isinstance(made, Progress) else made


@officials_only()
def progress(request: HttpRequest, progress_id: UUID) -> HttpResponse:
    """How far a long export is; only for the one who asked."""
    row = get_object_or_404(progress_of(request.actor), pk=progress_id)  # type: ignore[attr-defined]
    return render(request, "workspace/export.html", {"progress": row})
