"""Texts of printed results: every name becomes words, and nothing of the notation is left on the paper."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from sonha.process.flows import graph
from sonha.services.dossiers import texts
from sonha.services.dossiers.printing import in_a_sentence
from sonha.services.dossiers.results import _with_validity

FORM = {
    "sections": [
        {
            "key": "works",
            "title": "Công trình",
            "fields": [
                {"key": "name", "type": "text", "label": "Tên"},
                {"key": "flow", "type": "number", "label": "Lưu lượng", "unit": "m³/ngày đêm", "decimals": 2},
                {"key": "use", "type": "radio", "label": "Mục đích", "options": [{"value": "farm", "label": "Trồng trọt"}]},
                {"key": "on", "type": "date", "label": "Ngày"},
            ],
        }
    ]
}
NAMES = ("answers.name", "answers.flow", "answers.use", "answers.none", "task.appraise.years", "task.gone.x", "owner.name", "dossier.code",
         "agency.name", "nobody.knows", "answers", "task", "owner.name.more", "answers.name.0.deep")  # fmt: skip
VALUES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(0, 1e6, allow_nan=False) | st.text(max_size=20)
ANYTHING = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3))


@pytest.fixture(autouse=True)
def appraised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow whose step `appraise` has a form; no database is needed."""
    node = graph.Node(key="appraise", kind="task", form=FORM)
    monkeypatch.setattr(texts, "graph_of", lambda version: SimpleNamespace(nodes={"appraise": node}))


def dossier_with(answers: dict[str, Any], tasks: dict[str, Any]) -> Any:
    return SimpleNamespace(
        code="H37.12-261121-0001",
        answers=answers,
        owner=SimpleNamespace(name="Nông Thị Lan", address="", identifier="020301001234", phone=None),
        agency=SimpleNamespace(name="Sở Tài nguyên và Môi trường"),
        procedure=SimpleNamespace(name="Cấp giấy phép"),
        submitted_at=timezone.now(),
        version=SimpleNamespace(form_version=SimpleNamespace(schema=FORM)),
        case=SimpleNamespace(data={"task": tasks}, flow_version_id=1),
    )


@given(st.lists(st.sampled_from(NAMES) | st.sampled_from([" owner.name ", "Owner.Name"]), max_size=6), ANYTHING, ANYTHING)
def test_no_notation_and_no_none_is_ever_printed(names: list[str], answer: Any, written: Any) -> None:
    found = dossier_with({"name": answer}, {"appraise": written})
    printed = texts.fill(" và ".join("{" + name + "}" for name in names), found)
    typed = str(answer) + str(written)
    for trace in ("{", "}", "None", "[", "<"):
        assert trace not in printed or trace in typed, printed


@given(st.text(alphabet="{}abcs.nwr ", max_size=30))
def test_what_a_person_typed_is_not_filled_in_again(typed: str) -> None:
    found = dossier_with({"name": typed}, {})
    assert texts.fill("{answers.name}", found).split() == (typed.split() or [texts.BLANK])


def test_values_are_written_as_a_letter_writes_them() -> None:
    found = dossier_with(
        {"flow": 1200.5, "use": "farm"}, {"appraise": {"flow": 1500, "use": "farm", "on": "2026-11-05", "free": [1, "hai"]}}
    )
    assert texts.fill("{answers.flow} m³, {answers.use}", found) == "1.200,5 m³, Trồng trọt"
    assert texts.fill("{task.appraise.flow}; {task.appraise.use}; {task.appraise.on}", found) == "1.500; Trồng trọt; 05/11/2026"
    assert texts.fill("{task.appraise.free}", found) == "1, hai"
    assert texts.fill("Điện thoại {owner.phone}", found) == f"Điện thoại {texts.BLANK}"


def test_a_register_keeps_raw_values_of_answers_and_of_steps() -> None:
    found = dossier_with({"flow": 120.5}, {"appraise": {"years": 7, "wells": [{"depth": 60}]}})
    assert texts.value_at("{answers.flow}", found) == 120.5
    assert texts.value_at("{task.appraise.years}", found) == 7
    assert texts.value_at("{task.appraise.wells.0.depth}", found) == 60
    assert texts.value_at("{task.appraise.none}", found) is None
    assert texts.value_at("{task.appraise.years} năm", found) == "7 năm"


@pytest.mark.parametrize(
    ("path", "years"),
    [("years", 4), ("answers.years", 4), ("task.appraise.years_proposed", 7), ("task.appraise.too_many", 10), ("nowhere", 10), ("", 10)],
)
def test_a_validity_may_come_from_an_answer_or_from_what_an_official_proposed(path: str, years: int) -> None:
    found = dossier_with({"years": 4}, {"appraise": {"years_proposed": 7, "too_many": 40}})
    said = _with_validity({"validity": {"amount": 10, "unit": "years", "amount_from": path}}, found)
    assert said["validity"]["amount"] == years


@pytest.mark.parametrize(
    ("title", "inside"),
    [
        ("Trả lời hồ sơ", "trả lời hồ sơ"),
        ("Đề nghị bổ sung", "đề nghị bổ sung"),
        ("UBND tỉnh trả lời", "UBND tỉnh trả lời"),
        ("", ""),
        ("2 thửa đất", "2 thửa đất"),
    ],
)
def test_the_subject_of_a_letter_goes_on_behind_v_v(title: str, inside: str) -> None:
    assert in_a_sentence(title) == inside
