"""Every form can be filled in by a citizen and by a business, and by the officials on the way."""

import pytest

from sonha.process.forms.validation import validate
from sonha.process.rules.conditions import holds
from sonha.process.rules.decisions import fees
from sonha.provinces.tests.declared import MODELLED, Declared, declared, step_forms
from sonha.provinces.tests.examples import example_answers

EACH = pytest.mark.parametrize("item", declared(), ids=str)


def about(kind: str) -> dict[str, dict[str, object]]:
    return {"dossier": {"channel": "online", "owner_kind": kind, "fee_due": 0}}


@EACH
@pytest.mark.parametrize("kind", ["citizen", "business"])
def test_a_careful_person_can_file(item: Declared, kind: str) -> None:
    answers = example_answers(item.version["form"], about(kind))
    assert dict(validate(item.version["form"], answers, context=about(kind)).errors) == {}


@EACH
def test_an_empty_form_is_refused(item: Declared) -> None:
    assert validate(item.version["form"], {}, context=about("citizen")).errors


@EACH
@pytest.mark.parametrize("conclusion", ["grant", "refuse"])
def test_officials_can_fill_in_their_forms(item: Declared, conclusion: str) -> None:
    context = {**about("citizen"), **example_answers(item.version["form"], about("citizen"))}
    for form in step_forms(item.flow).values():
        answers = example_answers(form, context, chosen={"conclusion": conclusion} if "findings" in str(form) else None)
        assert dict(validate(form, answers, context=context).errors) == {}


@pytest.mark.parametrize("item", [each for each in declared("procedures") if each.version["fees"]["rules"]], ids=str)
def test_the_example_pays_a_fee(item: Declared) -> None:
    context = {**about("citizen"), **example_answers(item.version["form"], about("citizen"))}
    lines = fees(item.version["fees"], context, item.version["valid_from"].replace(year=2026))
    assert lines
    assert all(line.amount > 0 for line in lines)


def test_what_a_fee_is_follows_the_flow() -> None:
    item = next(each for each in declared("procedures") if each.document["stt"] == 860)
    amounts = [
        sum(
            line.amount
            for line in fees(item.version["fees"], {**about("citizen"), "flow": flow}, item.version["valid_from"].replace(year=2026))
        )
        for flow in (199.99, 200, 499.99, 500, 999.99, 1000, 2999)
    ]
    assert amounts == [400_000, 1_100_000, 1_100_000, 2_600_000, 2_600_000, 5_000_000, 5_000_000]


def test_papers_follow_what_is_asked_for() -> None:
    item = next(each for each in declared("procedures") if each.document["stt"] == 860)
    required = {paper["code"]: paper["required"] for paper in item.version["papers"]}
    small = {**about("citizen"), "works_state": "new", "flow": 50, "purposes": ["domestic"]}
    large = {**small, "flow": 250, "purposes": ["production"]}
    assert holds(required["well_report"], small)
    assert not holds(required["exploration_report"], small)
    assert not holds(required["right_fee_statement"], small)
    assert holds(required["exploration_report"], large)
    assert holds(required["right_fee_statement"], large)
    assert not holds(required["well_report"], large)
    assert len(MODELLED) == 12
