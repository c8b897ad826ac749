"""Identifiers of people and businesses: personal id, tax code, telephone, e-mail. The browser's twin is identifiers.js.

Sources: personal identification number of 12 digits (Luật Căn cước 2023, điều 12), identity card of 9 digits (used before);
tax code of 10 digits, with 3 more for a dependent unit (Thông tư 105/2020/TT-BTC, điều 5), the 12-digit personal number in place of
the tax code of persons and household businesses from 2025-07-01 (Thông tư 86/2024/TT-BTC, điều 5).
"""

import re

PUNCTUATION = re.compile(r"[ .\-()\u00a0]")
PERSONAL_ID = re.compile(r"[0-9]{9}|[0-9]{12}", re.ASCII)
TAX_CODE = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?", re.ASCII)
PERSONAL_TAX_CODE = re.compile(r"[0-9]{12}", re.ASCII)
PERSONAL_TAX_CODE_FROM = "2025-07-01"
PHONE = re.compile(r"0[35789][0-9]{8}|02[0-9]{9}|1[89]00[0-9]{4,6}", re.ASCII)
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}", re.ASCII)
TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)

Checked = tuple[str, str]  # the identifier as it is kept, the code of the message ("" when it is right)


def personal_id(text: str) -> Checked:
    plain = PUNCTUATION.sub("", text)
    return plain, "" if PERSONAL_ID.fullmatch(plain) and plain.strip("0") else "personal_id"


def tax_code(text: str, today: str) -> Checked:
    """`0100233488`, `0314409058-002`; `today` (ISO) decides whether the 12-digit personal number counts."""
    plain = re.sub(r"[ .\u00a0]", "", text)
    if PERSONAL_TAX_CODE.fullmatch(plain) and plain.strip("0"):
        return plain, "" if today >= PERSONAL_TAX_CODE_FROM else "tax_code"
    found = TAX_CODE.fullmatch(plain)
    if not found or found[2] == "000":
        return plain, "tax_code"
    kept = found[1] + (f"-{found[2]}" if found[2] else "")
    return kept, "" if int(found[1][9]) == tax_check_digit(found[1]) else "tax_code_check"


def tax_check_digit(number: str) -> int:
    """The tenth digit of a tax code; 10 when no code may begin with these nine digits."""
    return 10 - sum(weight * int(digit) for weight, digit in zip(TAX_WEIGHTS, number, strict=False)) % 11


def phone(text: str) -> Checked:
    """`+84 912 345 678` is kept as `0912345678`."""
    plain = PUNCTUATION.sub("", text)
    for prefix in ("+84", "0084"):
        if plain.startswith(prefix):
            plain = "0" + plain.removeprefix(prefix).removeprefix("0")
    return plain, "" if PHONE.fullmatch(plain) else "phone"


def email(text: str) -> Checked:
    """The domain in small letters; addresses with two dots in a row are refused."""
    name, at, domain = text.rpartition("@")
    kept = name + at + domain.lower()
    return kept, "" if EMAIL.fullmatch(kept) and ".." not in kept and name[:1] != "." and name[-1:] != "." else "email"
