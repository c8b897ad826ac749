"""My papers: all that the authorities gave a person and all that the person gave them, on one page; given once, it serves again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from sonha.foundation.search.folding import fold
from sonha.services.dossiers import selectors
from sonha.services.permits.selectors import permits

MOST = 200


@never_cache
@login_required
def papers(request: HttpRequest) -> HttpResponse:
    """Permits, what the authorities sent, and what was handed in; `?q=` narrows by words, marks do not count."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]

    def fits(*texts: str) -> bool:
        return fold(words) in fold(" ".join(texts))

    held = permits(actor).filter(holder_id__in=actor.party_ids)[:MOST]
    context = {
        "words": words,
        "permits": [each for each in held if fits(each.title, each.number)],
        "official": [each for each in selectors.my_official_papers(actor)[:MOST] if fits(each.title, each.dossier.code)],
        "given": [each for each in selectors.my_papers(actor)[:MOST] if fits(each.title, each.dossier.code)],
    }
    return render(request, "portal/my_papers.html", context)
