"""The run time of flows: start a case, act on a task, and walk the graph until people must act again.

Every public function is one transaction that first locks the case row, so two officials deciding at once are put in order and
the second is told who came first. Conditions read the subject's context plus `task.<step>.<field>`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.identity.models import User
from sonha.process.cases import access, clock
from sonha.process.cases.errors import ActionRefused, AlreadyDone, NotAllowed
from sonha.process.cases.models import Case, Task
from sonha.process.cases.subjects import subject_of
from sonha.process.cases.walk import (
    begin,
    close,
    context_of,
    create,
    end_children,
    finish,
    go_on,
    lock,
    outermost,
    record_done,
    remember,
    subject_ref,
    visits,
    walk,
)  # fmt: skip
from sonha.process.flows.graph import Edge, Node, graph_of
from sonha.process.flows.models import FlowVersion
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import validate
from sonha.process.rules.conditions import holds

__all__ = [
    "BatchResult", "act", "act_on_many", "assign", "available_actions", "begin", "claim", "create", "outermost", "pass_over", "release",
    "reopen", "start", "subject_ref", "visits", "withdraw",
]  # fmt: skip

NEEDED_ON_ARRIVAL = frozenset({"draft"})
"""Requirements that must hold when a step is reached, not only when it is left: who judges a draft must have one."""


@dataclass(frozen=True)
class BatchResult:
    """What became of one task in a batch."""

    task_id: int
    done: bool
    sentence: str = ""


@transaction.atomic
def start(
    version: FlowVersion,
    *,
    actor: Actor,
    subject_kind: str = "internal",
    actors: Mapping[str, int],
    title: str = "",
    limit: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    parent_task: Task | None = None,
) -> Case:
    """Creates a case and walks it to its first tasks. `actors` maps the flow's actor names to unit ids."""
    case = create(
        version,
        subject_kind=subject_kind,
        actors=actors,
        title=title,
        limit=limit,
        data=data,
        parent_task=parent_task,
    )
    begin(case, actor=actor)
    return case


@transaction.atomic
def act(task_id: int, action: str, *, actor: Actor, comment: str = "", data: Mapping[str, Any] | None = None) -> Task:
    """Completes a task by one of its actions and moves the case on.

    Raises AlreadyDone when somebody was faster, NotAllowed, or ActionRefused with field errors; then nothing has changed.
    """
    case, task = _locked(task_id)
    if task.state != Task.State.OPEN:
        raise AlreadyDone(task, _already_done(task, actor))
    if not access.may_act(actor, task):
        raise NotAllowed(_("Ông/bà không có quyền thực hiện công việc này."))
    graph = graph_of(case.flow_version_id)
    node = graph.nodes[task.step]
    edge = graph.edge(task.step, action)
    if edge is None:
        raise ActionRefused(_("Hành động này không có ở bước «%(step)s».") % {"step": task.title})
    clean = _checked(case, task, node, edge, actor, comment, dict(data or {}))
    task.data = clean
    if clean:
        remember(case, task.step, clean)
    if edge.effect:
        subject_of(case).effect(edge.effect, task, edge, actor, comment, clean)
    close(task, action=action, actor=actor, comment=comment)
    record_done(task, actor, edge.title or action)
    case.refresh_from_db(fields=["state", "data", "actors", "due_at", "clock_from", "limit"])
    if case.state == Case.State.RUNNING:
        walk(case, graph, edge.target, task.scope, actor)
    return task


def act_on_many(task_ids: Iterable[int], action: str, *, actor: Actor, comment: str = "") -> list[BatchResult]:
    """One action on many tasks, each its own transaction; one that fails does not stop the others.

    Only actions declared with `batch: true` may be taken so.
    """
    results = []
    for task_id in task_ids:
        try:
            task = Task.objects.select_related("case").get(pk=task_id)
            edge = graph_of(task.case.flow_version_id).edge(task.step, action)
            if edge is not None and not edge.batch:
                raise ActionRefused(_("Hành động này phải thực hiện trên từng hồ sơ."))
            act(task_id, action, actor=actor, comment=comment)
            results.append(BatchResult(task_id, True))
        except Task.DoesNotExist:
            results.append(BatchResult(task_id, False, _("Công việc không còn tồn tại.")))
        except ActionRefused as refused:
            results.append(BatchResult(task_id, False, refused.sentence))
    return results


def available_actions(task: Task) -> list[Edge]:
    """The actions the task offers now: every outgoing transition whose condition holds."""
    if task.state != Task.State.OPEN:
        return []
    context = None
    offered = []
    for edge in graph_of(task.case.flow_version_id).edges.get(task.step, ()):
        if edge.when is not None and context is None:
            context = context_of(task.case)
        if edge.action and (edge.when is None or holds(edge.when, context or {})):
            offered.append(edge)
    return offered


@transaction.atomic
def claim(task_id: int, *, actor: Actor) -> Task:
    """Takes an unassigned task of one's own unit."""
    _case, task = _locked(task_id)
    if task.state != Task.State.OPEN:
        raise AlreadyDone(task, _already_done(task, actor))
    if task.is_applicant or not access.may_act(actor, task) or actor.user is None:
        raise NotAllowed(_("Công việc đã có người nhận hoặc không thuộc đơn vị của ông/bà."))
    _set_assignee(task, actor.user, actor, "task.claimed")
    return task


@transaction.atomic
def assign(task_id: int, user: User | None, *, actor: Actor) -> Task:
    """Hands a task to an official of its unit (or back to the unit's pool with `user=None`)."""
    _case, task = _locked(task_id)
    if task.state != Task.State.OPEN:
        raise AlreadyDone(task, _already_done(task, actor))
    holder = actor.user_id is not None and task.assignee_id == actor.user_id
    if not (holder or access.may_assign(actor, task)):
        raise NotAllowed(_("Chỉ lãnh đạo đơn vị hoặc người đang giữ công việc được phân công lại."))
    if user is not None and not access.candidates(task).filter(pk=user.pk).exists():
        raise ActionRefused(_("%(name)s không giữ vai trò này trong đơn vị.") % {"name": user.full_name})
    _set_assignee(task, user, actor, "task.assigned")
    return task


@transaction.atomic
def release(task_id: int, *, actor: Actor) -> Task:
    """Puts a task back into the pool of its unit, by its holder or by who may assign it."""
    _case, task = _locked(task_id)
    if task.state != Task.State.OPEN:
        raise AlreadyDone(task, _already_done(task, actor))
    if task.assignee_id is None:
        raise ActionRefused(_("Công việc này chưa có ai nhận."))
    if task.assignee_id != actor.user_id and not access.may_assign(actor, task):
        raise NotAllowed(_("Chỉ người đang giữ công việc hoặc lãnh đạo đơn vị được trả lại công việc."))
    task.assignee = None
    task.save(update_fields=["assignee"])
    record("task.released", subject=subject_ref(task.case), actor=actor, payload={"task": task.pk})
    return task


@transaction.atomic
def pass_over(task_id: int, *, actor: Actor) -> bool:
    """The case goes on without the answer of a late consultation, where its flow says so (`late: continue | agree`).

    False when there is nothing to pass over (any more). An answer that comes afterwards is refused: its case has ended.
    """
    case, task = _locked(task_id)
    node = graph_of(case.flow_version_id).nodes[task.step]
    if task.state != Task.State.OPEN or not node.late or task.due_at is None or task.due_at > timezone.now():
        return False
    end_children(task, outcome="late", actor=actor)
    task.data = {"outcome": "late", **({"conclusion": "agree"} if node.late == "agree" else {})}
    remember(case, task.step, task.data)
    close(task, action="passed_over", actor=actor)
    record("task.passed_over", subject=subject_ref(case), actor=actor, payload={"task": task.pk, "step": task.step})
    go_on(case, task, actor)
    return True


@transaction.atomic
def withdraw(case_id: int, *, actor: Actor, reason: str) -> Case:
    """Stops a running case at the applicant's wish: its open tasks and child cases end with it.

    Raises NotAllowed, or ActionRefused when it has ended, is a part of another case, or its subject says that it is too late.
    """
    case = lock(case_id)
    if case.state != Case.State.RUNNING:
        raise ActionRefused(_("Hồ sơ đã kết thúc, không thể rút."))
    if case.parent_task_id is not None:
        raise ActionRefused(_("Không thể rút riêng phần lấy ý kiến hoặc quy trình con; hãy rút cả hồ sơ."))
    if not access.may_withdraw(actor, case):
        raise NotAllowed(_("Chỉ người nộp, chủ hồ sơ hoặc bộ phận một cửa thay mặt họ được rút hồ sơ."))
    if sentence := subject_of(case).withdrawal(case):
        raise ActionRefused(sentence)
    case.reason = reason
    case.save(update_fields=["reason"])
    finish(case, outcome="withdrawn", state=Case.State.CANCELLED, actor=actor)
    record("case.withdrawn", subject=subject_ref(case), actor=actor)
    return case


@transaction.atomic
def reopen(case_id: int, step: str, *, actor: Actor, reason: str) -> Case:
    """Opens an ended case again at a task step, by a leader or head who oversees it. The time since it ended is not counted.

    Raises NotAllowed, or ActionRefused when the case runs, is a part of another case, has no such step, or `reason` is blank.
    """
    case = lock(case_id)
    if case.state == Case.State.RUNNING:
        raise ActionRefused(_("Hồ sơ đang được giải quyết, không cần mở lại."))
    if case.parent_task_id is not None:
        raise ActionRefused(_("Không thể mở lại riêng phần lấy ý kiến hoặc quy trình con."))
    if not reason.strip():
        raise ActionRefused(_("Hãy ghi rõ lý do mở lại hồ sơ."), {"reason": _("Hãy ghi rõ lý do mở lại hồ sơ.")})
    if not (actor.has_role("leader", "head") and access.visible_cases(actor).filter(pk=case.pk).exists()):
        raise NotAllowed(_("Chỉ lãnh đạo cơ quan được mở lại hồ sơ."))
    graph = graph_of(case.flow_version_id)
    if step not in graph.nodes or graph.nodes[step].kind != "task" or graph.scopes.get(step):
        raise ActionRefused(_("Không thể mở lại tại bước này."))
    clock.leave_out(case, case.ended_at, _("Hồ sơ đã kết thúc"))
    case.state, case.outcome, case.ended_at, case.reason = Case.State.RUNNING, "", None, reason
    case.save(update_fields=["state", "outcome", "ended_at", "reason"])
    subject_of(case).reopened(case)
    record("case.reopened", subject=subject_ref(case), actor=actor, payload={"step": step})
    walk(case, graph, step, None, actor)
    return case


def _locked(task_id: int) -> tuple[Case, Task]:
    """The task with its case's row locked."""
    case_id = Task.objects.values_list("case_id", flat=True).get(pk=task_id)
    case = lock(case_id)
    task = Task.objects.select_related("unit", "scope", "closed_by", "on_behalf_of").get(pk=task_id)
    task.case = case
    return case, task


def _already_done(task: Task, actor: Actor) -> str:
    """Who was faster and when, for those who may read the case; strangers learn nothing of it."""
    if not access.visible_cases(actor).filter(pk__in=[task.case_id, outermost(task.case).pk]).exists():
        return _("Công việc này không còn chờ xử lý.")
    if task.action == "passed_over":
        return _("Đã quá hạn trả lời; hồ sơ đã được giải quyết tiếp theo quy trình.")
    if task.closed_by and task.closed_at:
        when = timezone.localtime(task.closed_at).strftime("%H:%M %d/%m/%Y")
        return _("Công việc này đã được %(name)s xử lý lúc %(when)s.") % {"name": task.closed_by.full_name, "when": when}
    return _("Công việc này không còn chờ xử lý.")


def _checked(case: Case, task: Task, node: Node, edge: Edge, actor: Actor, comment: str, data: dict[str, Any]) -> dict[str, Any]:
    if edge.when is not None and not holds(edge.when, context_of(case)):
        raise ActionRefused(_("Chưa đủ điều kiện để thực hiện «%(action)s».") % {"action": edge.title})
    if edge.comment == "required" and not comment.strip():
        raise ActionRefused(_("Hãy ghi rõ lý do hoặc nội dung."), {"comment": _("Hãy ghi rõ lý do hoặc nội dung.")})
    clean: dict[str, Any] = {}
    if node.form:
        unfinished = edge.returns or edge.effect == "request_supplement"
        lookups = SystemLookups(uploaded_by=actor.user_id)
        result = validate(node.form, data, partial=unfinished, context=context_of(case), lookups=lookups)
        if result.errors:
            raise ActionRefused(_("Thông tin của bước này chưa đầy đủ hoặc chưa đúng."), result.errors)
        clean = result.clean
    if not edge.returns and edge.effect not in {"request_supplement", "refuse"}:
        following = graph_of(case.flow_version_id).nodes[edge.target]
        for name in (*node.requires, *(name for name in following.requires if name in NEEDED_ON_ARRIVAL)):
            if sentence := subject_of(case).requirement(name, case):
                raise ActionRefused(sentence)
    return clean


def _set_assignee(task: Task, user: User | None, actor: Actor, verb: str) -> None:
    task.assignee = user
    task.save(update_fields=["assignee"])
    record(verb, subject=subject_ref(task.case), actor=actor, payload={"task": task.pk, "to": user.pk if user else None})
