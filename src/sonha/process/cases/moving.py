"""Moving a running case to another version of its flow, never by itself: an administrator asks, sees what would happen, and answers for it.

Open tasks go on in the step of the same key, or in the one a mapping names. Steps that are done stay done. A case inside parallel
branches moves only where the new flow has those branches too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.process.cases import access, clock
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Case, Suspension, Task
from sonha.process.cases.walk import lock, subject_ref, unit_of
from sonha.process.flows.graph import Graph, Node, graph_of
from sonha.process.flows.models import FlowVersion

Mapped = Mapping[str, str]


@dataclass(frozen=True)
class StepMove:
    """An open step and the step of the new flow it would go on in; None, with the reason, where there is none."""

    step: str
    title: str
    target: str | None
    target_title: str = ""
    problem: str = ""


def plan(case: Case, target: FlowVersion, *, actors: Mapping[str, int] | None = None, mapping: Mapped | None = None) -> list[StepMove]:
    """What would become of each open step of a running case. `actors`: the unit ids it would act with, default its own."""
    old, new, named = graph_of(case.flow_version_id), graph_of(target.pk), mapping or {}
    units = case.actors if actors is None else actors
    return [_step_move(task, old, new, units, named) for task in case.tasks.filter(state=Task.State.OPEN).order_by("opened_at", "pk")]


def _step_move(task: Task, old: Graph, new: Graph, units: Mapping[str, int], mapping: Mapped) -> StepMove:
    key = mapping.get(task.step, task.step)
    node = new.nodes.get(key)
    if node is None:
        words = _("Quy trình mới không có bước «%(step)s»; hãy chọn bước thay thế.") % {"step": task.title}
        return StepMove(task.step, task.title, None, problem=words)
    title = node.title or node.key
    problem = _problem(task, node, old, new, units, mapping)
    return StepMove(task.step, task.title, None if problem else key, title, problem)


def _problem(task: Task, node: Node, old: Graph, new: Graph, units: Mapping[str, int], mapping: Mapped) -> str:
    names = {"step": task.title, "target": node.title or node.key}
    if node.kind != task.kind:
        return _("Bước «%(step)s» không thể tiếp tục ở «%(target)s» vì khác loại bước.") % names
    if task.kind != "task" and node.flow != old.nodes[task.step].flow:
        return _("Phần đang chờ trả lời của bước «%(step)s» chạy theo quy trình con khác với «%(target)s».") % names
    if (node.role == "applicant") != task.is_applicant:
        return _("Bước «%(step)s» và «%(target)s»: một bên là việc của người nộp, bên kia của cơ quan.") % names
    around = tuple(mapping.get(split, split) for split in old.scopes.get(task.step, ()))
    if around != tuple(new.scopes.get(node.key, ())):
        return _("Bước «%(step)s» đang ở trong các nhánh song song mà bước «%(target)s» của quy trình mới không có.") % names
    if node.unit and not node.unit.startswith("code:") and node.role != "applicant" and node.unit not in units:
        return _("Chưa xác định được đơn vị thực hiện bước «%(target)s».") % names
    return ""


@transaction.atomic
def move_case(
    case_id: int,
    target: FlowVersion,
    *,
    actor: Actor,
    mapping: Mapped | None = None,
    actors: Mapping[str, int] | None = None,
    limit: Mapping[str, Any] | None = None,
    number: int | None = None,
) -> Case:
    """Moves a running case to `target` with new `actors` (unit ids) and time `limit` (None keeps none), and computes its clocks afresh.

    `number` is what the audit log calls the version. ActionRefused, in words, when the case has ended, is a part of another case, or an
    open step has nowhere to go; then nothing has changed. Who may ask is the caller's to check.
    """
    case, named = lock(case_id), mapping or {}
    if case.state != Case.State.RUNNING:
        raise ActionRefused(_("Hồ sơ đã kết thúc nên không chuyển phiên bản."))
    if case.parent_task_id is not None:
        raise ActionRefused(_("Phần lấy ý kiến hoặc quy trình con đi theo hồ sơ chính, không chuyển riêng."))
    if target.state != FlowVersion.State.PUBLISHED:
        raise ActionRefused(_("Chỉ chuyển được sang phiên bản đã công bố và còn hiệu lực."))
    steps = plan(case, target, actors=actors, mapping=named)
    if problems := [step.problem for step in steps if step.problem]:
        raise ActionRefused(" ".join(dict.fromkeys(problems)))
    case.flow_version, case.limit = target, dict(limit) if limit else None
    case.actors = dict(case.actors if actors is None else actors)
    case.data = _renamed(case.data, named)
    case.save(update_fields=["flow_version", "limit", "actors", "data"])
    for scope in case.scopes.filter(closed_at=None):
        scope.split = named.get(scope.split, scope.split)
        scope.save(update_fields=["split"])
    graph = graph_of(target.pk)
    for task in case.tasks.filter(state=Task.State.OPEN):
        task.case = case
        _retask(task, graph.nodes[named.get(task.step, task.step)])
    clock.set_due(case)
    record("case.moved", subject=subject_ref(case), actor=actor, payload={"version": number or target.number})
    return case


def _renamed(data: Mapping[str, Any], mapping: Mapped) -> dict[str, Any]:
    """What officials entered at a mapped step is read under its new name too."""
    entered = dict(data.get("task", {}))
    entered |= {new: entered[old] for old, new in mapping.items() if old in entered}
    return {**data, "task": entered} if entered else dict(data)


def _retask(task: Task, node: Node) -> None:
    """The open task as the new flow would have opened it; its holder keeps it where it may, and the time it has run still counts."""
    unit = unit_of(task.case, node)
    task.step, task.title, task.title_en, task.role, task.unit = node.key, node.title or node.key, node.title_en, node.role, unit
    task.limit = dict(node.limit) if node.limit else None
    task.due_at = task.due_at if task.limit else None
    if task.assignee_id and not access.candidates(task).filter(pk=task.assignee_id).exists():
        task.assignee = None
    task.save(update_fields=["step", "title", "title_en", "role", "unit", "limit", "due_at", "assignee"])
    if unit:
        access.grant(task.case, unit=unit, cause=f"task:{node.key}")
    stands = Suspension.objects.filter(task=task, ended_at=None).exists()
    if node.clock == "stop" and not stands:
        clock.stop(task.case, task, node.title or node.key)
    elif stands and node.clock != "stop":
        clock.resume(task.case, task)
