"""The condition language: shared examples with the browser's twin, totality, and what an author is told about mistakes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonha.process.rules.conditions import ConditionError, check, holds, paths

VECTORS = json.loads((Path(__file__).parent / "conditions.json").read_text())
FIELDS = {
    "flow": "number",
    "name": "text",
    "day": "date",
    "truthful": "boolean",
    "kind": {"type": "select", "options": [{"value": "well"}, {"value": "spring"}]},
    "purposes": {"type": "checkboxes", "options": [{"value": "domestic"}, {"value": "other"}]},
    "wells.*.depth": "number",
}

names = st.sampled_from(["flow", "kind", "purposes", "wells.*.depth", "wells.0.depth", "dossier.channel", "nowhere.at.all"])
scalars = st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(allow_nan=True) | st.text(max_size=5)
operators = st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte", "contains"])
comparisons = st.one_of(
    st.builds(lambda field, operator, value: {"field": field, operator: value}, names, operators, scalars),
    st.builds(lambda field, values: {"field": field, "in": values}, names, st.lists(scalars)),
    st.builds(lambda field, values: {"field": field, "not_in": values}, names, st.lists(scalars)),
    st.builds(lambda field, flag: {"field": field, "filled": flag}, names, st.booleans()),
)
any_condition = st.recursive(
    comparisons,
    lambda inner: (
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=6,
)
any_json = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3))
contexts = st.fixed_dictionaries({}, optional=dict.fromkeys(("flow", "kind", "purposes", "wells", "dossier", "nowhere"), any_json))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_shared_example(vector: dict[str, Any]) -> None:
    assert holds(vector["condition"], vector["context"]) is vector["holds"]


@given(any_condition, contexts)
def test_a_wellformed_condition_answers_for_any_context(condition: dict[str, Any], context: dict[str, Any]) -> None:
    answer = holds(condition, context)
    assert holds({"not": condition}, context) is not answer
    assert holds({"all": [condition, condition]}, context) is answer
    assert holds({"any": [condition, {"not": condition}]}, context) is True


@given(any_json)
def test_checking_never_fails_and_what_passes_can_be_used(condition: Any) -> None:
    if isinstance(condition, dict) and not check(condition, FIELDS):
        holds(condition, {})


def test_malformed_conditions_are_refused_not_guessed() -> None:
    for malformed in ({}, {"field": "flow"}, {"field": "flow", "like": 3}, {"all": {"field": "flow"}}, "flow > 3"):
        with pytest.raises(ConditionError):
            holds(malformed, {"flow": 5})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"field": "flwo", "gt": 1}, "Có phải là “flow”?"),
        ({"field": "flow"}, "chưa có phép so sánh"),
        ({"field": "flow", "like": 1}, "Không có phép so sánh “like”"),
        ({"field": "name", "gt": 1}, "chỉ so sánh số hoặc ngày"),
        ({"field": "flow", "gt": "2024-01-01"}, "không cùng loại"),
        ({"field": "kind", "eq": "lake"}, "không có lựa chọn “lake”"),
        ({"field": "purposes", "eq": "other"}, "hãy dùng contains"),
        ({"field": "kind", "in": "well"}, "cần một danh sách giá trị"),
        ({"field": "truthful", "eq": "yes"}, "true hoặc false"),
        ({"field": "Flow!", "eq": 1}, "không phải là đường dẫn"),
        ({"all": []}, "cần một danh sách điều kiện"),
        ({"all": [], "any": []}, "chỉ dùng một trong"),
        ("flow", "phải có dạng"),
    ],
)
def test_mistakes_are_explained(condition: Any, words: str) -> None:
    assert any(words in sentence for sentence in check(condition, FIELDS))


def test_correct_conditions_pass() -> None:
    condition = {
        "all": [
            {"field": "wells.0.depth", "gt": 5},
            {"not": {"field": "purposes", "contains": "other"}},
            {"field": "dossier.fee_due", "gt": 0},
        ]
    }
    assert check(condition, FIELDS) == []
    assert paths(condition) == {"wells.0.depth", "purposes", "dossier.fee_due"}


def test_nesting_without_end_is_an_error_in_words() -> None:
    condition: dict[str, Any] = {"field": "flow", "gt": 1}
    for _level in range(40):
        condition = {"not": condition}
    assert any("lồng nhau" in sentence for sentence in check(condition, FIELDS))
