"""What the shape of a flow means: nesting of parallel splits, reachability, loops. Pure; tolerates drafts that are not valid yet.

A step's *scope* is the path of splits that are open while it runs, outermost first. A split and its join stand in the outer scope,
the steps of the branches in the inner one. A transition may leave scopes (an official sends a dossier back from inside a branch:
the other branches are cancelled) but never enter one except through its split, or close one except through its join. An end stands
outside every scope: reaching it ends the whole case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sonha.process.flows.vocabulary import WAITING

Flow = Mapping[str, Any]
Scope = tuple[str, ...]


@dataclass(frozen=True)
class Structure:
    """The analysed shape of one flow. Steps and transitions that cannot be read (no key, unknown target) are left out."""

    start: str
    steps: Mapping[str, Mapping[str, Any]]
    outgoing: Mapping[str, tuple[Mapping[str, Any], ...]]
    incoming: Mapping[str, tuple[Mapping[str, Any], ...]]
    scopes: Mapping[str, Scope]
    joins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """split -> the joins its branches arrive at; exactly one in a valid flow."""
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """join -> the splits whose branches arrive at it; exactly one in a valid flow."""
    reachable: frozenset[str] = frozenset()
    finishing: frozenset[str] = frozenset()
    """Steps from which some end can be reached."""
    loops: tuple[frozenset[str], ...] = ()
    automatic_loops: tuple[frozenset[str], ...] = ()
    """Loops without any step at which the case waits for somebody: they would run for ever."""

    @property
    def ends(self) -> tuple[str, ...]:
        return tuple(key for key, step in self.steps.items() if step.get("kind") == "end")

    def join_of(self, split: str) -> str | None:
        """The matching join of a split, when there is exactly one."""
        joins = self.joins.get(split, ())
        return joins[0] if len(joins) == 1 else None

    def within(self, key: str) -> Scope:
        """The scope of a token that has just left step `key`: the step's own, plus the split itself when it is one."""
        scope = self.scopes.get(key, ())
        return (*scope, key) if self._kind(key) == "split" else scope

    def leaves(self, source: str, target: str) -> Scope:
        """The splits a transition cancels, innermost first. Arriving at the matching join closes its scope instead: nothing is left."""
        before, after = self.within(source), self.scopes.get(target, ())
        if self._kind(target) == "join" and before:
            after = (*after, before[len(after)]) if len(before) > len(after) else after
        kept = _common(before, after)
        return tuple(reversed(before[len(kept) :]))

    def enters(self, source: str, target: str) -> Scope:
        """The splits whose branches a transition jumps into from outside; empty for every transition of a valid flow."""
        before, after = self.within(source), self.scopes.get(target, ())
        return after[len(_common(before, after)) :]

    def _kind(self, key: str) -> str:
        return str(self.steps.get(key, {}).get("kind", ""))


def scopes(flow: Flow) -> dict[str, Scope]:
    """For each reachable step the nesting path of parallel splits around it, outermost first."""
    return dict(structure(flow).scopes)


def structure(flow: Flow) -> Structure:
    """Analyses a flow in the format of docs/declaring-a-procedure.md."""
    steps = _steps(flow)
    edges = [edge for edge in _dicts(flow.get("transitions")) if edge.get("from") in steps and edge.get("to") in steps]
    outgoing = {key: tuple(edge for edge in edges if edge["from"] == key) for key in steps}
    incoming = {key: tuple(edge for edge in edges if edge["to"] == key) for key in steps}
    start = flow.get("start") if isinstance(flow.get("start"), str) else ""
    reachable = closure([start] if start in steps else [], {key: [edge["to"] for edge in outgoing[key]] for key in steps})
    ends = [key for key, step in steps.items() if step.get("kind") == "end"]
    finishing = closure(ends, {key: [edge["from"] for edge in incoming[key]] for key in steps})
    shape = Structure(start or "", steps, outgoing, incoming, _scopes(start or "", steps, outgoing, incoming, reachable))
    joins: dict[str, tuple[str, ...]] = {key: () for key in steps if steps[key].get("kind") == "split"}
    splits: dict[str, tuple[str, ...]] = {key: () for key in steps if steps[key].get("kind") == "join"}
    for edge in edges:
        arriving = shape.within(edge["from"])
        if edge["to"] in splits and edge["from"] in reachable and arriving:
            joins[arriving[-1]] = _with(joins.get(arriving[-1], ()), edge["to"])
            splits[edge["to"]] = _with(splits[edge["to"]], arriving[-1])
    graph = {key: [edge["to"] for edge in outgoing[key]] for key in steps}
    automatic = {key: [to for to in targets if _passes(steps, to)] for key, targets in graph.items() if _passes(steps, key)}
    return Structure(
        start=shape.start,
        steps=steps,
        outgoing=outgoing,
        incoming=incoming,
        scopes=shape.scopes,
        joins=joins,
        splits=splits,
        reachable=reachable,
        finishing=finishing,
        loops=cycles(graph),
        automatic_loops=cycles(automatic),
    )


def closure(seeds: Iterable[str], graph: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Everything reachable from `seeds`, the seeds included."""
    found: set[str] = set()
    waiting = list(seeds)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(graph.get(key, ()))
    return frozenset(found)


def cycles(graph: Mapping[str, Iterable[str]]) -> tuple[frozenset[str], ...]:
    """The strongly connected parts with at least one loop in them, in the order of `graph`."""
    forward = {key: closure(targets, graph) for key, targets in graph.items()}
    found: list[frozenset[str]] = []
    for key in graph:
        if key in forward[key] and not any(key in loop for loop in found):
            found.append(frozenset(other for other in forward[key] if key in forward.get(other, ())))
    return tuple(found)


def _scopes(
    start: str,
    steps: Mapping[str, Mapping[str, Any]],
    outgoing: Mapping[str, tuple[Mapping[str, Any], ...]],
    incoming: Mapping[str, tuple[Mapping[str, Any], ...]],
    reachable: frozenset[str],
) -> dict[str, Scope]:
    """A step reached in several ways stands in the innermost scope that all ways share.

    Returns do not take part as long as their target is reached without them: they go back to a step whose place is known.
    """
    forward = _without_returns(start, steps, outgoing)
    found: dict[str, Scope] = {start: ()} if start in steps else {}
    for _round in range(len(steps) + 1):
        latest: dict[str, Scope] = {start: ()} if start in steps else {}
        for key in steps:
            arrivals = [
                _after(steps, edge["from"], found[edge["from"]]) for edge in incoming[key] if edge["from"] in found and id(edge) in forward
            ]
            if not arrivals or key not in reachable:
                continue
            if steps[key].get("kind") == "end":
                latest[key] = ()
            elif steps[key].get("kind") == "join":
                latest[key] = max(arrivals, key=len)[:-1]
            else:
                shared = arrivals[0] if key != start else ()
                for arrival in arrivals:
                    shared = _common(shared, arrival)
                latest[key] = shared
        if latest == found:
            break
        found = latest
    return found


def _without_returns(start: str, steps: Mapping[str, Any], outgoing: Mapping[str, tuple[Mapping[str, Any], ...]]) -> set[int]:
    """Identities of the transitions that decide scopes: all but returns, plus the returns without which a step is not reached."""
    chosen = {id(edge) for edges in outgoing.values() for edge in edges if not edge.get("returns")}
    while True:
        graph = {key: [edge["to"] for edge in outgoing[key] if id(edge) in chosen] for key in steps}
        reached = closure([start] if start in steps else [], graph)
        more = {id(edge) for key in reached for edge in outgoing[key] if edge["to"] not in reached}
        if not more:
            return chosen
        chosen |= more


def _after(steps: Mapping[str, Mapping[str, Any]], key: str, scope: Scope) -> Scope:
    return (*scope, key) if steps[key].get("kind") == "split" else scope


def _common(one: Scope, other: Scope) -> Scope:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]


def _passes(steps: Mapping[str, Mapping[str, Any]], key: str) -> bool:
    return steps[key].get("kind") not in WAITING and steps[key].get("kind") != "end"


def _steps(flow: Flow) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for step in _dicts(flow.get("steps")):
        if isinstance(step.get("key"), str) and step["key"]:
            found.setdefault(step["key"], step)
    return found


def _dicts(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list | tuple):
        return []
    return [item for item in value if isinstance(item, Mapping) and all(isinstance(item.get(end), str | None) for end in ("from", "to"))]


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return values if value in values else (*values, value)
