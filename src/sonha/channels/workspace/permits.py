"""The permits register in the workspace."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.channels.guards import officials_only
from sonha.process.cases.errors import ActionRefused
from sonha.services.permits import selectors, services
from sonha.services.permits.models import PermitEvent, PermitState


@officials_only()
def register(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.find_permits(
        actor, request.GET.get("q", ""), permit_type=request.GET.get("type", ""), state=request.GET.get("state", "")
    )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    types = selectors.permits(actor).order_by("permit_type").values_list("permit_type", "title").distinct("permit_type")
    return render(request, "workspace/permits.html", {"page": page, "states": PermitState.choices, "types": types})


@officials_only()
def permit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.permits(actor), pk=pk)
    possible = [kind for kind, (states, _target) in services.MOVES.items() if found.state in states and kind != PermitEvent.Kind.EXPIRE]
    context = {
        "permit": found,
        "events": found.events.select_related("dossier", "recorded_by"),
        "acts": [(kind, PermitEvent.Kind(kind).label) for kind in possible] if services.may_manage(actor, found) else [],
    }
    return render(request, "workspace/permit.html", context)


@officials_only("head", "leader", "clerk")
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend, revoke, extend, …: always with a basis."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.permits(actor), pk=pk)
    kind = request.POST.get("kind", "")
    changes: dict[str, Any] = {}
    if request.POST.get("valid_to"):
        changes["valid_to"] = parse_date(request.POST["valid_to"])
    if request.POST.get("holder", "").isdigit():
        changes["holder"] = int(request.POST["holder"])
    if kind not in services.MOVES:
        messages.error(request, _("Hãy chọn việc cần ghi nhận."))
        return redirect("permit", pk=pk)
    try:
        services.act_on_permit(found.pk, kind, actor=actor, basis=request.POST.get("basis", ""), changes=changes)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã ghi vào sổ giấy phép."))
    return redirect("permit", pk=pk)
