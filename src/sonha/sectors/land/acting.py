"""What all acts on the cadastre share: who acts on which basis and day, what comes out of a split, what stands against an act.

Imported by whatever acts on the registers of land.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import shapely
from django.core.exceptions import ValidationError
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.registry.records.services import Basis, Changing, changing
from sonha.sectors.land.cutting import CannotCut
from sonha.sectors.land.models import LandUser, Parcel


class Refused(ValueError):
    """The act cannot be done; one sentence says why."""


@dataclass(frozen=True)
class Piece:
    """A parcel that comes out of a split. What is None follows from the parcel split: the next free number, its land type and users."""

    shape: shapely.Polygon
    number: int | None = None
    land_type: str | None = None
    user: LandUser | None = None
    serial: str = ""


@dataclass(frozen=True)
class Act:
    """What all acts have: who, on which basis, on which day, for whom the system writes, where a bank's consent is written."""

    actor: Actor
    basis: Basis
    day: date | None = None
    made_by: User | None = None
    consent: str = ""

    @property
    def on(self) -> date:
        return self.day or timezone.localdate()


@contextmanager
def acting(act: Act, kind: str) -> Iterator[Changing]:
    """A change of the whole database; what its parts refuse becomes one sentence."""
    try:
        with changing("land", act.actor, act.basis, kind=kind, made_by=act.made_by) as change:
            yield change
    except CannotCut as wrong:
        raise Refused(str(wrong)) from wrong
    except ValidationError as wrong:
        raise Refused(" ".join(wrong.messages)) from wrong


def locked(parcel: Parcel) -> Parcel:
    return Parcel.objects.select_for_update().get(pk=parcel.pk)


def refuse(sentences: Sequence[str]) -> None:
    if sentences:
        raise Refused(" ".join(sentences))
