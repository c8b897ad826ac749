"""The files of the profiles agree with each other and with what is known of the provinces."""

from collections import Counter
from datetime import date

import pytest

from sonha.provinces.organisational_units import unit_rows
from sonha.provinces.profiles import available, read_profile, read_yaml

LANG_SON = read_profile("lang_son")
COMMUNE_LEVEL = {"commune", "ward", "township"}


def on(rows: list[dict[str, str]], day: str) -> list[dict[str, str]]:
    return [row for row in rows if (not row["valid_from"] or row["valid_from"] <= day) and (not row["valid_to"] or day <= row["valid_to"])]


@pytest.fixture(scope="module")
def areas() -> list[dict[str, str]]:
    return list(LANG_SON.rows("areas/admin_units.csv"))


@pytest.fixture(scope="module")
def units() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in unit_rows(LANG_SON)}


@pytest.mark.parametrize(
    ("day", "communes", "kinds"),
    [
        ("2020-03-30", 200, {"commune": 181, "ward": 5, "township": 14}),
        ("2024-12-01", 194, {"commune": 175, "ward": 5, "township": 14}),
        ("2025-07-01", 65, {"commune": 61, "ward": 4}),
    ],
)
def test_communes_of_each_time(areas: list[dict[str, str]], day: str, communes: int, kinds: dict[str, int]) -> None:
    found = [row for row in on(areas, day) if row["kind"] in COMMUNE_LEVEL]
    assert len(found) == communes
    assert Counter(row["kind"] for row in found) == kinds
    assert len({row["code"] for row in found}) == communes, "a code names one unit at a time"


def test_eleven_districts_until_the_middle_of_2025(areas: list[dict[str, str]]) -> None:
    assert {row["code"] for row in on(areas, "2025-06-30") if row["kind"] == "district"} == {
        "178",
        *map(str, range(180, 190)),
    }
    assert not [row for row in on(areas, "2025-07-01") if row["kind"] == "district"]


def test_communes_per_district_as_resolved_in_2019(areas: list[dict[str, str]]) -> None:
    counted = Counter(row["parent"] for row in on(areas, "2020-03-30") if row["kind"] in COMMUNE_LEVEL)
    assert counted == {
        "178": 8,
        "180": 22,
        "181": 19,
        "182": 17,
        "183": 22,
        "184": 17,
        "185": 18,
        "186": 24,
        "187": 20,
        "188": 21,
        "189": 12,
    }


def test_every_old_commune_went_somewhere_and_every_new_one_came_from_somewhere(areas: list[dict[str, str]]) -> None:
    successions = list(LANG_SON.rows("areas/successions.csv"))
    for end, begin in (("2024-11-30", "2024-12-01"), ("2025-06-30", "2025-07-01")):
        ended = {row["code"] for row in areas if row["valid_to"] == end and row["kind"] in COMMUNE_LEVEL}
        assert {row["old"] for row in successions if row["on_date"] == begin} == ended
        targets = {row["new"] for row in successions if row["on_date"] == begin}
        assert targets <= {row["code"] for row in on(areas, begin)}
    begun = {row["code"] for row in areas if row["valid_from"] == "2025-07-01"}
    assert {row["new"] for row in successions if row["on_date"] == "2025-07-01"} == begun


def test_a_commune_that_was_divided_is_marked_so() -> None:
    successions = list(LANG_SON.rows("areas/successions.csv"))
    divided = {old for (old, _day), count in Counter((row["old"], row["on_date"]) for row in successions).items() if count > 1}
    assert divided == {row["old"] for row in successions if row["partial"] == "yes"}


def test_every_fact_has_a_source(areas: list[dict[str, str]], units: dict[str, dict[str, str]]) -> None:
    for row in [*areas, *units.values()]:
        assert row["source"], row["code"]
        assert row["assumption"] in ("yes", "no")
    for row in read_yaml(LANG_SON.path("calendar/holidays.yaml")):
        assert row["source"]


def test_every_working_agency_has_one_desk_and_a_division(units: dict[str, dict[str, str]]) -> None:
    working = [
        row for row in units.values() if row["kind"] in ("department", "committee") and row["code"] != "UBND" and row["state"] != "former"
    ]
    assert len(working) == 22 + 11 + 65
    for agency in working:
        inside = Counter(row["kind"] for row in units.values() if row["parent"] == agency["code"])
        assert inside["desk"] == 1, agency["code"]
        assert inside["division"] >= 1, agency["code"]


def test_the_units_that_procedures_name_exist(units: dict[str, dict[str, str]]) -> None:
    expected = {
        "STNMT.DD",
        "STNMT.NUOC",
        "STNMT.KS",
        "STNMT.MT",
        "STNMT.DDBD",
        "STNMT.VPDK",
        "STNMT.TTTT",
        "STNMT.VP",
        "STNMT.TTR",
        "STNMT.MC",
    }
    assert expected | {"UBND", "VPUBND", "SNV.TDKT", "TTPVHCC", "H.LANGSON.TNMT", "X.05977.MC", "XC.05977.MC"} <= units.keys()
    named = {row["unit"] for row in LANG_SON.rows("catalogue/agencies.csv") if row["unit"]} | {
        row["unit"] for row in LANG_SON.rows("organisations/aliases.csv")
    }
    named |= {row["division"] for row in LANG_SON.rows("catalogue/divisions.csv")}
    assert named <= units.keys()


def test_national_codes_belong_to_one_unit_each(units: dict[str, dict[str, str]]) -> None:
    for column in ("code_qd20", "code_102"):
        given = Counter(row[column] for row in units.values() if row[column])
        assert max(given.values()) == 1, given.most_common(3)
    assert all(row["code_qd20"].startswith("H37") for row in units.values() if row["code_qd20"])
    agencies = [row for row in units.values() if row["kind"] in ("department", "committee")]
    assert all(row["code_qd20"] for row in agencies), "a dossier is numbered by the code of its agency"


def test_departments_that_ended_have_a_successor(units: dict[str, dict[str, str]]) -> None:
    followed = {row["old"]: row for row in LANG_SON.rows("organisations/successions.csv")}
    for row in units.values():
        if row["kind"] == "department" and row["valid_to"]:
            assert row["code"] in followed
            assert units[followed[row["code"]]["new"]]["state"] in ("today", "both")


def test_holidays_are_dates_off_and_worked_days_are_weekends() -> None:
    rows = read_yaml(LANG_SON.path("calendar/holidays.yaml"))
    days = [row["date"] for row in rows]
    assert len(days) == len(set(days))
    assert {day.year for day in days} == set(range(2017, 2028))
    for row in rows:
        assert isinstance(row["date"], date)
        if row["kind"] == "workday":
            assert row["date"].weekday() >= 5
    for year in range(2017, 2028):
        names = Counter(row["name"].split(" (")[0] for row in rows if row["date"].year == year)
        assert names["Tết Nguyên đán"] >= 5
        assert names["Giỗ Tổ Hùng Vương"] == names["Tết Dương lịch"] == names["Ngày Chiến thắng"] == 1
        assert names["Quốc khánh"] == (2 if year >= 2021 else 1), "two days since the Labour Code of 2019"


@pytest.mark.parametrize(("swapped", "worked"), [("2018-12-31", "2019-01-05"), ("2024-04-29", "2024-05-04"), ("2025-05-02", "2025-04-26")])
def test_swapped_days_come_in_pairs(swapped: str, worked: str) -> None:
    kinds = {str(row["date"]): row["kind"] for row in read_yaml(LANG_SON.path("calendar/holidays.yaml"))}
    assert (kinds[swapped], kinds[worked]) == ("holiday", "workday")


def test_generated_people_are_marked_as_such() -> None:
    assert read_yaml(LANG_SON.path("people/names.yaml"))["generated"] is True
    assert read_yaml(LANG_SON.path("people/places.yaml"))["generated"] is True
    assert read_yaml(LANG_SON.path("people/companies.yaml"))["fictional"] is True


def test_three_provinces_are_there_and_only_the_one_by_the_sea_has_the_sea() -> None:
    assert available() == ["dak_nong", "lang_son", "thanh_hoa"]
    assert {key: read_profile(key).modules["sea"] for key in available()} == {
        "dak_nong": False,
        "lang_son": False,
        "thanh_hoa": True,
    }
