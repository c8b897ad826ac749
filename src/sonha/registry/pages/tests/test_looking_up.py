"""Looking up: what everybody finds in a public register, what is masked, what an official of one commune and of the province sees."""

from datetime import date

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell

from .wells import HERE, LIST, SYSTEM, THERE, amend, official, text_of, well

pytestmark = pytest.mark.django_db


def test_everybody_finds_the_databases_and_a_public_register_but_no_names() -> None:
    well("G-01")
    visitor = Client()
    assert "Giếng (ví dụ)" in text_of(visitor.get("/csdl/"))
    assert "Giếng (ví dụ)" in text_of(visitor.get("/csdl/vi-du/"))
    page = text_of(visitor.get(LIST))
    assert "G-01" in page
    assert "Nông Thị Lan" not in page


def test_whoever_does_not_see_names_cannot_search_or_sort_by_them() -> None:
    well("G-01")
    well("G-02", owner_name="Hoàng Văn Páo")
    visitor, specialist = Client(), official("so", "specialist")
    assert ">G-01<" in text_of(specialist.get(LIST, {"q": "nong thi lan"}))
    for words in ("nong thi lan", "Lan", "-Páo", "G -Páo"):
        found = text_of(visitor.get(LIST, {"q": words}))
        assert (">G-01<" in found) == (">G-02<" in found), words
    assert ">G-01<" in text_of(visitor.get(LIST, {"q": "g-01"}))
    by_owner = text_of(visitor.get(LIST, {"sort": "owner_name"}))
    assert by_owner.index("G-02") < by_owner.index("G-01")  # newest first: the order asked for is not given


def test_a_commune_sees_names_of_its_own_wells_only() -> None:
    well("G-01", commune=HERE, owner_name="Nông Thị Lan")
    other = well("G-02", commune=THERE, owner_name="Hoàng Văn Páo")
    commune = official("xa", "specialist", HERE)
    page = text_of(commune.get(LIST))
    assert "Nông Thị Lan" in page
    assert "Hoàng Văn Páo" not in page
    assert "•••" in page
    record = text_of(commune.get(f"{LIST}{other.pk}/"))
    assert "Hoàng Văn Páo" not in record
    assert "Dữ liệu cá nhân" in record
    assert ">G-02<" not in text_of(commune.get(LIST, {"q": "hoang van pao"}))
    assert ">G-01<" in text_of(commune.get(LIST, {"q": "nong lan"}))


def test_a_secret_record_is_nowhere_for_those_not_trusted_with_it() -> None:
    row = well("G-99", is_secret=True)
    for client in (Client(), official("so", "specialist")):
        assert "G-99" not in text_of(client.get(LIST))
        assert client.get(f"{LIST}{row.pk}/").status_code == 404
        assert client.get(f"{LIST}{row.pk}/lich-su/").status_code == 404
        assert client.get(f"{LIST}{row.pk}/in/").status_code == 404
        assert "G-99" not in client.post(f"{LIST}bang/", {"kind": "csv"}).content.decode()
    assert "G-99" in text_of(official("sep", "leader").get(LIST))


def test_latest_changes_are_those_of_records_that_one_reads_in_full() -> None:
    well("G-01", commune=HERE)
    with changing("example_wells", SYSTEM, Basis("decision", number="88/MẬT"), kind="add") as change:
        change.add(ExampleWell, code="G-99", use="home", depth=1, owner_name="x", geometry=Point(0, 0, srid=9215), is_secret=True)
    for client, shown in (
        (Client(), ()),
        (official("kia", "specialist", THERE), ()),
        (official("day", "specialist", HERE), ("12/QĐ-STNMT",)),
        (official("sep", "leader"), ("12/QĐ-STNMT", "88/MẬT")),
    ):
        page = text_of(client.get("/csdl/vi-du/"))
        assert tuple(number for number in ("12/QĐ-STNMT", "88/MẬT") if number in page) == shown


def test_filters_sorts_and_places_in_the_list() -> None:
    for number in range(60):
        well(f"G-{number:02}", depth=str(number + 1), use="farm" if number % 2 else "home")
    client = Client()
    page = client.get(LIST, {"use": "farm", "sort": "-depth"})
    shown = [row["name"] for row in page.context["rows"]]
    assert shown[:2] == ["G-59", "G-57"]
    assert (page.context["count"], page.context["next"]) == (30, None)
    first = client.get(LIST, {"sort": "depth"})
    second = client.get(LIST, {"sort": "depth", "after": first.context["next"]})
    names = [row["name"] for row in (*first.context["rows"], *second.context["rows"])]
    assert names == [f"G-{number:02}" for number in range(60)]
    assert client.get(LIST, {"after": "nonsense", "sort": "depth"}).context["rows"][0]["name"] == "G-00"


def test_as_of_a_day_and_as_known_then() -> None:
    row = well("G-01", depth="40.0")
    amend(row, date(2024, 6, 1), depth="55.0")
    with changing("example_wells", SYSTEM, Basis("decision", number="9"), kind="end") as change:
        change.end(row, day=date(2026, 1, 1))
    client = Client()
    assert "G-01" not in text_of(client.get(LIST))
    assert "G-01" in text_of(client.get(LIST, {"ended": "1"}))
    for day, depth in (("2024-05-31", "40"), ("2025-05-31", "55")):
        (shown,) = client.get(LIST, {"day": day}).context["rows"]
        assert depth in [cell.text for cell in shown["cells"]]
    record = client.get(f"{LIST}{row.pk}/", {"day": "2021-01-01"})
    assert "40" in [cell.text for _title, cells in record.context["sections"] for cell in cells]
    assert client.get(f"{LIST}{row.pk}/", {"day": "2019-01-01"}).status_code == 404
    assert "G-01" not in text_of(client.get(LIST, {"day": "2024-05-31", "known_at": "2001-01-01T00:00"}))


def test_map_cards_and_spreadsheets_hold_what_the_list_holds() -> None:
    well("G-01")
    well("G-02", use="farm", owner_name="Hoàng Văn Páo")
    client = Client()
    assert '"name": "G-01"' in text_of(client.get(LIST, {"view": "map"}))
    assert "record-cards" in text_of(client.get(LIST, {"view": "cards"}))
    table = client.post(f"{LIST}bang/?use=farm", {"kind": "csv"}).content.decode("utf-8-sig")
    assert "G-02" in table
    assert "G-01" not in table
    assert "Páo" not in table
    inside = official("so", "specialist").post(f"{LIST}bang/", {"kind": "csv"}).content.decode("utf-8-sig")
    assert "Hoàng Văn Páo" in inside


def test_history_comparison_and_the_printed_extract() -> None:
    row = well("G-01")
    amend(row, date(2024, 6, 1), depth="55.0", geometry=Point(450_030, 2_420_040, srid=9215))
    specialist, visitor = official("so", "specialist"), Client()
    history = text_of(specialist.get(f"{LIST}{row.pk}/lich-su/"))
    assert "12/QĐ-STNMT" in history
    assert "12/QĐ-STNMT" not in text_of(visitor.get(f"{LIST}{row.pk}/lich-su/"))
    compared = text_of(specialist.get(f"{LIST}{row.pk}/so-sanh/", {"a": "1", "b": "3"}))
    assert "Dời 50 m về phía đông bắc" in compared
    assert "<del>40 m</del>" in compared
    assert specialist.get(f"{LIST}{row.pk}/so-sanh/", {"a": "77"}).status_code == 404
    paper = specialist.get(f"{LIST}{row.pk}/in/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


def test_statistics_count_and_sum_what_one_may_see() -> None:
    well("G-01", depth="10")
    well("G-02", depth="20.5")
    well("G-03", depth="5", use="farm", commune=THERE)
    well("G-04", depth="7", is_secret=True)
    page = Client().get(f"{LIST}thong-ke/")
    table = page.context["table"]
    assert [(row.keys, row.count, row.sum_words) for row in table.rows] == [(["Sinh hoạt"], 2, ["30,5"]), (["Tưới"], 1, ["5"])]
    assert (table.count, table.totals) == (3, ["35,5"])
    assert Client().get(f"{LIST}thong-ke/", {"day": "2019-01-01"}).context["table"].count == 0
    assert "30.5" in Client().post(f"{LIST}bang/?what=statistics", {"kind": "csv"}).content.decode("utf-8-sig")
    assert {row.count for row in Client().get(f"{LIST}thong-ke/", {"table": "1"}).context["table"].rows} == {2, 1}
