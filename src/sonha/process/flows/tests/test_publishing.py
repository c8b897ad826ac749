"""Only what is sound is published; what is not is refused with every reason in words."""

from typing import Any

import pytest

from sonha.process.flows.models import FlowVersion
from sonha.process.flows.problems import NotPublishable
from sonha.process.flows.services import publish_flow, retire_flow

pytestmark = pytest.mark.django_db


def flow(**more: Any) -> dict[str, Any]:
    step = {"key": "read", "kind": "task", "title": "Đọc", "role": "specialist", "unit": "agency", **more}
    ways = [{"from": "read", "to": "done", "action": "next", "title": "Tiếp"}]
    return {"title": "Thử", "start": "read", "steps": [step, {"key": "done", "kind": "end", "outcome": "done"}], "transitions": ways}


def calling(*flows: str) -> dict[str, Any]:
    steps = [{"key": f"call_{number}", "kind": "subprocess", "title": f"Gọi {key}", "flow": key} for number, key in enumerate(flows)]
    ways = [{"from": one["key"], "to": two} for one, two in zip(steps, [*(step["key"] for step in steps[1:]), "done"], strict=True)]
    return {
        "title": "Gọi", "start": "call_0", "steps": [*steps, {"key": "done", "kind": "end", "outcome": "done"}], "transitions": ways,
    }  # fmt: skip


def test_every_error_is_named_and_nothing_is_written() -> None:
    with pytest.raises(NotPublishable) as refused:
        publish_flow("hong", flow(role="king", unit="nowhere") | {"start": "x"}, actors=set())
    assert refused.value.sentence.startswith("Chưa thể công bố «Thử»: ")
    for words in ("Bước bắt đầu «x» không có", "vai trò «king» không có", "đơn vị «nowhere» chưa được khai báo"):
        assert words in refused.value.sentence
    assert not FlowVersion.objects.filter(flow__key="hong").exists()


def test_the_same_definition_is_the_same_version_and_another_the_next() -> None:
    first = publish_flow("thu", flow())
    assert publish_flow("thu", flow()) == first
    second = publish_flow("thu", flow(title="Đọc kỹ"))
    assert (first.number, second.number) == (1, 2)
    retire_flow(first)
    assert FlowVersion.objects.get(pk=first.pk).state == "retired"


def test_a_flow_that_calls_what_does_not_exist_or_itself_is_refused() -> None:
    with pytest.raises(NotPublishable, match="gọi quy trình «chua_co» không có"):
        publish_flow("goi", calling("chua_co"))
    with pytest.raises(NotPublishable, match="«Gọi goi» gọi quy trình con dẫn trở lại chính quy trình này"):
        publish_flow("goi", calling("goi"))
    publish_flow("b", flow())
    publish_flow("a", calling("b"))
    with pytest.raises(NotPublishable, match="dẫn trở lại chính quy trình này"):
        publish_flow("b", calling("a"))


def test_conditions_are_checked_against_the_form_that_is_given() -> None:
    definition = flow()
    definition["steps"].insert(1, {"key": "which", "kind": "choice"})
    definition["transitions"] = [
        {"from": "read", "to": "which", "action": "next", "title": "Tiếp"},
        {"from": "which", "to": "read", "when": {"field": "depth", "gt": 3}},
        {"from": "which", "to": "done"},
    ]
    with pytest.raises(NotPublishable, match="«depth» không có trong biểu mẫu"):
        publish_flow("thu", definition, form_fields={"flow": {"type": "number"}})
    assert publish_flow("thu", definition, form_fields={"depth": {"type": "number"}}).number == 1
