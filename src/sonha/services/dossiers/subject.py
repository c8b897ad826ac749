"""What steps and acts mean for a dossier. The engine calls this inside its transactions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.identity.models import User
from sonha.foundation.jobs.services import enqueue
from sonha.process.cases import clock, engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Case, Task
from sonha.process.cases.subjects import Subject, register
from sonha.process.flows.graph import Edge, Node, graph_of
from sonha.services.dossiers import drafting, money, notices, reception, results
from sonha.services.dossiers.drafts import OWNER_KINDS
from sonha.services.dossiers.models import Dossier, ReturnChannel, State, SupplementRequest


class DossierSubject(Subject):
    """A case that handles a dossier."""

    def context(self, case: Case) -> dict[str, Any]:
        dossier = case.dossier
        about = {
            "channel": dossier.channel,
            "owner_kind": OWNER_KINDS[dossier.owner.kind],  # type: ignore[index]
            "code": dossier.code,
            "fee_due": money.outstanding(dossier),
        }
        return {**dossier.answers, "dossier": about}

    def requirement(self, name: str, case: Case) -> str | None:
        dossier = case.dossier
        checks = {
            "draft": (drafting.has_draft(dossier), _("Chưa có dự thảo kết quả. Hãy soạn dự thảo trước.")),
            "signed": (results.is_signed(dossier), _("Kết quả chưa được ký.")),
            "numbered": (results.is_numbered(dossier), _("Kết quả chưa được cấp số và đóng dấu.")),
            "paid": (money.outstanding(dossier) == 0, _("Hồ sơ chưa nộp đủ phí, nghĩa vụ tài chính.")),
        }
        holds, sentence = checks[name]
        return None if holds else sentence

    def effect(self, name: str, task: Task, edge: Edge, actor: Actor, comment: str, data: Mapping[str, Any]) -> None:
        act = getattr(self, f"on_{name}", None)
        if act is not None:
            act(task.case.dossier, task, actor, comment)

    def on_accept(self, dossier: Dossier, task: Task, actor: Actor, comment: str) -> None:
        if dossier.accepted_at is None:
            dossier.accepted_at = timezone.now()
            dossier.save(update_fields=["accepted_at"])
            clock.start_clock(task.case, dossier.accepted_at)
        self._copy_clock(task.case, dossier)
        reception.receipt(dossier, actor)
        record("dossier.accepted", subject=engine.subject_ref(task.case), actor=actor, payload={"due_at": dossier.due_at})
        notices.tell_applicant(dossier, "accepted")

    def on_refuse(self, dossier: Dossier, task: Task, actor: Actor, comment: str) -> None:
        reception.refusal(dossier, actor, comment)
        record("dossier.refused", subject=engine.subject_ref(task.case), actor=actor)

    def on_request_supplement(self, dossier: Dossier, task: Task, actor: Actor, comment: str) -> None:
        request = reception.pending_supplement(dossier, actor, comment)
        reception.supplement_form(dossier, request, actor)
        record(
            "dossier.supplement_requested",
            subject=engine.subject_ref(task.case),
            actor=actor,
            payload={"items": max(1, len(request.items))},
        )
        notices.tell_applicant(dossier, "supplement")

    def on_submit_supplement(self, dossier: Dossier, task: Task, actor: Actor, comment: str) -> None:
        open_requests = SupplementRequest.objects.filter(dossier=dossier, answered_at=None)
        open_requests.update(answered_at=timezone.now(), answer=comment.strip())
        record("dossier.supplemented", subject=engine.subject_ref(task.case), actor=actor)

    def on_sign(self, dossier: Dossier, task: Task, actor: Actor, comment: str) -> None:
        results.sign(dossier, task, actor)
        record("dossier.result_signed", subject=engine.subject_ref(task.case), actor=actor)

    def on_number(self, dossier: Dossier, task: Task, actor: Actor, comment: str) -> None:
        result = results.number_and_seal(dossier, task, actor)
        record("dossier.result_numbered", subject=engine.subject_ref(task.case), actor=actor, payload={"document": result.document_number})

    def on_hand_over(self, dossier: Dossier, task: Task, actor: Actor, comment: str) -> None:
        how = results.hand_over(dossier)
        record("dossier.handed_over", subject=engine.subject_ref(task.case), actor=actor, payload={"how": how})

    def service(self, name: str, case: Case, node: Node, actor: Actor) -> None:
        dossier = case.dossier
        if name == "request_payment":
            if money.request_payment(dossier, actor):
                notices.tell_applicant(dossier, "payment")
        elif name in {"issue_result", "refuse_result"}:
            results.issue(dossier, actor, granted=name == "issue_result")
            dossier.finished_at = timezone.now()
            dossier.state = State.READY
            dossier.save(update_fields=["finished_at", "state"])
            notices.tell_applicant(dossier, "issued")
        else:
            raise ActionRefused(_("Bước tự động «%(name)s» chưa được hệ thống hỗ trợ.") % {"name": name})

    def task_opened(self, task: Task) -> None:
        case = engine.outermost(task.case)
        dossier = case.dossier
        self._copy_clock(case, dossier)
        if task.case_id == case.pk:
            self._move_state(dossier, task)
        notices.tell_officials(dossier, task)
        if self._hands_over_online(dossier, task):
            enqueue("dossiers.hand_over_online", key=f"hand-over-{task.pk}", task_id=task.pk)

    def remind(self, task: Task, stage: str, users: Sequence[User]) -> None:
        dossier = engine.outermost(task.case).dossier
        if task.is_applicant and stage != "late":
            notices.tell_applicant(dossier, "reminder", due=clock.binding_end(task))
        kind = "task.late" if stage == "late" else "task.reminder"
        for user in users:
            notices.tell_about_task(user, kind, dossier, task)

    def withdrawal(self, case: Case) -> str | None:
        return _("Hồ sơ đã có kết quả, không thể rút.") if case.dossier.finished_at else None

    def reopened(self, case: Case) -> None:
        dossier = case.dossier
        dossier.finished_at = dossier.closed_at = None
        dossier.save(update_fields=["finished_at", "closed_at"])

    def ended(self, case: Case, actor: Actor) -> None:
        dossier = case.dossier
        now = timezone.now()
        dossier.state = {"granted": State.GRANTED, "done": State.GRANTED, "withdrawn": State.WITHDRAWN}.get(case.outcome, State.REFUSED)
        dossier.finished_at = dossier.finished_at or now
        dossier.closed_at = now
        dossier.save(update_fields=["state", "finished_at", "closed_at"])
        money.close_account(dossier, actor)
        notices.tell_applicant(dossier, "ended")

    def _move_state(self, dossier: Dossier, task: Task) -> None:
        if task.is_applicant:
            actions = {edge.action for edge in graph_of(task.case.flow_version_id).edges.get(task.step, ())}
            state = State.PAYMENT if "paid" in actions else State.SUPPLEMENT
        elif dossier.finished_at:
            state = State.READY
        else:
            state = State.IN_PROGRESS if dossier.accepted_at else State.SUBMITTED
        if dossier.state != state:
            dossier.state = state
            dossier.save(update_fields=["state"])

    def _copy_clock(self, case: Case, dossier: Dossier) -> None:
        case.refresh_from_db(fields=["due_at", "clock_from"])
        if dossier.finished_at is None and dossier.due_at != case.due_at:
            dossier.due_at = case.due_at
            dossier.save(update_fields=["due_at"])

    def _hands_over_online(self, dossier: Dossier, task: Task) -> bool:
        if dossier.return_channel != ReturnChannel.ONLINE or dossier.finished_at is None:
            return False
        return any(edge.effect == "hand_over" for edge in graph_of(task.case.flow_version_id).edges.get(task.step, ()))


register("dossier", DossierSubject())
