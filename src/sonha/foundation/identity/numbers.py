"""Numbers that name people and businesses, and what makes them well-formed.

Personal identification number of 12 digits: Nghị định 137/2015/NĐ-CP, điều 13: 3 digits of the province (or country) where the birth was
registered, 1 of century and sex, 2 of the year of birth, 6 at random; the digit of century and sex is 0 and 1 for men and women born in
1900-1999, 2 and 3 for 2000-2099, and so on (Thông tư 07/2016/TT-BCA, điều 7).
"""

import re
from datetime import date

TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def is_personal_id(text: str) -> bool:
    """12 digits (căn cước) or 9 digits (chứng minh nhân dân)."""
    return bool(re.fullmatch(r"[0-9]{12}|[0-9]{9}", text)) and bool(text.strip("0"))


def birth_year(personal_id: str) -> int | None:
    """The year of birth that a number of 12 digits tells; None for the older numbers of 9 digits."""
    if not re.fullmatch(r"[0-9]{12}", personal_id):
        return None
    return 1900 + 100 * (int(personal_id[3]) // 2) + int(personal_id[4:6])


def born_later_than(personal_id: str, day: date) -> bool:
    """Whether the number names someone who is not yet born on `day`: a slip of the finger in the fourth to sixth digit."""
    year = birth_year(personal_id)
    return year is not None and year > day.year


def is_tax_code(text: str) -> bool:
    """10 digits with their check digit, or followed by `-` and 3 digits of a dependent unit.

    The check digit is 10 - (weighted sum mod 11); the rule is the one published in the tax authority's coding scheme.
    """
    found = re.fullmatch(r"([0-9]{10})(-[0-9]{3})?", text)
    if not found:
        return False
    digits = [int(digit) for digit in found[1]]
    return digits[9] == 10 - sum(weight * digit for weight, digit in zip(TAX_WEIGHTS, digits, strict=False)) % 11


def plain(text: str) -> str:
    """As a number is kept: without the spaces, dots and dashes that people type between digits (a tax code keeps its dash)."""
    bare = re.sub(r"[\s.\u00a0]", "", text)
    branch = re.fullmatch(r"([0-9]{10})-?([0-9]{3})", bare)
    return f"{branch[1]}-{branch[2]}" if branch else bare
