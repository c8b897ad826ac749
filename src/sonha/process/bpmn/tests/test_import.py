"""Files drawn in other tools: what becomes of their parts, and what the notes say about it."""
# ruff: noqa: E501 - drawings on one line each

from typing import Any

import pytest

from sonha.process.bpmn.export import to_bpmn
from sonha.process.bpmn.importing import Import, from_bpmn
from sonha.process.bpmn.notation import BpmnError
from sonha.process.bpmn.tests.samples import FILES
from sonha.process.flows.validation import validate

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'


def drawn(body: str, *, head: str = HEAD, **settled: Any) -> Import:
    """Imports one process given as a body; flows are written `a>b` or `a>b:name` in a comment-like shorthand `[...]`."""
    for number, arrow in enumerate(body[body.find("[") + 1 : body.find("]")].split(), 1):
        ends, _sign, name = arrow.partition(":")
        source, _sign, target = ends.partition(">")
        body += f'<sequenceFlow id="f{number}" name="{name}" sourceRef="{source}" targetRef="{target}"/>'
    body = body[: body.find("[")] + body[body.find("]") + 1 :] if "[" in body else body
    return from_bpmn(f'{head}<process id="p" name="Thử">{body}</process></definitions>'.encode(), **settled)


def step(found: Import, title: str) -> dict[str, Any]:
    return next(step for step in found.flow["steps"] if step.get("title") == title)


def ways(found: Import) -> list[tuple[str, str]]:
    return [(way["from"], way["to"]) for way in found.flow["transitions"]]


def said(found: Import, words: str) -> bool:
    return any(words in note.message for note in found.notes)


def errors(flow: dict[str, Any]) -> list[str]:
    found = validate(flow, form_fields=None, actors=None, flows=None, services=None)
    return [problem.message for problem in found if problem.level == "error"]


@pytest.mark.parametrize("name", ["complaint_camunda", "incoming_document_bizagi", "survey_signavio"])
def test_files_of_three_other_tools_become_flows_that_can_be_published(name: str) -> None:
    found = from_bpmn((FILES / f"{name}.bpmn").read_bytes())
    assert errors(found.flow) == []
    assert from_bpmn(to_bpmn(found.flow, name=name)).flow == found.flow
    assert set(found.positions) == {step["key"] for step in found.flow["steps"]} - {"split_join"}


def test_the_complaint_of_camunda_modeler() -> None:
    found = from_bpmn((FILES / "complaint_camunda.bpmn").read_bytes())
    reception = step(found, "Tiếp nhận đơn khiếu nại")
    assert (reception["role"], reception["unit"], reception["limit"]) == ("receptionist", "desk", {"amount": 10, "unit": "calendar_days"})
    assert step(found, "Ký quyết định giải quyết")["role"] == "leader"
    assert step(found, "Xác minh nội dung khiếu nại")["limit"] == {"amount": 30, "unit": "calendar_days"}
    actions = [way["title"] for way in found.flow["transitions"] if way["from"] == reception["key"]]
    assert actions == ["Đủ điều kiện thụ lý: Có", "Đủ điều kiện thụ lý: Không"]
    complex_way = next(way for way in found.flow["transitions"] if "when" in way)
    assert complex_way["when"] == {"any": [{"field": "people", "gt": 5}, {"field": "level", "eq": "phức tạp"}]}
    back = next(way for way in found.flow["transitions"] if way.get("returns"))
    assert (back["from"], back["to"]) == ("ky_quyet_dinh_giai_quyet", "du_thao_quyet_dinh_giai_quyet")
    assert said(found, "Bỏ bước «Báo cáo chậm xác minh»")
    assert said(found, "1 ghi chú")


def test_the_incoming_document_of_bizagi() -> None:
    found = from_bpmn((FILES / "incoming_document_bizagi.bpmn").read_bytes())
    assert step(found, "Tiếp nhận văn bản")["role"] == "clerk", "the inner lane counts"
    assert step(found, "Chờ ý kiến phối hợp")["limit"] == {"amount": 5, "unit": "calendar_days"}
    assert "script" not in str(found.flow) and "system" not in str(found.flow)
    assert said(found, "Bước «Nhận dạng chữ trên ảnh» vốn là việc tự động (chạy mã lệnh)")
    assert said(found, "Bước «Giải quyết văn bản» vốn lặp nhiều lần")
    assert said(found, "Quy trình vốn bắt đầu khi có thông điệp")


def test_the_survey_of_signavio() -> None:
    found = from_bpmn((FILES / "survey_signavio.bpmn").read_bytes())
    assert ("lap_phieu_cung_cap", "cho_nop_phi") in ways(found), "the embedded sub-process is opened"
    assert {way["title"] for way in found.flow["transitions"] if way["from"] == "cho_nop_phi"} == {"Đã nộp phí", "Quá 30 ngày"}
    otherwise = next(way for way in found.flow["transitions"] if way["to"] == "tra_cuu_ho_so_luu")
    assert otherwise["when"] == {"not": {"any": [{"field": "area", "gt": 100}, {"field": "secret", "eq": True}]}}
    assert ("split_join", "da_tra_ket_qua") in ways(found), "branches that end apart are joined"
    for words in ("1 luồng thông điệp giữa các bên", "Chưa rõ làn «Trung tâm» là ai", "Bỏ điểm kết thúc «Đã lưu»"):
        assert said(found, words), words


def test_lanes_can_be_settled_by_hand() -> None:
    found = from_bpmn((FILES / "survey_signavio.bpmn").read_bytes(), lanes={"Trung tâm": ("specialist", "code:STNMT.TTTT")})
    assert step(found, "Bàn giao dữ liệu")["unit"] == "code:STNMT.TTTT"
    assert not said(found, "Chưa rõ làn")


BPMN = [
    (
        "named arrows out of a task are actions",
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><endEvent id="z"/>[s>a a>b:Tiếp a>z:Dừng b>z]',
        [("a", "b"), ("a", "end"), ("b", "end")], "trở thành các hành động",
    ),
    (
        "unnamed arrows out of a task are parallel branches, joined again before the end",
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><task id="c" name="C"/><endEvent id="z"/>[s>a a>b a>c b>z c>z]',
        [("a", "split"), ("split", "b"), ("split", "c"), ("b", "split_join"), ("c", "split_join"), ("split_join", "end")], "các nhánh song song",
    ),
    (
        "several arrows out of the start",
        '<startEvent id="s"/><task id="b" name="B"/><task id="c" name="C"/><parallelGateway id="j"/><endEvent id="z"/>[s>b s>c b>j c>j j>z]',
        [("split", "b"), ("split", "c"), ("b", "join"), ("c", "join"), ("join", "end")], "Điểm bắt đầu có nhiều mũi tên",
    ),
    (
        "a gateway that joins and splits becomes two",
        '<startEvent id="s"/><parallelGateway id="g"/><task id="a" name="A"/><task id="b" name="B"/><parallelGateway id="x"/>'
        '<task id="c" name="C"/><task id="d" name="D"/><parallelGateway id="j"/><endEvent id="z"/>'
        "[s>g g>a g>b a>x b>x x>c x>d c>j d>j j>z]",
        [("split", "a"), ("split", "b"), ("a", "join"), ("b", "join"), ("split_2", "c"), ("split_2", "d"), ("c", "join_2"), ("d", "join_2"),
         ("join_2", "end"), ("join", "split_2")], "vừa gộp vừa tách",
    ),
    (
        "an inclusive gateway that only merges alternatives waits for nothing",
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/><inclusiveGateway id="m"/><task id="c" name="C"/><endEvent id="z"/>'
        "[s>a a>b:Một a>m:Hai b>m m>c c>z]",
        [("a", "b"), ("a", "c"), ("b", "c"), ("c", "end")], "hành động",
    ),
    (
        "a choice nobody stands before is made by a person",
        '<startEvent id="s"/><exclusiveGateway id="g" name="Cách nộp?"/><task id="a" name="A"/><task id="b" name="B"/><endEvent id="z"/>'
        "[s>g g>a:Trực tuyến g>b:Tại quầy a>z b>z]",
        [("cach_nop", "a"), ("cach_nop", "b"), ("a", "end"), ("b", "end")], "trở thành một việc để người phụ trách chọn",
    ),
    (
        "an interrupting boundary event is an action",
        '<startEvent id="s"/><userTask id="a" name="A"/><boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDuration>PT8H'
        '</timeDuration></timerEventDefinition></boundaryEvent><task id="b" name="B"/><endEvent id="z"/>[s>a a>z t>b b>z]',
        [("a", "end"), ("b", "end"), ("a", "b")], "trở thành một hành động",
    ),
    (
        "links are followed",
        '<startEvent id="s"/><task id="a" name="A"/><intermediateThrowEvent id="x" name="1"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="y" name="1"><linkEventDefinition name="L"/></intermediateCatchEvent><endEvent id="z"/>[s>a a>x y>z]',
        [("a", "end")], "công cụ khác",
    ),
    (
        "thrown events are passed over",
        '<startEvent id="s"/><task id="a" name="A"/><intermediateThrowEvent id="x" name="Báo tin"><messageEventDefinition/>'
        '</intermediateThrowEvent><endEvent id="z"/>[s>a a>x x>z]',
        [("a", "end")], "Bỏ sự kiện trung gian «Báo tin»",
    ),
    (
        "a sub-process that runs on an event is left out",
        '<startEvent id="s"/><task id="a" name="A"/><subProcess id="e" name="Khi có lỗi" triggeredByEvent="true"><startEvent id="es">'
        '<errorEventDefinition/></startEvent><task id="et" name="T"/></subProcess><endEvent id="z"/>[s>a a>z]',
        [("a", "end")], "Bỏ quy trình con «Khi có lỗi»",
    ),
    (
        "no start",
        '<task id="a" name="A"/><endEvent id="z"/>[a>z]', [("a", "end")], "Tệp không có điểm bắt đầu; quy trình bắt đầu từ «A»",
    ),
    (
        "two starts",
        '<startEvent id="s"/><startEvent id="s2" name="Qua thư"><messageEventDefinition/></startEvent><task id="a" name="A"/>'
        '<endEvent id="z"/>[s>a s2>a a>z]',
        [("a", "end")], "bỏ điểm «Qua thư»",
    ),
    (
        "an arrow into nothing",
        '<startEvent id="s"/><task id="a" name="A"/><endEvent id="z"/>[s>a a>z a>nowhere:Lạc]', [("a", "end")], "không nối đủ hai đầu («Lạc»)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected", "note"), [case[1:] for case in BPMN], ids=[case[0] for case in BPMN])
def test_parts_of_other_tools(body: str, expected: list[tuple[str, str]], note: str) -> None:
    found = drawn(body)
    assert sorted(ways(found)) == sorted(expected)
    assert said(found, note), [str(each) for each in found.notes]
    assert errors(found.flow) == []


def test_conditions_in_juel_become_choices_and_what_is_not_understood_is_told() -> None:
    gateway = '<exclusiveGateway id="g" default="f4"/>'
    body = f'<startEvent id="s"/><task id="a" name="A"/>{gateway}<task id="b" name="B"/><task id="c" name="C"/><endEvent id="z"/>[s>a a>g]'
    arrows = (
        '<sequenceFlow id="f3" sourceRef="g" targetRef="b"><conditionExpression>{}</conditionExpression></sequenceFlow>'
        '<sequenceFlow id="f4" sourceRef="g" targetRef="c"/><sequenceFlow id="f5" sourceRef="b" targetRef="z"/>'
        '<sequenceFlow id="f6" sourceRef="c" targetRef="z"/>'
    )
    found = drawn(body + arrows.format("${amount &gt; 10}"))
    assert {"from": "choice", "to": "b", "when": {"field": "amount", "gt": 10}} in found.flow["transitions"]
    told = drawn(body + arrows.format("${service.check(a)}"))
    assert said(told, "Điều kiện «${service.check(a)}»")
    assert [way["title"] for way in told.flow["transitions"] if way["from"] == "a"] == ["service.check(a)", "Chuyển: C"]


def test_people_dates_and_forms_of_camunda_7() -> None:
    found = drawn(
        '<startEvent id="s"/><userTask id="a" name="A" camunda:candidateGroups="chuyên viên" camunda:dueDate="P2W"><extensionElements>'
        '<camunda:formData><camunda:formField id="kind" label="Loại" type="enum"><camunda:validation><camunda:constraint name="required"/>'
        '</camunda:validation><camunda:value id="x" name="Một"/></camunda:formField></camunda:formData></extensionElements></userTask>'
        '<endEvent id="z" name="Không cấp"/>[s>a a>z]'
    )
    task = step(found, "A")
    assert (task["role"], task["limit"]) == ("specialist", {"amount": 14, "unit": "calendar_days"})
    assert task["form"]["sections"][0]["fields"] == [
        {"key": "kind", "type": "radio", "label": "Loại", "options": [{"value": "x", "label": "Một"}], "required": True}
    ]
    assert step(found, "Không cấp")["outcome"] == "refused"


def test_sub_processes_nest_and_calls_stay_calls() -> None:
    found = drawn(
        '<startEvent id="s"/><subProcess id="o" name="Ngoài"><startEvent id="os"/><subProcess id="i" name="Trong"><startEvent id="is"/>'
        '<task id="a" name="A"/><endEvent id="iz"/><sequenceFlow id="x1" sourceRef="is" targetRef="a"/>'
        '<sequenceFlow id="x2" sourceRef="a" targetRef="iz"/></subProcess><endEvent id="oz"/>'
        '<sequenceFlow id="x3" sourceRef="os" targetRef="i"/><sequenceFlow id="x4" sourceRef="i" targetRef="oz"/></subProcess>'
        '<callActivity id="c" name="Thanh tra" calledElement="inspection"/><endEvent id="z"/>[s>o o>c c>z]'
    )
    assert ways(found)[:1] == [("a", "thanh_tra")]
    assert step(found, "Thanh tra") == {"key": "thanh_tra", "kind": "subprocess", "title": "Thanh tra", "flow": "inspection"}
    assert found.flow["start"] == "a"


def test_the_largest_of_several_pools_is_taken() -> None:
    text = (
        f'{HEAD}<collaboration id="c"><participant id="p1" name="Dân" processRef="one"/><participant id="p2" name="Sở" processRef="two"/>'
        '</collaboration><process id="one"><task id="x"/></process><process id="two"><startEvent id="s"/><task id="a" name="A"/>'
        '<endEvent id="z"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="z"/></process></definitions>'
    )
    found = from_bpmn(text.encode())
    assert found.flow["title"] == "Sở"
    assert said(found, "bỏ quy trình «Dân»")


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "sai cú pháp|trống"),
        (b"PK\x03\x04", "sai cú pháp"),
        (b"<a>", "sai cú pháp"),
        (b"<html/>", "không phải là BPMN 2.0"),
        (b'<Package xmlns="http://www.wfmc.org/2009/XPDL2.2"/>', "XPDL"),
        (f"{HEAD}</definitions>".encode(), "không có quy trình nào"),
        (f"{BOMB}{HEAD}<process id='p' name='&b;'/></definitions>".encode(), "DOCTYPE"),
        (f'<?xml version="1.0" encoding="UTF-16"?>{BOMB}{HEAD}</definitions>'.encode("utf-16"), "DOCTYPE"),
        (b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', "DOCTYPE"),
        (f"{HEAD}{'<process>' * 100}{'</process>' * 100}</definitions>".encode(), "quá phức tạp"),
        (f"{HEAD}<process id='p'>{'<task/>' * 30_001}</process></definitions>".encode(), "quá phức tạp"),
        (f"{HEAD}<process id='p'><task id='a'/><task id='a'/></process></definitions>".encode(), "hai phần tử cùng mã"),
        (b" " * 2_000_001, "lớn hơn 2 MB"),
    ],
)
def test_unsafe_and_foreign_files_are_refused_in_words(content: bytes, sentence: str) -> None:
    with pytest.raises(BpmnError, match=sentence):
        from_bpmn(content)


OURS: dict[str, Any] = {
    "title": "Cấp phép",
    "start": "receive",
    "steps": [
        {
            "key": "receive",
            "kind": "task",
            "title": "Tiếp nhận",
            "role": "receptionist",
            "unit": "desk",
            "limit": {"amount": 1, "unit": "working_days"},
        },
        {"key": "decide", "kind": "choice"},
        {"key": "sign", "kind": "task", "title": "Ký", "role": "leader", "unit": "agency", "requires": ["draft"]},
        {"key": "done", "kind": "end", "outcome": "granted"},
        {"key": "refused", "kind": "end", "outcome": "refused"},
    ],
    "transitions": [
        {"from": "receive", "to": "decide", "action": "accept", "title": "Nhận", "effect": "accept"},
        {"from": "decide", "to": "sign", "when": {"field": "flow", "gt": 10}},
        {"from": "decide", "to": "refused"},
        {"from": "sign", "to": "done", "action": "sign", "title": "Ký", "effect": "sign"},
        {"from": "sign", "to": "refused", "action": "refuse", "title": "Từ chối"},
    ],
}


def edited(*changes: tuple[str, str]) -> Import:
    text = to_bpmn(OURS, name="Cấp phép").decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return from_bpmn(text.encode())


def test_a_new_name_and_a_new_lane_given_in_another_tool_are_taken_over() -> None:
    renamed = edited(('name="Tiếp nhận"', 'name="Tiếp nhận hồ sơ"'))
    assert renamed.flow["steps"][0] == {**OURS["steps"][0], "title": "Tiếp nhận hồ sơ"}
    moved = edited(("<bpmn:flowNodeRef>receive</bpmn:flowNodeRef>", ""), ("<bpmn:flowNodeRef>sign</bpmn:flowNodeRef>", "<bpmn:flowNodeRef>sign</bpmn:flowNodeRef><bpmn:flowNodeRef>receive</bpmn:flowNodeRef>"))  # fmt: skip
    assert moved.flow["steps"][0] == {**OURS["steps"][0], "role": "leader", "unit": "agency"}


def test_a_condition_changed_in_another_tool_is_taken_over_or_told() -> None:
    changed = edited(("flow &gt; 10</bpmn", "flow &gt;= 20</bpmn"))
    assert changed.flow["transitions"][1]["when"] == {"field": "flow", "gte": 20}
    told = edited(("flow &gt; 10</bpmn", "flow &gt; limit</bpmn"))
    assert told.flow == OURS
    assert said(told, "giữ điều kiện cũ")


def test_actions_are_conditions_for_other_tools_and_actions_for_us() -> None:
    assert 'task.sign.action = "refuse"' in to_bpmn(OURS, name="x").decode()
    assert edited().flow == OURS


def test_a_step_drawn_into_our_file_becomes_a_task_of_its_lane() -> None:
    found = edited(
        ("</bpmn:process>", '<bpmn:userTask id="Activity_1" name="Kiểm tra lại"/><bpmn:sequenceFlow id="n1" name="Kiểm tra lại" sourceRef="sign" targetRef="Activity_1"/><bpmn:sequenceFlow id="n2" sourceRef="Activity_1" targetRef="done"/></bpmn:process>'),
        ("<bpmn:flowNodeRef>receive<", "<bpmn:flowNodeRef>Activity_1</bpmn:flowNodeRef><bpmn:flowNodeRef>receive<"),
    )  # fmt: skip
    assert step(found, "Kiểm tra lại") == {
        "key": "kiem_tra_lai",
        "kind": "task",
        "title": "Kiểm tra lại",
        "role": "receptionist",
        "unit": "desk",
    }
    assert {"from": "sign", "to": "kiem_tra_lai", "action": "kiem_tra_lai", "title": "Kiểm tra lại"} in found.flow["transitions"]
    assert {"from": "kiem_tra_lai", "to": "done", "action": "hoan_thanh", "title": "Hoàn thành"} in found.flow["transitions"]


def test_a_copied_step_gets_a_key_of_its_own() -> None:
    text = to_bpmn(OURS, name="x").decode()
    start, stop = text.index('<bpmn:userTask id="sign"'), text.index("</bpmn:userTask>", text.index('<bpmn:userTask id="sign"')) + 16
    copy = text[start:stop].replace('id="sign"', 'id="sign_copy"')
    found = from_bpmn((text[:stop] + copy + text[stop:]).encode())
    assert [step["key"] for step in found.flow["steps"]] == ["receive", "decide", "sign", "sign_2", "done", "refused"]
    assert said(found, "Mã bước «sign» bị trùng")
