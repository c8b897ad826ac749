"""The report on the province's own catalogue must find exactly what a careful reading of the document found."""

import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from sonha.services.procedures.importing import Catalogue, read_catalogue
from sonha.services.procedures.quality import (
    DEFECTS,
    PATTERNS,
    CatalogueRow,
    code_pattern,
    field_key,
    inspect_rows,
    report,
)

FOLDER = Path(settings.PACKAGE) / "provinces" / "lang_son" / "catalogue"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(FOLDER)


def test_every_row_of_the_source_is_there(catalogue: Catalogue) -> None:
    it = catalogue.report()
    assert (it.rows, it.first_stt, it.last_stt) == (1717, 1, 1749)
    assert (it.lost, it.lost_stt) == (32, ["1706-1711", "1713-1738"])
    assert it.fragments == 9
    assert [fragment.number for fragment in catalogue.fragments] == list(range(1, 10))


def test_codes_are_counted_as_they_stand(catalogue: Catalogue) -> None:
    it = catalogue.report()
    assert (it.distinct_codes, it.coded_rows) == (1590, 1669)
    assert (it.repeated_codes, it.rows_with_repeated_codes) == (51, 130)
    assert (it.codes_shared_across_agencies, len(it.codes_repeated_in_agency)) == (43, 8)
    assert set(it.codes_repeated_in_agency) == {
        "BKH-LSN-271980", "BKH-LSN-271603", "BKH-LSN-272062", "BCT-LSN-275231",
        "BTP-LSN-277398", "BTP-LSN-277399", "T-LSN-287574-TT", "TTR-LSN-2",
    }  # fmt: skip
    assert it.codes_repeated_in_agency["BKH-LSN-271980"] == list(range(367, 395)), "the fill-down error of the investment office"


def test_patterns_of_codes(catalogue: Catalogue) -> None:
    it = catalogue.report()
    assert it.patterns == {
        "ministry": 924, "local": 560, "spaced": 123, "bare": 31, "compound": 10,
        "short": 9, "without_province": 6, "other": 6, "text": 20, "missing": 28,
    }  # fmt: skip
    assert sum(it.patterns.values()) == it.rows
    assert it.defects["code_missing"] == 28
    assert it.defects["code_is_text"] == 20


def test_names_and_whole_rows_that_repeat(catalogue: Catalogue) -> None:
    it = catalogue.report()
    assert len(it.identical_pairs) == 5
    assert all(len(pair) == 2 for pair in it.identical_pairs)
    assert it.names_repeated_in_agency == 12
    assert (it.repeated_names, it.rows_with_repeated_names) == (72, 153)


def test_fields(catalogue: Catalogue) -> None:
    it = catalogue.report()
    assert it.fields == len(catalogue.fields) == 165
    assert it.empty_fields == [1233, 1234, 1235, 1237]
    assert len(it.field_variants) == 8
    assert all(len(spellings) == 2 for spellings in it.field_variants)
    assert it.defects["field_damaged"] == 3, "“Lĩnh Dầu khí”"
    assert it.per_agency_field["Sở Tài nguyên và Môi trường"] == {
        "Lĩnh vực Đất đai": 37,
        "Lĩnh vực địa chất và khoáng sản": 19,
        "Lĩnh vực Môi trường": 18,
        "Lĩnh vực Tài nguyên nước": 16,
        "Lĩnh vực Đăng ký Biện pháp đảm bảo": 9,
        "Lĩnh vực Đo đạc bản đồ": 1,
        "Lĩnh vực Viễn thám": 1,
    }


def test_resolutions(catalogue: Catalogue) -> None:
    it = catalogue.report()
    assert (it.resolutions, it.resolutions_absent) == (263, 1454)
    assert it.resolutions_lost == [1705, 1712, 1749]
    assert set(it.resolution_numbers) == {"58", "136", "78", "16", "101", "93", "89", "100", "112", "116"}


def test_rows_of_each_agency(catalogue: Catalogue) -> None:
    assert catalogue.report().per_agency == {
        "UBND Huyện": 245,
        "Sở Tư pháp": 179,
        "Sở Y tế": 148,
        "Sở Kế hoạch và Đầu tư": 128,
        "Sở Công thương": 124,
        "Sở VHTTDL": 104,
        "Sở Tài nguyên và Môi trường": 101,
        "Sở Nội vụ": 84,
        "Sở NNPTNT": 82,
        "Sở Giao thông vận tải": 74,
        "Sở LĐTBXH": 73,
        "Sở Khoa học và Công nghệ": 67,
        "Sở Tài chính": 62,
        "UBND Xã": 61,
        "Sở Giáo dục và Đào tạo": 60,
        "Ban Quản lý khu KTCK Đồng Đăng": 39,
        "Sở Thông tin truyền thông": 37,
        "Sở Xây dựng": 36,
        "Sở Thanh Tra": 10,
        "Ban Dân tộc": 2,
        "Sở Ngoại vụ": 1,
    }


def test_single_rows_carry_their_own_defects(catalogue: Catalogue) -> None:
    defects = inspect_rows(catalogue.rows, catalogue.field_groups)
    assert defects[860] == []
    assert defects[785] == ["editor_remark"]
    assert "code_malformed" in defects[826] and "code_malformed" in defects[875]
    assert defects[370] == ["code_repeated", "code_repeated_in_agency"]
    assert "resolution_lost" in defects[1705]
    assert "field_missing" in defects[1233]


def test_the_text_report_names_the_figures(catalogue: Catalogue) -> None:
    text = catalogue.report().as_text()
    for figure in ("1717", "1590", "1669", "1706-1711, 1713-1738"):
        assert figure in text


def test_a_second_row_with_the_same_content_is_found() -> None:
    rows = [
        CatalogueRow(1, "A", "Lĩnh vực B", "T-LSN-000001-TT", "C"),
        CatalogueRow(2, "A", "Lĩnh vực B", "T-LSN-000001-TT", "C"),
    ]
    marked = ["code_repeated", "code_repeated_in_agency", "name_repeated", "name_repeated_in_agency", "row_identical"]
    assert inspect_rows(rows) == {1: marked, 2: marked}


def test_an_empty_catalogue_has_a_report() -> None:
    assert report([], [], {}).rows == 0


@given(st.text(max_size=40))
def test_every_code_has_one_known_pattern(code: str) -> None:
    assert code_pattern(code) in PATTERNS


@given(st.text(alphabet=st.characters(whitelist_categories=("L", "Zs")), max_size=30))
def test_a_field_written_in_capitals_is_the_same_field(name: str) -> None:
    name = unicodedata.normalize("NFC", name)
    if name.upper().casefold() == name.casefold():
        assert field_key(f"Lĩnh vực {name}") == field_key(f"LĨNH VỰC {name.upper()}")


def test_every_defect_has_words() -> None:
    assert all(str(title) for title in DEFECTS.values())
