"""One's own notifications: list, bell, choices; and the page behind the link at the foot of an e-mail."""

from typing import Any

from django.contrib import messages as flash
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import kinds, selectors, services

PAGE = 30


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Newest first; `?truoc=<id>` continues below that message, so that a page costs the same however many there are."""
    rows = selectors.messages(_actor(request))
    before = request.GET.get("truoc", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return render(
        request, "notifications/list.html", {"notifications": found[:PAGE], "more": more, "unread": selectors.unread_count(_actor(request))}
    )


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The number of unread messages beside the header's link, polled each minute by the base page; nothing for visitors."""
    actor = _actor(request)
    if actor.user is None:
        return HttpResponse(status=204)
    return render(request, "notifications/bell.html", {"unread": selectors.unread_count(actor), "most": selectors.COUNTED_UP_TO})


@login_required
@require_GET
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Marks the message as read and goes where it points."""
    message = get_object_or_404(selectors.messages(_actor(request)), pk=message_id)
    services.mark_read(_actor(request), message.pk)
    return redirect(message.link or "notifications:list")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_read(_actor(request))
    return redirect("notifications:list")


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which kinds reach me by which channel."""
    user = _actor(request).user
    rows = selectors.choices(user)
    if request.method == "POST":
        services.choose(user, {(kind.name, channel): f"{kind.name}:{channel}" in request.POST for kind, on in rows for channel in on})
        flash.success(request, _("Đã lưu lựa chọn nhận thông báo."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"rows": rows})


@csrf_exempt  # mail programs post without a page of ours (RFC 8058); the signed token says what may be done
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops e-mails of one kind. GET only asks: mail scanners follow links."""
    try:
        user_id, name = services.read_token(token)
        kind = kinds.kind(name)
        user = get_user_model().objects.get(pk=user_id)
    except (ValueError, LookupError, get_user_model().DoesNotExist):
        raise Http404 from None
    if request.method == "POST":
        services.choose(user, {(name, kinds.EMAIL): False})
    return render(request, "notifications/unsubscribe.html", {"kind": kind, "done": request.method == "POST"})
