"""How records look on a map. The same declaration is drawn by WMS, by vector tiles in the browser, and printed in legends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Look:
    """Colours as `#rrggbb`, widths and sizes in pixels at 96 dpi. An empty colour is not drawn."""

    fill: str = ""
    opacity: float = 1.0  # of the fill
    stroke: str = "#3a3a3a"
    width: float = 0.6
    dash: tuple[float, ...] = ()
    symbol: str = "circle"  # of points: circle, square, triangle, diamond, cross, star
    size: float = 8.0


@dataclass(frozen=True, slots=True)
class Layer:
    """A map layer of a register. `name` is its name in every service and must never change; the first layer is named like the register.

    `by` names the field whose value chooses among `looks`; with `catalogue`, colours come from that code list (`attributes.color`).
    Scales are denominators: a layer with `smallest=25000` is drawn at 1:25,000 and larger (closer) only; 0 is always.
    """

    look: Look = Look()
    name: str = ""
    title: str | Promise = ""
    geometry: str = "geometry"
    by: str = ""
    looks: Mapping[str, Look] = field(default_factory=dict)
    catalogue: str = ""
    label: str = ""  # field written beside or inside the shape
    label_smallest: int = 5_000
    smallest: int = 0
    largest: int = 0
