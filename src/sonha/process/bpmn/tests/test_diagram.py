"""The drawn diagram: says where a case stands, in colours, in signs and in words, and is well-formed whatever the titles hold."""

from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from lxml import etree

from sonha.process.bpmn.diagram import PINE, RED, TEAL, diagram_list, diagram_svg, diagram_text
from sonha.process.bpmn.labels import text_width, wrap
from sonha.process.bpmn.tests.samples import declared_flows, flows

SVG = "{http://www.w3.org/2000/svg}"
FLOW: dict[str, Any] = {
    "title": "Cấp phép",
    "title_en": "Permit",
    "start": "receive",
    "steps": [
        {"key": "receive", "kind": "task", "title": "Tiếp nhận", "title_en": "Receive", "role": "receptionist", "unit": "desk"},
        {
            "key": "appraise", "kind": "task", "title": "Thẩm định", "role": "specialist", "unit": "division",
            "limit": {"amount": 5, "unit": "working_days"},
            "form": {"sections": [{"fields": [{"key": "result", "type": "radio", "options": [{"value": "yes", "label": "Đề nghị cấp"}]}]}]},
        },
        {"key": "decide", "kind": "choice", "title": "Cấp không?"},
        {"key": "sign", "kind": "task", "title": "Ký <giấy phép>", "role": "leader", "unit": "code:UBND"},
        {"key": "done", "kind": "end", "outcome": "granted"},
        {"key": "refused", "kind": "end", "outcome": "refused"},
    ],
    "transitions": [
        {"from": "receive", "to": "appraise", "action": "accept", "title": "Nhận"},
        {"from": "appraise", "to": "decide", "action": "submit", "title": "Trình"},
        {"from": "decide", "to": "sign", "when": {"field": "task.appraise.result", "eq": "yes"}},
        {"from": "decide", "to": "refused"},
        {"from": "sign", "to": "done", "action": "sign", "title": "Ký"},
        {"from": "sign", "to": "appraise", "action": "back", "title": "Trả lại", "returns": True},
    ],
}  # fmt: skip


def drawn(**state: Any) -> etree._Element:
    return etree.fromstring(diagram_svg(FLOW, **state))


def part(svg: etree._Element, key: str) -> etree._Element:
    return next(group for group in svg.iter(f"{SVG}g") if group.get("data-step") == key)


def words(element: etree._Element) -> str:
    return " ".join(" ".join(str(text) for text in element.itertext()).split())


def test_states_are_told_by_colour_by_sign_and_by_word() -> None:
    svg = drawn(done={"receive"}, current={"appraise", "sign"}, late={"sign"})
    assert (part(svg, "receive").get("class"), part(svg, "receive").find(f"{SVG}rect").get("fill")) == ("flow-step is-done", PINE)
    assert (part(svg, "appraise").find(f"{SVG}rect").get("stroke"), "Đang ở bước này" in words(part(svg, "appraise"))) == (TEAL, True)
    assert (part(svg, "sign").find(f"{SVG}rect").get("stroke"), "Quá hạn" in words(part(svg, "sign"))) == (RED, True)
    assert part(svg, "done").get("class") == "flow-step is-open"


def test_it_can_be_read_without_being_seen() -> None:
    svg = drawn(done={"receive"}, current={"appraise"}, late={"appraise"})
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "flow-diagram-title flow-diagram-desc"
    assert words(svg.find(f"{SVG}title")) == "Cấp phép"
    assert words(svg.find(f"{SVG}desc")) == (
        "Quy trình gồm 3 bước. Đã xong: Tiếp nhận (Cán bộ một cửa, Bộ phận một cửa). Đang ở: Thẩm định (Chuyên viên, Phòng chuyên môn). "
        "Quá hạn: Thẩm định (Chuyên viên, Phòng chuyên môn)."
    )


def test_the_list_says_the_same_in_the_order_of_the_diagram() -> None:
    rows = diagram_list(FLOW, current={"appraise"}, done={"receive"}, units={"code:UBND": "Uỷ ban nhân dân tỉnh"})
    assert [(row["key"], row["state_text"]) for row in rows[:3]] == [
        ("receive", "Đã xong"),
        ("appraise", "Đang thực hiện"),
        ("sign", "Chưa đến"),
    ]
    assert (rows[1]["limit"], rows[2]["who"]) == ("5 ngày làm việc", "Lãnh đạo, Uỷ ban nhân dân tỉnh")
    assert rows[2]["next"] == [{"title": "Ký", "step": "Đã cấp kết quả"}, {"title": "Trả lại", "step": "Thẩm định"}]


def test_automatic_ways_carry_the_answer_that_leads_there() -> None:
    text = words(drawn())
    assert "Đề nghị cấp" in text
    assert "trường hợp khác" in text


def test_nothing_in_it_needs_a_script_or_a_style() -> None:
    text = diagram_svg(FLOW, current={"appraise"})
    assert "<script" not in text and "style=" not in text and "<style" not in text and " on" not in text.replace(" once", "")
    assert "Ký &lt;giấy phép&gt;" in text


def test_english_readers_get_english_titles() -> None:
    with override("en"):
        assert "Receive" in diagram_svg(FLOW)
        assert diagram_text(FLOW, done={"receive"}).count("Receive") == 1


def test_two_diagrams_on_one_page_do_not_share_ids() -> None:
    one, other = (set(etree.fromstring(diagram_svg(FLOW, ident=ident)).xpath("//@id")) for ident in ("a", "b"))
    assert not one & other


@pytest.mark.parametrize(("name", "flow"), declared_flows()[:40], ids=[name for name, _flow in declared_flows()[:40]])
def test_every_declared_flow_is_drawn(name: str, flow: dict[str, Any]) -> None:
    for direction in ("right", "down"):
        svg = etree.fromstring(diagram_svg(flow, direction=direction))
        assert len(svg.xpath("//*[@data-step]")) == len(flow["steps"])


@settings(deadline=None, max_examples=60)
@given(flows())
def test_any_flow_is_drawn(flow: dict[str, Any]) -> None:
    keys = [step["key"] for step in flow["steps"]]
    svg = etree.fromstring(diagram_svg(flow, current=keys[:1], done=keys[1:2], late=["unknown"]))
    assert {element.get("data-step") for element in svg.xpath("//*[@data-step]")} == set(keys)


def test_long_words_are_wrapped_and_cut() -> None:
    lines = wrap("Kiểm tra, đối chiếu hồ sơ với quy hoạch tài nguyên nước và vùng hạn chế khai thác", 120, 12.5, 3)
    assert len(lines) == 3 and lines[-1].endswith("…")
    assert all(text_width(line, 12.5) <= 120 for line in lines)
    assert wrap("Rấtdàikhôngcódấucáchnàocả", 60, 12) != ()
    assert wrap("", 60, 12) == ()
