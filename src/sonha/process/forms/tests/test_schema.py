"""Declarations: what their author is told, the order of decision, identity, flattening, prefilling, showing, comparing."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonha.process.forms import schema
from sonha.process.forms.display import diff, display, display_value
from sonha.process.forms.lookups import lookups_from
from sonha.process.forms.patterns import pattern_problem
from sonha.process.forms.prefill import prefill
from sonha.process.forms.schema import SchemaError, check, digest, field_at, flatten, known_fields, load

EVERYTHING = json.loads((Path(__file__).parent / "everything.json").read_text())
UNITS = lookups_from(
    {
        "units": [
            {"code": "1", "name": "Huyện Lộc Bình", "level": "district"},
            {"code": "11", "name": "Xã Mẫu Sơn", "level": "commune", "parent": "1"},
        ],
        "files": {"f": {"name": "Bản vẽ.pdf", "size": 1}},
    }
)


def form(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{"key": "s", "title": "Phần", "fields": list(fields)}]}


def text(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": "text", "label": key.upper(), **more}


def rows(key: str, *fields: dict[str, Any]) -> dict[str, Any]:
    return {"key": key, "type": "repeat", "label": key.upper(), "fields": list(fields)}


def words(declaration: Any, **more: Any) -> str:
    return " ".join(f"{problem.path}: {problem.message}" for problem in check(declaration, **more))


@pytest.mark.parametrize(
    ("declaration", "path", "expected"),
    [
        ({}, "sections", "từ 1 đến"),
        ("x", "sections", "từ 1 đến"),
        (form(text("a"), text("a")), "sections.0.fields.1.key", "đã được dùng"),
        (form(text("Tên")), "sections.0.fields.0.key", "chữ thường không dấu"),
        (form(text("dossier")), "sections.0.fields.0.key", "dành riêng"),
        (form({"key": "a", "type": "colour", "label": "A"}), "sections.0.fields.0.type", "Không có loại mục “colour”"),
        (form({"key": "a", "type": "text"}), "sections.0.fields.0.label", "chưa có nhãn"),
        (form({"key": "a", "type": "select", "label": "A"}), "sections.0.fields.0.options", "“options” hoặc “catalogue”"),
        (form(text("a") | {"type": "radio", "options": [{"value": 1, "label": "x"}]}), "sections.0.fields.0.options.0", "ngoặc"),
        (form(text("a", when={"field": "b", "eq": 1})), "sections.0.fields.0.when", "không có trong biểu mẫu"),
        (form(text("a", required={"field": "a", "gt": 1})), "sections.0.fields.0.required", "chỉ so sánh số"),
        (form(text("a", colour="red")), "sections.0.fields.0.colour", "không có thuộc tính “colour”"),
        (form(text("a", pattern="(a+)+$")), "sections.0.fields.0.pattern", "chạy rất lâu"),
        (form(text("a", pattern="(?=a)")), "sections.0.fields.0.pattern", "phép cơ bản"),
        (form(text("a", prefill="account.password")), "sections.0.fields.0.prefill", "prefill"),
        (form({"key": "a", "type": "number", "label": "A", "min": 5, "max": 1}), "sections.0.fields.0.min", "lớn hơn"),
        (form({"key": "a", "type": "number", "label": "A", "max": "many"}), "sections.0.fields.0.max", "phải là một số"),
        (form({"key": "a", "type": "date", "label": "A", "max": "tomorrow"}), "sections.0.fields.0.max", "today"),
        (form({"key": "a", "type": "computed", "label": "A"}), "sections.0.fields.0", "đúng một trong"),
        (form(text("b"), {"key": "a", "type": "computed", "label": "A", "sum": "b"}), "sections.0.fields.1", "không phải là một số"),
        (form(rows("a", rows("b", text("c")))), "sections.0.fields.0.fields.0", "không được nằm trong"),
        (form(text("a", when={"field": "b", "gt": 1}), text("b", when={"field": "a", "gt": 1})), "sections", "thành vòng: a, b"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_place(declaration: Any, path: str, expected: str) -> None:
    found = [problem.message for problem in check(declaration) if problem.path == path]
    assert any(expected in message for message in found), check(declaration)


def test_a_sound_declaration_has_no_problems() -> None:
    assert check(EVERYTHING) == []


def test_fields_of_other_steps_may_be_read_when_they_are_named() -> None:
    declaration = form(text("a", when={"field": "task.appraise.conclusion", "eq": "grant"}))
    assert "task.appraise.conclusion" in words(declaration)
    assert words(declaration, outside={"task.appraise.conclusion": "radio"}) == ""


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["sections", "fields", "key", "type", "label", "when", "options", "sum", "title"]), inner, max_size=5
            )
        ),
        max_leaves=25,
    )
)
def test_checking_any_declaration_ends_in_words(declaration: Any) -> None:
    problems = check(declaration)
    assert problems or load(declaration)


def test_an_unusable_declaration_is_refused() -> None:
    with pytest.raises(SchemaError) as caught:
        load(form(text("a"), text("a")))
    assert caught.value.problems[0].path == "sections.0.fields.1.key"


def test_identical_declarations_have_one_digest() -> None:
    one, two = (
        form(text("a", max_length=5)),
        {"sections": [{"fields": [{"max_length": 5, "label": "A", "type": "text", "key": "a"}], "title": "Phần", "key": "s"}]},
    )
    assert digest(one) == digest(two) != digest(form(text("a")))
    assert load(one) is load(two)
    assert digest(form({"key": "d", "type": "date", "label": "D", "min": date(2014, 2, 1)})) == digest(
        form({"key": "d", "type": "date", "label": "D", "min": "2014-02-01"})
    )


def test_fields_are_decided_after_what_they_depend_on() -> None:
    order = load(EVERYTHING).order
    place = {path: number for number, path in enumerate(order)}
    assert place["wells"] < place["wells.*.depth"] < place["wells.*.deep_note"]
    assert place["wells.*.flow"] < place["wells.*.cost"] and place["wells.*.flow"] < place["total"] < place["reason"]
    assert place["size"] < place["design"] and place["kinds"] < place["agreed"]


def test_flatten_and_known_fields_name_every_answer() -> None:
    paths = [item.path for item in flatten(EVERYTHING)]
    assert "wells.*.depth" in paths and "intro" not in paths and len(paths) == len(set(paths))
    known = known_fields(EVERYTHING, "task.x.")
    assert known["task.x.kind"]["options"] == [{"value": "a"}, {"value": "b"}]
    found = field_at(EVERYTHING, "wells.3.depth")
    assert found and found["unit"] == "m" and field_at(EVERYTHING, "wells.3.nothing") is None


@pytest.mark.parametrize("pattern", ["[A-Z]{2}-[0-9]+", "(?:GK|LK)[0-9]{1,3}", r"\d{4}/QĐ-UBND", "a|b"])
def test_ordinary_patterns_are_allowed(pattern: str) -> None:
    assert pattern_problem(pattern) is None


@pytest.mark.parametrize("pattern", ["(a*)*", "([a-z]+)+x", "(a|b+)*", "(?P<x>a)", r"(a)\1", "[", "a" * 300, 5])
def test_dangerous_or_foreign_patterns_are_not(pattern: Any) -> None:
    assert pattern_problem(pattern)


def test_prefill_takes_only_what_fits() -> None:
    sources = {
        "account": {"name": " Nông  Văn An ", "personal_id": "123", "phone": "+84 912 345 678"},
        "dossier": {"earlier": {"limit": 12}},
    }
    assert prefill(EVERYTHING, sources) == {"name": "Nông Văn An", "phone": "0912345678"}
    repeated = form({"key": "n", "type": "number", "label": "N", "prefill": "dossier.earlier.limit"}, text("x", prefill="dossier.none.y"))
    assert prefill(repeated, sources) == {"n": 12}
    assert prefill(EVERYTHING, {}) == {}


ANSWERS = {
    "name": "An <b>", "kind": "a", "kinds": ["a", "b"], "commune": "11", "limit": 1234.5, "value": 1200000, "born": "1990-02-01",
    "design": ["f"], "agreed": True, "place": {"type": "Point", "coordinates": [106.76805905, 21.87584998]},
    "wells": [{"name": "GK1", "depth": 10}, {"name": "GK2"}],
}  # fmt: skip


def test_answers_are_shown_as_people_read_them() -> None:
    rows = {row.path: row for section in display(EVERYTHING, ANSWERS, lookups=UNITS) for row in section.rows}
    texts = {path: row.text for path, row in rows.items()}
    assert texts["kind"] == "Giếng khoan" and texts["kinds"] == "Sinh hoạt, Sản xuất" and texts["agreed"] == "Có"
    assert texts["commune"] == "Xã Mẫu Sơn, Huyện Lộc Bình" and texts["born"] == "01/02/1990" and texts["design"] == "Bản vẽ.pdf"
    assert texts["limit"] == "1.234,5 m³/ngày đêm" and texts["value"] == "1.200.000 đồng"
    assert texts["place"] == "21,87585° B, 106,768059° Đ (VN-2000: E 450.000,00 m, N 2.420.000,00 m)"
    assert texts["wells"] == "Giếng 1: Số hiệu: GK1; Chiều sâu: 10 m\nGiếng 2: Số hiệu: GK2"
    assert rows["name"].value == "An &lt;b&gt;" and "<table" in rows["wells"].value


def test_a_draft_shows_only_what_is_asked() -> None:
    answers = {"kind": "a", "other": "sót lại", "place": {"crs": "wgs84", "x": "", "y": ""}, "name": ""}
    shown = [row.path for section in display(EVERYTHING, answers, context={"dossier": {}}, lookups=UNITS) for row in section.rows]
    assert shown == ["kind"]


def test_one_value_in_words() -> None:
    assert display_value({"key": "x", "type": "number", "label": "X", "unit": "m"}, 12.5, UNITS) == "12,5"
    assert display_value({"key": "x", "type": "number", "label": "X", "unit": "m"}, 12.5, UNITS, unit=True) == "12,5 m"


def test_what_changed_between_two_versions() -> None:
    after = {**ANSWERS, "kind": "b", "limit": None, "wells": [{"name": "GK1", "depth": 12}]}
    changes = [(change.path, change.before, change.after) for change in diff(EVERYTHING, ANSWERS, after, UNITS)]
    assert changes == [
        ("kind", "Giếng khoan", "Khác"),
        ("limit", "1.234,5 m³/ngày đêm", ""),
        ("wells.0.depth", "10 m", "12 m"),
        ("wells.1.name", "GK2", ""),
    ]
    assert diff(EVERYTHING, ANSWERS, ANSWERS, UNITS) == []


def test_english_texts_are_used_when_asked_for() -> None:
    assert load(EVERYTHING).by_path["name"].text("label", "en") == "Full name"
    assert load(EVERYTHING).by_path["phone"].text("label", "en") == "Điện thoại"
    assert schema.VIETNAM[0] < 106 < schema.VIETNAM[2]
