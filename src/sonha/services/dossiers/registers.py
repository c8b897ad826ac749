"""Dossiers and registers: what a granted result means for the registers, and what these say of an application.

The sectors that answer stand beside the services and are not known here; process.outcomes is where both meet.
"""

from typing import Any

from sonha.foundation.access.actor import Actor
from sonha.process import outcomes
from sonha.process.cases.errors import ActionRefused
from sonha.process.outcomes import Application, Finding
from sonha.services.dossiers.models import Dossier, Result
from sonha.services.permits.models import Permit


def application_of(
    dossier: Dossier, *, result: Result | None = None, permit: Permit | None = None, actor: Actor | None = None
) -> Application:
    """The dossier as registers read it; with `result` and `permit` once these are there."""
    said: dict[str, Any] = {}
    if result is not None:
        said = {"number": result.document_number, "issued_on": result.issued_on, "document": result.file}
    if permit is not None:
        said |= {"valid_to": permit.valid_to, "permit_id": permit.pk}
    return Application(
        code=dossier.code,
        procedure=dossier.version.content["key"],
        answers=dossier.answers,
        entered=dossier.case.data.get("task", {}),
        owner=dossier.owner,
        is_demo=dossier.is_demo,
        issued_by=actor.user if actor else None,
        **said,
    )


def enter(dossier: Dossier, result: Result, permit: Permit | None, actor: Actor) -> None:
    """A granted result takes effect in the registers, in the transaction that issues it. ActionRefused when they cannot take it."""
    try:
        outcomes.issued(application_of(dossier, result=result, permit=permit, actor=actor))
    except outcomes.OutcomeRefused as refused:
        raise ActionRefused(str(refused)) from refused


def findings(actor: Actor, dossier: Dossier) -> list[Finding]:
    """What the registers say of a dossier that the actor may read, gravest first.

    Only while it is being decided: afterwards they tell what the decision made of them, and would contradict what it rested on.
    """
    result = getattr(dossier, "result", None)
    if dossier.is_ended or (result is not None and result.issued_at):
        return []
    return outcomes.findings(actor, application_of(dossier))
