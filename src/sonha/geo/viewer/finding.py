"""Search across all registers at once: by words without marks, or by how a number begins, as far as the reader may."""

from datetime import date
from typing import Any

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.limits import limits_of, within
from sonha.geo.layers.served import ServedLayer
from sonha.registry.declarations import Register, registers
from sonha.registry.grants.rights import Rights, all_rights
from sonha.registry.pages.asking import Asked as OfRegister
from sonha.registry.pages.asking import When
from sonha.registry.pages.narrowing import Narrowing

from .asking import named_layers
from .lying import described, with_shape

OF_EACH = 6
IN_ALL = 40
SHORTEST, LONGEST = 2, 200
Json = dict[str, Any]


def finding(actor: Actor, text: str, day: date | None = None) -> list[Json]:
    """Groups `{register, title, layer, records}` of registers in which something is called or numbered so; empty for too short a text."""
    text = " ".join(text.split())[:LONGEST]
    if len(text) < SHORTEST:
        return []
    layers = {layer.register.code: layer for layer in reversed(named_layers(actor, None).values())}
    found, left = [], IN_ALL
    for register, rights in _readable(actor):
        if left <= 0:
            break
        with within(limits_of(actor)):
            group = _group(OfRegister(actor, register, rights), layers.get(register.code), text, day)
        if group["records"]:
            found.append(group)
            left -= len(group["records"])
    return found


def _readable(actor: Actor) -> list[tuple[type[Register], Rights]]:
    held = all_rights(actor)
    return [(each, held[each.code]) for each in registers() if held[each.code].reads and (each.searchable() or each.numbers)]


class _OfDay:
    """As of when shapes and fields are described."""

    def __init__(self, day: date | None) -> None:
        self.day = day


def _group(of: OfRegister, layer: ServedLayer | None, text: str, day: date | None) -> Json:
    rows = Narrowing(of, {"q": text}).narrowed(of.rows(When(day)))
    if layer is not None:
        shown = list(with_shape(rows, layer)[:OF_EACH])
        hidden = [row for row in shown if layer.geometry.name not in of.rights.fields_of(row)]
        for row in hidden:
            row.drawn = None
    else:
        shown = list(rows[:OF_EACH])
    return {
        "register": of.register.code,
        "title": str(of.register.title),
        "layer": layer.name if layer else "",
        "records": described(of, shown, _OfDay(day)),
    }
