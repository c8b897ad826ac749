"""Flows for the tests of this package: the declared ones, and generated ones of every shape."""

import datetime
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

import sonha

PACKAGE = Path(sonha.__file__).parent
PROVINCE = PACKAGE / "provinces" / "lang_son"
FILES = Path(__file__).parent / "files"

Flow = dict[str, Any]


def declared_flows() -> list[tuple[str, Flow]]:
    """Every flow of the province's declarations, each version apart, and the flows the engine brings along."""
    found: list[tuple[str, Flow]] = []
    folders = [PROVINCE / folder for folder in ("procedures", "families", "processes")] + [PACKAGE / "process" / "flows"]
    for path in sorted(path for folder in folders for path in folder.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        versions = content.get("versions") or [content]
        for number, version in enumerate(versions, 1):
            flow = version.get("flow") if isinstance(version.get("flow"), dict) else version
            if isinstance(flow, dict) and "steps" in flow:
                found.append((f"{path.stem}-{number}", flow))
    return found


letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffe\uffff")
words = st.text(letters, max_size=12)
titles = st.one_of(words, st.sampled_from(["Thẩm định", "Ký", " ", "hai\ndòng", "<&\"'>", "Hoàn thành", "Từ chối"]))
keys = st.one_of(
    st.sampled_from(["reception", "sonha-start", "a-di", "1st", "bước một", "_", "task"]), st.text(letters, min_size=1, max_size=6)
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), words, st.dates(datetime.date(1900, 1, 1))
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "field", "key"]), inner, max_size=2)),
    max_leaves=5,
)
conditions = st.one_of(
    st.builds(lambda path, value: {"field": path, "gt": value}, st.sampled_from(["flow", "wells.*.depth", "task.x.y"]), st.integers()),
    st.builds(lambda value: {"not": {"field": "a", "in": value}}, st.lists(words, max_size=2)),
    st.just({"field": "note", "filled": True, "ne": "x"}),
    values,
)
KINDS = ("task", "choice", "split", "join", "consultation", "subprocess", "service", "end")
extras = {"title": titles, "limit": values, "requires": values, "help": words, "clock": st.just("stop"), "source": words, "outcome": words}
ways = {"title": titles, "action": words, "when": conditions, "effect": words, "returns": st.booleans(), "batch": values}


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Any flow a draft may hold: sound or not, but with readable steps and transitions between them."""
    names = draw(st.lists(keys, min_size=1, max_size=8, unique=True))
    steps = []
    for name in names:
        step = {"key": name, "kind": draw(st.sampled_from(KINDS))}
        step |= draw(st.fixed_dictionaries({}, optional=extras))
        step |= draw(st.fixed_dictionaries({}, optional={"role": st.sampled_from(["head", "applicant", "Ông A"]), "unit": words}))
        steps.append(step)
    transitions = [
        {"from": draw(st.sampled_from(names)), "to": draw(st.sampled_from(names)), **draw(st.fixed_dictionaries({}, optional=ways))}
        for _number in range(draw(st.integers(0, 14)))
    ]
    flow: Flow = {"steps": steps, "transitions": transitions}
    flow |= draw(st.fixed_dictionaries({}, optional={"title": titles, "title_en": words, "start": st.sampled_from([*names, "nowhere"])}))
    return flow
