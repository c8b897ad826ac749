"""Rights of a layer, remembered while a page fetches its tiles: a screen of the map asks thirty times for the same within a second.

A right that is taken away is gone from the server after two seconds; browsers may keep a tile for a minute anyway.
"""

from time import monotonic

from django.db import connection

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.served import ServedLayer, served

SECONDS = 2.0
MOST = 2_000  # actors and layers

Key = tuple[str, Actor, str]
_remembered: dict[Key, tuple[float, ServedLayer | None]] = {}


def layer_of(actor: Actor, name: str) -> ServedLayer | None:
    """The layer as far as the actor may read it; None when it may not, or there is none."""
    key = (str(connection.settings_dict["NAME"]), actor, name)
    asked = monotonic()
    known = _remembered.get(key)
    if known and asked - known[0] < SECONDS:
        return known[1]
    if len(_remembered) >= MOST:
        _remembered.clear()
    found = served(actor, [name]).get(name)
    _remembered[key] = (asked, found)
    return found
