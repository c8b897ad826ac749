"""Shared code lists: dated meanings, tables tried before they are carried out, the lists that come with the product."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues import selectors, services
from sonha.foundation.catalogues.loading import load_folder
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.foundation.catalogues.tables import COLUMNS, TableRefused, as_csv, examine
from sonha.foundation.identity.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def levels() -> Catalogue:
    return Catalogue.objects.create(code="muc-do", name="Mức độ", source="Nghị định 43/2011/NĐ-CP")


def test_the_lists_of_the_product_load_completely_and_only_once() -> None:
    outcome = load_folder(SYSTEM)
    assert outcome.total == Catalogue.objects.count() and outcome.added == CatalogueItem.objects.count()
    assert selectors.items("dan-toc").count() == 54 and selectors.items("loai-van-ban-hanh-chinh").count() == 29
    assert not CatalogueItem.objects.filter(source="").exists(), "every row names its source"
    again = load_folder(SYSTEM)
    assert (again.added, again.changed) == (0, 0)


def test_provinces_before_and_after_the_first_of_july_2025() -> None:
    load_folder(SYSTEM)
    assert selectors.items("tinh-thanh-pho", date(2025, 6, 30)).count() == 63
    assert selectors.items("tinh-thanh-pho", date(2025, 7, 1)).count() == 34
    assert selectors.name_of("tinh-thanh-pho", "24", date(2020, 1, 1)) == "Tỉnh Bắc Giang"
    assert selectors.name_of("tinh-thanh-pho", "24", date(2026, 1, 1)) == "Tỉnh Bắc Ninh"
    assert selectors.name_of("tinh-thanh-pho", "67", date(2026, 1, 1)) == "Tỉnh Đắk Nông", "the last name of what has ended"
    assert selectors.name_of("tinh-thanh-pho", "99") == "99"


def test_one_code_has_one_meaning_a_day(levels: Catalogue) -> None:
    first = services.add_item(SYSTEM, levels, code="1", name="Cũ", source="A", valid_from=date(2020, 1, 1))
    with pytest.raises(Refused, match="đang là “Cũ”"):
        services.add_item(SYSTEM, levels, code="1", name="Mới", source="B", valid_from=date(2024, 1, 1))
    services.end_item(SYSTEM, first, date(2023, 12, 31), source="B")
    services.add_item(SYSTEM, levels, code="1", name="Mới", source="B", valid_from=date(2024, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogueItem.objects.create(catalogue=levels, code="1", name="Lén", source="C", valid_from=date(2023, 12, 31))
    assert [selectors.name_of("muc-do", "1", date(year, 6, 1)) for year in (2023, 2024)] == ["Cũ", "Mới"]


def test_only_administrators_and_the_loader_write(levels: Catalogue) -> None:
    with pytest.raises(NotAllowed):
        services.add_item(Actor.anonymous(), levels, code="1", name="Một", source="A", valid_from=None)


TABLE = """code,name,valid_from,valid_to,parent
1,Một,01/02/2020,,
2,Hai,2020-13-01,,
,Ba,,,
4,Bốn,2021-01-01,2020-01-01,
5,Năm,,,khong-co
1,Một nữa,2021-01-01,,
6,Sáu,,,1
"""


def test_a_table_is_tried_first_and_says_which_rows_are_refused_and_why(levels: Catalogue) -> None:
    plan = examine(levels, TABLE)
    assert [row.code for row in plan.added] == ["1", "6"] and not CatalogueItem.objects.exists()
    assert [line for line, _reason in plan.refused] == [3, 4, 5, 6, 7]
    reasons = " ".join(reason for _line, reason in plan.refused)
    for words in ("không phải là ngày", "thiếu code", "trước ngày bắt đầu", "không có mục cấp trên", "nghĩa khác"):
        assert words in reasons
    services.carry_out(SYSTEM, plan)
    assert CatalogueItem.objects.get(code="6").parent == CatalogueItem.objects.get(code="1")
    assert CatalogueItem.objects.get(code="1").source == levels.source


def test_a_file_that_is_no_such_table_is_refused_whole(levels: Catalogue) -> None:
    for text in ("", "ma;ten\n1;Một", "code,name,gia\n1,Một,2"):
        with pytest.raises(TableRefused):
            examine(levels, text)


def test_semicolons_and_marks_of_other_programs_are_understood(levels: Catalogue) -> None:
    plan = examine(levels, "\ufeffcode;name\n1;To\u0302\u0301i mật\n")
    assert plan.added[0].values["name"] == "Tối mật"


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.dictionaries(st.from_regex(r"[A-Z0-9]{1,6}", fullmatch=True), NAMES, max_size=6))
def test_what_goes_out_as_a_table_comes_in_unchanged(levels: Catalogue, rows: dict[str, str]) -> None:
    CatalogueItem.objects.filter(catalogue=levels).delete()
    for code, name in rows.items():
        services.add_item(SYSTEM, levels, code=code, name=name, source="Nguồn, có dấu phẩy", valid_from=date(2024, 2, 29))
    plan = examine(levels, as_csv(levels))
    assert (plan.same, plan.added, plan.changed, plan.refused) == (len(rows), [], [], [])
    assert as_csv(levels).splitlines()[0] == ",".join(COLUMNS)
