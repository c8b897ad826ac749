"""What waits: my own work, the work of my units, and one act on many tasks."""

from collections import Counter
from collections.abc import Callable, Iterable
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

from sonha.channels.workspace import saved
from sonha.channels.workspace.deadlines import Deadlines
from sonha.foundation.access.guards import officials_only
from sonha.foundation.identity.models import User
from sonha.foundation.search.counting import capped_count
from sonha.foundation.search.expressions import Words
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.process.flows.graph import graph_of
from sonha.services.dossiers import choices, drafting, selectors
from sonha.services.dossiers.filters import beyond, place_of
from sonha.services.dossiers.models import Dossier
from sonha.services.handling import morning

PER_PAGE = 50
MAX_BULK = 200
CONFIRMED = frozenset({"approve", "sign", "number", "refuse"})
"""Effects of actions that are shown row by row before they are taken on many dossiers."""
SAMPLE = 2_000  # tasks looked at for the counts by step


@officials_only()
def work(request: HttpRequest) -> HttpResponse:
    """What waits for me now, most urgent first."""
    return saved.opening(request, "work") or _task_page(request, "work", selectors.work_list(request.actor), _("Việc của tôi"))  # type: ignore[attr-defined]


@officials_only("head", "leader", "auditor")
def unit_work(request: HttpRequest) -> HttpResponse:
    """Open tasks of the units I head, whoever holds them."""
    tasks = selectors.unit_work(request.actor)  # type: ignore[attr-defined]
    return saved.opening(request, "unit_work") or _task_page(request, "unit_work", tasks, _("Việc của đơn vị"))


@officials_only()
def this_morning(request: HttpRequest) -> HttpResponse:
    """What is overdue, due within three days, and standing longest: the list that is told each morning, as it is now."""
    made = morning.morning(request.actor)  # type: ignore[attr-defined]
    deadlines, parts = Deadlines(), []
    for name, (tasks, count) in (("late", made.late), ("soon", made.soon), ("standing", made.standing)):
        for task in tasks:
            task.dossier = morning.dossier_of(task)  # type: ignore[attr-defined]
            task.deadline = deadlines.of(task.due_at)  # type: ignore[attr-defined]
        parts.append({"name": name, "tasks": tasks, "count": count})
    return render(request, "workspace/morning.html", {"parts": parts, "empty": made.empty, "at": timezone.now()})


def _task_page(request: HttpRequest, page: str, tasks: QuerySet[Task], heading: str) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "step", "late", "held")}
    steps = Counter(tasks.order_by().values_list("title", flat=True)[:SAMPLE]).most_common(12)
    tasks = _narrowed(tasks, asked, request.actor.user_id)  # type: ignore[attr-defined]
    count, more = capped_count(tasks)
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
        "people": list(choices.officers(request.actor)) if page == "unit_work" and not request.actor.reads_only else [],  # type: ignore[attr-defined]
        "asked": asked,
        "narrowed": any(asked.values()),
        **saved.chips(request, page),
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


def _batch_actions(tasks: list[Task]) -> list[tuple[str, str, str]]:
    """Actions (and their titles in both languages) that the flows allow on many dossiers at once, and that some task of the page offers.

    Flows call one action by different titles (to sign a permit, a letter): the shortest names them all.
    """
    titles: dict[str, set[tuple[str, str]]] = {}
    for task in tasks:
        for edge in graph_of(task.case.flow_version_id).edges.get(task.step, ()):
            if edge.batch and edge.action:
                titles.setdefault(edge.action, set()).add((str(edge.title), str(edge.title_en)))
    return sorted((action, *min(found, key=lambda each: (len(each[0]), each))) for action, found in titles.items())


@officials_only()
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One action on many tasks; each is done or refused by itself, and the page says which and why.

    What leaves the house under a name (approving, signing, numbering, refusing) is first shown row by row, and confirmed once for all.
    """
    actor = request.actor  # type: ignore[attr-defined]
    ids = list(dict.fromkeys(int(each) for each in request.POST.getlist("task") if each.isdecimal() and len(each) < 19))[:MAX_BULK]
    action, back = request.POST.get("action", ""), _back(request)
    if not ids or not action:
        messages.error(request, _("Hãy chọn ít nhất một hồ sơ và một hành động."))
        return redirect(back)
    comment = request.POST.get("comment", "").strip()
    confirmed = "confirmed" in request.POST
    if not confirmed and (asked := _to_confirm(ids, action, actor)):
        context = {**asked, "action": action, "comment": comment, "back": back}
        return render(request, "workspace/bulk_confirm.html", context)
    if action == "claim":
        results = [_tried(task_id, lambda task_id: engine.claim(task_id, actor=actor)) for task_id in ids]
    elif action == "assign_to":
        person = request.POST.get("person", "")
        user = User.objects.filter(pk=person).first() if person.isdecimal() and len(person) < 10 else None
        if user is None:
            messages.error(request, _("Hãy chọn người được giao."))
            return redirect(back)
        results = [_tried(task_id, lambda task_id: engine.assign(task_id, user, actor=actor)) for task_id in ids]
    else:
        results = engine.act_on_many(ids, action, actor=actor, comment=comment)
    done = sum(result.done for result in results)
    if done == len(results) and not confirmed:
        messages.success(request, ngettext("Đã xử lý %(count)d hồ sơ.", "Đã xử lý %(count)d hồ sơ.", done) % {"count": done})
        return redirect(back)
    context = {"rows": _outcomes(results, actor), "done": done, "refused": len(results) - done, "back": back}
    return render(request, "workspace/bulk.html", context, status=409 if not done else 200)


def _to_confirm(ids: list[int], action: str, actor: Any) -> dict[str, Any] | None:
    """The rows and the words of the confirmation; None for an action that needs none. Only dossiers that the actor may see are named."""
    tasks = list(_with_dossiers(ids))
    edges = {task.pk: graph_of(task.case.flow_version_id).edge(task.step, action) for task in tasks}
    if not any(edge and edge.batch and edge.effect in CONFIRMED for edge in edges.values()):
        return None
    named = _named(tasks, actor)
    rows: list[dict[str, Any]] = [
        {"task": task, "dossier": named[task.pk], "draft": drafting.latest_draft(named[task.pk]), "offered": edges[task.pk] is not None}
        for task in tasks
        if task.pk in named
    ]
    offered = sum(row["offered"] for row in rows)
    titles = {(edge.title, edge.title_en) for edge in edges.values() if edge}
    title, title_en = min(titles, key=lambda each: (len(each[0]), each))
    return {"rows": rows, "offered": offered, "title": title, "title_en": title_en} if offered else None


def _with_dossiers(ids: list[int]) -> QuerySet[Task]:
    return Task.objects.filter(pk__in=ids).select_related("unit", "case__dossier__procedure", "case__parent_task__case__dossier__procedure")


def _named(tasks: Iterable[Task], actor: Any) -> dict[int, Dossier]:
    """Dossiers by task id; those that the actor may not see are left out."""
    dossiers = {task.pk: engine.outermost(task.case).dossier for task in tasks}
    seen = set(selectors.dossiers(actor).filter(pk__in=[each.pk for each in dossiers.values()]).values_list("pk", flat=True))
    return {pk: dossier for pk, dossier in dossiers.items() if dossier.pk in seen}


def _outcomes(results: list[engine.BatchResult], actor: Any) -> list[dict[str, Any]]:
    """What became of each row; only tasks of dossiers that the actor may see are named."""
    named = _named(_with_dossiers([result.task_id for result in results]), actor)
    return [{"result": result, "dossier": named.get(result.task_id)} for result in results]


def _back(request: HttpRequest) -> str:
    """The officials' page the form came from, else the work list."""
    wanted = request.POST.get("next", "")
    return wanted if wanted.startswith("/can-bo/") else reverse("work")


def _tried(task_id: int, act: Callable[[int], Any]) -> engine.BatchResult:
    """One task by itself; what was refused does not stop the others."""
    try:
        act(task_id)
    except Task.DoesNotExist:
        return engine.BatchResult(task_id, False, _("Công việc không còn tồn tại."))
    except ActionRefused as refused:
        return engine.BatchResult(task_id, False, refused.sentence)
    return engine.BatchResult(task_id, True)
