"""A granted result takes effect in the registers, or is not issued at all; the registers are asked while it is appraised."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from sonha.process import outcomes
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.outcomes import Application, Finding, OutcomeRefused
from sonha.process.outcomes import outcomes as kept
from sonha.services.dossiers import drafting, registers
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.permits import Office, accepted, at_draft, task_at, to_sign


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No sector has anything to say but the test's own."""
    monkeypatch.setattr(kept, "_outcomes", {})
    monkeypatch.setattr(kept, "_questions", {})
    yield


def issued(office: Office) -> Dossier:
    dossier = at_draft(office)
    drafting.draft_result(dossier, task_at(dossier, "draft"), actor=office.specialist)
    engine.act(to_sign(office, dossier).pk, "sign", actor=office.leader)
    engine.act(task_at(dossier, "number").pk, "number", actor=office.clerk)
    dossier.refresh_from_db()
    return dossier


def test_a_granted_result_reaches_the_registers_with_its_number(lang_son: Any, alone: None) -> None:
    taken: list[Application] = []
    outcomes.on_issued("groundwater_abstraction", taken.append)
    outcomes.on_issued("groundwater_abstraction", taken.append)
    dossier = issued(Office.open())
    assert [each.code for each in taken] == [dossier.code], "once, though it was asked for twice"
    application = taken[0]
    assert application.number == dossier.result.document_number
    assert (application.owner, application.permit_id) == (dossier.owner, dossier.permit.pk)
    assert application.answers["owner_name"] == "Nông Thị Lan" and "appraise" in application.entered


def test_what_the_registers_cannot_take_is_not_issued(lang_son: Any, alone: None) -> None:
    def refuse(application: Application) -> None:
        raise OutcomeRefused("Thửa đất đang có tranh chấp.")

    outcomes.on_issued("groundwater_abstraction", refuse)
    office = Office.open()
    with pytest.raises(ActionRefused, match="tranh chấp"):
        issued(office)
    dossier = Dossier.objects.get()
    assert not hasattr(dossier, "permit") and task_at(dossier, "number"), "the clerk can try again"


def test_whoever_appraises_reads_what_the_registers_say_gravest_first(lang_son: Any, alone: None, client: Client) -> None:
    outcomes.on_asked("groundwater_abstraction", lambda actor, application: [Finding("Cách giếng gần nhất 120 m.")])
    outcomes.on_asked(
        "groundwater_abstraction", lambda actor, application: [Finding("Nằm trong vùng cấm khai thác.", tone="stop", url="/csdl/")]
    )
    office = Office.open()
    dossier = accepted(office)
    assert [each.tone for each in registers.findings(office.desk, dossier)] == ["stop", "plain"]
    client.force_login(office.desk.user)
    page = client.get(f"/can-bo/ho-so/{dossier.code}/").content.decode()
    assert page.index("Nằm trong vùng cấm khai thác.") < page.index("Cách giếng gần nhất 120 m.")


def test_when_the_result_is_issued_the_registers_have_nothing_more_to_say(lang_son: Any, alone: None) -> None:
    """The parcel that a decision divided is gone: told beside the decision, that would look like a fault."""
    outcomes.on_asked("groundwater_abstraction", lambda actor, application: [Finding("Không còn thửa này.", tone="stop")])
    office = Office.open()
    assert registers.findings(office.desk, issued(office)) == []
