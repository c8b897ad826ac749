"""What registers say of a proposed place, as sentences for whoever appraises: overlaps, distances, what it lies in."""

from collections.abc import Iterator
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.urls import reverse
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.process.outcomes import Finding
from sonha.registry.declarations import Register, register
from sonha.registry.grants.rights import rights
from sonha.registry.records.selectors import records
from sonha.sectors.places import overlaps

MOST = 20
"""Findings of one kind that are told; more would hide the others."""


def readable(actor: Actor, code: str) -> Any:
    """Records of a register as far as the actor may read them, or None when it may read none of it."""
    of = register(code)
    return records(actor, of) if rights(actor, of).reads else None


def named(actor: Actor, of: type[Register], row: Any) -> str:
    """The record's name when the actor may read that field, its number in the register otherwise."""
    return of.named(row) if of.naming() in rights(actor, of).fields_of(row) else f"№ {row.pk}"


def record_url(of: type[Register], pk: int) -> str:
    return reverse("registers:record", args=[of.slug, pk])


def hectares(value: float) -> str:
    """`3,21`; a thousandth where less would read as nothing."""
    return f"{value:.2f}".replace(".", ",") if value >= 0.01 else f"{value:.4f}".replace(".", ",")


def covering(actor: Actor, code: str, area: GEOSGeometry, tone: str, *, rows: Any = None) -> Iterator[Finding]:
    """One finding for each record of a register that covers part of the area; `rows` narrows what is asked."""
    of = register(code)
    asked = rows if rows is not None else readable(actor, code)
    if asked is None:
        return
    for each in list(overlaps(asked, area))[:MOST]:
        given = {"hectares": hectares(each.hectares), "name": named(actor, of, each.row), "register": of.title}
        sentence = _("Chồng %(hectares)s ha lên %(name)s («%(register)s»).") % given
        yield Finding(sentence, tone, of.code, record_url(of, each.row.pk), each.place)


def containing(actor: Actor, code: str, place: GEOSGeometry) -> list[Any]:
    """Records of a register in which a point lies."""
    rows = readable(actor, code)
    return [] if rows is None else list(rows.filter(geometry__intersects=place)[:MOST])
