"""Which column and which row each node of a diagram takes: layers along the flow, lanes and their rows across it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sonha.process.bpmn.geometry import LaneKey, Link, Node

FIRST_LANE = "applicant"


@dataclass(frozen=True)
class Placement:
    """Grid places. A link is `back` when it does not lead to a later column."""

    column: Mapping[str, int]
    row: Mapping[str, int]
    lanes: Mapping[LaneKey, range]
    """Lane -> its rows, in the order in which lanes are drawn."""

    @property
    def columns(self) -> int:
        return max(self.column.values(), default=-1) + 1

    @property
    def rows(self) -> int:
        return max((rows.stop for rows in self.lanes.values()), default=0)


def place(nodes: Sequence[Node], links: Sequence[Link]) -> Placement:
    """Places nodes; the first one is the start."""
    forward = _forward(nodes, links)
    column = _layers(nodes, forward)
    lanes = _lane_order(nodes, column)
    level = _levels(nodes, forward, column)
    rows: dict[LaneKey, range] = {}
    first = 0
    for lane in lanes:
        height = 1 + max((level[node.id] for node in nodes if node.lane == lane), default=0)
        rows[lane] = range(first, first + height)
        first += height
    return Placement(column, {node.id: rows[node.lane].start + level[node.id] for node in nodes}, rows)


def _forward(nodes: Sequence[Node], links: Sequence[Link]) -> list[Link]:
    """The links without those that close a loop: declared returns first, then whatever comes back to a step on the way."""
    ahead: dict[str, list[Link]] = {node.id: [] for node in nodes}
    for link in links:
        if link.source != link.target:
            ahead[link.source].append(link)
    kept: list[Link] = []
    state: dict[str, int] = {}
    for wanted in (False, True):  # returns only lead on where nothing else reaches
        for node in nodes:
            if node.id not in state and (wanted or node is nodes[0]):
                _walk(node.id, ahead, state, kept)
    known = {link.id for link in kept}
    return [link for link in links if link.id in known]


def _walk(first: str, ahead: Mapping[str, list[Link]], state: dict[str, int], kept: list[Link]) -> None:
    """Depth first; state 1: on the way, 2: finished. Links to a node on the way close a loop and are not kept."""
    state[first] = 1
    stack = [(first, iter(sorted(ahead[first], key=lambda link: link.returns)))]
    while stack:
        here, rest = stack[-1]
        link = next(rest, None)
        if link is None:
            state[here] = 2
            stack.pop()
        elif link.target not in state:
            kept.append(link)
            state[link.target] = 1
            stack.append((link.target, iter(sorted(ahead[link.target], key=lambda link: link.returns))))
        elif state[link.target] == 2 and not link.returns:
            kept.append(link)


def _layers(nodes: Sequence[Node], forward: Sequence[Link]) -> dict[str, int]:
    """Longest distance from the start."""
    waiting = {node.id: 0 for node in nodes}
    for link in forward:
        waiting[link.target] += 1
    layer = {node.id: 0 for node in nodes}
    ready = [node.id for node in nodes if not waiting[node.id]]
    while ready:
        here = ready.pop()
        for link in forward:
            if link.source == here:
                layer[link.target] = max(layer[link.target], layer[here] + 1)
                waiting[link.target] -= 1
                if not waiting[link.target]:
                    ready.append(link.target)
    return layer


def _lane_order(nodes: Sequence[Node], column: Mapping[str, int]) -> list[LaneKey]:
    """The applicant on top, then in the order in which lanes take part."""
    first: dict[LaneKey, int] = {}
    for node in nodes:
        first[node.lane] = min(first.get(node.lane, column[node.id]), column[node.id])
    return sorted(first, key=lambda lane: (lane[0] != FIRST_LANE, first[lane]))


def _levels(nodes: Sequence[Node], forward: Sequence[Link], column: Mapping[str, int]) -> dict[str, int]:
    """Row inside the lane: on the height of what comes before, or the nearest free one."""
    before: dict[str, list[str]] = {node.id: [] for node in nodes}
    after: dict[str, list[str]] = {node.id: [] for node in nodes}
    for link in forward:
        before[link.target].append(link.source)
        after[link.source].append(link.target)
    lane = {node.id: node.lane for node in nodes}
    level: dict[str, int] = {}
    taken: set[tuple[int, LaneKey, int]] = set()

    def wish(node: Node) -> tuple[float, int]:
        same = [level[other] for other in before[node.id] if lane[other] == node.lane and other in level]
        order = min((after[other].index(node.id) for other in before[node.id]), default=0)
        return (min(same) if same else 0, order)

    for place in range(max(column.values(), default=-1) + 1):
        here = [node for node in nodes if column[node.id] == place]
        for node in sorted(here, key=wish):
            wanted = round(wish(node)[0])
            free = next(
                candidate
                for distance in range(len(nodes) + 1)
                for candidate in (wanted + distance, wanted - distance)
                if candidate >= 0 and (place, node.lane, candidate) not in taken
            )
            level[node.id] = free
            taken.add((place, node.lane, free))
    return level
