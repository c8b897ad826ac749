"""Walking the graph: tokens move from step to step until each rests at a task, a waiting join or an end.

Everything here runs inside the transaction of `engine`, with the case row locked.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.audit.verbs import LONGEST_TEXT
from sonha.foundation.organisations.models import Unit
from sonha.process.cases import access, clock
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Case, ParallelScope, Task
from sonha.process.cases.subjects import subject_of
from sonha.process.flows.graph import Graph, Node, graph_of
from sonha.process.flows.models import FlowVersion
from sonha.process.flows.services import consultation, latest
from sonha.process.rules.conditions import holds

LONGEST_WALK = 200  # automatic steps in one go; a published flow is checked for loops, this guards against a bug there

Token = tuple[str, ParallelScope | None]


def lock(case_id: int) -> Case:
    """The case with its row locked, outermost case first: one order for everything that happens to one thing, so no deadlock."""
    chain = [case_id]
    while parent := Case.objects.filter(pk=chain[0], parent_task__isnull=False).values_list("parent_task__case_id", flat=True).first():
        chain.insert(0, parent)
    for each in chain:
        case = Case.objects.select_for_update(of=("self",)).get(pk=each)
    return case


def outermost(case: Case) -> Case:
    """The case that a consultation or sub-process belongs to in the end."""
    while case.parent_task is not None:
        case = case.parent_task.case
    return case


def subject_ref(case: Case) -> tuple[str, str]:
    """Key of the audit chain of a case: its outermost case, so that one thing has one trail."""
    return ("case", str(outermost(case).pk))


def context_of(case: Case) -> dict[str, Any]:
    """What conditions read: the subject's own values, `task.<step>.<field>`, and `visits.<step>` where the flow asks for it."""
    context = {**subject_of(case).context(case), **case.data}
    return {**context, "visits": visits(case)} if graph_of(case.flow_version_id).reads_visits else context


def visits(case: Case) -> dict[str, int]:
    """How often each step of the case was reached, returns included."""
    return dict(case.tasks.values_list("step").annotate(times=Count("pk")).order_by())


def create(version: FlowVersion, **fields: Any) -> Case:
    """A case that has not begun: for subjects that must point to it before the first step runs."""
    fields["data"] = dict(fields.get("data") or {})
    fields["actors"] = dict(fields["actors"])
    return Case.objects.create(flow_version=version, **fields)


def begin(case: Case, *, actor: Actor) -> None:
    """Walks a created case from its start step."""
    graph = graph_of(case.flow_version_id)
    record("case.started", subject=subject_ref(case), actor=actor, payload={"flow": case.flow_version_id, "case": case.pk})
    walk(case, graph, graph.start, None, actor)


def remember(case: Case, step: str, data: Mapping[str, Any]) -> None:
    case.data = {**case.data, "task": {**case.data.get("task", {}), step: dict(data)}}
    case.save(update_fields=["data"])


def close(task: Task, *, action: str, actor: Actor, comment: str = "", state: str = Task.State.DONE) -> None:
    task.state, task.action, task.comment = state, action, comment.strip()
    task.closed_at, task.closed_by = timezone.now(), actor.user
    task.on_behalf_of_id = access.acting_for(actor, task) if not (actor.is_system or task.is_applicant) else None
    if task.on_behalf_of_id == actor.user_id:
        task.on_behalf_of_id = None
    task.save(update_fields=["state", "action", "comment", "closed_at", "closed_by", "on_behalf_of", "data"])
    clock.resume(task.case, task)


def record_done(task: Task, actor: Actor, action: str) -> None:
    """Notes who did it, and in whose place when a colleague was absent."""
    payload: dict[str, Any] = {"task": task.pk, "step": task.step, "title": task.title[:LONGEST_TEXT], "action": action[:LONGEST_TEXT]}
    if task.on_behalf_of is None:
        record("task.done", subject=subject_ref(task.case), actor=actor, payload=payload)
    else:
        payload["colleague"] = task.on_behalf_of.full_name[:LONGEST_TEXT]
        record("task.done_instead", subject=subject_ref(task.case), actor=actor, payload=payload)


def walk(case: Case, graph: Graph, target: str, scope: ParallelScope | None, actor: Actor) -> None:
    """Moves tokens from `target` on until each rests at a task, a waiting join or an end."""
    tokens: list[Token] = [(target, scope)]
    for _step in range(LONGEST_WALK):
        if not tokens or case.state != Case.State.RUNNING:
            return
        key, scope = tokens.pop(0)
        if _is_over(scope):
            continue  # another branch of this walk left the parallel block
        node = graph.nodes[key]
        if node.kind == "join":
            tokens += _arrive(case, graph, key, scope)
            continue
        scope = _unwind(case, graph, key, scope, actor)
        if node.kind in {"task", "consultation", "subprocess"}:
            _open(case, node, scope, actor)
        elif node.kind == "split":
            tokens += _fork(case, graph, key, scope)
        elif node.kind == "end":
            finish(case, outcome=node.outcome or "done", state=Case.State.COMPLETED, actor=actor)
        else:
            if node.kind == "service":
                subject_of(case).service(node.service, case, node, actor)
                case.refresh_from_db(fields=["state", "data"])
            tokens.append((_chosen(case, graph, key), scope))
    raise RuntimeError(f"flow version {case.flow_version_id} walks in a circle at {target}")


def _chosen(case: Case, graph: Graph, key: str) -> str:
    """First transition whose condition holds, else the one without a condition."""
    context = context_of(case)
    edges = graph.edges[key]
    taken = next((edge for edge in edges if edge.when is not None and holds(edge.when, context)), None)
    taken = taken or next((edge for edge in edges if edge.when is None), None)
    if taken is None:
        raise ActionRefused(_("Quy trình không có hướng đi phù hợp tại bước «%(step)s».") % {"step": graph.nodes[key].title or key})
    return taken.target


def _fork(case: Case, graph: Graph, key: str, scope: ParallelScope | None) -> list[Token]:
    context = context_of(case)
    taken = [edge for edge in graph.edges[key] if edge.when is None or holds(edge.when, context)]
    if not taken:
        raise ActionRefused(_("Quy trình không có nhánh phù hợp tại bước «%(step)s».") % {"step": graph.nodes[key].title or key})
    opened = ParallelScope.objects.create(case=case, split=key, parent=scope, branches=len(taken))
    return [(edge.target, opened) for edge in taken]


def _arrive(case: Case, graph: Graph, key: str, scope: ParallelScope | None) -> list[Token]:
    if scope is None:
        return [(graph.edges[key][0].target, None)]
    ParallelScope.objects.filter(pk=scope.pk).update(arrived=F("arrived") + 1)
    scope.refresh_from_db()
    if scope.arrived < scope.branches:
        return []
    scope.closed_at = timezone.now()
    scope.save(update_fields=["closed_at"])
    return [(graph.edges[key][0].target, scope.parent)]


def _is_over(scope: ParallelScope | None) -> bool:
    return scope is not None and ParallelScope.objects.filter(pk=scope.pk, closed_at__isnull=False).exists()


def _unwind(case: Case, graph: Graph, key: str, scope: ParallelScope | None, actor: Actor) -> ParallelScope | None:
    """Leaving a parallel block other than by its join (a return, a refusal) ends its other branches."""
    inside = graph.scopes.get(key, ())
    while scope is not None and scope.split not in inside:
        within = _with_nested(scope)
        _cancel_tasks(case, actor, case.tasks.filter(scope_id__in=within))
        ParallelScope.objects.filter(pk__in=within, closed_at=None).update(closed_at=timezone.now())
        scope = scope.parent
    return scope


def _with_nested(scope: ParallelScope) -> set[int]:
    found, frontier = {scope.pk}, [scope.pk]
    while frontier:
        frontier = list(ParallelScope.objects.filter(parent_id__in=frontier).values_list("pk", flat=True))
        found |= set(frontier)
    return found


def _cancel_tasks(case: Case, actor: Actor, tasks: QuerySet[Task]) -> None:
    """Ends open tasks that nobody needs any more, and the consultations and sub-processes behind them."""
    for task in tasks.filter(state=Task.State.OPEN):
        task.case = case
        end_children(task, outcome="cancelled", actor=actor)
        close(task, action="", actor=Actor.system("engine"), state=Task.State.CANCELLED)
        record("task.cancelled", subject=subject_ref(case), actor=None, payload={"task": task.pk, "step": task.step})


def end_children(task: Task, *, outcome: str, actor: Actor) -> None:
    """Stops the consultation or sub-process behind `task`."""
    for child in Case.objects.filter(parent_task=task, state=Case.State.RUNNING):
        finish(child, outcome=outcome, state=Case.State.CANCELLED, actor=actor)


def _open(case: Case, node: Node, scope: ParallelScope | None, actor: Actor) -> None:
    unit = unit_of(case, node)
    task = Task.objects.create(
        case=case,
        step=node.key,
        kind=node.kind,
        title=node.title or node.key,
        title_en=node.title_en,
        role=node.role,
        unit=unit,
        scope=scope,
        limit=dict(node.limit) if node.limit else case.limit if case.parent_task_id else None,
        assignee_id=_expected_assignee(case, node),
    )
    if unit:
        for each in _with_parents(case):
            access.grant(each, unit=unit, cause=f"task:{node.key}")
    if node.clock == "stop":
        clock.stop(case, task, node.title or node.key)
    clock.set_task_due(task)
    record(
        "task.opened",
        subject=subject_ref(case),
        actor=actor,
        payload={"task": task.pk, "step": node.key, "unit": unit.pk if unit else None},
    )
    if node.kind in {"consultation", "subprocess"}:
        _open_child(case, task, node, actor)
        case.refresh_from_db(fields=["state", "data"])  # a child of automatic steps only has answered already and moved the case on
        if not Task.objects.filter(pk=task.pk, state=Task.State.OPEN).exists():
            return
    subject_of(case).task_opened(task)


def _with_parents(case: Case) -> list[Case]:
    """Whoever works on a part sees the whole."""
    found = [case]
    while found[-1].parent_task is not None:
        found.append(found[-1].parent_task.case)
    return found


def unit_of(case: Case, node: Node) -> Unit | None:
    """The unit of a step; none for the applicant, nor for a sub-process whose own steps say who acts."""
    if node.role == "applicant" or (node.kind == "subprocess" and not node.unit):
        return None
    if node.unit.startswith("code:"):
        return Unit.objects.get(code=node.unit.removeprefix("code:"))
    if node.unit not in case.actors:
        raise ActionRefused(_("Chưa xác định được đơn vị thực hiện bước «%(step)s».") % {"step": node.title or node.key})
    return Unit.objects.get(pk=case.actors[node.unit])


def _expected_assignee(case: Case, node: Node) -> int | None:
    """A step that comes back goes to whoever did it before; `same_as:<step>` to whoever did that step."""
    step = node.assignment.removeprefix("same_as:") if node.assignment.startswith("same_as:") else node.key
    before = (
        case.tasks.filter(step=step, state=Task.State.DONE, closed_by__isnull=False)
        .exclude(role="applicant")
        .order_by("-closed_at")
        .first()
    )
    if before is None or before.closed_by_id is None:
        return None
    unit = unit_of(case, node)
    still = unit is not None and access.candidates(Task(unit=unit, role=node.role)).filter(pk=before.closed_by_id).exists()
    return before.closed_by_id if still else None


def _open_child(case: Case, task: Task, node: Node, actor: Actor) -> None:
    """A consultation or sub-process is a case of its own, with its own clock, that answers to `task`."""
    version = latest(node.flow) if node.flow else consultation()
    unit = task.unit
    actors = {**case.actors, **({"consulted": unit.pk} if unit else {})}
    child = create(
        version,
        subject_kind="child",
        actors=actors,
        title=task.title,
        limit=dict(node.limit) if node.limit else None,
        parent_task=task,
    )
    clock.start_clock(child)
    if unit:
        access.grant(child, unit=unit, cause=f"task:{node.key}")
    begin(child, actor=actor)


def finish(case: Case, *, outcome: str, state: str, actor: Actor) -> None:
    _cancel_tasks(case, actor, case.tasks.all())
    case.state, case.outcome, case.ended_at = state, outcome, timezone.now()
    case.save(update_fields=["state", "outcome", "ended_at"])
    ParallelScope.objects.filter(case=case, closed_at=None).update(closed_at=case.ended_at)
    record("case.ended", subject=subject_ref(case), actor=actor, payload={"case": case.pk, "outcome": outcome})
    subject_of(case).ended(case, actor)


def complete_parent(child: Case, actor: Actor) -> None:
    """The child case ended: its answer becomes the data of the task that waited for it, and the parent moves on."""
    task = Task.objects.select_related("scope", "unit").get(pk=child.parent_task_id or 0)
    if task.state != Task.State.OPEN or child.state != Case.State.COMPLETED:
        return
    case = Case.objects.select_for_update().get(pk=task.case_id)
    task.case = case
    answer: dict[str, Any] = {}
    for values in child.data.get("task", {}).values():
        answer.update(values)
    task.data = {**answer, "outcome": child.outcome}
    remember(case, task.step, task.data)
    close(task, action="answered", actor=actor)
    record_done(task, actor, "đã có trả lời")
    go_on(case, task, actor)


def go_on(case: Case, task: Task, actor: Actor) -> None:
    """From a step that leaves by condition (a consultation, a sub-process) to the next."""
    graph = graph_of(case.flow_version_id)
    walk(case, graph, _chosen(case, graph, task.step), task.scope, actor)
