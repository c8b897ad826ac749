"""The year of work: everyone may look, administrators correct it."""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sonha.foundation.audit import previews

from . import selectors, services
from .models import Holiday
from .workdays import WorkCalendar

KEY = "lich-lam-viec"
EARLIEST, LATEST = 2000, 2100


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of a month. `mark`: off (a declared day off), weekend, made_up (a weekend that is worked), or empty."""

    date: date
    mark: str
    name: str


@require_GET
def year(request: HttpRequest) -> HttpResponse:
    """Twelve months with days off and make-up days, and the list that says why."""
    asked = request.GET.get("nam", "")
    number = int(asked) if asked.isdecimal() and EARLIEST <= int(asked[:5]) <= LATEST else timezone.localdate().year
    return _page(request, number)


def _page(request: HttpRequest, number: int, *, typed: Mapping[str, str] | None = None, refusal: str = "") -> HttpResponse:
    """The year; with what was typed, when it is refused (422) or looked at again."""
    rows = list(selectors.days(date(number, 1, 1), date(number, 12, 31)))
    context = {
        "year": number,
        "months": _months(number, {row.date: row.name for row in rows}, selectors.working_calendar()),
        "rows": rows,
        "kinds": Holiday.Kind.choices,
        "may_change": _may_change(request),
        "typed": typed or {},
        "refusal": refusal,
    }
    return render(request, "calendar/year.html", context, status=422 if refusal else 200)


@require_POST
def set_day(request: HttpRequest) -> HttpResponse:
    """Declares a day, once it was seen what that changes; clocks that run are computed anew by a job."""
    day = _changed_day(request)
    given = request.POST
    if previews.going_back(request):
        return _page(request, day.year, typed=given.dict())
    said: dict[str, Any] = {
        "name": given.get("name", "")[:200],
        "source": given.get("source", "")[:300],
        "assumption": "assumption" in given,
    }
    title = _("Khai báo ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}
    try:
        shown = previews.first(request, KEY, lambda: services.set_day(_actor(request), day, given.get("kind", ""), **said), title=title)
    except ValueError as error:
        return _page(request, day.year, typed=given.dict(), refusal=str(error))
    else:
        if shown:
            return shown
        flash.success(request, _("Đã khai báo ngày %(day)s. Hạn của các hồ sơ đang xử lý được tính lại.") % {"day": f"{day:%d/%m/%Y}"})
    return _to_year(day)


@require_POST
def clear_day(request: HttpRequest) -> HttpResponse:
    day = _changed_day(request)
    if previews.going_back(request):
        return _to_year(day)
    title, save = _("Bỏ khai báo ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}, _("Bỏ khai báo")
    try:
        shown = previews.first(request, KEY, lambda: services.clear_day(_actor(request), day), title=title, save=save)
    except LookupError as error:
        flash.error(request, str(error))
    else:
        if shown:
            return shown
        flash.success(request, _("Đã bỏ khai báo ngày %(day)s. Hạn của các hồ sơ đang xử lý được tính lại.") % {"day": f"{day:%d/%m/%Y}"})
    return _to_year(day)


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _may_change(request: HttpRequest) -> bool:
    return bool(_actor(request).is_administrator)


def _changed_day(request: HttpRequest) -> date:
    """The day that an administrator wants to change; 403 for others, 400 for what is no date (the field allows only dates)."""
    if not _may_change(request):
        raise PermissionDenied(_("Chỉ quản trị hệ thống được sửa lịch làm việc."))
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise BadRequest(_("Ngày không hợp lệ.")) from None


def _to_year(day: date) -> HttpResponse:
    return redirect(f"{reverse('calendar:year')}?nam={day.year}")


def _months(number: int, names: dict[date, str], work: WorkCalendar) -> list[tuple[date, list[list[Day | None]]]]:
    sheets = []
    for month in range(1, 13):
        weeks = [
            [_day(date(number, month, day), names, work) if day else None for day in week] for week in months.monthcalendar(number, month)
        ]
        sheets.append((date(number, month, 1), weeks))
    return sheets


def _day(day: date, names: dict[date, str], work: WorkCalendar) -> Day:
    if work.is_workday(day):
        return Day(day, "made_up" if day in names else "", names.get(day, ""))
    return Day(day, "off" if day in names else "weekend", names.get(day, ""))
