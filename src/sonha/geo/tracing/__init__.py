"""Following water along a network of reaches: what lies upstream or downstream of a place, how far by the river, and beside it.

    trace(reaches, point, "downstream", 5_000)      stretches, nearest first, with the corridor beside them
    trace(…).metres_to(place)                       how far a place is by the river

No models and no registers of its own: reaches are rows of any model with a line drawn downstream and the names of its two nodes.
Imported by the map page and by sectors.
"""

from .network import Direction, NoRiver, Stretch, Trace, trace

__all__ = ["Direction", "NoRiver", "Stretch", "Trace", "trace"]
