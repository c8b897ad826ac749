"""A form as HTML: every control is named, explained and tied to its error, hostile text stays text, and a plain post comes back whole."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st

from sonha.process.forms.lookups import StaticLookups, lookups_from
from sonha.process.forms.posting import append_file, parse_post, posted_files
from sonha.process.forms.rendering import render_form, render_preview, render_section
from sonha.process.forms.validation import validate
from sonha.process.forms.views import convert

EVERYTHING = json.loads((Path(__file__).parent / "everything.json").read_text())
ATTACK = "\"><script>alert('x')</script>{{ 7000|add:77 }}</textarea></script>"
UNITS: StaticLookups = lookups_from(
    {
        "units": [
            {"code": "00001", "name": "Huyện Lộc Bình", "level": "district"},
            {"code": "11111", "name": "Xã Mẫu Sơn", "level": "commune", "parent": "00001"},
            {"code": "22222", "name": "Phường Đông Kinh", "level": "commune"},
        ],
        "files": {"f1": {"name": "Bản vẽ.pdf", "size": 10}},
    }
)


class Page(HTMLParser):
    """The controls, labels and ids of a fragment, and what a browser without scripts would post."""

    VOID = frozenset({"input", "br", "link", "meta", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.controls: list[dict[str, Any]] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.scripts = 0
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.legends = 0
        self.feed(html)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        inside = any(name == "template" for name, _given in self.open)
        if tag == "script":
            self.scripts += 1
            assert given.get("type") == "application/json"
        assert not any(name.startswith("on") or name == "style" for name in given)
        if "id" in given and not inside:
            self.ids.append(str(given["id"]))
        if tag == "label" and not inside:
            self.labels.add(str(given["for"]))
        if tag in {"input", "select", "textarea"} and not inside:
            self.controls.append({**given, "tag": tag, "value": given.get("value") or "", "selected": ""})
        if tag == "option" and not inside and "selected" in given:
            self.controls[-1]["selected"] = given.get("value")
        if tag == "legend":
            self.legends += 1
        if tag not in self.VOID:
            self.open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        name, _given = self.open.pop()
        assert name == tag, f"</{tag}> closes <{name}>"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "textarea" and self.controls and not any(name == "template" for name, _given in self.open):
            self.controls[-1]["value"] += data.removeprefix("\n")

    def post(self, **changes: Any) -> QueryDict:
        data = QueryDict(mutable=True)
        for control in self.controls:
            if "name" not in control or "disabled" in control or control.get("type") == "file":
                continue
            if control.get("type") in {"checkbox", "radio"} and "checked" not in control:
                continue
            data.appendlist(control["name"], control["selected"] if control["tag"] == "select" else control["value"])
        for name, value in changes.items():
            data.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
        return data


ANSWERS: dict[str, Any] = {
    "name": "Nông Thị Bé", "phone": "0912 345 678", "born": "1990-02-01", "kind": "b", "other": "Giếng cổ", "size": "b", "kinds": ["b"],
    "commune": "11111", "place": {"type": "Point", "coordinates": [106.7680591, 21.87585]}, "story": "Một\nhai",
    "area": {"type": "Polygon", "coordinates": [[[106.7, 21.8], [106.71, 21.8], [106.71, 21.81], [106.7, 21.8]]]},
    "limit": 1234.5, "years": 3, "value": 1200000,
    "wells": [{"name": "GK1", "depth": 150.5, "deep_note": "đá", "flow": 120, "price": 1000, "kind": "a"}, {"name": "GK2", "depth": 20}],
    "reason": "Cấp nước xã", "design": ["f1"], "agreed": True,
}  # fmt: skip


def test_every_control_has_a_label_and_its_error_beside_it() -> None:
    page = Page(render_form(EVERYTHING, ANSWERS, lookups=UNITS))
    for control in page.controls:
        if control.get("type") != "hidden":
            assert control["id"] in page.labels, control
    assert len(page.ids) == len(set(page.ids))
    described = {part for control in page.controls for part in str(control.get("aria-describedby") or "").split()}
    assert described <= set(page.ids)
    assert page.legends >= 6  # groups: radio, checkboxes, places, files, repeat, its rows


def test_what_is_shown_is_what_a_plain_post_brings_back() -> None:
    page = Page(render_form(EVERYTHING, ANSWERS, lookups=UNITS))
    typed = parse_post(EVERYTHING, page.post())
    assert typed["limit"] == "1.234,5" and typed["born"] == "01/02/1990" and typed["place"]["crs"] == "wgs84"
    before, after = (validate(EVERYTHING, answers, lookups=UNITS) for answers in (ANSWERS, typed))
    assert after.errors == before.errors == {} and after.clean == before.clean


scalars = st.text(max_size=12) | st.none() | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
junk = (
    scalars
    | st.lists(scalars, max_size=3)
    | st.dictionaries(st.sampled_from(["type", "coordinates", "crs", "x", "depth", "name"]), scalars, max_size=4)
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ANSWERS)), junk | st.lists(junk, max_size=3), max_size=6))
def test_anything_typed_can_be_shown_again(answers: dict[str, Any]) -> None:
    Page(render_form(EVERYTHING, answers, errors={"name": "Sai"}, lookups=UNITS))


def test_hostile_text_stays_text() -> None:
    hostile = json.loads(
        json.dumps(EVERYTHING, ensure_ascii=False)
        .replace("Khai theo giấy tờ đã có.", json.dumps(ATTACK)[1:-1])
        .replace("Để cán bộ liên hệ.", json.dumps(ATTACK)[1:-1])
    )
    hostile["sections"][1]["fields"][1]["options"][0]["label"] = ATTACK
    hostile["sections"][2]["fields"][3]["item_label"] = ATTACK
    answers = {
        **ANSWERS,
        "name": ATTACK,
        "story": ATTACK,
        "limit": ATTACK,
        "place": {"crs": ATTACK, "x": ATTACK, "y": ATTACK},
        "wells": [{"name": ATTACK}],
    }
    html = render_form(
        hostile, answers, errors={"name": ATTACK, "wells.0.name": ATTACK}, context={"dossier": {"owner_kind": ATTACK}}, lookups=UNITS
    )
    page = Page(html)
    assert page.scripts == 1 and "<script>alert" not in html and "7077" not in html
    assert next(control for control in page.controls if control.get("name") == "name")["value"] == ATTACK
    assert next(control for control in page.controls if control.get("name") == "story")["value"] == ATTACK


def test_errors_are_summed_up_with_links_that_arrive() -> None:
    html = render_section(
        EVERYTHING,
        "amounts",
        {},
        errors={"limit": "Ông/bà cần điền “Tổng lưu lượng”.", "wells.0.name": "Thiếu", "name": "của trang khác"},
        lookups=UNITS,
    )
    page = Page(html)
    assert 'href="#f-limit"' in html and 'href="#f-wells-0-name"' in html and "của trang khác" not in html
    assert {"f-limit", "f-wells-0-name"} <= set(page.ids)
    wrong = [control["name"] for control in page.controls if control.get("aria-invalid")]
    assert wrong == ["limit", "wells.0.name"]


def test_fields_not_asked_are_in_the_page_but_hidden() -> None:
    html = render_section(EVERYTHING, "works", {"kind": "a"}, lookups=UNITS)
    assert 'data-field="other" hidden' in html
    assert 'data-field="other" hidden' not in render_section(EVERYTHING, "works", {"kind": "b"}, lookups=UNITS)


def test_rows_are_added_and_removed_by_plain_buttons() -> None:
    page = Page(render_section(EVERYTHING, "amounts", {"wells": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}, lookups=UNITS))
    names = lambda post: [row.get("name") for row in parse_post(EVERYTHING, post, section="amounts")["wells"]]  # noqa: E731
    assert names(page.post()) == ["A", "B", "C"]
    assert names(page.post(change="remove:wells.1")) == ["A", "C"]
    assert names(page.post(change="add:wells")) == ["A", "B", "C", None]
    assert names(page.post(change="remove:wells.99")) == names(page.post(change="remove:name")) == ["A", "B", "C"]


def test_a_page_brings_only_its_own_section() -> None:
    post = Page(render_form(EVERYTHING, ANSWERS, lookups=UNITS)).post()
    assert set(parse_post(EVERYTHING, post, section="who")) == {"name", "id", "tax", "phone", "email", "born"}


def test_several_forms_on_a_page_are_kept_apart() -> None:
    html = render_form(EVERYTHING, ANSWERS, lookups=UNITS, prefix="t5") + render_form(
        EVERYTHING, {"name": "Khác"}, lookups=UNITS, prefix="t6"
    )
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert parse_post(EVERYTHING, page.post(), prefix="t5")["name"] == "Nông Thị Bé"
    assert [row["name"] for row in parse_post(EVERYTHING, page.post(change="remove:t5:wells.0"), prefix="t5")["wells"]] == ["GK2"]
    assert parse_post(EVERYTHING, page.post(), prefix="t6")["name"] == "Khác"


def test_unticking_is_an_answer() -> None:
    page = Page(render_form(EVERYTHING, {}, lookups=UNITS))
    typed = parse_post(EVERYTHING, page.post())
    assert typed["agreed"] is False and typed["kinds"] == [] and typed["design"] == []
    assert "kind" not in typed  # no radio button pressed: nothing is said about it


def test_coordinates_typed_in_vn2000_are_shown_again_as_typed_and_converted() -> None:
    typed = parse_post(
        EVERYTHING,
        Page(render_section(EVERYTHING, "works", {}, lookups=UNITS)).post(
            **{"place:crs": "vn2000", "place:x": "450.000", "place:y": "2.420.000"}
        ),
    )
    assert validate(EVERYTHING, typed).clean["place"]["coordinates"] == pytest.approx([106.768059, 21.87585], abs=1e-6)
    again = Page(render_section(EVERYTHING, "works", typed, lookups=UNITS))
    assert parse_post(EVERYTHING, again.post())["place"] == typed["place"]


def test_uploads_of_a_page_without_scripts() -> None:
    form = {
        "sections": [
            {
                "key": "s",
                "title": "S",
                "fields": [
                    {"key": "design", "type": "file", "label": "Tệp"},
                    {"key": "wells", "type": "repeat", "label": "G", "fields": [{"key": "photo", "type": "file", "label": "Ảnh"}]},
                ],
            }
        ]
    }
    files = MultiValueDict(
        {
            "design:file": [SimpleUploadedFile("a.pdf", b"x")],
            "wells.0.photo:file": [SimpleUploadedFile("b.jpg", b"y")],
            "evil:file": [SimpleUploadedFile("c", b"z")],
        }
    )
    found = posted_files(form, files)
    assert [(path, upload.name) for path, upload in found] == [("design", "a.pdf"), ("wells.0.photo", "b.jpg")]
    answers: dict[str, Any] = {"wells": [{}]}
    for number, (path, _upload) in enumerate(found):
        append_file(answers, path, f"id{number}")
    assert answers == {"wells": [{"photo": ["id1"]}], "design": ["id0"]}


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "name",
                "wells:present",
                "wells.0.name",
                "wells.9999.name",
                "wells.x.name",
                "place:geojson",
                "place:x",
                "change",
                "kinds:present",
                "kinds",
            ]
        )
        | st.text(max_size=8),
        st.lists(st.text(max_size=10), max_size=3),
        max_size=8,
    )
)
def test_any_post_can_be_read(data: dict[str, list[str]]) -> None:
    post = QueryDict(mutable=True)
    for name, values in data.items():
        post.setlist(name, values)
    validate(EVERYTHING, parse_post(EVERYTHING, post))


def test_only_what_conditions_read_of_the_context_is_in_the_page() -> None:
    html = render_form(
        EVERYTHING,
        {},
        context={"dossier": {"owner_kind": "citizen", "code": "H37-SECRET"}, "task": {"appraise": {"opinion": "mật"}}},
        lookups=UNITS,
    )
    assert "citizen" in html and "SECRET" not in html and "mật" not in html


def test_the_preview_needs_no_answers_and_offers_no_addresses() -> None:
    html = render_preview(EVERYTHING, lookups=UNITS)
    assert "data-autosave-url" not in html and "data-upload-url" not in html
    Page(html)


def test_vn2000_is_converted_for_the_map_both_ways() -> None:
    ask = lambda **data: json.loads(convert(RequestFactory().get("/", data)).content)  # noqa: E731
    there = ask(east="450.000", north="2420000")
    assert there == {"longitude": pytest.approx(106.76805905), "latitude": pytest.approx(21.87584998)}
    assert ask(**there) == {"east": pytest.approx(450_000, abs=0.02), "north": pytest.approx(2_420_000, abs=0.02)}
    assert convert(RequestFactory().get("/", {"east": "x", "north": "1e999"})).status_code == 422
