"""What waits: my own work, the work of my units, and one act on many tasks."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sonha.channels.guards import officials_only
from sonha.channels.workspace.deadlines import Deadlines
from sonha.foundation.search.expressions import Words
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.process.flows.graph import graph_of
from sonha.services.dossiers import selectors
from sonha.services.dossiers.filters import beyond, place_of

PER_PAGE = 50
MAX_BULK = 200
SAMPLE = 2_000  # tasks looked at for the counts by step


@officials_only()
def work(request: HttpRequest) -> HttpResponse:
    """What waits for me now, most urgent first."""
    return _task_page(request, selectors.work_list(request.actor), _("Việc của tôi"))  # type: ignore[attr-defined]


@officials_only("head", "leader", "auditor")
def unit_work(request: HttpRequest) -> HttpResponse:
    """Open tasks of the units I head, whoever holds them."""
    return _task_page(request, selectors.unit_work(request.actor), _("Việc của đơn vị"))  # type: ignore[attr-defined]


def _task_page(request: HttpRequest, tasks: QuerySet[Task], heading: str) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "step", "late", "held")}
    steps = Counter(tasks.order_by().values_list("title", flat=True)[:SAMPLE]).most_common(12)
    tasks = _narrowed(tasks, asked, request.actor.user_id)  # type: ignore[attr-defined]
    count, more = selectors.capped_count(tasks)
    found = list(beyond(tasks, "due", request.GET.get("after", ""))[: PER_PAGE + 1])
    shown, deadlines = found[:PER_PAGE], Deadlines()
    for task in shown:
        task.dossier = engine.outermost(task.case).dossier  # type: ignore[attr-defined]
        task.deadline = deadlines.of(task.due_at)  # type: ignore[attr-defined]
    context = {
        "tasks": shown,
        "next": place_of(shown[-1], "due") if len(found) > PER_PAGE else None,
        "count": count,
        "more": more,
        "heading": heading,
        "steps": steps,
        "batch_actions": _batch_actions(shown),
        "asked": asked,
        "narrowed": any(asked.values()),
    }
    template = "workspace/work_list.html" if request.htmx else "workspace/work.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _narrowed(tasks: QuerySet[Task], asked: dict[str, str], user_id: int | None) -> QuerySet[Task]:
    now = timezone.now()
    if words := asked["q"]:
        code = words.upper()
        tasks = tasks.filter(
            Q(case__dossier__search=Words(words))
            | Q(case__parent_task__case__dossier__search=Words(words))
            | Q(case__dossier__code__startswith=code)
            | Q(case__parent_task__case__dossier__code__startswith=code)
        )
    if asked["step"]:
        tasks = tasks.filter(title=asked["step"])
    late = {"late": Q(due_at__lt=now), "soon": Q(due_at__gte=now, due_at__lt=now + selectors.SOON)}
    held = {"nobody": Q(assignee=None), "me": Q(assignee_id=user_id), "others": Q(assignee__isnull=False) & ~Q(assignee_id=user_id)}
    return tasks.filter(late.get(asked["late"], Q()), held.get(asked["held"], Q()))


def _batch_actions(tasks: list[Task]) -> list[tuple[str, str]]:
    """Actions that the flows allow on many dossiers at once, and that some task of the page offers."""
    return sorted(
        {
            (edge.action, str(edge.title))
            for task in tasks
            for edge in graph_of(task.case.flow_version_id).edges.get(task.step, ())
            if edge.batch and edge.action
        }
    )


@officials_only()
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One action on many tasks; each is done or refused by itself, and the page says which and why."""
    actor = request.actor  # type: ignore[attr-defined]
    ids = list(dict.fromkeys(int(each) for each in request.POST.getlist("task") if each.isdecimal() and len(each) < 19))[:MAX_BULK]
    action, back = request.POST.get("action", ""), _back(request)
    if not ids or not action:
        messages.error(request, _("Hãy chọn ít nhất một hồ sơ và một hành động."))
        return redirect(back)
    comment = request.POST.get("comment", "").strip()
    if action == "claim":
        results = [_claimed(task_id, actor) for task_id in ids]
    else:
        results = engine.act_on_many(ids, action, actor=actor, comment=comment)
    done = sum(result.done for result in results)
    if done == len(results):
        messages.success(request, ngettext("Đã xử lý %(count)d hồ sơ.", "Đã xử lý %(count)d hồ sơ.", done) % {"count": done})
        return redirect(back)
    context = {"rows": _outcomes(results, actor), "done": done, "refused": len(results) - done, "back": back}
    return render(request, "workspace/bulk.html", context, status=409 if not done else 200)


def _outcomes(results: list[engine.BatchResult], actor: Any) -> list[dict[str, Any]]:
    """What became of each row; only tasks of dossiers that the actor may see are named."""
    tasks = Task.objects.filter(pk__in=[result.task_id for result in results]).select_related(
        "case__dossier", "case__parent_task__case__dossier"
    )
    dossiers = {task.pk: engine.outermost(task.case).dossier for task in tasks}
    seen = set(selectors.dossiers(actor).filter(pk__in=[each.pk for each in dossiers.values()]).values_list("pk", flat=True))
    named = {pk: dossier for pk, dossier in dossiers.items() if dossier.pk in seen}
    return [{"result": result, "dossier": named.get(result.task_id)} for result in results]


def _back(request: HttpRequest) -> str:
    """The officials' page the form came from, else the work list."""
    wanted = request.POST.get("next", "")
    return wanted if wanted.startswith("/can-bo/") else reverse("work")


def _claimed(task_id: int, actor: Any) -> engine.BatchResult:
    try:
        engine.claim(task_id, actor=actor)
    except Task.DoesNotExist:
        return engine.BatchResult(task_id, False, _("Công việc không còn tồn tại."))
    except ActionRefused as refused:
        return engine.BatchResult(task_id, False, refused.sentence)
    return engine.BatchResult(task_id, True)
