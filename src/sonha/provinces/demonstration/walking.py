"""Doing the next thing on a dossier as the one whose turn it is: officials by role and unit, the applicant, the cashier."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.files.services import store_bytes
from sonha.foundation.organisations.models import Position
from sonha.foundation.payments.models import Invoice
from sonha.foundation.payments.services import pay_at_desk
from sonha.process.cases import engine
from sonha.process.cases.models import Task
from sonha.process.flows.graph import Edge, graph_of
from sonha.provinces.demonstration.scans import scan
from sonha.provinces.demonstration.writing import Writer
from sonha.services.dossiers import drafting, money
from sonha.services.dossiers.models import Dossier

ONWARD = ("accept", "paid", "assign", "submit", "submit_supplement", "approve", "sign", "number", "answer", "hand_over")
"""Actions that lead to the result, the likelier first."""
DRAFTING = frozenset({"draft", "refuse_draft"})
COMMENTS = {
    "request_supplement": "Bổ sung bản sao giấy tờ còn thiếu và thuyết minh rõ nội dung đề nghị.\nKý, đóng dấu đầy đủ các trang.",
    "refuse": "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan; đề nghị nộp tại cơ quan có thẩm quyền.",
    "send_back": "Chỉnh sửa lại căn cứ pháp lý và thể thức văn bản.",
    "submit_supplement": "Đã bổ sung đầy đủ theo yêu cầu.",
    "withdraw": "Thay đổi kế hoạch đầu tư, xin rút hồ sơ.",
}


@dataclass
class Staff:
    """Who holds which role in which unit today. `for_role` gives None where nobody does: the work then waits."""

    chance: random.Random
    holders: dict[tuple[str, int], list[Actor]] = field(default_factory=dict)

    @classmethod
    def on_duty(cls, chance: random.Random) -> "Staff":
        staff = cls(chance)
        actors: dict[int, Actor] = {}
        for held in Position.objects.on(timezone.localdate()).filter(user__is_demo=True).select_related("user").order_by("pk"):
            actor = actors.setdefault(held.user_id, Actor.of(held.user))
            staff.holders.setdefault((held.role, held.unit_id), []).append(actor)
        return staff

    def for_role(self, role: str, unit_id: int | None) -> Actor | None:
        holders = self.holders.get((role, unit_id or 0))
        return self.chance.choice(holders) if holders else None

    def for_task(self, task: Task) -> Actor | None:
        """Whoever has the task already, else anybody who may take it."""
        holders = self.holders.get((task.role, task.unit_id or 0), [])
        return next((actor for actor in holders if actor.user_id == task.assignee_id), None) or self.for_role(task.role, task.unit_id)


def open_tasks(dossier: Dossier) -> list[Task]:
    """Everything that waits for somebody on this dossier, consultations included."""
    related = Q(case=dossier.case_id) | Q(case__parent_task__case=dossier.case_id)
    return list(Task.objects.filter(related, state=Task.State.OPEN, kind="task").select_related("case", "unit").order_by("pk"))


def pay(dossier: Dossier, staff: Staff) -> bool:
    """Pays what is asked for at the desk that took the dossier in; whether anything was paid."""
    cashier = staff.for_role(Role.RECEPTIONIST, dossier.case.actors.get("desk"))
    paid = False
    for invoice in money.invoices(dossier).filter(state=Invoice.State.OPEN):
        if cashier is not None:
            pay_at_desk(invoice, cashier)
            paid = True
    return paid


def take(task: Task, dossier: Dossier, actor: Actor, writer: Writer, *, wish: str = "") -> str:
    """Acts on the task: by the action wished for where it is offered, else the one that leads on. Returns the action taken."""
    node = graph_of(task.case.flow_version_id).nodes[task.step]
    edge = chosen_edge(task, wish)
    going_on = not edge.returns and edge.effect not in {"request_supplement", "refuse", "withdraw"}
    if going_on and needs_draft(task, edge):
        drafting.draft_result(dossier, task, actor=actor)
    context = {**dossier.answers, **task.case.data}
    writer.attach = lambda each: str(store_bytes(scan("data"), name="ket-qua-du-lieu.pdf", media_type="application/pdf",
                                                 purpose="dossier", actor_user=actor.user).pk)  # fmt: skip
    data: Mapping[str, object] = writer.fill(node.form, context) if node.form and going_on else {}
    engine.act(task.pk, edge.action, actor=actor, comment=_comment(edge), data=data)
    return edge.action


def needs_draft(task: Task, edge: Edge) -> bool:
    """Whether a result must be drafted before this task can be left."""
    if task.step in DRAFTING:
        return True
    graph = graph_of(task.case.flow_version_id)
    return "draft" in graph.nodes[edge.target].requires and task.role == Role.SPECIALIST


def chosen_edge(task: Task, wish: str) -> Edge:
    offered = {edge.action: edge for edge in engine.available_actions(task)}
    for name in (wish, *ONWARD):
        if name in offered:
            return offered[name]
    return next(edge for edge in offered.values() if not edge.returns)


def _comment(edge: Edge) -> str:
    said = COMMENTS.get(edge.action) or COMMENTS.get(edge.effect or "")
    return said or ("Thực hiện theo quy định." if edge.comment == "required" else "")
