"""Import, last part: branches that other tools leave open are joined, and gateways that only merge are taken out."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from sonha.process.bpmn.net import Net
from sonha.process.flows.problems import called
from sonha.process.flows.structure import structure

FINAL = frozenset({"refused", "withdrawn"})


def close_branches(flow: dict[str, Any], net: Net, drawn: Collection[str]) -> None:
    """Makes splits and joins match where the drawing leaves no doubt; `validate` tells the rest.

    Only the steps named in `drawn`, those that come from another tool, are touched.
    """
    _take_out_merges(flow)
    for step in flow["steps"]:
        step.pop("maybe", None)
    for _round in range(len(flow["steps"])):
        if not _join_ends(flow, net, drawn):
            break


def _take_out_merges(flow: dict[str, Any]) -> None:
    """An inclusive gateway that merges alternatives, not branches, waits for nothing."""
    shape = structure(flow)
    for step in [step for step in flow["steps"] if step.get("maybe") and not shape.splits.get(step["key"])]:
        onward = next((edge for edge in flow["transitions"] if edge["from"] == step["key"]), None)
        if onward is None or onward["to"] == step["key"]:
            continue
        for edge in flow["transitions"]:
            if edge["to"] == step["key"]:
                edge["to"] = onward["to"]
        flow["transitions"].remove(onward)
        flow["steps"].remove(step)
        if flow.get("start") == step["key"]:
            flow["start"] = onward["to"]


def _join_ends(flow: dict[str, Any], net: Net, drawn: Collection[str]) -> bool:
    """Branches that each run to an end of their own: the case ends when all have ended, so they are joined before the end."""
    shape = structure(flow)
    open_splits = [key for key, joins in shape.joins.items() if not joins and key in shape.reachable and key in drawn]
    for split in sorted(open_splits, key=lambda key: -len(shape.scopes.get(key, ()))):
        if all(shape.outgoing[split][0]["to"] == edge["to"] for edge in shape.outgoing[split]):
            continue
        arriving = [
            edge
            for key in shape.reachable
            if shape.within(key)[-1:] == (split,)
            for edge in shape.outgoing[key]
            if shape.steps[edge["to"]].get("kind") == "end" and shape.steps[edge["to"]].get("outcome") not in FINAL
        ]
        if not arriving:
            continue
        ends = list(dict.fromkeys(edge["to"] for edge in flow["transitions"] if any(edge is other for other in arriving)))
        join = f"{split}_join"
        while join in shape.steps:
            join += "_"
        for edge in flow["transitions"]:
            if any(edge is other for other in arriving):
                edge["to"] = join
        place = next(index for index, step in enumerate(flow["steps"]) if step["key"] == ends[0])
        flow["steps"].insert(place, {"key": join, "kind": "join"})
        flow["transitions"].append({"from": join, "to": ends[0]})
        used = {edge["to"] for edge in flow["transitions"]}
        flow["steps"] = [step for step in flow["steps"] if step["key"] not in ends[1:] or step["key"] in used]
        names = {"split": called(shape.steps[split]), "end": called(shape.steps[ends[0]])}
        net.note("", _("Các nhánh từ %(split)s kết thúc riêng; được gộp lại trước điểm kết thúc %(end)s.") % names)
        for end in ends[1:]:
            if end not in used:
                net.note("", _("Bỏ điểm kết thúc %(end)s của một nhánh song song.") % {"end": called(shape.steps[end])})
        return True
    return False
