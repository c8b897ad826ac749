"""Scopes, joins and loops of flows, as the run time relies on them."""

from typing import Any

import pytest

from sonha.process.flows.structure import scopes, structure


def flow(*steps: str, ways: str, start: str = "a") -> dict[str, Any]:
    """A terse flow: steps `key:kind`, ways `a>b c>d`, a return written `c<d` with the later step first."""
    transitions = []
    for way in ways.split():
        source, _sign, target = way.partition(">") if ">" in way else way.partition("<")
        transitions.append({"from": source, "to": target} | ({"returns": True} if "<" in way else {}))
    named = [dict(zip(("key", "kind"), step.split(":"), strict=True)) for step in steps]
    return {"start": start, "steps": named, "transitions": transitions}


NESTED = flow(
    "a:task", "s1:split", "b:task", "s2:split", "c:task", "d:task", "j2:join", "j1:join", "e:task", "z:end",
    ways="a>s1 s1>b s1>s2 s2>c s2>d c>j2 d>j2 j2>j1 b>j1 j1>e e>z",
)  # fmt: skip


def test_branches_stand_inside_their_split_and_splits_and_joins_outside() -> None:
    assert scopes(NESTED) == {
        "a": (), "s1": (), "b": ("s1",), "s2": ("s1",), "c": ("s1", "s2"), "d": ("s1", "s2"), "j2": ("s1",), "j1": (), "e": (), "z": (),
    }  # fmt: skip


def test_each_split_knows_its_join() -> None:
    shape = structure(NESTED)
    assert (shape.join_of("s1"), shape.join_of("s2")) == ("j1", "j2")
    assert shape.splits == {"j1": ("s1",), "j2": ("s2",)}


@pytest.mark.parametrize(
    ("source", "target", "left"),
    [
        ("a", "s1", ()),
        ("s1", "b", ()),
        ("c", "j2", ()),
        ("j2", "j1", ()),
        ("c", "a", ("s2", "s1")),
        ("c", "b", ("s2",)),
        ("b", "z", ("s1",)),
        ("c", "s2", ("s2",)),
        ("e", "a", ()),
    ],
)
def test_what_a_transition_leaves(source: str, target: str, left: tuple[str, ...]) -> None:
    assert structure(NESTED).leaves(source, target) == left


def test_a_step_shared_by_a_branch_and_the_main_way_stands_outside() -> None:
    shape = structure(flow("a:task", "s:split", "b:task", "c:task", "j:join", "r:task", "z:end", ways="a>s s>b s>c b>j c>j b>r j>r r>z"))
    assert shape.scopes["r"] == ()
    assert shape.leaves("b", "r") == ("s",)
    assert shape.join_of("s") == "j"


def test_a_loop_inside_a_branch_stays_inside() -> None:
    shape = structure(flow("a:task", "s:split", "b:task", "m:task", "c:task", "j:join", "z:end", ways="a>s s>b s>c b>m m>b b>j c>j j>z"))
    assert shape.scopes["m"] == ("s",)
    assert shape.loops == (frozenset({"b", "m"}),)
    assert shape.automatic_loops == ()


def test_jumping_into_a_branch_is_told_from_the_way_in_through_the_split() -> None:
    shape = structure(flow("a:task", "s:split", "b:task", "c:task", "j:join", "e:task", "z:end", ways="a>s s>b s>c b>j c>j j>e e<b e>z"))
    assert shape.enters("e", "b") == ("s",)
    assert shape.enters("s", "b") == ()


def test_a_step_reached_only_by_a_return_still_has_a_scope() -> None:
    shape = structure(flow("a:task", "s:split", "b:task", "c:task", "x:task", "j:join", "z:end", ways="a>s s>b s>c b<x x>b b>j c>j j>z"))
    assert shape.scopes["x"] == ("s",)


def test_an_automatic_loop_is_told_from_one_that_waits_for_a_person() -> None:
    waits = structure(flow("a:task", "c:choice", "z:end", ways="a>c c>a c>z"))
    assert waits.loops
    assert not waits.automatic_loops
    runs = structure(flow("a:task", "c:choice", "v:service", "z:end", ways="a>c c>v v>c c>z"))
    assert runs.automatic_loops == (frozenset({"c", "v"}),)


def test_drafts_that_do_not_hold_together_are_analysed_all_the_same() -> None:
    shape = structure(
        {"start": "a", "steps": [{"key": "a", "kind": "task"}, {"kind": "end"}, 7], "transitions": [{"from": "a", "to": "?"}]}
    )
    assert (list(shape.steps), shape.outgoing, shape.reachable) == (["a"], {"a": ()}, frozenset({"a"}))
    assert scopes({}) == {}


def test_the_legal_source_of_a_transition_is_not_the_step_it_comes_from() -> None:
    from sonha.process.flows.graph import build

    steps = [{"key": "a", "kind": "task", "role": "head", "unit": "agency"}, {"key": "z", "kind": "end", "outcome": "done"}]
    ways = [{"from": "a", "to": "z", "action": "next", "title": "Tiếp", "source": "nd201"}]
    edge = build({"start": "a", "steps": steps, "transitions": ways}).edges["a"][0]
    assert (edge.source, edge.target) == ("a", "z")
