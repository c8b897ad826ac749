"""Running a dossier to its end with the demonstration's people and answers: what the tests of the twelve and of the families share."""

import random
from collections.abc import Mapping
from typing import Any

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party, User
from sonha.process.cases import engine
from sonha.process.cases.models import Case
from sonha.provinces.demonstration.accounts import load_accounts
from sonha.provinces.demonstration.filers import places
from sonha.provinces.demonstration.walking import Staff, chosen_edge, open_tasks, pay, take
from sonha.provinces.demonstration.writing import Writer
from sonha.services.dossiers import drafts, filing
from sonha.services.dossiers.models import Channel, Dossier
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version

LONGEST = 120


def owner(*, business: bool) -> tuple[Actor, Party]:
    """The demonstration's company director with the company, or its citizen."""
    actor = Actor.of(User.objects.get(username="doanhnghiep" if business else "congdan"))
    assert actor.user
    party = actor.user.representations.get().party if business else actor.user.party
    assert party is not None
    return actor, party


def filed(stt: int, *, business: bool, refusing: bool = False, chosen: Mapping[str, Any] | None = None) -> tuple[Dossier, Actor, Writer]:
    """A complete dossier, filed online at Bình Gia by an account of the demonstration. `chosen`: answers by field, also of the steps."""
    load_accounts()
    procedure = Procedure.objects.get(stt=stt)
    version = current_version(procedure)
    assert version is not None and version.form_version is not None
    actor, party = owner(business=business)
    writer = Writer(party, places()[0], procedure.declaration, random.Random(f"{stt}{refusing}"), refusing, chosen=chosen or {})
    draft = drafts.start_draft(actor, version, owner=party, channel=Channel.ONLINE)
    context = drafts.context_for(draft)
    answers = writer.fill(version.form_version.schema, context)
    papers = {paper.code: ["on_paper"] for paper, _required in drafts.required_papers(version, {**context, **answers})}
    drafts.save_draft(draft, answers=answers, papers=papers, details={"receiving_commune": places()[0].code, "return_channel": "desk"})
    return filing.submit(draft.pk, actor, is_demo=True), actor, writer


def lived(stt: int, *, business: bool, refusing: bool = False, chosen: Mapping[str, Any] | None = None) -> Dossier:
    """The dossier at its end: everyone did what leads on; with `refusing` the appraising official proposed to refuse."""
    dossier, applicant, writer = filed(stt, business=business, refusing=refusing, chosen=chosen)
    staff = Staff.on_duty(random.Random(stt))
    for _turn in range(LONGEST):
        dossier = Dossier.objects.select_related("case", "procedure", "agency", "owner", "version").get(pk=dossier.pk)
        if dossier.case.state != Case.State.RUNNING:
            return dossier
        task = open_tasks(dossier)[0]
        if task.is_applicant and any(edge.action == "paid" for edge in engine.available_actions(task)):
            assert pay(dossier, staff), "nothing to pay, yet the dossier waits for money"
            continue
        actor = applicant if task.is_applicant else staff.for_task(task)
        assert actor is not None, f"nobody is {task.role} in {task.unit}"
        assert chosen_edge(task, "")
        take(task, dossier, actor, writer)
    raise AssertionError(f"{stt} does not come to an end")
