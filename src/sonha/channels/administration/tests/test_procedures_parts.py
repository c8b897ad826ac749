"""The parts of the procedure editor that hold no state: places, conditions as rows, property sheets, changes in words, findings."""

from copy import deepcopy
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from sonha.channels.administration.procedures import conditions, places, properties, sheet
from sonha.channels.administration.procedures.conditions import ConditionRefused, FieldInfo
from sonha.channels.administration.procedures.elements import scope_of
from sonha.channels.administration.procedures.places import element
from sonha.channels.administration.procedures.trial import form_for
from sonha.provinces.tests.declared import declared
from sonha.services.procedures.changes import changes
from sonha.services.procedures.checking import check_declaration

FIELDS = {
    "flow": FieldInfo("flow", "Lưu lượng", "number"),
    "purpose": FieldInfo("purpose", "Mục đích", "select", (("domestic", "Sinh hoạt"), ("industry", "Công nghiệp"))),
    "deep": FieldInfo("deep", "Giếng sâu", "boolean"),
    "since": FieldInfo("since", "Từ ngày", "date"),
}
WELLS = {"papers": [{"code": "a"}, {"code": "b"}, {"code": "c"}], "form": {"sections": [{"key": "s", "fields": [{"key": "x"}]}]}}
SPLIT = [item for item in declared("procedures") if item.key == "parcel_split_merge"][-1]
ABSTRACTION = next(item for item in declared("procedures") if item.key == "groundwater_abstraction")


def typed(mode: str, *rows: tuple[str, str, str], json: str = "") -> dict[str, Any]:
    return {"mode": mode, "rows": [dict(zip(("field", "op", "value"), row, strict=True)) for row in rows], "json": json}


def post(**values: Any) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    return query


def test_a_place_is_replaced_without_touching_the_original() -> None:
    fresh = places.replaced(WELLS, "papers/1", {"code": "new"})
    assert fresh["papers"][1] == {"code": "new"} and WELLS["papers"][1] == {"code": "b"}


def test_a_thing_is_added_at_the_end_and_told_where() -> None:
    fresh, place = places.inserted(WELLS, "form/sections/0/fields/new", {"key": "y"})
    assert place == "form/sections/0/fields/1" and places.element(fresh, place) == {"key": "y"}


def test_a_list_that_is_not_there_yet_is_made() -> None:
    fresh, place = places.inserted({}, "fees/rules/new", {"then": {}})
    assert fresh == {"fees": {"rules": [{"then": {}}]}} and place == "fees/rules/0"


@given(st.integers(0, 2), st.sampled_from([-1, 1]))
def test_moving_keeps_every_thing_once(number: int, by: int) -> None:
    fresh, place = places.moved(WELLS, f"papers/{number}", by)
    assert sorted(each["code"] for each in fresh["papers"]) == ["a", "b", "c"]
    assert places.element(fresh, place) == WELLS["papers"][number]


@pytest.mark.parametrize("place", ["papers/9", "papers/x", "papers/-1", "nowhere/0", "form/sections/0/fields/7", "papers/00000"])
def test_a_place_that_does_not_exist_is_told(place: str) -> None:
    with pytest.raises(LookupError):
        places.removed(WELLS, place)


def test_rows_become_a_condition() -> None:
    rows = typed("all", ("flow", "gte", "10"), ("flow", "lt", "1.250,5"), ("purpose", "eq", "công nghiệp"))
    assert conditions.read(rows, FIELDS) == {"all": [{"field": "flow", "gte": 10, "lt": 1250.5}, {"field": "purpose", "eq": "industry"}]}


def test_lists_dates_and_yes_are_read_as_people_write_them() -> None:
    assert conditions.read(typed("all", ("purpose", "in", "Sinh hoạt, industry")), FIELDS) == {
        "field": "purpose",
        "in": ["domestic", "industry"],
    }
    assert conditions.read(typed("all", ("since", "gt", "01/07/2025")), FIELDS) == {"field": "since", "gt": "2025-07-01"}
    assert conditions.read(typed("all", ("deep", "eq", "có")), FIELDS) == {"field": "deep", "eq": True}
    assert conditions.read(typed("all", ("flow", "filled", "không")), FIELDS) == {"field": "flow", "filled": False}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (typed("all"), "ít nhất một mục"),
        (typed("all", ("flow", "gt", "nhiều")), "không phải là số"),
        (typed("all", ("flow", "gt", "")), "chưa có giá trị"),
        (typed("any", ("since", "gt", "mai")), "không phải là ngày"),
        (typed("all", ("deep", "eq", "đôi khi")), "có» hoặc «không"),
        (typed("all", ("", "eq", "5")), "chưa chọn mục"),
        (typed("all", ("flow", "like", "5")), "Không có phép so sánh"),
        (typed("json", json="{field: flow}"), "JSON"),
        (typed("json", json="[]"), "dạng"),
    ],
)
def test_rows_that_are_no_condition_are_refused_in_words(rows: dict[str, Any], words: str) -> None:
    with pytest.raises(ConditionRefused, match=words):
        conditions.read(rows, FIELDS)


def every_condition(value: Any) -> list[Any]:
    if isinstance(value, dict):
        own = [value[name] for name in ("when", "required") if isinstance(value.get(name), dict)]
        return own + [each for inner in value.values() for each in every_condition(inner)]
    return [each for inner in value for each in every_condition(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("item", declared("procedures", "families"), ids=str)
def test_every_declared_condition_survives_the_editor(item: Any) -> None:
    fields = conditions.field_infos({**item.fields, **{path: {} for path in ("dossier.channel", "dossier.owner_kind")}})
    for condition in every_condition(item.version):
        shown = conditions.shown(condition)
        numeric = {row["field"] for row in shown["rows"]} <= fields.keys()
        if shown["mode"] != "json" and numeric:
            assert conditions.read(shown, fields) == conditions.unwrapped(condition)
        assert conditions.words(condition, fields)


@pytest.mark.parametrize("item", declared("procedures", "families"), ids=str)
def test_an_untouched_sheet_changes_nothing(item: Any) -> None:
    """Opening an element and saving it as it stands must leave the declaration as it was, whatever it holds."""
    from sonha.channels.administration.procedures.sheet import Scope

    whole = deepcopy(dict(item.version))
    fields = conditions.field_infos({**item.fields, "dossier.owner_kind": {}, "dossier.channel": {}, "dossier.fee_due": {"type": "money"}})
    things = [(thing, properties.PAPER, "") for thing in whole["papers"]] + [
        (thing, properties.BASIS, "") for thing in whole["legal_basis"]
    ]
    things += [(field, properties.FIELD, field["type"]) for section in whole["form"]["sections"] for field in section["fields"]]
    things += [(rule, properties.FEE, "") for rule in whole["fees"]["rules"]] + [(whole["outcome"], properties.OUTCOME, "")]
    things += [(step, properties.STEP, step["kind"]) for step in whole["flow"]["steps"]]
    for thing, declared_properties, variety in things:
        thing = plain(thing)
        if any(path not in fields for path in conditions.paths(every_condition(thing))):
            continue
        values, errors = sheet.read(declared_properties, sheet.shown(declared_properties, thing), Scope(fields), variety)
        assert not {name: sentence for name, sentence in errors.items() if "danh sách" not in sentence}
        assert sheet.applied(thing, declared_properties, values) == thing


def test_a_lookup_is_set_up_by_choosing() -> None:
    """The sheet lists what the register wants to know and offers, in words, and the fields that may stand for it."""
    whole = plain(SPLIT.version)
    numbers = {(section["key"], field["key"]): f"form/sections/{at}/fields/{number}"
               for at, section in enumerate(whole["form"]["sections"]) for number, field in enumerate(section["fields"])}  # fmt: skip
    place = next(where for (_section, key), where in numbers.items() if key == "parcel")
    scope, thing = scope_of(whole, place), element(whole, place)
    shown = sheet.widgets(properties.FIELD, sheet.shown(properties.FIELD, thing), {}, scope, "lookup")
    asks, fills = (next(each for each in shown if each.declared.name == name) for name in ("given", "fills"))
    assert ("sheet", "Tờ bản đồ số", "map_sheet") in asks.named
    assert ("location_commune", "Xã, phường, thị trấn nơi có đất") in asks.named_fields
    assert ("address", "Địa chỉ thửa đất", "site_address") in fills.named
    sent = post(key="parcel", label="Thửa", type="lookup", of="parcel", given__sheet="map_sheet", given__number="", fills__area="area")
    values, errors = sheet.read(properties.FIELD, sheet.posted(properties.FIELD, sent), scope, "lookup")
    assert not errors
    changed = sheet.applied(thing, properties.FIELD, values)
    assert (changed["given"], changed["fills"], changed["own"]) == ({"sheet": "map_sheet"}, {"area": "area"}, False)
    line = scope_of(whole, next(where for (_section, key), where in numbers.items() if key == "split_line"))
    assert "parcel" in dict(line.lists["lookups"])
    assert "new_parcels.*.area" in dict(line.lists["areas"])


def test_a_lookup_in_a_row_asks_with_the_row_first() -> None:
    whole = plain(SPLIT.version)
    at, section = next((at, each) for at, each in enumerate(whole["form"]["sections"]) if each["key"] == "merge")
    number = next(number for number, field in enumerate(section["fields"]) if field["type"] == "repeat")
    lists = scope_of(whole, f"form/sections/{at}/fields/{number}/fields/new").lists
    group = section["fields"][number]["label"]
    assert dict(lists["fills_fields"])["area"].startswith(group), "what is offered goes into the row alone"
    assert dict(lists["given_fields"])["map_sheet"].startswith(group)
    assert "location_commune" in dict(lists["given_fields"])


def plain(thing: Any) -> Any:
    import json

    from sonha.process.forms.schema import canonical

    return json.loads(canonical(thing))


def test_a_sheet_keeps_what_it_does_not_know() -> None:
    thing = {"key": "location", "type": "point", "label": "Vị trí", "bbox": [1, 2, 3, 4]}
    sent = post(label="Vị trí giếng", type="point", required__mode="no", when__mode="no")
    values, errors = sheet.read(properties.FIELD, sheet.posted(properties.FIELD, sent), sheet.Scope(), "point")
    assert not errors
    assert sheet.applied(thing, properties.FIELD, values) == {"type": "point", "label": "Vị trí giếng", "bbox": [1, 2, 3, 4]}


def test_another_type_drops_what_only_the_old_one_had() -> None:
    thing = {"key": "flow", "type": "number", "label": "Lưu lượng", "unit": "m³", "max": 10, "decimals": 2}
    sent = post(key="flow", label="Lưu lượng", type="text", unit="m³", max="10", decimals="2")
    values, _errors = sheet.read(properties.FIELD, sheet.posted(properties.FIELD, sent), sheet.Scope(), "text")
    assert sheet.applied(thing, properties.FIELD, values) == {"key": "flow", "type": "text", "label": "Lưu lượng"}


@pytest.mark.parametrize(
    ("sent", "name", "words"),
    [
        ({"then__amount": "một triệu"}, "then.amount", "không phải là số"),
        ({"then__amount": "-5"}, "then.amount", "không được âm"),
        ({"then__amount": "1,5"}, "then.amount", "số nguyên"),
        ({"then__amount": ""}, "then.amount", "Hãy điền"),
        ({"then__amount": "100", "valid_from": "31/02/2025"}, "valid_from", "không phải là ngày"),
        ({"then__amount": "100", "then__kind": "gift"}, "then.kind", "không có trong danh sách"),
    ],
)
def test_a_fee_row_is_refused_in_words(sent: dict[str, str], name: str, words: str) -> None:
    full = {"then__title": "Phí thẩm định", "then__kind": "fee", **sent}
    _values, errors = sheet.read(properties.FEE, sheet.posted(properties.FEE, post(**full)), sheet.Scope())
    assert words in errors[name]


def test_options_are_typed_one_a_line() -> None:
    option = next(each for each in properties.FIELD if each.name == "options")
    read = sheet.READERS["options"](option, "Hộ gia đình\nbusiness | Doanh nghiệp\nvn | Việt Nam | Viet Nam\n\n", sheet.Scope())
    assert read == [
        {"value": "ho_gia_dinh", "label": "Hộ gia đình"},
        {"value": "business", "label": "Doanh nghiệp"},
        {"value": "vn", "label": "Việt Nam", "label_en": "Viet Nam"},
    ]


def changed(change: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    old = plain(ABSTRACTION.version)
    new = deepcopy(old)
    change(new)
    return old, new


def test_changes_are_told_part_by_part() -> None:
    def change(whole: dict[str, Any]) -> None:
        whole["papers"].pop()
        whole["fees"]["rules"][0]["then"]["amount"] = 500000
        whole["form"]["sections"][0]["fields"].append({"key": "extra", "type": "text", "label": "Ghi thêm"})
        whole["time_limit"]["amount"] = 20

    told = changes(*changed(change))
    assert {(each.part, each.how) for each in told} == {("papers", "removed"), ("fees", "changed"), ("form", "added"), ("about", "changed")}
    assert "«Ghi thêm»" in next(each.sentence for each in told if each.part == "form")
    assert "500.000" in next(each.sentence for each in told if each.part == "fees")


def test_nothing_changed_is_an_empty_list() -> None:
    assert changes(*changed(lambda whole: None)) == []


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (lambda w: w["papers"][0].update(code=w["papers"][1]["code"]), "papers/0", "nhiều lần"),
        (lambda w: w["papers"][0].update(required={"field": "nowhere", "eq": 1}), "papers/0", "nowhere"),
        (lambda w: w["form"]["sections"][0]["fields"][0].pop("label"), "form/sections/0/fields/0", "nhãn"),
        (lambda w: w["fees"]["rules"][0]["then"].update(amount="ít"), "fees/rules/0", "số nguyên"),
        (lambda w: w["outcome"].update(body=["{answers.nowhere}"]), "outcome", "answers.nowhere"),
        (lambda w: w["time_limit"].update(amount=0), "time_limit", "lớn hơn 0"),
        (lambda w: w.update(division="NOBODY"), "about", "NOBODY"),
        (lambda w: w["time_limit"].update(source="nowhere"), "time_limit", "nowhere"),
        (lambda w: w["flow"]["steps"][0].pop("role"), "flow/steps/0", "vai trò"),
    ],
)
def test_what_is_wrong_has_a_place_and_a_sentence(change: Any, place: str, words: str) -> None:
    _old, new = changed(change)
    found = [finding for finding in check_declaration(new, units={"STNMT.NUOC", "UBND"}) if finding.level == "error"]
    assert any(finding.place == place and words in finding.message for finding in found), found


def test_the_province_s_declarations_have_nothing_wrong() -> None:
    for item in declared():
        assert [finding for finding in check_declaration(item.version) if finding.level == "error"] == [], item


def test_steps_longer_than_the_limit_are_a_warning() -> None:
    _old, new = changed(lambda whole: whole["time_limit"].update(amount=1))
    assert any(finding.place == "time_limit" and finding.level == "warning" for finding in check_declaration(new))


def test_the_trial_asks_only_for_what_the_table_reads() -> None:
    table = {
        "rules": [
            {"when": {"field": "flow", "lt": 200}, "then": {"amount": 1}},
            {"when": {"field": "dossier.channel", "eq": "desk"}, "then": {}},
        ]
    }
    dossier = {"dossier.channel": FieldInfo("dossier.channel", "Cách nộp", "text", (("desk", "Tại quầy"),))}
    form = form_for(table, ABSTRACTION.version["form"], sheet.Scope(dossier))
    assert [field["key"] for field in form["sections"][0]["fields"]] == ["flow", "dossier_channel"]
