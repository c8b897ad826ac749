"""Who lies up and down a river: records of any register with a place, in the order in which the water passes them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point

from sonha.foundation.access.actor import Actor
from sonha.geo.tracing import Direction, NoRiver, Trace, trace
from sonha.registry.declarations import register
from sonha.registry.grants.rights import rights
from sonha.registry.records.selectors import records

from .registers import RiverReaches

BESIDE = 400
"""Metres from the river within which a work or an outlet belongs to it."""


@dataclass(frozen=True, slots=True)
class Along:
    """A record beside the river: how many metres by the river from the place asked about."""

    row: Any
    metres: float


def followed(actor: Actor, place: Point, direction: Direction, metres: float, *, day: date | None = None) -> Trace | None:
    """The river from a place, through the reaches that the actor may read, as of a day; None where there is no river."""
    try:
        return trace(records(actor, RiverReaches, day=day), place, direction, metres)
    except NoRiver:
        return None


def along(actor: Actor, place: Point, direction: Direction, metres: float, code: str) -> list[Along]:
    """Records of a register beside the river, nearest first by the river. Empty where there is no river or nothing may be read."""
    found = followed(actor, place, direction, metres)
    return [] if found is None else beside(actor, found, code)


def beside(actor: Actor, way: Trace, code: str, *, width: float = BESIDE) -> list[Along]:
    """Records of a register within `width` metres of a river that was followed, nearest first by the river."""
    of = register(code)
    if not rights(actor, of).reads or not way.stretches:
        return []
    where = of.geometry()
    near = records(actor, of).filter(**{f"{where}__intersects": way.corridor(width)})
    return sorted((Along(row, way.metres_to(getattr(row, where))) for row in near[:2000]), key=lambda each: each.metres)
