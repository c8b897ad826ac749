"""Lanes: who acts. A lane of a diagram is a role in a unit; steps that nobody performs stand in the lane they come from."""

from collections.abc import Mapping
from typing import Any

from sonha.process.bpmn.geometry import LaneKey
from sonha.process.flows.structure import Structure
from sonha.process.flows.vocabulary import HANDLED, ROLES, UNITS

NOBODY = "Chưa phân vai"


def lane_key(step: Mapping[str, Any]) -> LaneKey:
    return (str(step.get("role") or ""), str(step.get("unit") or ""))


def lanes_of(shape: Structure) -> dict[str, LaneKey]:
    """The lane of every step. A join stands where its split stands, other automatic steps where the way to them comes from."""
    lanes = {key: lane_key(step) for key, step in shape.steps.items() if step.get("kind") in HANDLED}
    waiting = [key for key in shape.steps if key not in lanes]
    while waiting:
        left = []
        for key in waiting:
            splits = shape.splits.get(key, ()) if shape.steps[key].get("kind") == "join" else ()
            sources = [*splits, *(edge["from"] for edge in shape.incoming[key]), *_neighbours(shape, key, waiting)]
            known = next((lanes[source] for source in sources if source in lanes), None)
            if known is None:
                left.append(key)
            else:
                lanes[key] = known
        if len(left) == len(waiting):
            lanes.update({key: next(iter(lanes.values()), ("", "")) for key in left})
            break
        waiting = left
    return lanes


def lane_name(lane: LaneKey, units: Mapping[str, str] | None = None) -> str:
    """The Vietnamese name of a lane: role and unit, as BPMN files carry it. `units` names the actors that a procedure adds of its own."""
    role, unit = lane
    return " – ".join([name for name in (ROLES.get(role, role), unit_name(unit, units)) if name]) or NOBODY


def unit_name(unit: str, units: Mapping[str, str] | None = None) -> str:
    return UNITS.get(unit) or (units or {}).get(unit) or unit.removeprefix("code:")


def _neighbours(shape: Structure, key: str, waiting: list[str]) -> list[str]:
    """Steps after `key`, for an automatic step at the very start, before which nobody acts."""
    return [edge["to"] for edge in shape.outgoing[key]] if not shape.incoming[key] or key == shape.start else []
