"""A flow, laid out: layered along the flow, lanes across it, ways in channels of their own."""

from collections.abc import Mapping
from typing import Any

from sonha.process.bpmn.geometry import EVENT, GATEWAY, TASK, Box, Direction, Drawing, LaneKey, Link, Node, Point
from sonha.process.bpmn.lanes import lanes_of
from sonha.process.bpmn.placement import Placement, place
from sonha.process.bpmn.routing import Router, Sizes, tidy
from sonha.process.flows.structure import Structure

START = ""  # no step has an empty key
START_WAY = -1
END_ROOM = 56.0  # behind the last column, where ends carry their names
SHAPES = {"choice": GATEWAY, "split": GATEWAY, "join": GATEWAY, "end": EVENT}
LABEL_ROOM = {"right": Sizes(plain=46.0, labelled=104.0, main=0), "down": Sizes(plain=44.0, labelled=58.0, main=1)}


def draw(
    shape: Structure,
    *,
    direction: Direction = "right",
    header: float = 30.0,
    positions: Mapping[str, Point] | None = None,
) -> Drawing:
    """Lays out the steps of a flow. `header` is the room of the lanes' names; ways are keyed by the place of their transition.

    `positions` (top left corner by step key) puts steps where a person wants them; all ways are then drawn directly.
    """
    nodes, links = graph(shape)
    if not nodes:
        return Drawing(header + 40, 40, direction, {}, {}, {})
    placement = place(nodes, links)
    columns, rows, ways = Router(nodes, links, placement, LABEL_ROOM[direction]).route()
    boxes = {node.id: _box(node, columns[placement.column[node.id]], rows[placement.row[node.id]], direction) for node in nodes}
    across = _bands(placement, rows, [point[1] for way in ways.values() for point in way])
    length = columns[-1][1] + END_ROOM
    length = max([length, *(point[0] + 24 for way in ways.values() for point in way)])
    lanes = {
        lane: Box(0, low, header + length, high - low) if direction == "right" else Box(low, 0, high - low, header + length)
        for lane, (low, high) in across.items()
    }
    paths = {link: tuple(_point(point, direction) for point in way) for link, way in ways.items()}
    move = (header, 0.0) if direction == "right" else (0.0, header)
    drawing = Drawing(
        width=max(box.right for box in lanes.values()),
        height=max(box.bottom for box in lanes.values()),
        direction=direction,
        boxes={key: Box(box.x + move[0], box.y + move[1], box.width, box.height) for key, box in boxes.items()},
        lanes=lanes,
        ways={link: tuple((x + move[0], y + move[1]) for x, y in way) for link, way in paths.items()},
    )
    return _moved(drawing, nodes, links, positions, header) if positions else drawing


def graph(shape: Structure) -> tuple[list[Node], list[Link]]:
    """The start circle and the steps as nodes, the transitions as links numbered in their order."""
    lanes = lanes_of(shape)
    steps = [Node(key, lanes[key], SHAPES.get(str(step.get("kind")), TASK)) for key, step in shape.steps.items()]
    links = [
        Link(place, edge["from"], edge["to"], bool(edge.get("returns")), _is_labelled(edge, shape))
        for place, edge in enumerate(edge for key in shape.steps for edge in shape.outgoing[key])
    ]
    if shape.start not in shape.steps:
        return steps, links
    return [Node(START, lanes[shape.start], EVENT), *steps], [Link(START_WAY, START, shape.start), *links]


def _is_labelled(edge: Mapping[str, Any], shape: Structure) -> bool:
    return bool(edge.get("title")) or shape.steps[edge["from"]].get("kind") == "choice"


def transitions(shape: Structure) -> list[Mapping[str, Any]]:
    """The transitions in the order in which `graph` numbers them."""
    return [edge for key in shape.steps for edge in shape.outgoing[key]]


def _box(node: Node, main: tuple[float, float], cross: tuple[float, float], direction: Direction) -> Box:
    x, y = _point((sum(main) / 2, sum(cross) / 2), direction)
    width, height = node.size
    return Box(x - width / 2, y - height / 2, width, height)


def _point(point: Point, direction: Direction) -> Point:
    return point if direction == "right" else (point[1], point[0])


def _bands(placement: Placement, rows: list[tuple[float, float]], crosses: list[float]) -> dict[LaneKey, tuple[float, float]]:
    """Where each lane begins and ends across the flow: lanes meet in the middle of the channel between their rows."""
    bands, low = {}, min(0.0, min(crosses, default=0.0) - 12)
    for lane, members in placement.lanes.items():
        last = members.stop == placement.rows
        high = rows[-1][1] + 28 if last else (rows[members.stop - 1][1] + rows[members.stop][0]) / 2
        high = max([high, *(cross + 14 for cross in crosses)]) if last else high
        bands[lane] = (low, high)
        low = high
    return bands


def _moved(drawing: Drawing, nodes: list[Node], links: list[Link], positions: Mapping[str, Point], header: float) -> Drawing:
    """The drawing with steps where `positions` wants them, direct ways, and lanes around their steps."""
    boxes = {key: Box(*positions[key], box.width, box.height) if key in positions else box for key, box in drawing.boxes.items()}
    if START in boxes and (first := next((link.target for link in links if link.id == START_WAY), None)) in positions:
        x, y = boxes[str(first)].x, boxes[str(first)].centre[1]
        boxes[START] = Box(x - 46 - EVENT[0], y - EVENT[1] / 2, *EVENT)
    left = min(box.x for box in boxes.values()) - 24 - header
    right = max(box.right for box in boxes.values()) + 24
    lanes = {}
    for lane in drawing.lanes:
        members = [boxes[node.id] for node in nodes if node.lane == lane]
        top, bottom = min(box.y for box in members) - 24, max(box.bottom for box in members) + 24
        lanes[lane] = Box(left, top, right - left, bottom - top)
    ways = {link.id: _direct(boxes[link.source], boxes[link.target]) for link in links}
    bottom = max(box.bottom for box in lanes.values())
    return Drawing(right, bottom, drawing.direction, boxes, lanes, ways)


def _direct(source: Box, target: Box) -> tuple[Point, ...]:
    """Forward in one step sideways; back over the top of both."""
    (sx, sy), (tx, ty) = source.centre, target.centre
    if target.x > source.right:
        middle = (source.right + target.x) / 2
        return tidy([(source.right, sy), (middle, sy), (middle, ty), (target.x, ty)])
    above = min(source.y, target.y) - 20
    return tidy([(sx, source.y), (sx, above), (tx, above), (tx, target.y)])
