"""Shapes on paper: what the layout works with and what the diagram and the BPMN interchange are drawn from.

Lengths are pixels at 100 %. The layout thinks along two axes, *main* (the way the flow runs) and *cross* (across it), so that one
algorithm draws both from left to right and from top to bottom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Direction = Literal["right", "down"]
LaneKey = tuple[str, str]
"""(role, unit) as declared; empty strings where the declaration names none."""

TASK = (150.0, 80.0)
GATEWAY = (50.0, 50.0)
EVENT = (36.0, 36.0)


@dataclass(frozen=True)
class Box:
    """A rectangle by its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return (self.x + self.width / 2, self.y + self.height / 2)

    def overlaps(self, other: "Box", margin: float = 0) -> bool:
        return (
            self.x < other.right + margin
            and other.x < self.right + margin
            and self.y < other.bottom + margin
            and other.y < self.bottom + margin
        )


@dataclass(frozen=True)
class Node:
    """Something to place: a step, or the circle before the first step."""

    id: str
    lane: LaneKey
    size: tuple[float, float]

    @property
    def is_task(self) -> bool:
        return self.size == TASK


@dataclass(frozen=True)
class Link:
    """A way to route; `returns` marks those declared as going back."""

    id: int
    source: str
    target: str
    returns: bool = False
    labelled: bool = False


@dataclass(frozen=True)
class Drawing:
    """Everything placed. `ways` are orthogonal polylines from border to border, by the id of their link."""

    width: float
    height: float
    direction: Direction
    boxes: Mapping[str, Box]
    lanes: Mapping[LaneKey, Box]
    ways: Mapping[int, tuple[Point, ...]]
