"""Conditions as FEEL and back; simple expressions of other tools as conditions."""
# ruff: noqa: E501 - a table of expressions

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonha.process.bpmn.expressions import NotTranslatable, parse, to_feel


@pytest.mark.parametrize(
    ("condition", "feel"),
    [
        ({"field": "flow", "gt": 10}, "flow > 10"),
        ({"field": "flow", "gte": 10, "lt": 200}, "flow >= 10 and flow < 200"),
        ({"field": "task.appraise.conclusion", "eq": "cấp"}, 'task.appraise.conclusion = "cấp"'),
        ({"field": "dossier.channel", "in": ["desk", "post"]}, 'dossier.channel in ["desk", "post"]'),
        ({"field": "dossier.channel", "not_in": ["desk"]}, 'not(dossier.channel in ["desk"])'),
        ({"field": "purposes", "contains": "domestic"}, 'list contains(purposes, "domestic")'),
        ({"field": "note", "filled": True}, "note != null"),
        ({"field": "note", "filled": False}, "note = null"),
        ({"field": "wells.0.depth", "gt": 5}, "wells[1].depth > 5"),
        ({"field": "wells.*.depth", "gt": 5}, "some item in wells satisfies item.depth > 5"),
        ({"field": "date", "lt": datetime.date(2024, 7, 1)}, 'date < date("2024-07-01")'),
        ({"not": {"field": "a", "eq": True}}, "not(a = true)"),
        ({"all": [{"field": "a", "eq": 1}, {"any": [{"field": "b", "ne": 2}, {"field": "c", "eq": 3}]}]}, "a = 1 and (b != 2 or c = 3)"),
    ],
)
def test_a_condition_reads_as_feel_and_back(condition: dict[str, Any], feel: str) -> None:
    assert to_feel(condition) == feel
    assert to_feel(parse(feel)) == feel


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("${amount > 10}", {"field": "amount", "gt": 10}),
        ("#{amount >= 10 && approved}", {"all": [{"field": "amount", "gte": 10}, {"field": "approved", "eq": True}]}),
        ("${!approved}", {"not": {"field": "approved", "eq": True}}),
        ("${status == 'new' || status eq 'old'}", {"any": [{"field": "status", "eq": "new"}, {"field": "status", "eq": "old"}]}),
        ("${items[0].price lt 3.5}", {"field": "items.0.price", "lt": 3.5}),
        ("${data['kind'] ne \"x\"}", {"field": "data.kind", "ne": "x"}),
        ("${empty note}", {"field": "note", "filled": False}),
        ("=amount > 10", {"field": "amount", "gt": 10}),
        ("= 10 < amount", {"field": "amount", "gt": 10}),
        ("amount between 1 and 5", {"field": "amount", "gte": 1, "lte": 5}),
        ("amount in [1..5]", {"field": "amount", "gte": 1, "lte": 5}),
        ('status in ("a", "b")', {"field": "status", "in": ["a", "b"]}),
        ("note != null", {"field": "note", "filled": True}),
        ("Số tiền > -2", {"field": "Số_tiền", "gt": -2}),
    ],
)
def test_simple_expressions_of_other_tools_are_understood(text: str, condition: dict[str, Any]) -> None:
    assert parse(text) == condition


@pytest.mark.parametrize(
    "text",
    ["", "Đồng ý?", "${a > b}", "${execution.getVariable('a') == 1}", "a + 1 > 2", "${a > }", "count(items) > 1", "a in b", "a > null",
     "${__import__('os')}", "(" * 100 + "a" + ")" * 100, "a = 1 b", "date(\"hôm nay\") = a", "every x in y satisfies x > 1", "a[0] = 1", '"a'],
)  # fmt: skip
def test_what_says_more_is_not_guessed(text: str) -> None:
    with pytest.raises(NotTranslatable):
        parse(text)


values = st.one_of(st.integers(-99, 99), st.booleans(), st.text(alphabet="aâđ \"'\\1", max_size=5), st.dates())
paths = st.sampled_from(["flow", "task.appraise.conclusion", "wells.0.depth", "wells.*.depth", "dossier.fee_due", "a.b-c", "not", "số"])
comparisons = st.one_of(
    st.builds(
        lambda path, name, value: {"field": path, name: value}, paths, st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"]), values
    ),
    st.builds(
        lambda path, name, items: {"field": path, name: items}, paths, st.sampled_from(["in", "not_in"]), st.lists(values, max_size=3)
    ),
    st.builds(lambda path, value: {"field": path, "contains": value}, paths, values),
    st.builds(lambda path, value: {"field": path, "filled": value}, paths, st.booleans()),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)


@given(conditions)
def test_whatever_we_write_we_can_read(condition: dict[str, Any]) -> None:
    feel = to_feel(condition)
    assert to_feel(parse(feel)) == feel
