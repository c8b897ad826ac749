"""The page of an export: the kind of file and the coordinate system; the rows are those of the list it was opened from."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sonha.foundation.jobs.models import Progress
from sonha.foundation.rendering.exports import ExportRefused
from sonha.foundation.search.counting import capped_count
from sonha.registry.pages.asking import Asked, When, of_register
from sonha.registry.pages.exports import selection
from sonha.registry.pages.lists import shared
from sonha.registry.pages.narrowing import Narrowing

from .. import systems
from . import export

COUNTED = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
@of_register()
def page(request: HttpRequest, asked: Asked) -> HttpResponse:
    if not asked.rights.downloads:
        raise PermissionDenied
    parameters = request.GET.dict()
    if request.method == "POST":
        srid = request.POST.get("srid", "")
        try:
            made = export.export(asked, parameters, request.POST.get("kind", ""), int(srid) if srid.isdecimal() and len(srid) < 7 else 0)
        except LookupError:
            raise Http404 from None
        except ExportRefused as refused:
            messages.error(request, str(refused))
            return redirect(request.get_full_path())
        return redirect("registers:progress", progress_id=made.pk) if isinstance(made, Progress) else made
    count, more = capped_count(selection(asked, parameters), COUNTED)
    own = asked.register.field(asked.register.geometry()).srid if asked.register.geometry() else 0
    offered = dict.fromkeys((own, *(each for each in (9215, 4326, 3857) if own)))
    context = {
        **shared(asked, When.of(parameters)), "count": count, "more": more, "kinds": export.kinds_for(asked),
        "chosen": Narrowing(asked, parameters).chosen(), "systems": [(each, systems.title(each)) for each in offered if each],
    }  # fmt: skip
    return render(request, "formats/export.html", context)
