"""Sound flows of every shape, composed as the law composes them: one after another, either or, at the same time, asked elsewhere."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from sonha.process.cases.tests.kit import Flow, choice_form, end, task, way

LIMITS = ({"amount": 2, "unit": "working_days"}, {"amount": 5, "unit": "calendar_days"}, {"amount": 4, "unit": "working_hours"})
ROLES = (("specialist", "division"), ("head", "division"), ("leader", "agency"))
SUB = "con"
"""The flow that sub-processes call; the test publishes it."""

Exits = list[tuple[str, dict[str, Any]]]


@dataclass
class Sheet:
    """What has been drawn so far."""

    steps: list[Flow] = field(default_factory=list)
    ways: list[Flow] = field(default_factory=list)

    def add(self, step: Flow) -> str:
        self.steps.append(step)
        return str(step["key"])

    def key(self, kind: str) -> str:
        return f"{kind}_{len(self.steps)}"

    def connect(self, exits: Exits, target: str) -> None:
        self.ways += [way(source, target, **more) for source, more in exits]


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """A sound flow of up to three levels; its first step asks `kind` (x, y or nothing), which conditions read."""
    sheet = Sheet()
    first = sheet.add(task("first", form=choice_form("kind", "x", "y")))
    entry, exits = _blocks(draw, sheet, 2, [first])
    sheet.connect([(first, {"action": "next"})], entry)
    sheet.add(end())
    sheet.connect(exits, "done")
    if any(edge["to"] == "refused" for edge in sheet.ways):
        sheet.add(end("refused", "refused"))
    return {"title": "Thử", "start": "first", "steps": sheet.steps, "transitions": sheet.ways}


def _blocks(draw: st.DrawFn, sheet: Sheet, depth: int, before: list[str]) -> tuple[str, Exits]:
    """One to three blocks, one after another. `before` are tasks one may go back to from here."""
    entry, exits = "", []
    before = list(before)
    for _number in range(draw(st.integers(1, 3))):
        inner, onward = _block(draw, sheet, depth, before)
        if entry:
            sheet.connect(exits, inner)
        entry, exits = entry or inner, onward
        if inner.startswith("task"):
            before.append(inner)
    return entry, exits


def _block(draw: st.DrawFn, sheet: Sheet, depth: int, before: list[str]) -> tuple[str, Exits]:
    kinds = ["task", "task", "wait", "ask", "sub", *(["choice", "parallel", "parallel"] if depth else [])]
    kind = draw(st.sampled_from(kinds))
    makers = {"choice": _choice, "parallel": _parallel}
    if kind in makers:
        return makers[kind](draw, sheet, depth - 1, before)
    limit = {"limit": draw(st.sampled_from(LIMITS))} if draw(st.booleans()) else {}
    if kind == "ask":
        late = draw(st.sampled_from(["", "continue", "agree"])) if limit else ""
        key = sheet.add(_handled(sheet, "ask", "consultation", unit="commune", **limit, **({"late": late} if late else {})))
        return key, [(key, {})]
    if kind == "sub":
        key = sheet.add(_handled(sheet, "sub", "subprocess", unit="division", flow=SUB, **limit))
        return key, [(key, {})]
    if kind == "wait":
        key = sheet.add(task(sheet.key("wait"), "applicant", clock="stop", **limit))
    else:
        role, unit = draw(st.sampled_from(ROLES))
        key = sheet.add(task(sheet.key("task"), role, unit, **limit))
        if draw(st.integers(0, 3)) == 0:
            sheet.ways.append(way(key, draw(st.sampled_from(before)), "back", returns=True))
        if draw(st.integers(0, 5)) == 0:
            sheet.ways.append(way(key, "refused", "refuse"))
    return key, [(key, {"action": "next"})]


def _handled(sheet: Sheet, prefix: str, kind: str, **more: Any) -> Flow:
    key = sheet.key(prefix)
    return {"key": key, "kind": kind, "title": f"Bước {key}", "role": "specialist", **more}


def _choice(draw: st.DrawFn, sheet: Sheet, depth: int, before: list[str]) -> tuple[str, Exits]:
    key = sheet.add({"key": sheet.key("choice"), "kind": "choice"})
    entry, exits = _blocks(draw, sheet, depth, before)
    sheet.ways.append(way(key, entry, when={"field": "task.first.kind", "eq": draw(st.sampled_from(["x", "y"]))}))
    other, onward = _blocks(draw, sheet, depth, before)
    sheet.ways.append(way(key, other))
    return key, [*exits, *onward]


def _parallel(draw: st.DrawFn, sheet: Sheet, depth: int, before: list[str]) -> tuple[str, Exits]:
    split = sheet.add({"key": sheet.key("split"), "kind": "split"})
    ends: Exits = []
    for number in range(draw(st.integers(2, 3))):
        entry, exits = _blocks(draw, sheet, depth, before)
        sometimes = number and draw(st.booleans())
        sheet.ways.append(way(split, entry, **({"when": {"field": "task.first.kind", "eq": "x"}} if sometimes else {})))
        ends += exits
    join = sheet.add({"key": sheet.key("join"), "kind": "join"})
    sheet.connect(ends, join)
    return split, [(join, {})]
