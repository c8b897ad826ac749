"""What follows from results in registers, and what registers say of applications."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import Party, User


@dataclass(frozen=True)
class Application:
    """A dossier as a register needs it. `number`, `issued_on`, `valid_to` and `document` are of its result, empty until there is one."""

    code: str  # of the dossier
    procedure: str  # key of the procedure's version: parcel_split_merge
    answers: Mapping[str, Any]
    owner: Party
    is_demo: bool = False
    entered: Mapping[str, Any] = field(default_factory=dict)  # what officials entered in the steps
    number: str = ""
    issued_on: date | None = None
    valid_to: date | None = None
    document: StoredFile | None = None
    issued_by: User | None = None
    permit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a register says of an application. `tone`: stop (must not be granted so), warn, or plain. `url` leads to the record or map."""

    sentence: str
    tone: str = "plain"
    register: str = ""
    url: str = ""
    geometry: Any = None  # GeoJSON in EPSG:4326, of the place


class OutcomeRefused(Exception):
    """The registers cannot take the result; one sentence for whoever issues it."""


Outcome = Callable[[Application], None]
Question = Callable[[Actor, Application], Iterable[Finding]]
_outcomes: dict[str, list[Outcome]] = {}
_questions: dict[str, list[Question]] = {}


def on_issued(procedure: str, outcome: Outcome) -> None:
    held = _outcomes.setdefault(procedure, [])
    if outcome not in held:
        held.append(outcome)


def on_asked(procedure: str, question: Question) -> None:
    held = _questions.setdefault(procedure, [])
    if question not in held:
        held.append(question)


def issued(application: Application) -> None:
    """A granted result took effect. OutcomeRefused, with a sentence, undoes the issuing."""
    for outcome in _outcomes.get(application.procedure, []):
        outcome(application)


def findings(actor: Actor, application: Application) -> list[Finding]:
    """What registers say of an application, gravest first."""
    found = [each for question in _questions.get(application.procedure, []) for each in question(actor, application)]
    return sorted(found, key=lambda each: ("stop", "warn", "plain").index(each.tone))
