"""Home, public tracking, and what machines that collect pages may take."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache

from sonha.channels.portal.province_map import province_map
from sonha.channels.portal.steps import dossier_drawing
from sonha.channels.portal.throttling import at_most
from sonha.foundation.rendering.qr import qr_svg
from sonha.services.dossiers import public_figures
from sonha.services.dossiers import selectors as dossiers
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.reception import tracking_url
from sonha.services.procedures import selectors as catalogue

MOST_USED = 6
TRACKED = "60/min"  # of one address
ROBOTS = """User-agent: *
Disallow: /ho-so-cua-toi/
Disallow: /nop-ho-so/
Disallow: /giay-to/
Disallow: /giay-to-cua-toi/
Disallow: /van-ban/
Disallow: /tep/
Disallow: /thanh-toan/
Disallow: /tai-khoan/
Disallow: /can-bo/
Disallow: /quan-tri/
Disallow: /api/
"""


def home(request: HttpRequest) -> HttpResponse:
    """Search first, then what people most often want to do, and how the work stands."""
    actor = request.actor  # type: ignore[attr-defined]
    waiting = dossiers.my_dossiers(actor.in_person()).filter(state__in=["supplement", "payment"])[:3] if actor.is_authenticated else []
    return render(
        request,
        "portal/home.html",
        {
            "life_events": [event for event in catalogue.life_events(actor) if getattr(event, "count", 0)][:12],
            "most_used": public_figures.most_used(MOST_USED)
            or [(each, 0) for each in catalogue.find_procedures(actor, modelled=True)[:MOST_USED]],
            "figures": public_figures.this_month(),
            "map": province_map(),
            "procedure_count": catalogue.procedures(actor).count(),
            "waiting": waiting,
        },
    )


@never_cache
@at_most(TRACKED)
def track(request: HttpRequest, code: str = "") -> HttpResponse:
    """Where a dossier stands, by its code, without sign-in and without personal data."""
    typed = request.GET.get("code", "").strip().upper().replace(" ", "")
    if typed and not code:
        return redirect("track", code=typed[:50])
    found = dossiers.track(code) if code else None
    context = {"code": code, "found": found, "error": "", "now": timezone.now()}
    if found:
        dossier = Dossier.objects.get(code=found.code)
        context |= {"diagram": dossier_drawing(dossier), "qr": qr_svg(tracking_url(dossier)), "address": tracking_url(dossier)}
    elif code:
        context["error"] = _("Không có hồ sơ nào mang mã này. Ông/bà xem lại mã trên giấy tiếp nhận.")
    response = render(request, "portal/track.html", context, status=404 if context["error"] else 200)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@cache_control(max_age=86400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """The catalogue may be collected by search engines, people's papers may not."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
