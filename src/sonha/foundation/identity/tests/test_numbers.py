"""Numbers that name people and businesses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.identity.numbers import TAX_WEIGHTS, birth_year, born_later_than, is_personal_id, is_tax_code, plain

DIGITS = st.text("0123456789", min_size=9, max_size=9)


def check_digit(nine: str) -> int:
    return 10 - sum(weight * int(digit) for weight, digit in zip(TAX_WEIGHTS, nine, strict=True)) % 11


@given(DIGITS)
def test_a_tax_code_holds_with_its_own_check_digit_only(nine: str) -> None:
    own = check_digit(nine)
    right = [digit for digit in range(10) if is_tax_code(f"{nine}{digit}")]
    assert right == ([own] if own < 10 else [])


@given(st.integers(1900, 2099), st.booleans(), st.text("0123456789", min_size=6, max_size=6))
def test_a_personal_number_tells_the_year_of_birth(year: int, woman: bool, rest: str) -> None:
    century = 2 * ((year - 1900) // 100) + woman
    assert birth_year(f"020{century}{year % 100:02d}{rest}") == year


@pytest.mark.parametrize("number", ["020185001234", "012345678"])
def test_twelve_or_nine_digits_are_a_personal_number(number: str) -> None:
    assert is_personal_id(number)


@pytest.mark.parametrize("number", ["", "02018500123", "0201850012345", "02018500123x", "000000000000", "٠٢٠١٨٥٠٠١٢٣٤"])
def test_anything_else_is_not(number: str) -> None:
    assert not is_personal_id(number)


def test_a_number_of_someone_not_yet_born_is_a_slip_of_the_finger() -> None:
    assert born_later_than("020285001234", date(2026, 1, 1))
    assert not born_later_than("020185001234", date(2026, 1, 1))
    assert not born_later_than("012345678", date(2026, 1, 1))


def test_numbers_are_kept_without_what_people_type_between_digits() -> None:
    assert plain(" 020 185 001 234 ") == "020185001234"
    assert plain("0100233488") == "0100233488"
    assert plain("0314409058 002") == "0314409058-002"
    assert plain("0314409058-002") == "0314409058-002"
