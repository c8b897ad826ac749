"""Every rule of a flow, told in words: one way to break a good flow, one sentence about it."""
# ruff: noqa: E501 - a table of sentences reads better unbroken

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from sonha.process.flows.condition_check import form_fields
from sonha.process.flows.validation import validate

Flow = dict[str, Any]

GOOD: Flow = {
    "title": "Cấp giấy phép",
    "title_en": "Permit",
    "start": "reception",
    "steps": [
        {"key": "reception", "kind": "task", "title": "Tiếp nhận", "role": "receptionist", "unit": "desk", "limit": {"amount": 1, "unit": "working_days"}},
        {"key": "supplement", "kind": "task", "title": "Bổ sung", "role": "applicant", "clock": "stop"},
        {
            "key": "appraise", "kind": "task", "title": "Thẩm định", "role": "specialist", "unit": "division",
            "form": {"sections": [{"key": "s", "fields": [
                {"key": "conclusion", "type": "radio", "label": "Kết luận", "options": [{"value": "grant"}, {"value": "refuse"}]},
                {"key": "note", "type": "text", "label": "Ghi chú"},
            ]}]},
        },
        {"key": "fork", "kind": "split"},
        {"key": "ask", "kind": "consultation", "title": "Lấy ý kiến", "unit": "commune", "limit": {"amount": 5, "unit": "working_days"}},
        {"key": "check", "kind": "task", "title": "Kiểm tra", "role": "specialist", "unit": "division"},
        {"key": "merge", "kind": "join"},
        {"key": "decide", "kind": "choice"},
        {"key": "sign", "kind": "task", "title": "Ký", "role": "leader", "unit": "code:UBND", "requires": ["draft"]},
        {"key": "issue", "kind": "service", "service": "issue_result"},
        {"key": "inspect", "kind": "subprocess", "title": "Thanh tra", "flow": "inspection"},
        {"key": "granted", "kind": "end", "outcome": "granted"},
        {"key": "refused", "kind": "end", "outcome": "refused"},
    ],
    "transitions": [
        {"from": "reception", "to": "appraise", "action": "accept", "title": "Tiếp nhận", "effect": "accept"},
        {"from": "reception", "to": "supplement", "action": "ask", "title": "Yêu cầu bổ sung", "effect": "request_supplement", "comment": "required"},
        {"from": "supplement", "to": "reception", "action": "submit", "title": "Nộp bổ sung"},
        {"from": "appraise", "to": "fork", "action": "submit", "title": "Kết luận"},
        {"from": "fork", "to": "ask"},
        {"from": "fork", "to": "check", "when": {"field": "flow", "gt": 10}},
        {"from": "ask", "to": "merge"},
        {"from": "check", "to": "merge", "action": "submit", "title": "Gửi kết quả"},
        {"from": "merge", "to": "decide"},
        {"from": "decide", "to": "inspect", "when": {"all": [{"field": "task.ask.conclusion", "eq": "disagree"}, {"field": "wells.0.depth", "gte": 5}]}},
        {"from": "decide", "to": "sign", "when": {"not": {"field": "task.appraise.conclusion", "eq": "refuse"}}},
        {"from": "decide", "to": "refused"},
        {"from": "inspect", "to": "sign"},
        {"from": "sign", "to": "issue", "action": "sign", "title": "Ký", "effect": "sign", "batch": True},
        {"from": "sign", "to": "appraise", "action": "send_back", "title": "Trả lại", "returns": True, "comment": "required"},
        {"from": "issue", "to": "granted"},
    ],
}  # fmt: skip

FORM = {"sections": [{"fields": [
    {"key": "flow", "type": "number"},
    {"key": "purpose", "type": "select", "options": [{"value": "domestic"}, {"value": "industry"}]},
    {"key": "wells", "type": "repeat", "fields": [{"key": "depth", "type": "number"}]},
]}]}  # fmt: skip


def problems(flow: Flow) -> list[tuple[str, str | None, str]]:
    found = validate(flow, form_fields=form_fields(FORM), actors={"commune"}, flows={"inspection"}, services={"issue_result"})
    return [(problem.level, problem.step, problem.message) for problem in found]


def step(flow: Flow, key: str) -> dict[str, Any]:
    return next(step for step in flow["steps"] if step["key"] == key)


def way(flow: Flow, source: str, target: str) -> dict[str, Any]:
    return next(way for way in flow["transitions"] if (way["from"], way["to"]) == (source, target))


def broken(change: Callable[[Flow], object]) -> list[tuple[str, str | None, str]]:
    flow = deepcopy(GOOD)
    change(flow)
    return problems(flow)


def add(flow: Flow, step: dict[str, Any], *ways: dict[str, Any]) -> None:
    flow["steps"].append(step)
    flow["transitions"].extend(ways)


def cut(flow: Flow, source: str, target: str) -> None:
    flow["transitions"].remove(way(flow, source, target))


def test_a_good_flow_has_no_problems() -> None:
    assert problems(GOOD) == []


BREAKS: dict[str, tuple[Callable[[Flow], object], str | None, str]] = {
    "unknown key of the flow": (lambda f: f.update(colour="xanh"), None, "Quy trình có mục «colour» không có trong quy ước."),
    "no steps": (lambda f: f.pop("steps"), None, "Quy trình thiếu danh sách bước."),
    "unreadable transition": (lambda f: f["transitions"].append("a>b"), None, "Trong danh sách đường đi có mục không đọc được."),
    "no start": (lambda f: f.pop("start"), None, "Quy trình chưa chỉ ra bước bắt đầu."),
    "unknown start": (lambda f: f.update(start="nowhere"), None, "Bước bắt đầu «nowhere» không có trong danh sách bước."),
    "start at the end": (lambda f: f.update(start="granted"), "granted", "Quy trình không thể bắt đầu bằng bước kết thúc."),
    "duplicate key": (lambda f: step(f, "check").update(key="ask"), "ask", "Mã bước «ask» được dùng 2 lần; mỗi bước cần một mã riêng."),
    "no key": (lambda f: f["steps"].append({"kind": "end", "title": "Hết"}), None, "Bước «Hết» chưa có mã."),
    "unknown kind": (lambda f: step(f, "check").update(kind="wait"), "check", "Bước «Kiểm tra» có loại «wait» không có trong quy ước."),
    "unknown key of a step": (lambda f: step(f, "check").update(colour=1), "check", "Bước «Kiểm tra» có mục «colour» không dùng cho loại bước này."),
    "key of another kind": (lambda f: step(f, "fork").update(outcome="done"), "fork", "Bước «Tách nhánh song song fork» có mục «outcome» không dùng cho loại bước này."),
    "no title": (lambda f: step(f, "check").pop("title"), "check", "Bước «Công việc check» chưa có tên."),
    "same title": (lambda f: step(f, "check").update(title="Ký"), "sign", "Có nhiều bước cùng tên «Ký»; nên đặt tên khác nhau để dễ phân biệt."),
    "no role": (lambda f: step(f, "check").pop("role"), "check", "Bước «Kiểm tra» chưa có vai trò thực hiện."),
    "unknown role": (lambda f: step(f, "check").update(role="wizard"), "check", "Bước «Kiểm tra» có vai trò «wizard» không có trong quy ước."),
    "no unit": (lambda f: step(f, "check").pop("unit"), "check", "Bước «Kiểm tra» chưa có đơn vị thực hiện."),
    "unknown unit": (lambda f: step(f, "check").update(unit="police"), "check", "Bước «Kiểm tra» giao cho đơn vị «police» chưa được khai báo."),
    "empty code": (lambda f: step(f, "check").update(unit="code:"), "check", "Bước «Kiểm tra» giao cho đơn vị «code:» chưa được khai báo."),
    "unit of the applicant": (lambda f: step(f, "supplement").update(unit="desk"), "supplement", "Bước «Bổ sung» do người nộp thực hiện nên không cần đơn vị."),
    "limit without unit": (lambda f: step(f, "check").update(limit={"amount": 3}), "check", "Thời hạn của bước «Kiểm tra» phải gồm số lượng và đơn vị thời gian."),
    "limit as words": (lambda f: step(f, "check").update(limit="3 ngày"), "check", "Thời hạn của bước «Kiểm tra» phải gồm số lượng và đơn vị thời gian."),
    "limit of nothing": (lambda f: step(f, "check").update(limit={"amount": 0, "unit": "working_days"}), "check", "Thời hạn của bước «Kiểm tra» phải là số nguyên lớn hơn 0."),
    "limit in a wrong unit": (lambda f: step(f, "check").update(limit={"amount": 2, "unit": "weeks"}), "check", "Thời hạn của bước «Kiểm tra» phải tính bằng ngày làm việc (working_days), giờ làm việc (working_hours) hoặc ngày (calendar_days)."),
    "strange clock": (lambda f: step(f, "check").update(clock="pause"), "check", "Bước «Kiểm tra»: «clock» chỉ có thể là «stop» (dừng tính hạn)."),
    "service without a name": (lambda f: step(f, "issue").pop("service"), "issue", "Bước tự động «Việc tự động issue» chưa chỉ ra việc cần làm."),
    "unknown service": (lambda f: step(f, "issue").update(service="fly"), "issue", "Bước «Việc tự động issue» dùng việc tự động «fly» không có."),
    "subprocess without a flow": (lambda f: step(f, "inspect").pop("flow"), "inspect", "Bước «Thanh tra» chưa chỉ ra quy trình con."),
    "unknown flow": (lambda f: step(f, "inspect").update(flow="none"), "inspect", "Bước «Thanh tra» gọi quy trình «none» không có."),
    "unknown requirement": (lambda f: step(f, "sign").update(requires=["luck"]), "sign", "Bước «Ký» đòi hỏi «luck» không có trong quy ước."),
    "requirement as a word": (lambda f: step(f, "sign").update(requires="draft"), "sign", "Điều kiện cần của bước «Ký» phải là một danh sách."),
    "end without an outcome": (lambda f: step(f, "granted").pop("outcome"), "granted", "Bước kết thúc «Kết thúc granted» chưa ghi kết quả của hồ sơ."),
    "unknown outcome": (lambda f: step(f, "granted").update(outcome="maybe"), "granted", "Bước kết thúc «Kết thúc granted» có kết quả «maybe» không có trong quy ước."),
    "transition to nowhere": (lambda f: way(f, "issue", "granted").update(to="gone"), None, "Đường đi từ «issue» đến «gone» nhắc đến bước «gone» không có."),
    "transition from nowhere": (lambda f: f["transitions"].append({"to": "sign"}), None, "Đường đi từ «» đến «sign» nhắc đến bước «» không có."),
    "unknown key of a transition": (lambda f: way(f, "issue", "granted").update(colour=1), "issue", "Đường đi từ «Việc tự động issue» đến «Kết thúc granted» có mục «colour» không có trong quy ước."),
    "unknown effect": (lambda f: way(f, "sign", "issue").update(effect="bless"), "sign", "Đường đi từ «Ký» đến «Việc tự động issue» có tác động «bless» không có trong quy ước."),
    "unknown comment": (lambda f: way(f, "sign", "issue").update(comment="long"), "sign", "Đường đi từ «Ký» đến «Việc tự động issue»: «comment» chỉ có thể là «required» hoặc «optional»."),
    "batch in words": (lambda f: way(f, "sign", "issue").update(batch="yes"), "sign", "Đường đi từ «Ký» đến «Việc tự động issue»: «batch» chỉ có thể là true hoặc false."),
    "no action": (lambda f: way(f, "sign", "issue").pop("action"), "sign", "Bước «Ký» có đường đi chưa ghi hành động."),
    "action without a title": (lambda f: way(f, "sign", "issue").pop("title"), "sign", "Hành động «sign» của bước «Ký» chưa có tên hiển thị."),
    "same action twice": (lambda f: way(f, "sign", "appraise").update(action="sign"), "sign", "Bước «Ký» có 2 đường đi cùng hành động «sign»."),
    "all actions conditional": (lambda f: way(f, "check", "merge").update(when={"field": "flow", "gt": 1}), "check", "Mọi hành động của bước «Kiểm tra» đều có điều kiện; có lúc người xử lý có thể không còn hành động nào."),
    "action of an automatic step": (lambda f: way(f, "issue", "granted").update(action="go"), "issue", "Bước «Việc tự động issue» tự đi tiếp nên mục «action» của đường đi không có tác dụng."),
    "return from an automatic step": (lambda f: way(f, "issue", "granted").update(returns=True), "issue", "Đường đi từ «Việc tự động issue» đến «Kết thúc granted» là đường trả lại, nhưng chỉ công việc của người mới trả lại được."),
    "return to an end": (lambda f: way(f, "sign", "appraise").update(to="refused"), "sign", "Đường đi từ «Ký» đến «Kết thúc refused» là đường trả lại nhưng lại kết thúc hồ sơ."),
    "return forward": (lambda f: way(f, "reception", "appraise").update(returns=True), "reception", "Đường trả lại từ «Tiếp nhận» đến «Thẩm định» không dẫn về một bước đứng trước."),
    "condition on an unknown field": (lambda f: way(f, "fork", "check")["when"].update(field="depth"), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện dùng trường «depth» không có trong biểu mẫu."),
    "condition on an unknown dossier field": (lambda f: way(f, "fork", "check")["when"].update(field="dossier.mood"), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện dùng trường «dossier.mood» không có trong biểu mẫu."),
    "condition on an unknown task field": (lambda f: way(f, "fork", "check")["when"].update(field="task.appraise.mood"), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện dùng trường «task.appraise.mood» không có trong biểu mẫu."),
    "unknown comparison": (lambda f: way(f, "fork", "check").update(when={"field": "flow", "near": 1}), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Phép so sánh «near» không có trong quy ước."),
    "no comparison": (lambda f: way(f, "fork", "check").update(when={"field": "flow"}), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện trên trường «flow» thiếu phép so sánh."),
    "condition as words": (lambda f: way(f, "fork", "check").update(when="flow > 10"), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện phải là một bảng gồm trường và phép so sánh."),
    "condition of nothing": (lambda f: way(f, "fork", "check").update(when={"all": []}), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Nhóm điều kiện «all» cần ít nhất một điều kiện."),
    "condition of two kinds": (lambda f: way(f, "fork", "check").update(when={"all": [], "any": []}), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện phải có «field», hoặc đúng một trong «all», «any», «not»."),
    "field that is no text": (lambda f: way(f, "fork", "check").update(when={"field": 3, "gt": 1}), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện thiếu tên trường."),
    "condition on no option": (lambda f: way(f, "fork", "check").update(when={"field": "purpose", "in": ["domestic", "fishing"]}), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện trên trường «purpose»: «fishing» không phải là một lựa chọn của trường."),
    "list expected": (lambda f: way(f, "fork", "check").update(when={"field": "flow", "in": 3}), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện trên trường «flow»: «in» cần một danh sách giá trị."),
    "order of options": (lambda f: way(f, "fork", "check").update(when={"field": "purpose", "gt": 3}), "fork", "Đường đi từ «Tách nhánh song song fork» đến «Kiểm tra»: Điều kiện trên trường «purpose»: không thể so sánh lớn hơn, nhỏ hơn trên loại trường này."),
    "no end": (lambda f: f.update(steps=[s for s in f["steps"] if s["kind"] != "end"]), None, "Quy trình chưa có bước kết thúc."),
    "dead end": (lambda f: cut(f, "issue", "granted"), "issue", "Bước «Việc tự động issue» không có đường đi tiếp."),
    "way on from an end": (lambda f: f["transitions"].append({"from": "granted", "to": "sign"}), "granted", "Bước kết thúc «Kết thúc granted» không thể có đường đi tiếp."),
    "unreachable": (lambda f: add(f, {"key": "x", "kind": "end", "outcome": "done", "title": "Lạc"}), "x", "Không có đường nào đi từ bước bắt đầu đến bước «Lạc»."),
    "no way to an end": (lambda f: way(f, "supplement", "reception").update(to="supplement"), "supplement", "Từ bước «Bổ sung» không đi đến được bước kết thúc nào."),
    "choice without default": (lambda f: way(f, "decide", "refused").update(when={"field": "flow", "gt": 1}), "decide", "Bước «Rẽ nhánh decide» thiếu đường đi cho trường hợp còn lại (đường không có điều kiện)."),
    "choice with two defaults": (lambda f: way(f, "decide", "sign").pop("when"), "decide", "Bước «Rẽ nhánh decide» có 2 đường không có điều kiện; chỉ được một."),
    "choice of one": (lambda f: [cut(f, "decide", "inspect"), cut(f, "decide", "sign")], "decide", "Bước rẽ nhánh «Rẽ nhánh decide» chỉ có một đường đi nên không cần thiết."),
    "split of one": (lambda f: cut(f, "fork", "check"), "fork", "Bước tách nhánh «Tách nhánh song song fork» chỉ có một nhánh."),
    "split without a sure branch": (lambda f: way(f, "fork", "ask").update(when={"field": "flow", "lt": 9}), "fork", "Mọi nhánh của bước tách «Tách nhánh song song fork» đều có điều kiện; cần ít nhất một nhánh luôn được đi."),
    "split without a join": (lambda f: step(f, "merge").update(kind="choice"), "fork", "Bước tách nhánh «Tách nhánh song song fork» không có bước gộp tương ứng."),
    "join without a split": (lambda f: way(f, "appraise", "fork").update(to="merge"), "merge", "Bước gộp nhánh «Gộp nhánh song song merge» không có bước tách nhánh nào đi đến."),
    "split with two joins": (
        lambda f: [
            add(f, {"key": "m2", "kind": "join", "title": "Gộp hai"}, {"from": "m2", "to": "decide"}),
            way(f, "check", "merge").update(to="m2"),
        ],
        "fork", "Các nhánh của bước tách «Tách nhánh song song fork» gộp ở nhiều nơi: «Gộp nhánh song song merge», «Gộp hai»; cần gộp ở đúng một bước.",
    ),
    "branch that misses the join": (
        lambda f: way(f, "check", "merge").update(to="refused"),
        "fork", "Nhánh bắt đầu từ «Kiểm tra» của bước tách «Tách nhánh song song fork» không đi đến bước gộp «Gộp nhánh song song merge».",
    ),
    "join of two splits": (
        lambda f: [
            add(f, {"key": "s2", "kind": "split", "title": "Tách hai"}, {"from": "s2", "to": "ask"}, {"from": "s2", "to": "merge"}),
            way(f, "fork", "ask").update(to="s2"),
        ],
        "merge", "Bước gộp «Gộp nhánh song song merge» nhận nhánh của nhiều bước tách: «Tách hai», «Tách nhánh song song fork»; mỗi bước tách cần bước gộp riêng.",
    ),
    "join reached from outside": (
        lambda f: f["transitions"].append({"from": "reception", "to": "merge", "action": "skip", "title": "Bỏ qua"}),
        "merge", "Bước gộp «Gộp nhánh song song merge» có đường đi vào từ «Tiếp nhận», nằm ngoài các nhánh mà nó gộp.",
    ),
    "join with two ways on": (lambda f: f["transitions"].append({"from": "merge", "to": "refused"}), "merge", "Bước gộp nhánh «Gộp nhánh song song merge» chỉ được có một đường đi tiếp."),
    "join with a condition": (
        lambda f: way(f, "merge", "decide").update(when={"field": "flow", "gt": 1}),
        "merge", "Đường đi từ «Gộp nhánh song song merge» đến «Rẽ nhánh decide»: bước gộp nhánh chỉ có một lối ra và không xét điều kiện.",
    ),
    "jump into a branch": (
        lambda f: f["transitions"].append({"from": "sign", "to": "check", "action": "recheck", "title": "Kiểm tra lại", "returns": True}),
        "sign", "Đường đi từ «Ký» nhảy vào giữa nhánh song song, ở bước «Kiểm tra»; phải đi qua bước tách.",
    ),
    "leaving the branches": (
        lambda f: f["transitions"].append({"from": "check", "to": "sign", "action": "hurry", "title": "Ký ngay"}),
        "check", "Đường đi từ «Kiểm tra» đến «Ký» rời khỏi các nhánh song song; công việc ở các nhánh khác sẽ bị huỷ.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BREAKS))
def test_what_is_wrong_is_said(name: str) -> None:
    change, key, sentence = BREAKS[name]
    assert (key, sentence) in [(step, message) for _level, step, message in broken(change)]


def test_an_endless_automatic_loop_is_found_and_one_with_a_person_is_not() -> None:
    def endless(flow: Flow) -> None:
        add(
            flow,
            {"key": "again", "kind": "choice", "title": "Lặp"},
            {"from": "again", "to": "issue"},
            {"from": "again", "to": "granted", "when": {"field": "flow", "gt": 1}},
        )
        way(flow, "issue", "granted").update(to="again")

    assert broken(endless) == [
        ("error", "issue", "Các bước tự động «Việc tự động issue», «Lặp» nối thành vòng không có công việc của người, nên sẽ chạy mãi.")
    ]


def test_a_branch_for_when_no_other_is_taken_makes_a_split_sure() -> None:
    def complement(flow: Flow) -> None:
        way(flow, "fork", "ask")["when"] = {"not": way(flow, "fork", "check")["when"]}

    assert broken(complement) == []


def test_sending_back_or_refusing_from_inside_a_branch_is_in_order() -> None:
    def leave(flow: Flow) -> None:
        flow["transitions"].append({"from": "check", "to": "appraise", "action": "send_back", "title": "Trả lại", "returns": True})
        flow["transitions"].append({"from": "check", "to": "refused", "action": "refuse", "title": "Từ chối", "effect": "refuse"})

    assert broken(leave) == []


@pytest.mark.parametrize("level", ["error", "warning"])
def test_warnings_do_not_keep_a_flow_from_being_published(level: str) -> None:
    change = {"error": lambda f: step(f, "check").pop("role"), "warning": lambda f: step(f, "check").update(title="Ký")}[level]
    assert {found for found, _step, _message in broken(change)} == {level}


def test_what_is_not_known_yet_is_not_checked() -> None:
    flow = deepcopy(GOOD)
    step(flow, "inspect")["flow"] = "unknown"
    way(flow, "fork", "check")["when"] = {"field": "not_in_any_form", "filled": True}
    assert validate(flow, form_fields=None, actors=None, flows=None, services=None) == []


@pytest.mark.parametrize("rubbish", [None, [], {}, {"steps": 3, "transitions": {}}, {"start": 4, "steps": [None], "transitions": [3]}])
def test_rubbish_is_reported_and_never_raises(rubbish: Any) -> None:
    assert problems(rubbish)
