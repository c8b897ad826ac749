"""Edits of a flow as the procedure editor makes them: each gives a new flow, sound if the old one was, or says why not."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonha.process.flows import editing
from sonha.process.flows.editing import EditError
from sonha.process.flows.validation import validate

Flow = dict[str, Any]

FLOW: Flow = {
    "title": "Cấp giấy phép",
    "start": "reception",
    "steps": [
        {"key": "reception", "kind": "task", "title": "Tiếp nhận", "role": "receptionist", "unit": "desk"},
        {"key": "supplement", "kind": "task", "title": "Bổ sung", "role": "applicant", "clock": "stop"},
        {
            "key": "appraise", "kind": "task", "title": "Thẩm định", "role": "specialist", "unit": "division",
            "form": {"sections": [{"key": "s", "fields": [
                {"key": "conclusion", "type": "radio", "options": [{"value": "grant"}, {"value": "refuse"}]},
                {"key": "reason", "type": "text", "required": {"field": "task.appraise.conclusion", "eq": "refuse"}},
            ]}]},
        },
        {"key": "decide", "kind": "choice", "title": "Cấp không"},
        {"key": "draft", "kind": "task", "title": "Dự thảo", "role": "specialist", "unit": "division"},
        {"key": "sign", "kind": "task", "title": "Ký", "role": "leader", "unit": "agency", "assignment": "same_as:draft"},
        {"key": "issue", "kind": "service", "service": "issue_result"},
        {"key": "granted", "kind": "end", "outcome": "granted"},
        {"key": "refused", "kind": "end", "outcome": "refused"},
    ],
    "transitions": [
        {"from": "reception", "to": "appraise", "action": "accept", "title": "Nhận", "effect": "accept"},
        {"from": "reception", "to": "supplement", "action": "ask", "title": "Yêu cầu bổ sung"},
        {"from": "supplement", "to": "reception", "action": "submit", "title": "Nộp"},
        {"from": "appraise", "to": "decide", "action": "submit", "title": "Trình"},
        {"from": "decide", "to": "refused", "when": {"field": "task.appraise.conclusion", "eq": "refuse"}},
        {"from": "decide", "to": "draft"},
        {"from": "draft", "to": "sign", "action": "submit", "title": "Trình ký"},
        {"from": "sign", "to": "issue", "action": "sign", "title": "Ký", "effect": "sign"},
        {"from": "sign", "to": "draft", "action": "back", "title": "Trả lại", "returns": True, "comment": "required"},
        {"from": "issue", "to": "granted"},
    ],
}  # fmt: skip
HEAD = {"role": "head", "unit": "division"}


def errors(flow: Flow) -> list[str]:
    found = validate(flow, form_fields=[], actors=[], flows=None, services=None)
    return [problem.message for problem in found if problem.level == "error"]


def step(flow: Flow, key: str) -> dict[str, Any]:
    return next(step for step in flow["steps"] if step["key"] == key)


def keys(flow: Flow) -> list[str]:
    return [step["key"] for step in flow["steps"]]


def ways(flow: Flow) -> set[tuple[str, str]]:
    return {(way["from"], way["to"]) for way in flow["transitions"]}


def test_the_flow_of_these_tests_is_sound() -> None:
    assert errors(FLOW) == []


def test_a_step_is_put_into_the_way_behind_another() -> None:
    found = editing.add_step(FLOW, kind="task", title="Trưởng phòng xem xét", after="draft", **HEAD)
    assert keys(found)[5] == "truong_phong_xem_xet"
    assert {("draft", "truong_phong_xem_xet"), ("truong_phong_xem_xet", "sign")} <= ways(found)
    assert ("draft", "sign") not in ways(found)
    made = next(way for way in found["transitions"] if way["from"] == "truong_phong_xem_xet")
    assert (made["action"], made["title"]) == ("hoan_thanh", "Hoàn thành")
    assert errors(found) == []


def test_a_step_is_put_into_a_certain_way() -> None:
    found = editing.add_step(FLOW, kind="task", title="Báo cáo", after="decide", before="refused", **HEAD)
    assert {("decide", "bao_cao"), ("bao_cao", "refused"), ("decide", "draft")} <= ways(found)
    assert errors(found) == []


def test_an_end_is_reached_by_a_way_of_its_own() -> None:
    found = editing.add_step(FLOW, kind="end", title="Rút hồ sơ", outcome="withdrawn", after="supplement")
    assert {("supplement", "reception"), ("supplement", "rut_ho_so")} <= ways(found)
    assert errors(found) == []


def test_the_first_step_of_an_empty_flow_is_its_start() -> None:
    assert editing.add_step({}, kind="task", title="Tiếp nhận", **HEAD)["start"] == "tiep_nhan"


def test_a_branch_brings_its_split_and_join() -> None:
    found = editing.add_branch(FLOW, "draft", title="Lấy ý kiến", kind="consultation", unit="code:STP")
    assert {
        ("decide", "split"),
        ("split", "draft"),
        ("split", "lay_y_kien"),
        ("draft", "join"),
        ("lay_y_kien", "join"),
        ("join", "sign"),
    } <= ways(found)
    assert errors(found) == []
    more = editing.add_branch(found, "draft", title="Kiểm tra thực địa", **HEAD)
    assert {("split", "kiem_tra_thuc_dia"), ("kiem_tra_thuc_dia", "join")} <= ways(more)
    assert keys(more).count("split") == 1
    assert errors(more) == []


def test_a_branch_beside_the_first_step_keeps_its_supplement_loop_inside() -> None:
    found = editing.add_branch(FLOW, "reception", title="Thông báo", **HEAD)
    assert found["start"] == "split"
    assert ("supplement", "reception") in ways(found)
    assert errors(found) == []


def test_renaming_changes_what_people_read_only() -> None:
    found = editing.rename_step(FLOW, "draft", " Soạn thảo ", "Draft")
    assert step(found, "draft") | {"title": "Dự thảo"} == step(FLOW, "draft") | {"title_en": "Draft"}
    assert found["transitions"] == FLOW["transitions"]


def test_a_new_key_is_followed_everywhere() -> None:
    found = editing.rekey_step(editing.rekey_step(FLOW, "appraise", "review"), "draft", "write")
    assert "appraise" not in str(found)
    assert step(found, "sign")["assignment"] == "same_as:write"
    assert next(way for way in found["transitions"] if way["to"] == "refused")["when"]["field"] == "task.review.conclusion"
    assert errors(found) == []


def test_removing_joins_what_was_before_to_what_comes_after() -> None:
    found = editing.remove_step(FLOW, "draft")
    assert ("decide", "sign") in ways(found)
    assert all("draft" not in way for way in ways(found))
    assert [error for error in errors(found) if "same_as" not in error] == []
    assert editing.remove_step(FLOW, "supplement")["transitions"][1]["from"] != "supplement"


def test_removing_a_branch_removes_a_split_that_splits_nothing() -> None:
    with_branch = editing.add_branch(FLOW, "draft", title="Lấy ý kiến", kind="consultation", unit="code:STP")
    assert ways(editing.remove_step(with_branch, "lay_y_kien")) == ways(FLOW)
    three = editing.add_branch(with_branch, "draft", title="Kiểm tra", **HEAD)
    assert ways(editing.remove_step(three, "kiem_tra")) == ways(with_branch)


def test_the_start_moves_on_when_it_is_removed() -> None:
    found = editing.remove_step(editing.remove_step(FLOW, "supplement"), "reception")
    assert found["start"] == "appraise"
    assert errors(found) == []


def test_connecting_and_disconnecting() -> None:
    found = editing.connect(FLOW, "sign", "refused", title="Không ký", comment="required")
    assert found["transitions"][-1] == {"from": "sign", "to": "refused", "action": "khong_ky", "title": "Không ký", "comment": "required"}
    assert editing.disconnect(found, "sign", "refused") == FLOW
    back = editing.connect(FLOW, "draft", "appraise", title="Thẩm định lại", returns=True)
    assert back["transitions"][-1]["returns"] is True
    assert errors(back) == []


def test_limits_and_actors() -> None:
    limited = editing.set_limit(FLOW, "draft", 3)
    assert step(limited, "draft")["limit"] == {"amount": 3, "unit": "working_days"}
    assert editing.set_limit(limited, "draft", None) == FLOW
    assert step(editing.set_actor(FLOW, "draft", "applicant", "desk"), "draft")["role"] == "applicant"
    assert "unit" not in step(editing.set_actor(FLOW, "draft", "applicant", "desk"), "draft")


def test_ways_and_steps_are_changed_by_property() -> None:
    assert editing.change_way(FLOW, 4, when={"field": "task.appraise.conclusion", "eq": "grant"})["transitions"][4]["when"]["eq"] == "grant"
    assert "effect" not in editing.change_way(FLOW, 0, effect=None)["transitions"][0]
    assert step(editing.change_step(FLOW, "draft", help="Theo mẫu."), "draft")["help"] == "Theo mẫu."


def test_a_step_moves_with_its_action_and_its_way_back() -> None:
    reviewed = editing.add_step(FLOW, kind="task", title="Xem xét", after="sign", before="issue", **HEAD)
    reviewed = editing.connect(reviewed, "xem_xet", "draft", title="Trả lại", returns=True)
    found = editing.move(reviewed, "xem_xet", after="draft")
    assert {("draft", "xem_xet"), ("xem_xet", "sign"), ("xem_xet", "draft"), ("sign", "issue")} <= ways(found)
    assert keys(found).index("xem_xet") == keys(found).index("draft") + 1
    assert errors(found) == []


REFUSED: list[tuple[Callable[[Flow], Flow], str]] = [
    (lambda f: editing.add_step(f, kind="wait", after="sign"), "Không có loại bước «wait»."),
    (lambda f: editing.add_step(f, kind="split", after="sign"), "Nhánh song song được thêm bằng cách thêm một nhánh bên cạnh một bước."),
    (lambda f: editing.add_step(f, kind="task", after="nowhere"), "Không có bước «nowhere»."),
    (lambda f: editing.add_step(f, kind="task", after="sign", before="reception"), "Không có đường đi từ «sign» đến «reception»."),
    (lambda f: editing.add_branch(f, "decide", title="X"), "Chỉ thêm được nhánh song song bên cạnh một công việc có đường đi tiếp."),
    (lambda f: editing.rename_step(f, "sign", " "), "Tên bước không được để trống."),
    (lambda f: editing.rekey_step(f, "sign", "draft"), "Mã bước «draft» đã được dùng hoặc để trống."),
    (lambda f: editing.remove_step(f, "appraise"), "Chưa bỏ được bước «Thẩm định» vì có điều kiện dùng thông tin của bước này."),
    (lambda f: editing.remove_step(f, "decide"), "Chưa bỏ được bước «Cấp không» vì sẽ không còn đường đến bước «Kết thúc refused»."),
    (lambda f: editing.remove_step(f, "granted"), "Chưa bỏ được bước «Kết thúc granted» vì bước «Dự thảo» sẽ không còn đường đi tiếp."),
    (
        lambda f: editing.remove_step(editing.add_branch(f, "draft", title="X", **HEAD), "split"),
        "Hãy bỏ bớt các nhánh song song trước khi bỏ bước «Tách nhánh song song split».",
    ),
    (lambda f: editing.connect(f, "granted", "sign"), "Bước kết thúc «Kết thúc granted» không thể có đường đi tiếp."),
    (lambda f: editing.connect(f, "decide", "sign"), "Bước «Cấp không» đã có đường cho trường hợp còn lại; đường mới cần điều kiện."),
    (lambda f: editing.connect(f, "sign", "issue", title="Ký"), "Đã có đường đi từ «Ký» đến «Việc tự động issue» như vậy."),
    (
        lambda f: editing.connect(editing.add_branch(f, "draft", title="X", **HEAD), "join", "granted"),
        "Bước gộp nhánh «Gộp nhánh song song join» đã có đường đi tiếp; chỉ được một.",
    ),
    (lambda f: editing.disconnect(f, "sign", "granted"), "Không có đường đi từ «sign» đến «granted»."),
    (lambda f: editing.set_limit(f, "decide", 1), "Bước «Cấp không» tự đi qua nên không có thời hạn."),
    (lambda f: editing.set_limit(f, "sign", 0), "Thời hạn phải là số nguyên lớn hơn 0."),
    (lambda f: editing.set_limit(f, "sign", 1, "weeks"), "Thời hạn phải tính bằng ngày làm việc, giờ làm việc hoặc ngày."),
    (lambda f: editing.set_actor(f, "issue", "head"), "Bước «Việc tự động issue» không do người thực hiện."),
    (lambda f: editing.change_step(f, "sign", kind="end"), "Không đổi được mục «kind» theo cách này."),
    (lambda f: editing.change_way(f, 99, title="x"), "Không có đường đi này."),
    (
        lambda f: editing.move(f, "reception", after="sign"),
        "Chỉ chuyển chỗ được bước có đúng một đường đi tiếp; bước «Tiếp nhận» không như vậy.",
    ),
    (lambda f: editing.move(f, "draft", after="granted"), "Không đặt được bước «Dự thảo» sau bước «Kết thúc granted»."),
]


@pytest.mark.parametrize(("edit", "sentence"), REFUSED, ids=[sentence for _edit, sentence in REFUSED])
def test_what_would_break_the_flow_is_refused_with_the_reason(edit: Callable[[Flow], Flow], sentence: str) -> None:
    before = deepcopy(FLOW)
    with pytest.raises(EditError) as refused:
        edit(FLOW)
    assert str(refused.value) == sentence
    assert before == FLOW


def attempt(flow: Flow, choice: str, name: str, other: str, title: str) -> Flow:
    match choice:
        case "add":
            return editing.add_step(flow, kind="task", title=title, after=name, **HEAD)
        case "branch":
            return editing.add_branch(flow, name, title=title, **HEAD)
        case "remove":
            return editing.remove_step(flow, name)
        case "move":
            return editing.move(flow, name, after=other)
        case "rekey":
            return editing.rekey_step(flow, name, f"{name}_x")
        case "choice":
            return editing.add_step(flow, kind="choice", title="Rẽ", after=name)
        case _:
            return editing.set_limit(flow, name, 2, "working_hours")


@st.composite
def edits(draw: st.DrawFn) -> Flow:
    """A sound flow after some random edits, those that are refused left out."""
    flow = FLOW
    for _number in range(draw(st.integers(1, 10))):
        choice = draw(st.sampled_from(["add", "branch", "remove", "move", "rekey", "choice", "limit"]))
        name, other = draw(st.sampled_from(keys(flow))), draw(st.sampled_from(keys(flow)))
        before = deepcopy(flow)
        try:
            edited = attempt(flow, choice, name, other, draw(st.sampled_from(["Xem xét", "Ký", "Báo cáo"])))
        except EditError:
            edited = flow
        assert before == flow, "the flow that was edited is as it was"
        flow = edited
    return flow


@settings(deadline=None, max_examples=300)
@given(edits())
def test_whatever_is_edited_stays_sound(flow: Flow) -> None:
    assert errors(flow) == []
