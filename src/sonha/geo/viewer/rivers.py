"""Along the river from a place: the stretches up or down, and what lies beside them in every register."""

import json
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from sonha.geo.layers.served import served
from sonha.geo.tracing import Direction, NoRiver, Trace, trace
from sonha.registry.declarations import register
from sonha.registry.pages.asking import Asked as OfRegister
from sonha.registry.pages.asking import When
from sonha.registry.pages.drawing import length_words
from sonha.registry.pages.places import in_system, province_srid

from .asking import Asked, Unclear
from .lying import lying

REACHES = "river_reaches"
Json = dict[str, Any]


def along(asked: Asked, direction: str, metres: float, beside: float) -> Json:
    """`{line, corridor, length, groups}`; Unclear when there is no network of rivers, or none near the place."""
    followed = followed_from(asked, direction, metres)
    corridor = followed.corridor(max(beside, 1.0))
    groups = lying(replace(asked, place=in_system(corridor, province_srid()), metres=0.0))
    return {
        "line": _geojson(followed.line),
        "corridor": _geojson(corridor),
        "length": length_words(followed.length),
        "away": length_words(followed.start.metres),
        "reaches": len({each.reach for each in followed.stretches}),
        "groups": [group for group in groups if group["layer"] != REACHES],
    }


def followed_from(asked: Asked, direction: str, metres: float) -> Trace:
    """The trace over the reaches that the reader may see."""
    layer = served(asked.actor, [REACHES]).get(REACHES)
    if layer is None:
        raise Unclear(_("Chưa có mạng lưới sông để lần theo."))
    wanted: Direction = "upstream" if direction == "upstream" else "downstream"
    rows = OfRegister(asked.actor, register(REACHES), layer.rights).rows(When(asked.day))
    try:
        return trace(rows, asked.place.centroid, wanted, metres)
    except NoRiver:
        raise Unclear(_("Không có sông, suối nào trong 2 km quanh điểm này; xin chọn điểm gần sông hơn.")) from None


def _geojson(shape: Any) -> Any:
    return json.loads(in_system(shape, 4326).geojson)
