"""Decision tables: which rows apply on a day, exact money, and what the author is warned of."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sonha.process.rules.decisions import check, evaluate, fees, multiplier, total

DAY = date(2025, 3, 1)


def fee(amount: int, **row: Any) -> dict[str, Any]:
    then = {"code": row.pop("code", "appraisal"), "kind": "fee", "title": "Phí thẩm định", "amount": amount}
    if "times" in row:
        then["times"] = row.pop("times")
    return {"then": then, **row}


APPRAISAL = {
    "hit": "first",
    "due": "before_acceptance",
    "rules": [
        fee(400_000, when={"field": "flow", "lt": 200}, source="nq", valid_from="2017-01-01"),
        fee(1_100_000, when={"field": "flow", "gte": 200, "lt": 500}, source="nq", valid_from="2017-01-01"),
        fee(2_600_000, when={"field": "flow", "gte": 500}, source="nq", valid_from="2017-01-01"),
    ],
}
FLOW = {"flow": {"type": "number", "min": 0.01, "max": 2999.99}}


def test_the_row_for_the_flow_gives_the_fee() -> None:
    line = fees(APPRAISAL, {"flow": 200}, DAY)[0]
    assert (line.code, line.kind, line.amount, line.times, line.due, line.source) == (
        "appraisal",
        "fee",
        1_100_000,
        1,
        "before_acceptance",
        "nq",
    )


def test_rows_count_only_while_in_force_both_ends_included() -> None:
    table = {"rules": [fee(1, valid_to="2024-06-30"), fee(2, valid_from=date(2024, 7, 1))]}
    assert [fees(table, {}, day)[0].amount for day in (date(2024, 6, 30), date(2024, 7, 1))] == [1, 2]
    assert fees(APPRAISAL, {"flow": 10}, date(2016, 12, 31)) == []


def test_no_rules_is_free_of_charge() -> None:
    assert fees({"rules": []}, {"flow": 1}, DAY) == [] and total([]) == 0


def test_amounts_are_multiplied_by_numbers_sums_and_counts() -> None:
    answers = {"area": 12.35, "wells": [{"flow": 0.1}, {"flow": 0.2}], "copies": 3}
    assert multiplier(answers, "wells.*.flow") == Decimal("0.3")
    assert multiplier(answers, "wells") == 2
    table = {
        "hit": "all",
        "rules": [fee(15_000, times="copies", code="a"), fee(333, times="area", code="b"), fee(10, times="wells", code="c")],
    }
    assert [line.amount for line in fees(table, answers, DAY)] == [45_000, 4_113, 20]


def test_an_unanswered_multiplier_is_not_taken_for_free() -> None:
    line = fees({"rules": [fee(15_000, times="copies")]}, {}, DAY)[0]
    assert line.amount == 0 and not line.known


def test_first_hides_later_rows_and_all_adds_them() -> None:
    rules = [fee(1, code="a"), fee(2, code="b")]
    assert [row.index for row in evaluate({"hit": "first", "rules": rules}, {}, DAY)] == [0]
    assert total(fees({"hit": "all", "rules": rules}, {}, DAY)) == 3


def test_a_row_behind_an_unconditional_one_is_reported() -> None:
    findings = check({"rules": [fee(1), fee(2, when={"field": "flow", "gt": 5})]}, FLOW, money=True)
    assert [(finding.level, finding.path) for finding in findings] == [("warning", "rules.1")]
    assert "Dòng 2 không bao giờ được dùng" in str(findings[0])


def test_a_row_covered_by_earlier_ones_together_is_reported() -> None:
    rules = [
        fee(1, when={"field": "flow", "lt": 10}),
        fee(2, when={"field": "flow", "gte": 10}),
        fee(3, when={"field": "flow", "gt": 4, "lt": 20}),
    ]
    assert any("Dòng 3 không bao giờ" in str(finding) for finding in check({"rules": rules}, FLOW, money=True))


def test_a_gap_is_shown_by_an_example() -> None:
    rules = [fee(1, when={"field": "flow", "lt": 200}), fee(2, when={"field": "flow", "gt": 200})]
    assert [str(finding) for finding in check({"rules": rules}, FLOW, money=True)] == ["Không dòng nào khớp khi flow = 200."]
    assert check(APPRAISAL, FLOW, money=True) == []


def test_the_same_code_added_twice_is_reported() -> None:
    rules = [fee(1, when={"field": "flow", "gte": 10}), fee(2, when={"field": "flow", "gte": 10, "lt": 20})]
    findings = check({"hit": "all", "rules": rules}, FLOW, money=True)
    assert len(findings) == 1 and "được cộng hai lần" in str(findings[0])


def test_mistakes_in_rows_are_explained() -> None:
    table = {
        "hit": "some",
        "rules": [
            {"when": {"field": "flow", "gt": 1}},
            fee(-5),
            fee(5, when={"field": "flwo", "gt": 1}, valid_from="2024-01-01", valid_to="2023-01-01"),
            fee(5, times="nothing"),
            fee(5, valid_from="01/01/2024"),
            {"then": {"code": "x", "title": "y", "amount": 1.5, "kind": "gift", "due": "never"}},
        ],
    }
    words = " ".join(str(finding) for finding in check(table, FLOW, money=True))
    for part in (
        "“hit” phải",
        "Dòng 1 chưa có kết quả",
        "Dòng 2: số tiền",
        "Có phải là “flow”",
        "ngày bắt đầu sau",
        "“nothing” không có",
        "yyyy-mm-dd",
    ):
        assert part in words, part
    assert "“kind” phải" in words and "“due” phải" in words
    assert check([], FLOW)[0].level == "error"


rows = st.builds(
    lambda amount, low, span, times, start: fee(
        amount, when={"field": "flow", "gte": low, "lt": low + span}, valid_from=start.isoformat(), **({"times": "copies"} if times else {})
    ),
    st.integers(0, 10**9), st.integers(0, 50), st.integers(0, 50), st.booleans(), st.dates(date(2015, 1, 1), date(2030, 1, 1)),
)  # fmt: skip
answers = st.fixed_dictionaries({"flow": st.integers(0, 120), "copies": st.floats(0, 1000) | st.integers(0, 1000) | st.none()})


@given(st.lists(rows, max_size=6), answers, st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_first_is_among_all_and_money_is_whole_dong(rules: list[Any], context: dict[str, Any], on: date) -> None:
    first, every = ({"hit": hit, "rules": rules} for hit in ("first", "all"))
    assert evaluate(first, context, on) == evaluate(every, context, on)[:1]
    lines = fees(every, context, on)
    assert all(type(line.amount) is int and line.amount >= 0 for line in lines)
    assert total(lines) == sum(line.amount for line in lines)
    assert all(abs(line.amount - line.unit_amount * (line.times or 0)) <= Decimal("0.5") for line in lines)


@given(st.lists(rows, max_size=4))
def test_checking_a_sound_table_reports_no_error(rules: list[Any]) -> None:
    assert all(finding.level == "warning" for finding in check({"rules": rules}, {**FLOW, "copies": "integer"}, money=True))
