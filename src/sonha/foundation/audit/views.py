"""The log as auditors and administrators read it."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from . import selectors
from .models import Event

PAGE = 50


@login_required
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Newest first, fifty a page; `?truoc=<id>` continues below. Filters: `loai` thing, `ma` its reference, `viec` verb, `tu` and `den`."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has_role(*selectors.OVERSEERS):
        raise PermissionDenied(_("Chỉ kiểm toán viên và quản trị hệ thống được xem nhật ký."))
    events = _filtered(selectors.log(actor), request)
    before = request.GET.get("truoc", "")
    if before.isdecimal() and len(before) < 19:
        events = events.filter(pk__lt=int(before))
    found = list(events[: PAGE + 1])
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    context = {"events": found[:PAGE], "more": more, "check": selectors.last_check(), "asked": request.GET}
    return render(request, "audit/log.html", context)


def _filtered(events: QuerySet[Event], request: HttpRequest) -> QuerySet[Event]:
    exact = {"loai": "subject_kind", "ma": "subject_ref", "viec": "verb"}
    for name, field in exact.items():
        value = request.GET.get(name, "").strip().replace("\x00", "")
        if value:
            events = events.filter(**{field: value})
    first, last = _day(request.GET.get("tu", "")), _day(request.GET.get("den", ""))
    if first:
        events = events.filter(at__gte=_midnight(first))
    if last:
        events = events.filter(at__lt=_midnight(last + timedelta(days=1)))
    return events


def _day(text: str) -> date | None:
    """The date of a filter; nothing for what is no date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())
