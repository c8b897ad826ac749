"""Lists of the officials: my work, my unit's work, dossiers with filters, bulk actions."""

from collections import Counter
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sonha.channels.guards import officials_only
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.services.dossiers import selectors
from sonha.services.dossiers.models import Channel, State
from sonha.services.procedures import selectors as catalogue

PER_PAGE = 50
MAX_BULK = 200


@officials_only()
def work(request: HttpRequest) -> HttpResponse:
    """What waits for me now, most urgent first."""
    actor = request.actor  # type: ignore[attr-defined]
    tasks = selectors.work_list(actor)
    return _task_page(request, tasks, "workspace/work.html", heading=_("Việc của tôi"))


@officials_only("head", "leader", "auditor")
def unit_work(request: HttpRequest) -> HttpResponse:
    """Open tasks of the units I head, whoever holds them."""
    return _task_page(request, selectors.unit_work(request.actor), "workspace/work.html", heading=_("Việc của đơn vị"))  # type: ignore[attr-defined]


def _task_page(request: HttpRequest, tasks: Any, template: str, *, heading: str) -> HttpResponse:
    now = timezone.now()
    step = request.GET.get("step", "")
    kind = request.GET.get("late", "")
    if step:
        tasks = tasks.filter(title=step)
    if kind == "late":
        tasks = tasks.filter(due_at__lt=now)
    if kind == "soon":
        tasks = tasks.filter(due_at__gte=now, due_at__lt=now + selectors.SOON)
    if request.GET.get("unclaimed"):
        tasks = tasks.filter(assignee=None)
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    for task in page:
        task.dossier = engine.outermost(task.case).dossier
        task.batch = [edge for edge in engine.available_actions(task) if edge.batch]
    return render(
        request,
        template,
        {
            "page": page,
            "heading": heading,
            "now": now,
            "steps": Counter(tasks.order_by().values_list("title", flat=True)[:2000]).most_common(12),
            "batch_actions": sorted({(edge.action, edge.title) for task in page for edge in task.batch}),
            "chosen_step": step,
            "chosen_late": kind,
        },
    )


@officials_only()
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One action on many tasks; each is done or refused by itself and the page says which."""
    actor = request.actor  # type: ignore[attr-defined]
    ids = [int(each) for each in request.POST.getlist("task") if each.isdigit()][:MAX_BULK]
    action = request.POST.get("action", "")
    if not ids or not action:
        messages.error(request, _("Hãy chọn ít nhất một hồ sơ và một hành động."))
        return redirect(_back(request))
    if action == "claim":
        results = [_claimed(task_id, actor) for task_id in ids]
    else:
        results = engine.act_on_many(ids, action, actor=actor, comment=request.POST.get("comment", ""))
    done = sum(result.done for result in results)
    if done:
        messages.success(request, ngettext("Đã xử lý %(count)d hồ sơ.", "Đã xử lý %(count)d hồ sơ.", done) % {"count": done})
    names = dict(Task.objects.filter(pk__in=ids).values_list("pk", "case__dossier__code"))
    for result in results:
        if not result.done:
            messages.error(request, f"{names.get(result.task_id) or ''} {result.sentence}")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The officials' page the form came from, else the work list."""
    wanted = request.POST.get("next", "")
    return wanted if wanted.startswith("/can-bo/") else reverse("work")


def _claimed(task_id: int, actor: Any) -> engine.BatchResult:
    try:
        engine.claim(task_id, actor=actor)
    except (ActionRefused, Task.DoesNotExist) as refused:
        return engine.BatchResult(task_id, False, str(refused))
    return engine.BatchResult(task_id, True)


def filters_from(request: HttpRequest) -> selectors.Filters:
    """The filters of a list as its address holds them; a wrong date is no filter."""
    get = request.GET
    return selectors.Filters(
        words=get.get("q", ""),
        state=get.get("state", ""),
        procedure=get.get("procedure", "") if get.get("procedure", "").isdigit() else "",
        field=get.get("field", ""),
        agency=get.get("agency", ""),
        unit=get.get("unit", ""),
        lateness=get.get("late", ""),
        start=_day(get.get("from", "")),
        end=_day(get.get("to", "")),
        channel=get.get("channel", ""),
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@officials_only()
def dossiers(request: HttpRequest) -> HttpResponse:
    """Dossiers my posts let me see, filtered; newest first, by keyset so that page 1,000 costs as much as page 1."""
    actor = request.actor  # type: ignore[attr-defined]
    filters = filters_from(request)
    rows = selectors.find(actor, filters)
    before = request.GET.get("before", "")
    page = list((rows.filter(pk__lt=int(before)) if before.isdigit() else rows)[: PER_PAGE + 1])
    count, more = selectors.capped_count(rows)
    context = {
        "dossiers": page[:PER_PAGE],
        "next": page[PER_PAGE - 1].pk if len(page) > PER_PAGE else None,
        "count": count,
        "more": more,
        "filters": filters,
        "states": State.choices,
        "channels": Channel.choices,
        "fields": catalogue.fields(actor),
        "now": timezone.now(),
    }
    template = "workspace/dossiers_list.html" if request.htmx else "workspace/dossiers.html"  # type: ignore[attr-defined]
    return render(request, template, context)
