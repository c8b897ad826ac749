"""A published flow as an object the run time walks. Built once per version and process: published versions never change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sonha.process.flows.models import FlowVersion
from sonha.process.flows.structure import scopes
from sonha.process.rules.conditions import paths


@dataclass(frozen=True)
class Edge:
    """A transition, as declared."""

    source: str
    target: str
    action: str = ""
    title: str = ""
    title_en: str = ""
    when: Mapping[str, Any] | None = None
    effect: str = ""
    comment: str = ""  # "", "optional", "required"
    returns: bool = False
    batch: bool = False


@dataclass(frozen=True)
class Node:
    """A step, as declared."""

    key: str
    kind: str
    title: str = ""
    title_en: str = ""
    role: str = ""
    unit: str = ""
    limit: Mapping[str, Any] | None = None
    clock: str = ""
    form: Mapping[str, Any] | None = None
    requires: tuple[str, ...] = ()
    service: str = ""
    flow: str = ""
    outcome: str = ""
    assignment: str = ""
    late: str = ""  # of a consultation: "" (wait), "continue", "agree"


@dataclass(frozen=True)
class Graph:
    """Steps, transitions and the nesting of parallel splits of one version."""

    version_id: int
    start: str
    nodes: Mapping[str, Node]
    edges: Mapping[str, tuple[Edge, ...]]
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reads_visits: bool = False
    """Whether a condition asks how often a step was visited (`visits.<step>`); only then is it counted."""

    def edge(self, step: str, action: str) -> Edge | None:
        return next((edge for edge in self.edges.get(step, ()) if edge.action == action), None)


OF_AN_EDGE = tuple(name for name in Edge.__dataclass_fields__ if name not in {"source", "target"})
"""What a declared transition may say; its own `source` is the legal one."""


def _node(step: Mapping[str, Any]) -> Node:
    known: dict[str, Any] = {name: value for name, value in step.items() if name in Node.__dataclass_fields__}
    return Node(**known | {"requires": tuple(known.get("requires", ()))})


def build(definition: Mapping[str, Any], version_id: int = 0) -> Graph:
    """The graph of a definition in the format of docs/declaring-a-procedure.md."""
    nodes = {step["key"]: _node(step) for step in definition["steps"]}
    edges: dict[str, list[Edge]] = {key: [] for key in nodes}
    for raw in definition["transitions"]:
        values = {name: raw[name] for name in OF_AN_EDGE if name in raw}
        edges[raw["from"]].append(Edge(source=raw["from"], target=raw["to"], **values))
    return Graph(
        version_id=version_id,
        start=definition["start"],
        nodes=nodes,
        edges={key: tuple(value) for key, value in edges.items()},
        scopes=scopes(definition),
        reads_visits=any(path.startswith("visits.") for edges in edges.values() for edge in edges for path in paths(edge.when)),
    )


@lru_cache(maxsize=512)
def graph_of(version_id: int) -> Graph:
    """The graph of a published version, remembered by its number: what is published never changes."""
    return build(FlowVersion.objects.values_list("definition", flat=True).get(pk=version_id), version_id)
