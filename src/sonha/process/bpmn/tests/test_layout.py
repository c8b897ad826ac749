"""The drawing: nothing lies on anything else, ways run straight and around steps, lanes hold their steps."""

from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from sonha.process.bpmn.drawing import draw, graph
from sonha.process.bpmn.geometry import Box, Direction, Drawing, Point
from sonha.process.bpmn.tests.samples import declared_flows, flows
from sonha.process.flows.structure import structure

DECLARED = declared_flows()


def check(flow: dict[str, Any], direction: Direction) -> Drawing:
    shape = structure(flow)
    drawing = draw(shape, direction=direction)
    nodes, links = graph(shape)
    assert set(drawing.boxes) == {node.id for node in nodes}
    for (one, first), (other, second) in combinations(drawing.boxes.items(), 2):
        assert not first.overlaps(second, margin=8), (one, other)
    for node in nodes:
        assert inside(drawing.boxes[node.id], drawing.lanes[node.lane]), node.id
    for link in links:
        way = drawing.ways[link.id]
        assert on_border(way[0], drawing.boxes[link.source]) and on_border(way[-1], drawing.boxes[link.target])
        for start, stop in pairwise(way):
            assert start[0] == stop[0] or start[1] == stop[1], "ways are orthogonal"
            for key, box in drawing.boxes.items():
                assert not runs_through(start, stop, box), (link.source, link.target, key)
        for x, y in way:
            assert 0 <= x <= drawing.width and 0 <= y <= drawing.height
    return drawing


def inside(box: Box, lane: Box) -> bool:
    return lane.x <= box.x and lane.y <= box.y and box.right <= lane.right and box.bottom <= lane.bottom


def on_border(point: Point, box: Box) -> bool:
    across = min(abs(point[0] - box.x), abs(point[0] - box.right)) < 0.01 and box.y <= point[1] <= box.bottom
    return across or (min(abs(point[1] - box.y), abs(point[1] - box.bottom)) < 0.01 and box.x <= point[0] <= box.right)


def runs_through(start: Point, stop: Point, box: Box) -> bool:
    """Whether a stretch lies inside a box, its border aside."""
    left, right = sorted((start[0], stop[0]))
    top, bottom = sorted((start[1], stop[1]))
    return left < box.right - 0.1 and box.x + 0.1 < right + 0.01 and top < box.bottom - 0.1 and box.y + 0.1 < bottom + 0.01 and (
        max(left, box.x) < min(right, box.right) - 0.1 or max(top, box.y) < min(bottom, box.bottom) - 0.1
    )  # fmt: skip


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize(("name", "flow"), DECLARED, ids=[name for name, _flow in DECLARED])
def test_declared_flows_are_drawn_cleanly(name: str, flow: dict[str, Any], direction: Direction) -> None:
    check(flow, direction)


@settings(deadline=None, max_examples=200)
@given(flows())
def test_any_flow_is_drawn_cleanly(flow: dict[str, Any]) -> None:
    check(flow, "right")
    check(flow, "down")


def test_the_flow_runs_from_left_to_right_and_returns_do_not_turn_it_round() -> None:
    steps = [{"key": key, "kind": "task"} for key in ("a", "b", "c")]
    ways = [("a", "b"), ("b", "c"), ("c", "a"), ("b", "a")]
    drawing = draw(structure({"start": "a", "steps": steps, "transitions": [{"from": one, "to": other} for one, other in ways]}))
    assert drawing.boxes["a"].right < drawing.boxes["b"].x < drawing.boxes["b"].right < drawing.boxes["c"].x
    back = next(way for place, way in drawing.ways.items() if place == 3)
    assert min(y for _x, y in back) < drawing.boxes["a"].y, "the way back runs above"


def test_steps_stand_where_a_person_put_them() -> None:
    steps = [{"key": "a", "kind": "task"}, {"key": "b", "kind": "task", "role": "head"}]
    shape = structure({"start": "a", "steps": steps, "transitions": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]})
    drawing = draw(shape, positions={"a": (500, 300), "b": (900, 40)})
    assert (drawing.boxes["a"].x, drawing.boxes["a"].y, drawing.boxes["b"].x, drawing.boxes["b"].y) == (500, 300, 900, 40)
    assert all(inside(drawing.boxes[key], drawing.lanes[lane]) for key, lane in (("a", ("", "")), ("b", ("head", ""))))


def test_a_flow_without_steps_is_an_empty_sheet() -> None:
    assert draw(structure({})).boxes == {}
