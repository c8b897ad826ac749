"""A groundwater permit on its way: filed and handled up to a chosen step, for the tests of drafts, results and money."""

from dataclasses import dataclass

from sonha.foundation.access.actor import Actor
from sonha.foundation.payments.services import pay_at_desk
from sonha.process.cases import engine
from sonha.process.cases.models import Case, Task
from sonha.services.dossiers import money
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.people import citizen, filed, groundwater_answers, official
from sonha.services.dossiers.tests.test_story import appraisal


@dataclass
class Office:
    """Who handles groundwater at the department and at the provincial committee."""

    desk: Actor
    head: Actor
    specialist: Actor
    leader: Actor
    clerk: Actor

    @classmethod
    def open(cls) -> "Office":
        return cls(
            desk=official("receptionist", "STNMT.MC"),
            head=official("head", "STNMT.NUOC"),
            specialist=official("specialist", "STNMT.NUOC"),
            leader=official("leader", "UBND", "Lê Văn Sơn", "Phó Chủ tịch"),
            clerk=official("clerk", "UBND"),
        )


def task_at(dossier: Dossier, step: str) -> Task:
    children = Case.objects.filter(parent_task__case_id=dossier.case_id)
    return Task.objects.select_related("case", "unit").get(case__in=[dossier.case_id, *children], step=step, state="open")


def accepted(office: Office, applicant: Actor | None = None, flow: float = 120) -> Dossier:
    """Filed and accepted: the fee is asked for."""
    dossier = filed(applicant or citizen(), 860, groundwater_answers(flow))
    engine.act(task_at(dossier, "reception").pk, "accept", actor=office.desk)
    dossier.refresh_from_db()
    return dossier


def at_draft(office: Office, applicant: Actor | None = None, flow: float = 120) -> Dossier:
    """Paid, appraised, the commune asked, the site seen: the result is to be drafted."""
    dossier = accepted(office, applicant, flow)
    pay_at_desk(money.invoices(dossier).get(), office.desk)
    engine.act(task_at(dossier, "assign").pk, "assign", actor=office.head)
    appraise = task_at(dossier, "appraise")
    engine.act(appraise.pk, "submit", actor=office.specialist, data=appraisal(appraise))
    commune = official("specialist", task_at(dossier, "answer").unit.code)  # type: ignore[union-attr]
    engine.act(task_at(dossier, "answer").pk, "answer", actor=commune, data={"conclusion": "agree"})
    check = task_at(dossier, "field_check")
    engine.act(check.pk, "submit", actor=office.specialist, data=appraisal(check))
    return Dossier.objects.select_related("case", "version__form_version", "procedure", "agency", "owner").get(pk=dossier.pk)


def to_sign(office: Office, dossier: Dossier) -> Task:
    """The draft submitted and reviewed: the leader's task."""
    engine.act(task_at(dossier, "draft").pk, "submit", actor=office.specialist)
    engine.act(task_at(dossier, "head_review").pk, "approve", actor=office.head)
    return task_at(dossier, "sign")
