"""Every declaration of the profile holds together: sources, conditions, steps, dates, papers, fees, printed texts."""

import re
from collections import Counter
from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest

from sonha.process.flows.validation import validate
from sonha.process.forms import schema
from sonha.process.rules import decisions
from sonha.provinces.tests.declared import (
    ABOUT_DOSSIER,
    MODELLED,
    Declared,
    citizen_fields,
    declared,
    documents,
    every_dict,
    every_text,
    is_nfc,
    longest_way,
    rows,
    step_forms,
    working_days,
)

ALL = declared()
MODELS = declared("procedures")
EACH = pytest.mark.parametrize("item", ALL, ids=str)
EACH_MODEL = pytest.mark.parametrize("item", MODELS, ids=str)


def flow_problems(item: Declared) -> list[str]:
    found = validate(item.flow, form_fields=item.fields, actors=set(item.version.get("consulted", {})), flows=set(), services=None)
    return [str(problem) for problem in found]


def missing_sources(item: Declared) -> list[str]:
    known = {entry["id"] for entry in item.version["legal_basis"]}
    return [str(holder["source"]) for holder in every_dict(item.version) if "source" in holder and holder["source"] not in known]


def test_the_twelve_procedures_are_modelled() -> None:
    assert {document["stt"] for _path, document in documents("procedures")} == MODELLED


def test_a_file_is_named_after_its_key() -> None:
    for folder in ("procedures", "families", "processes"):
        for path, document in documents(folder):
            assert path.stem == document["key"]


@EACH
def test_the_engine_accepts_the_flow(item: Declared) -> None:
    assert flow_problems(item) == []


@EACH
def test_the_engine_accepts_the_forms(item: Declared) -> None:
    assert schema.check(item.version["form"], outside=ABOUT_DOSSIER) == []
    for form in step_forms(item.flow).values():
        assert schema.check(form, outside={**ABOUT_DOSSIER, **item.fields}) == []


@EACH
def test_the_engine_accepts_fees_and_routing(item: Declared) -> None:
    known = {**item.fields, **ABOUT_DOSSIER}
    assert decisions.check(item.version["fees"], known, money=True) == []
    assert all(isinstance(rule["then"]["amount"], int) for rule in item.version["fees"]["rules"])
    assert {rule["then"].get("division") for rule in item.version["routing"]["rules"]} <= {
        row["code"] for row in rows("organisations/units.csv")
    }


@EACH
def test_every_source_is_in_the_legal_basis(item: Declared) -> None:
    assert missing_sources(item) == []


@EACH
def test_legal_basis_is_law_or_a_stated_assumption(item: Declared) -> None:
    entries = item.version["legal_basis"]
    assert [key for key, count in Counter(entry["id"] for entry in entries).items() if count > 1] == []
    for entry in entries:
        if entry.get("assumption"):
            assert re.search(r"tỉnh (phải )?(xác nhận|đối chiếu|nhập)", entry["citation"], re.IGNORECASE), entry["citation"]
        else:
            assert re.search(r"(Luật|Nghị định|Thông tư|Quyết định)", entry["citation"])
        if entry.get("valid_to"):
            assert entry["valid_from"] <= entry["valid_to"]


@EACH
def test_law_cited_is_in_force_during_the_version(item: Declared) -> None:
    start, end = item.version["valid_from"], item.version.get("valid_to")
    for entry in item.version["legal_basis"]:
        assert not entry.get("valid_to") or entry["valid_to"] >= start, entry["id"]
        assert not (end and entry.get("valid_from")) or entry["valid_from"] <= end, entry["id"]


@pytest.mark.parametrize("folder", ["procedures", "families"])
def test_versions_follow_each_other_without_gap_or_overlap(folder: str) -> None:
    for path, document in documents(folder):
        versions = document["versions"]
        assert [version["number"] for version in versions] == list(range(1, len(versions) + 1)), path.name
        assert len(versions) >= 2, path.name
        for earlier, later in pairwise(versions):
            assert (later["valid_from"] - earlier["valid_to"]).days == 1, path.name
        assert "valid_to" not in versions[-1], path.name


@EACH
def test_steps_fit_in_the_time_limit(item: Declared) -> None:
    assert longest_way(item.flow) <= working_days(item.version["time_limit"]) + 0.001


@EACH
def test_papers_have_unique_codes_and_known_conditions(item: Declared) -> None:
    papers = item.version["papers"]
    assert len({paper["code"] for paper in papers}) == len(papers)
    assert all(paper["form"] in {"original", "certified_copy", "copy", "electronic"} for paper in papers)
    for paper in papers:
        for condition in every_dict({"required": paper["required"]}):
            if "field" in condition:
                assert condition["field"] in item.fields or condition["field"] in ABOUT_DOSSIER


@EACH
def test_printed_texts_name_things_that_exist(item: Declared) -> None:
    official = {step: set(schema.known_fields(form)) for step, form in step_forms(item.flow).items()}
    for text in every_text(item.version["outcome"]):
        for name in re.findall(r"\{([a-z_.]+)\}", text):
            root, _dot, rest = name.partition(".")
            if root == "answers":
                assert rest in item.fields, name
            elif root == "task":
                step, _dot, field = rest.partition(".")
                assert field in official.get(step, set()), name
            else:
                assert name in {"number", "owner.name", "agency.name", "dossier.procedure", "dossier.code"}, name


@EACH
def test_geometry_is_a_place_on_the_map(item: Declared) -> None:
    if geometry := item.version["outcome"].get("geometry"):
        assert item.fields[geometry]["type"] in {"point", "polygon"}


@EACH
def test_texts_are_composed_and_have_help_and_english(item: Declared) -> None:
    assert all(is_nfc(text) for text in every_text(item.document))
    for field in citizen_fields(item.version["form"]):
        assert field.get("help"), field["key"]
    for holder in every_dict(item.version):
        for name in ("title", "label"):
            if isinstance(holder.get(name), str):
                assert holder.get(f"{name}_en"), holder[name]


@EACH
def test_prefill_refers_to_answers_of_a_modelled_procedure(item: Declared) -> None:
    by_key = {model.key: model for model in MODELS}
    for field in citizen_fields(item.version["form"]):
        kind, _dot, rest = field.get("prefill", "account.").partition(".")
        if kind == "dossier":
            key, _dot, name = rest.partition(".")
            assert name in by_key[key].fields


@EACH
def test_what_a_step_proposes_begins_with_what_was_declared(item: Declared) -> None:
    for step in item.flow["steps"]:
        for field in citizen_fields(step.get("form") or {"sections": []}):
            kind, _dot, name = field.get("prefill", "").partition(".")
            assert kind in {"", "answers"}, f"{field['key']}: at a step nothing is known but the answers"
            assert not kind or item.fields[name]["type"] == field["type"], field["key"]


@EACH
def test_units_exist(item: Declared) -> None:
    units = {row["code"] for row in rows("organisations/units.csv")}
    named = [item.version.get("division"), item.version.get("authority"), *item.version.get("consulted", {}).values()]
    named += [step["unit"].removeprefix("code:") for step in item.flow["steps"] if str(step.get("unit", "")).startswith("code:")]
    for code in filter(None, named):
        kind, colon, path = code.partition(":")
        if colon:
            assert kind in {"@commune_of", "@district_of"}
            assert item.fields[path]["type"] == "admin_unit"
        else:
            assert code in units, code


@EACH_MODEL
def test_a_modelled_procedure_is_complete(item: Declared) -> None:
    form = item.version["form"]
    assert 3 <= len(form["sections"]) <= 6
    assert 10 <= len(list(citizen_fields(form))) <= 60
    assert 5 <= len(item.version["papers"]) <= 11
    assert item.version["outcome"]["refusal"]["body"]
    assert {step["outcome"] for step in item.flow["steps"] if step["kind"] == "end"} >= {"granted", "refused", "withdrawn"}
    effects = {edge.get("effect") for edge in item.flow["transitions"]}
    assert {"accept", "refuse", "request_supplement", "submit_supplement", "approve", "sign", "number", "hand_over"} <= effects
    if item.version["fees"]["rules"]:
        assert any(step.get("service") == "request_payment" for step in item.flow["steps"])


def test_groundwater_abstraction_asks_the_commune_and_the_site_at_the_same_time() -> None:
    for item in (model for model in MODELS if model.document["stt"] == 860):
        assert item.fields["location"]["type"] == "point"
        assert item.fields["flow"]["type"] == "number"
        assert {edge["to"] for edge in item.flow["transitions"] if edge["from"] == "fork"} == {"ask_commune", "field_check"}


def broken(change: Any) -> Declared:
    item = next(model for model in MODELS if model.document["stt"] == 860)
    version = deepcopy(dict(item.version))
    change(version)
    return Declared(item.key, item.path, item.document, version)


def test_a_step_nobody_reaches_is_found() -> None:
    item = broken(
        lambda version: version["flow"]["transitions"].remove(next(e for e in version["flow"]["transitions"] if e["to"] == "more"))
    )
    assert flow_problems(item)


def test_a_step_without_way_out_is_found() -> None:
    def close(version: dict[str, Any]) -> None:
        version["flow"]["transitions"] = [edge for edge in version["flow"]["transitions"] if edge["from"] != "number"]

    assert flow_problems(broken(close))


def test_a_source_that_is_not_law_is_found() -> None:
    assert missing_sources(broken(lambda version: version["time_limit"].update(source="nowhere"))) == ["nowhere"]
