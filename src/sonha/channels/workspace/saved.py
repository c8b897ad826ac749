"""Filters that a person keeps over a list: shown as chips, saved from what is narrowed now, opened with when one is the default."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.foundation.access.guards import officials_only
from sonha.process.cases.errors import ActionRefused
from sonha.services.handling import filters
from sonha.services.handling.models import SavedFilter


def _own(request: HttpRequest, page: str) -> list[SavedFilter]:
    """Read once a request."""
    known: dict[str, list[SavedFilter]] = request.__dict__.setdefault("own_filters", {})
    if page not in known:
        known[page] = list(filters.saved(request.actor, page))  # type: ignore[attr-defined]
    return known[page]


def chips(request: HttpRequest, page: str) -> dict[str, Any]:
    """What `workspace/parts/saved.html` shows over the list of `page`."""
    own = _own(request, page)
    now = filters.kept(page, request.GET.dict())
    rows = [{"filter": each, "address": f"?{urlencode(each.parameters)}", "chosen": each.parameters == now} for each in own]
    return {
        "saved": rows,
        "saved_page": page,
        "saved_now": "" if request.actor.reads_only else urlencode(now),  # type: ignore[attr-defined]
        "saved_chosen": next((row["filter"] for row in rows if row["chosen"]), None),
    }


def opening(request: HttpRequest, page: str) -> HttpResponse | None:
    """To the default filter, when the list is opened without any condition: by the menu, not by a link that asks for something."""
    if request.META.get("QUERY_STRING") or request.htmx:  # type: ignore[attr-defined]
        return None
    default = next((each for each in _own(request, page) if each.is_default), None)
    return redirect(f"{reverse(page)}?{urlencode(default.parameters)}") if default and default.parameters else None


@officials_only()
@require_POST
def keep(request: HttpRequest, page: str) -> HttpResponse:
    """Saves what the list is narrowed by now."""
    if page not in SavedFilter.Page.values:
        raise Http404
    asked = dict(parse_qsl(request.POST.get("query", "")[:2000]))
    back = f"{reverse(page)}?{urlencode(filters.kept(page, asked)) or 'q='}"
    try:
        kept = filters.save(request.actor, page, request.POST.get("name", ""), asked, default="default" in request.POST)  # type: ignore[attr-defined]
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã lưu bộ lọc «%(name)s».") % {"name": kept.name})
    return redirect(back)


@officials_only()
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """`do`: default, plain (no longer the default) or forget."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(SavedFilter, pk=pk, user_id=actor.user_id)
    wanted = request.POST.get("do", "")
    if wanted == "forget":
        filters.forget(actor, found)
        messages.success(request, _("Đã bỏ bộ lọc «%(name)s».") % {"name": found.name})
        return redirect(f"{reverse(found.page)}?q=")
    if wanted not in {"default", "plain"}:
        raise Http404
    filters.set_default(actor, found, on=wanted == "default")
    return redirect(f"{reverse(found.page)}?{urlencode(found.parameters)}")
