"""Numbers that name people and businesses, and what makes them well-formed."""

import re

TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def is_personal_id(text: str) -> bool:
    """12 digits (căn cước) or 9 digits (chứng minh nhân dân)."""
    return bool(re.fullmatch(r"\d{12}|\d{9}", text))


def is_tax_code(text: str) -> bool:
    """10 digits with their check digit, or followed by `-` and 3 digits of a dependent unit.

    The check digit is 10 - (weighted sum mod 11); the rule is the one published in the tax authority's coding scheme.
    """
    found = re.fullmatch(r"(\d{10})(-\d{3})?", text)
    if not found:
        return False
    digits = [int(digit) for digit in found[1]]
    return digits[9] == 10 - sum(weight * digit for weight, digit in zip(TAX_WEIGHTS, digits, strict=False)) % 11
