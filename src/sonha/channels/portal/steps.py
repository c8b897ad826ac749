"""The way of a dossier in words and as a drawing: the steps that lead to the result, who does them, and where a dossier stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language

from sonha.foundation.organisations.models import Unit
from sonha.process.bpmn.diagram import diagram_list, diagram_svg
from sonha.process.cases import clock
from sonha.process.cases.models import Case, Task
from sonha.process.flows.models import FlowVersion
from sonha.services.dossiers.models import Dossier

GOOD_ENDS = {"granted", "done"}
KEPT = 3600  # seconds: a published flow never changes, and many dossiers stand alike


@dataclass(frozen=True)
class Stand:
    """Where a case stands, by keys of steps."""

    current: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()


def case_unit_names(case: Case) -> dict[str, str]:
    """Names for the actors of a running case."""
    names = dict(Unit.objects.filter(pk__in=case.actors.values()).values_list("pk", "name"))
    return {actor: names[pk] for actor, pk in case.actors.items() if pk in names}


def stand_of(case: Case) -> Stand:
    tasks = list(case.tasks.select_related("case"))
    current = frozenset(task.step for task in tasks if task.state == Task.State.OPEN)
    late = frozenset(task.step for task in tasks if clock.is_late(task))
    done = frozenset(task.step for task in tasks if task.state == Task.State.DONE) - current
    return Stand(current, done, late)


def drawing(flow: Mapping[str, Any], units: Mapping[str, str], stand: Stand | None = None, *, ident: str) -> str:
    """The flow from top to bottom, which fits a telephone."""
    at = stand or Stand()
    return diagram_svg(flow, current=at.current, done=at.done, late=at.late, direction="down", units=units, ident=ident)


def main_steps(flow: Mapping[str, Any], units: Mapping[str, str], stand: Stand | None = None) -> list[dict[str, Any]]:
    """The steps on the way to the result, as `diagram_list` describes them: without refusals, and without supplements nobody asked for."""
    at = stand or Stand()
    leading = _leading_to_result(flow)
    asked = _only_when_asked(flow)
    rows = diagram_list(flow, current=at.current, done=at.done, late=at.late, units=units)
    ends = {step["key"] for step in flow["steps"] if step.get("kind") == "end"}
    return [row for row in rows if row["key"] not in ends and row["key"] in leading and (row["key"] not in asked or row["state"] != "open")]


def dossier_drawing(dossier: Dossier) -> str:
    """Where a dossier stands, as SVG. Step and unit names only: no personal data."""
    case = Case.objects.get(pk=dossier.case_id)
    units, stand = case_unit_names(case), stand_of(case)
    key = f"flow-drawing.{case.flow_version_id}.{hash((tuple(units.items()), stand, get_language()))}"
    return str(cache.get_or_set(key, lambda: _drawn(case.flow_version_id, units, stand), KEPT))


def _drawn(flow_version_id: int, units: Mapping[str, str], stand: Stand) -> str:
    definition = FlowVersion.objects.values_list("definition", flat=True).get(pk=flow_version_id)
    return drawing(definition, units, stand, ident="case")


def _leading_to_result(flow: Mapping[str, Any]) -> set[str]:
    """Steps from which a good end can be reached without being sent back."""
    reached = {step["key"] for step in flow["steps"] if step.get("kind") == "end" and step.get("outcome") in GOOD_ENDS}
    edges = [(edge["from"], edge["to"]) for edge in flow["transitions"] if not edge.get("returns")]
    while more := {start for start, end in edges if end in reached} - reached:
        reached |= more
    return reached


def _only_when_asked(flow: Mapping[str, Any]) -> set[str]:
    """Steps of the applicant that come only when a supplement is asked for."""
    incoming: dict[str, list[Mapping[str, Any]]] = {}
    for edge in flow["transitions"]:
        incoming.setdefault(edge["to"], []).append(edge)
    return {
        step["key"]
        for step in flow["steps"]
        if step.get("role") == "applicant"
        and incoming.get(step["key"])
        and all(edge.get("effect") == "request_supplement" for edge in incoming[step["key"]])
    }
