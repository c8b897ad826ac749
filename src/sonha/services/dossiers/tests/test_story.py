"""The main job, from filing to the signed permit in the register, through the services."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sonha.foundation.audit.verification import verify
from sonha.foundation.files.services import read_bytes
from sonha.foundation.payments.services import pay_at_desk
from sonha.foundation.signing.services import verify_pdf
from sonha.process.cases import engine
from sonha.process.cases.access import may_act
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Case, Suspension, Task
from sonha.services.dossiers import drafting, money, selectors
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.people import citizen, filed, groundwater_answers, official
from sonha.services.permits.models import Permit

pytestmark = pytest.mark.usefixtures("lang_son")


def open_task(dossier: Dossier, step: str) -> Task:
    return Task.objects.get(case__in=[dossier.case_id, *_children(dossier)], step=step, state="open")


def _children(dossier: Dossier) -> list[int]:
    return list(Case.objects.filter(parent_task__case_id=dossier.case_id).values_list("pk", flat=True))


def test_a_groundwater_permit_from_filing_to_the_register() -> None:
    lan = citizen()
    desk, head = official("receptionist", "STNMT.MC"), official("head", "STNMT.NUOC")
    specialist, leader = official("specialist", "STNMT.NUOC"), official("leader", "UBND", "Lê Văn Sơn", "Phó Chủ tịch")
    clerk = official("clerk", "UBND")

    dossier = filed(lan, 860, groundwater_answers())
    assert dossier.code.startswith("H37.") and dossier.code.endswith("-0001")
    assert dossier.state == "submitted" and dossier.due_at is None
    assert selectors.dossiers(desk).get() == dossier
    assert not selectors.dossiers(specialist).exists()

    engine.act(open_task(dossier, "reception").pk, "accept", actor=desk)
    dossier.refresh_from_db()
    assert dossier.state == "payment" and dossier.accepted_at
    assert dossier.official_papers.filter(kind="receipt", public=True).count() == 1
    stopped = Suspension.objects.get(case=dossier.case, ended_at=None)
    invoice = money.invoices(dossier).get()
    assert invoice.total == 400_000

    pay_at_desk(invoice, desk)
    dossier.refresh_from_db()
    stopped.refresh_from_db()
    assert stopped.ended_at and dossier.state == "in_progress" and dossier.due_at

    engine.act(open_task(dossier, "assign").pk, "assign", actor=head)
    appraise = open_task(dossier, "appraise")
    engine.claim(appraise.pk, actor=specialist)
    engine.act(appraise.pk, "request_supplement", actor=specialist, comment="Bổ sung kết quả bơm thử")
    dossier.refresh_from_db()
    assert dossier.state == "supplement" and Suspension.objects.filter(case=dossier.case, ended_at=None).exists()

    engine.act(open_task(dossier, "more").pk, "submit_supplement", actor=lan, comment="Đã nộp")
    assert not Suspension.objects.filter(case=dossier.case, ended_at=None).exists()

    again = open_task(dossier, "appraise")
    assert again.assignee_id == specialist.user_id, "a step that comes back goes to whoever did it before"
    engine.act(again.pk, "submit", actor=specialist, data=appraisal(again))

    commune = official("specialist", Task.objects.get(case__in=_children(dossier), state="open").unit.code)
    assert selectors.dossiers(commune).get() == dossier
    engine.act(open_task(dossier, "answer").pk, "answer", actor=commune, data={"conclusion": "agree"})
    check = open_task(dossier, "field_check")
    engine.act(check.pk, "submit", actor=specialist, data=appraisal(check))

    task = open_task(dossier, "draft")
    with pytest.raises(ActionRefused):
        engine.act(task.pk, "submit", actor=specialist)
    drafting.draft_result(dossier, task, actor=specialist)
    engine.act(task.pk, "submit", actor=specialist)
    engine.act(open_task(dossier, "head_review").pk, "approve", actor=head)
    signing = open_task(dossier, "sign")
    assert not may_act(head, signing)
    engine.act(signing.pk, "sign", actor=leader)
    engine.act(open_task(dossier, "number").pk, "number", actor=clerk)

    permit = Permit.objects.get(dossier=dossier)
    assert permit.number == "01/GP-UBND" and permit.state == "in_force" and permit.geometry
    assert permit.valid_to == permit.valid_from.replace(year=permit.valid_from.year + 5)
    dossier.refresh_from_db()
    assert dossier.state == "ready" and dossier.finished_at

    report = verify_pdf(read_bytes(dossier.result.file))
    assert report.valid and not report.altered, report
    assert report.signatures[0].signer_name == "Lê Văn Sơn"
    assert len(report.signatures) == 3

    engine.act(open_task(dossier, "hand_over").pk, "hand_over", actor=desk)
    dossier.refresh_from_db()
    assert dossier.state == "granted" and dossier.case.state == "completed"
    assert verify().ok


def appraisal(task: Task) -> dict[str, object]:
    """A favourable answer to whatever the step's form asks: the first option of every choice, a sentence for every text."""
    from sonha.process.flows.graph import graph_of

    form = graph_of(task.case.flow_version_id).nodes[task.step].form or {"sections": []}
    given: dict[str, object] = {}
    for section in form["sections"]:
        for field in section["fields"]:
            kind = field["type"]
            if kind in {"radio", "select"}:
                given[field["key"]] = field["options"][0]["value"]
            elif kind == "checkboxes":
                given[field["key"]] = [field["options"][0]["value"]]
            elif kind == "boolean":
                given[field["key"]] = True
            elif kind in {"number", "integer", "money"}:
                given[field["key"]] = field.get("min") or 1
            elif kind == "date":
                given[field["key"]] = (timezone.localdate() - timedelta(days=1)).isoformat()
            elif kind in {"text", "textarea"}:
                given[field["key"]] = "Đạt yêu cầu."
    return given
