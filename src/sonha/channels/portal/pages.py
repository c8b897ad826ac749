"""Home and public tracking."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.process.bpmn.diagram import diagram_svg
from sonha.services.dossiers import selectors as dossiers
from sonha.services.dossiers.models import Dossier
from sonha.services.procedures import selectors as catalogue


def home(request: HttpRequest) -> HttpResponse:
    """Search first, then what people most often want to do."""
    actor = request.actor  # type: ignore[attr-defined]
    return render(
        request,
        "portal/home.html",
        {
            "life_events": catalogue.life_events(actor)[:12],
            "modelled": catalogue.find_procedures(actor, modelled=True)[:12],
            "procedure_count": catalogue.procedures(actor).count(),
        },
    )


def track(request: HttpRequest, code: str = "") -> HttpResponse:
    """Where a dossier stands, by its code, without sign-in and without personal data."""
    typed = request.GET.get("code", "").strip().upper()
    if typed and not code:
        return redirect("track", code=typed)
    found = dossiers.track(code) if code else None
    context = {"code": code, "found": found, "error": "", "now": timezone.now()}
    if code and found is None:
        context["error"] = _("Không có hồ sơ nào mang mã này. Ông/bà xem lại mã trên giấy tiếp nhận.")
        return render(request, "portal/track.html", context, status=404)
    if found:
        context["diagram"] = diagram_of(found.code)
    return render(request, "portal/track.html", context)


def diagram_of(code: str) -> str:
    """The flow of a dossier as SVG, with what is done and where it stands. Step names only: no personal data."""
    dossier = Dossier.objects.select_related("case__flow_version").get(code=code)
    tasks = list(dossier.case.tasks.values_list("step", "state", "due_at"))
    now = timezone.now()
    current = {step for step, state, _due in tasks if state == "open"}
    late = {step for step, state, due in tasks if state == "open" and due and due < now}
    done = {step for step, state, _due in tasks if state == "done"} - current
    return diagram_svg(dossier.case.flow_version.definition, current=current, done=done, late=late)
