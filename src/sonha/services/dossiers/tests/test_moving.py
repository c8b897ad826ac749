"""Dossiers go on under a new version of their procedure: previewed, by an administrator, each by itself."""

from copy import deepcopy
from typing import Any

import pytest
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.payments.services import pay_at_desk
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.flows.problems import NotPublishable
from sonha.services.dossiers import money, moving
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.people import citizen, filed, groundwater_answers, official
from sonha.services.procedures import services
from sonha.services.procedures.models import Procedure, ProcedureVersion

pytestmark = pytest.mark.usefixtures("lang_son")


def new_version(dossier: Dossier, change: Any, actor: Actor) -> ProcedureVersion:
    """The version of a dossier, changed by `change(declaration)` and published from today."""
    whole = deepcopy(services.as_declaration(dossier.version))
    change(whole)
    whole |= {"valid_from": timezone.localdate().isoformat(), "valid_to": None}
    key = str(whole["key"])
    return services.publish_version(Procedure.objects.get(pk=dossier.procedure_id), whole, key=key, actor=actor)


def step(declaration: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in declaration["flow"]["steps"] if each["key"] == key)
    return found


def rename_assign(declaration: dict[str, Any]) -> None:
    """The head's step has another name, more time, and the whole procedure less."""
    declaration["time_limit"] = {"amount": 5, "unit": "working_days"}
    step(declaration, "assign").update(key="hand_out", title="Giao việc", limit={"amount": 3, "unit": "working_days"})
    for edge in declaration["flow"]["transitions"]:
        edge.update({end: "hand_out" for end in ("from", "to") if edge[end] == "assign"})


def needs_more(declaration: dict[str, Any]) -> None:
    declaration["form"]["sections"][0]["fields"].append({"key": "brand_new", "type": "text", "label": "Mục mới", "required": True})


def test_dossiers_are_previewed_and_moved_each_by_itself() -> None:
    lan, quan_tri = citizen(), official("administrator", "STNMT")
    desk, head = official("receptionist", "STNMT.MC"), official("head", "STNMT.NUOC")
    waiting, assigned = filed(lan, 860, groundwater_answers()), filed(lan, 860, groundwater_answers(80))
    engine.act(assigned.case.tasks.get(state="open").pk, "accept", actor=desk)
    pay_at_desk(money.invoices(assigned).get(), desk)
    assert assigned.case.tasks.get(state="open").step == "assign"
    assigned.refresh_from_db()
    source, before = assigned.version, assigned.due_at
    target = new_version(assigned, rename_assign, quan_tri)

    with pytest.raises(NotAllowed):
        moving.preview(source, target, actor=head)
    with pytest.raises(ActionRefused, match="hai phiên bản khác nhau"):
        moving.preview(source, source, actor=quan_tri)
    first, second = moving.preview(source, target, actor=quan_tri)
    assert [(each.step, each.target) for each in first.steps] == [("reception", "reception")]
    assert first.problem == ""
    assert [(each.step, each.target) for each in second.steps] == [("assign", None)]
    assert "hãy chọn bước thay thế" in second.problem
    assert Dossier.objects.filter(version=target).count() == 0, "a preview changes nothing"

    outcome = moving.move(source, target, actor=quan_tri, mapping={})
    assert [(each.dossier.code, each.done) for each in outcome] == [(waiting.code, True), (assigned.code, False)]
    assert "hãy chọn bước thay thế" in outcome[1].sentence
    assert moving.preview(source, target, actor=quan_tri, mapping={"assign": "hand_out"})[0].problem == ""
    [moved] = moving.move(source, target, actor=quan_tri, mapping={"assign": "hand_out"}, codes=[assigned.code])
    assert moved.done

    assigned.refresh_from_db()
    task = assigned.case.tasks.get(state="open")
    assert (assigned.version, assigned.case.flow_version, task.step) == (target, target.flow_version, "hand_out")
    assert before and assigned.due_at and assigned.due_at < before, "the clock was computed afresh"
    assert assigned.due_at == assigned.case.due_at
    event = Event.objects.filter(verb="case.moved").order_by("-pk").first()
    assert event and event.payload == {"version": target.number} and event.actor_user == quan_tri.user
    engine.act(task.pk, "assign", actor=head)
    assert assigned.case.tasks.get(state="open").step == "appraise"
    assert moving.preview(source, target, actor=quan_tri) == []


def test_what_was_declared_must_fit_the_new_form() -> None:
    quan_tri = official("administrator", "STNMT")
    dossier = filed(citizen(), 860, groundwater_answers())
    target = new_version(dossier, needs_more, quan_tri)
    [kept] = moving.preview(dossier.version, target, actor=quan_tri)
    assert "chưa hợp với biểu mẫu của phiên bản mới (brand_new:" in kept.problem
    [outcome] = moving.move(dossier.version, target, actor=quan_tri, mapping={})
    assert (outcome.done, outcome.sentence) == (False, kept.problem)
    other = Procedure.objects.get(stt=858).versions.filter(state="published").first()
    assert other
    with pytest.raises(ActionRefused, match="cùng một thủ tục"):
        moving.preview(dossier.version, other, actor=quan_tri)


def test_a_declaration_with_errors_is_not_published_by_any_way() -> None:
    quan_tri = official("administrator", "STNMT")
    procedure = Procedure.objects.get(stt=860)
    draft = services.start_draft(procedure, actor=quan_tri)
    whole = services.as_declaration(draft)
    step(whole, "assign")["role"] = "king"
    services.save_draft(draft, whole)
    with pytest.raises(NotPublishable, match="vai trò «king» không có trong quy ước"):
        services.publish_draft(draft, actor=quan_tri)
    assert procedure.versions.filter(state="draft").exists(), "the draft is still there"
