"""What follows in registers when something happens to a permit after it was issued."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import Party, User


@dataclass(frozen=True)
class PermitChange:
    """An act in the life of a permit, as a register needs it. `state`, `valid_to`, `holder` are what the act led to.

    `act` is extend, amend, suspend, resume, transfer, revoke, hand_back or expire; `state` is in_force, suspended, revoked, expired or
    returned. `number` and `issued_on` name the permit, `dossier_code` the dossier that granted it (empty when it came from paper).
    `basis` and `decided_on` are the number and the day of the document that the act rests on.
    """

    act: str
    permit_type: str  # groundwater_abstraction
    number: str
    issued_on: date
    state: str
    holder: Party
    holder_name: str
    on_date: date  # from when on
    basis: str
    valid_to: date | None = None
    dossier_code: str = ""
    decided_on: date | None = None
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)  # what an amendment says anew
    document: StoredFile | None = None
    recorded_by: User | None = None


Following = Callable[[PermitChange], None]
_following: dict[str, list[Following]] = {}


def on_permit_changed(permit_type: str, following: Following) -> None:
    held = _following.setdefault(permit_type, [])
    if following not in held:
        held.append(following)


def permit_changed(change: PermitChange) -> None:
    """Something happened to a permit. OutcomeRefused, with a sentence, undoes it."""
    for following in _following.get(change.permit_type, []):
        following(change)
