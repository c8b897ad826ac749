"""Dates, money and number words as an official paper writes them."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.rendering import words

UNITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}


def heard(text: str) -> int:
    """What a listener writes down on hearing the number: the inverse of `number_words`, written apart from it."""
    total = group = pending = 0
    for word in text.split():
        if word in UNITS:
            pending = UNITS[word]
        elif word == "mười":
            group, pending = group + 10, 0
        elif word == "mươi":
            group, pending = group + pending * 10, 0
        elif word == "trăm":
            group, pending = group + pending * 100, 0
        elif word in {"nghìn", "triệu"}:
            total, group, pending = total + (group + pending) * {"nghìn": 1000, "triệu": 10**6}[word], 0, 0
        elif word == "tỷ":
            total, group, pending = (total + group + pending) * 10**9, 0, 0
        else:
            assert word == "linh"
    return total + group + pending


def test_a_day_below_ten_and_the_first_two_months_carry_a_zero():
    assert words.place_and_date("Lạng Sơn", date(2026, 9, 5)) == "Lạng Sơn, ngày 05 tháng 9 năm 2026"
    assert words.date_words(date(2026, 2, 15)) == "ngày 15 tháng 02 năm 2026"
    assert words.date_words(date(2026, 12, 1)) == "ngày 01 tháng 12 năm 2026"


def test_an_undated_draft_leaves_dots():
    assert words.place_and_date("Lạng Sơn", None).startswith("Lạng Sơn, ngày …")


def test_moments_are_written_in_vietnamese_time():
    assert words.moment_words(datetime(2026, 3, 31, 18, 5, tzinfo=UTC)) == "01 giờ 05 phút, ngày 01 tháng 4 năm 2026"
    assert words.short_moment(datetime(2026, 3, 31, 18, 5, tzinfo=UTC)) == "01:05 01/04/2026"


def test_money_is_grouped_by_dots_and_spelled_out():
    assert words.money(1_200_000) == "1.200.000 đồng"
    assert words.money_words(1_200_000) == "Một triệu hai trăm nghìn đồng"
    assert words.money_words(1_205_021) == "Một triệu hai trăm linh năm nghìn không trăm hai mươi mốt đồng"
    assert words.money_words(0) == "Không đồng"


@given(st.integers(min_value=0, max_value=10**15))
def test_a_listener_hears_the_number_that_was_spoken(number: int):
    assert heard(words.number_words(number)) == number


@given(st.dates(min_value=date(1945, 9, 2), max_value=date(2100, 1, 1)))
def test_the_written_date_names_the_day(day: date):
    _, number, _, month, _, year = words.date_words(day).split()
    assert date(int(year), int(month), int(number)) == day
