"""A paper beside the answers: what was handed in on the one side, what was declared on the other, the next paper one key away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control

from sonha.foundation.access.guards import officials_only
from sonha.foundation.audit.services import record
from sonha.foundation.files.errors import FileDamaged
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import read_bytes
from sonha.foundation.rendering import pictures
from sonha.process.cases import engine
from sonha.process.forms.display import display
from sonha.services.dossiers import selectors
from sonha.services.dossiers.models import Dossier, Paper

PDF = "application/pdf"
MOST_PAGES = 40
SHARPNESS = 110  # dots per inch: legible at half the width of a desk's screen, about 150 kB a page


@officials_only()
def first(request: HttpRequest, code: str) -> HttpResponse:
    """The first paper that can be shown; the dossier's page when there is none."""
    found = selectors.dossier(request.actor, code)  # type: ignore[attr-defined]
    papers = _shown(request.actor, found)  # type: ignore[attr-defined]
    return redirect("paper_beside", code=code, pk=papers[0].pk) if papers else redirect("dossier", code=code)


@officials_only()
def beside(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The pages of one paper as pictures drawn here, so that they look the same everywhere, and the answers next to them."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    papers = _shown(actor, found)
    place = next((number for number, paper in enumerate(papers) if paper.pk == pk), None)
    if place is None:
        raise Http404
    paper = papers[place]
    pages, trouble = _pages(paper)
    if not trouble:
        record("dossier.viewed_paper", subject=engine.subject_ref(found.case), actor=actor, payload={"paper": paper.pk})
    context = {
        "dossier": found,
        "papers": papers,
        "paper": paper,
        "before": papers[place - 1] if place else None,
        "after": papers[place + 1] if place + 1 < len(papers) else None,
        "place": place + 1,
        "pages": range(1, min(pages, MOST_PAGES) + 1),
        "more": max(0, pages - MOST_PAGES),
        "trouble": trouble,
        "shown": display(found.version.form_version.schema, found.answers, context={}),  # type: ignore[union-attr]
    }
    return render(request, "workspace/beside.html", context)


@officials_only()
@cache_control(private=True, max_age=3600, immutable=True)
def page(request: HttpRequest, code: str, pk: int, number: int) -> HttpResponse:
    """One page as a picture; a photograph as it is. A stored file never changes, so its pictures may be kept by the browser.

    Opening the paper was noted when the page around it was; its pictures are not noted one by one.
    """
    found = selectors.dossier(request.actor, code)  # type: ignore[attr-defined]
    file = get_object_or_404(selectors.papers_for(request.actor, found).exclude(file=None), pk=pk).file  # type: ignore[attr-defined]
    if file is None or file.scan_state == StoredFile.ScanState.INFECTED:
        raise Http404
    if file.is_image and number == 1:
        return HttpResponse(read_bytes(file), content_type=file.media_type, headers={"X-Content-Type-Options": "nosniff"})
    drawn = pictures.page_png(read_bytes(file), number, dpi=SHARPNESS) if file.media_type == PDF else None
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/png")


def _shown(actor: Any, found: Dossier) -> list[Paper]:
    return [paper for paper in selectors.papers_for(actor, found) if paper.file]


def _pages(paper: Paper) -> tuple[int, str]:
    """How many pictures there are, or why there is none: `infected`, `damaged` or `kind` (a file that is no document and no picture)."""
    file = paper.file
    assert file is not None  # only papers with a file are shown
    if file.scan_state == StoredFile.ScanState.INFECTED:
        return 0, "infected"
    if file.is_image:
        return 1, ""
    if file.media_type != PDF:
        return 0, "kind"
    try:
        count = pictures.page_count(read_bytes(file))
    except FileDamaged:
        return 0, "damaged"
    return (count, "") if count else (0, "damaged")
