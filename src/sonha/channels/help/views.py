"""The pages of help: all manuals and their search, one manual, the section about a page, the pictures."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sonha.channels.help import manuals
from sonha.channels.help.tours import tour_of

LONGEST_QUESTION = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """All manuals one may read, and where the words asked for stand in them."""
    actor, language = request.actor, get_language() or "vi"  # type: ignore[attr-defined]
    asked = request.GET.get("q", "")[:LONGEST_QUESTION].strip()
    among = manuals.readable(actor, language)
    own = manuals.own(actor, language)
    context = {
        "asked": asked,
        "found": manuals.find(asked, among),
        "own": own,
        "others": [manual for manual in among if manual not in own],
        "tour": tour_of(actor),
    }
    return render(request, "help/home.html", context)


@require_safe
def manual(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One manual, whole. Officials' manuals are for officials."""
    actor, language = request.actor, get_language() or "vi"  # type: ignore[attr-defined]
    if slug not in manuals.SLUGS:
        raise Http404
    read = next((each for each in manuals.readable(actor, language) if each.slug == slug), None)
    if read is None:
        if not actor.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
    sections = [(section, manuals.drawn(section.source)) for section in read.sections]
    return render(request, "help/manual.html", {"manual": read, "intro": manuals.drawn(read.intro), "sections": sections})


@require_safe
def for_page(request: HttpRequest, view: str) -> HttpResponse:
    """To the section that explains the page named `view`, in the reader's own manual first; to all manuals when none does."""
    language = get_language() or "vi"
    found = manuals.section_about(view, manuals.readable(request.actor, language))  # type: ignore[attr-defined]
    if found is None:
        return redirect("help:home")
    read, section = found
    return redirect(f"{reverse('help:manual', args=[read.slug])}#{section.anchor}")


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of the manuals, by its file name alone."""
    path = manuals.PICTURES / name
    if path.suffix != ".webp" or path.parent != manuals.PICTURES or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/webp", headers={"Cache-Control": "public, max-age=3600"})
