"""Every modelled procedure, and one procedure of every family, runs from filing to its own signed result on the real profile."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import Party, User
from sonha.foundation.organisations.models import Position, Unit
from sonha.foundation.payments.models import Invoice
from sonha.foundation.payments.services import pay_at_desk
from sonha.foundation.signing import pki
from sonha.process.cases import engine
from sonha.process.cases.models import Case, Task
from sonha.process.flows.graph import graph_of
from sonha.provinces.matching import family_rules
from sonha.provinces.tests.declared import MODELLED
from sonha.provinces.tests.examples import example_answers
from sonha.services.dossiers import filing, results
from sonha.services.dossiers.models import Channel, Dossier, Result
from sonha.services.permits.models import Permit
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version

pytestmark = pytest.mark.usefixtures("lang_son", "own_pki")
ONWARD = ("accept", "paid", "assign", "submit", "submit_supplement", "approve", "sign", "number", "answer", "hand_over")
SYSTEM = Actor.system("test")


@pytest.fixture
def own_pki(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.SONHA_DATA = _folder(tmp_path_factory)
    pki.create()


def _folder(factory: pytest.TempPathFactory) -> Path:
    folder = factory.getbasetemp() / "running"
    folder.mkdir(exist_ok=True)
    return folder


def official(task: Task) -> Actor:
    """Somebody who holds the task's role in its unit."""
    user, _created = User.objects.get_or_create(
        username=f"{task.role}.{task.unit_id}", defaults={"full_name": "Nông Thị Thử Nghiệm", "kind": User.Kind.OFFICIAL}
    )
    Position.objects.get_or_create(user=user, unit=task.unit, role=task.role, defaults={"valid_from": timezone.localdate()})
    return Actor.of(user)


def file(procedure: Procedure) -> Dossier:
    version = current_version(procedure)
    assert version is not None
    assert version.form_version is not None
    user, _created = User.objects.get_or_create(username="mot.cua.thu", defaults={"full_name": "Một Cửa", "kind": User.Kind.OFFICIAL})
    unit = procedure.agency or Unit.objects.get(code="STNMT")
    Position.objects.get_or_create(user=user, unit=unit, role=Role.RECEPTIONIST, defaults={"valid_from": timezone.localdate()})
    owner = Party.objects.create(kind=Party.Kind.PERSON, name="Hoàng Văn Thử", address="Thôn Nà Chuông, xã Mai Pha")
    draft = filing.start_draft(Actor.of(user), version, owner=owner, channel=Channel.DESK)
    answers = example_answers(version.form_version.schema, filing.context_for(draft))
    filing.save_draft(draft, answers=answers, details={"receiving_commune": "05977"})
    return filing.submit(draft.pk, Actor.of(user))


def cashier(dossier: Dossier) -> Actor:
    """The receptionist who took the dossier in."""
    return official(Task.objects.filter(case=dossier.case, role=Role.RECEPTIONIST).order_by("pk")[0])


def step_on(task: Task, conclusion: str) -> None:
    """Takes the action that leads on, with the forms filled in and the result or the refusal drafted."""
    case = engine.outermost(task.case)
    dossier = case.dossier
    actor = SYSTEM if task.is_applicant else official(task)
    node = graph_of(task.case.flow_version_id).nodes[task.step]
    if "paid" in node.requires:
        for invoice in Invoice.objects.filter(subject_ref=dossier.code, state=Invoice.State.OPEN):
            pay_at_desk(invoice, cashier(dossier))
        task.refresh_from_db()
        if task.state != Task.State.OPEN:
            return
    if node.key in {"draft", "refuse_draft"}:
        results.draft_result(dossier, task, actor=actor)
    actions = {edge.action for edge in engine.available_actions(task)}
    action = next((name for name in ONWARD if name in actions), None) or min(actions)
    chosen = {"conclusion": conclusion} if node.key == "appraise" else None
    data = example_answers(node.form, {**dossier.answers, **case.data}, chosen=chosen) if node.form else {}
    engine.act(task.pk, action, actor=actor, data=data)


def run(dossier: Dossier, conclusion: str) -> None:
    for _turn in range(80):
        case = Case.objects.get(pk=dossier.case_id)
        if case.state != Case.State.RUNNING:
            return
        waiting = [task for task in Task.objects.filter(state=Task.State.OPEN, kind="task") if engine.outermost(task.case).pk == case.pk]
        step_on(waiting[0], conclusion)
    raise AssertionError(f"{dossier.procedure.stt} does not come to an end")


def check(dossier: Dossier, outcome: str) -> None:
    dossier.refresh_from_db()
    assert dossier.case.outcome == outcome, dossier.procedure
    result = Result.objects.get(dossier=dossier)
    assert result.signed_at
    assert result.document_number
    assert "{" not in result.document_number
    declared = dossier.version.content["outcome"]
    if outcome == "refused":
        assert not Permit.objects.filter(dossier=dossier).exists()
    elif declared["kind"] in results.REGISTERED:
        permit = Permit.objects.get(dossier=dossier)
        assert permit.number == result.document_number
        assert bool(permit.valid_to) == bool(declared["validity"])


def run_all(procedures: dict[str, Procedure], conclusion: str = "grant") -> None:
    """Runs each on one database: cloning it for every procedure would take longer than the running."""
    for name, procedure in procedures.items():
        dossier = file(procedure)
        try:
            run(dossier, conclusion)
            check(dossier, "granted" if conclusion == "grant" else "refused")
        except Exception as failure:
            failure.add_note(f"while running {name}, STT {procedure.stt}: {procedure.name[:80]}")
            raise


def test_the_twelve_modelled_procedures_run_to_their_results() -> None:
    procedures = {procedure.declaration: procedure for procedure in Procedure.objects.filter(stt__in=MODELLED).order_by("stt")}
    assert len(procedures) == 12
    run_all(procedures)


def test_a_permit_a_certificate_and_data_are_refused_by_a_signed_letter() -> None:
    run_all({str(stt): Procedure.objects.get(stt=stt) for stt in (860, 817, 868)}, "refuse")


def test_a_procedure_of_every_family_runs_to_its_result() -> None:
    first = {key: Procedure.objects.filter(family=key).order_by("stt").first() for key, _rules in family_rules()}
    run_all({key: procedure for key, procedure in first.items() if procedure})
    assert all(first.values())
