"""How long the slowest ordinary way through a flow takes, to compare with the legal time limit. Pure."""

from collections.abc import Mapping
from typing import Any

from sonha.process.flows.structure import Flow

WORKING_HOURS = 8  # of a working day
SIDE_WAYS = frozenset({"request_supplement", "withdraw", "refuse"})


def working_days(limit: Mapping[str, Any]) -> float:
    """A limit as working days of eight hours; five of seven calendar days are working days. ValueError for an unknown unit."""
    amount = float(limit["amount"])
    factors = {"working_days": 1.0, "working_hours": 1 / WORKING_HOURS, "calendar_days": 5 / 7}
    if limit["unit"] not in factors:
        raise ValueError(limit["unit"])
    return amount * factors[limit["unit"]]


def longest_way(flow: Flow) -> float:
    """Working days of the slowest way to a granted result on which the clock runs and nobody sends anything back."""
    steps = {step["key"]: step for step in flow["steps"]}
    onward: dict[str, list[str]] = {key: [] for key in steps}
    for edge in flow["transitions"]:
        if not edge.get("returns") and edge.get("effect") not in SIDE_WAYS and edge["from"] in onward and edge["to"] in steps:
            onward[edge["from"]].append(edge["to"])

    def best(key: str, seen: frozenset[str]) -> float | None:
        step = steps[key]
        if step["kind"] == "end":
            return 0.0 if step.get("outcome") in {"granted", "done"} else None
        ways = [way for to in onward[key] if to not in seen and (way := best(to, seen | {to})) is not None]
        own = 0.0 if step.get("clock") == "stop" or not step.get("limit") else working_days(step["limit"])
        return own + max(ways) if ways else None

    return best(flow["start"], frozenset({flow["start"]})) or 0.0 if flow.get("start") in steps else 0.0
