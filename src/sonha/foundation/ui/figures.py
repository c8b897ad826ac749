"""Numbers, dates and coordinates as people in Viet Nam write them: 1.250,5 and 05/03/2025. The browser has a twin, forms/figures.js."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

GROUPED = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", re.ASCII)
WITH_COMMA = re.compile(r"[+-]?[0-9]+(,[0-9]+)?", re.ASCII)
WITH_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+", re.ASCII)
DAY = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})|([0-9]{2})([0-9]{2})([0-9]{4})", re.ASCII)
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
DEGREES = re.compile(r"([0-9]{1,3})\s*[°dD\s]\s*([0-9]{1,2})\s*['′\s]\s*([0-9]{1,2}(?:[.,][0-9]+)?)\s*[\"″']{0,2}\s*[BĐNEbđne]?")
SPACES = re.compile(r"[ \u00a0\u202f]")


def parse_number(text: str) -> Decimal | None:
    """`1.250,5`, `1250,5` and `1250.5` are one number; `1.250` is one thousand two hundred and fifty. None when it is no number."""
    plain = SPACES.sub("", text)
    if len(plain) > 40:
        return None
    if GROUPED.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif WITH_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    elif not WITH_POINT.fullmatch(plain):
        return None
    return Decimal(plain)


def parse_coordinate(raw: Any) -> float | None:
    """`21,87585`, `21.87585`, `21°52'33,1"`, `2.420.000` or a JSON number as a float; None when it is none of them."""
    if not isinstance(raw, str):
        number = as_decimal(raw)
        return float(number) if number is not None and abs(number) < 10_000_000 else None
    text = raw.strip()[:40]
    if found := DEGREES.fullmatch(text):
        degrees, minutes, seconds = int(found[1]), int(found[2]), float(found[3].replace(",", "."))
        return degrees + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None
    number = parse_number(text.rstrip("°mM "))
    return float(number) if number is not None and abs(number) < 10_000_000 else None


def as_decimal(value: Any) -> Decimal | None:
    """The exact decimal a JSON number shows; None for anything else, also for infinities and booleans."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, int) and value.bit_length() > 80:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def as_json(number: Decimal) -> int | float:
    """A whole number as int, any other as float."""
    return int(number) if number == number.to_integral_value() else float(number)


def format_number(value: Any, decimals: int | None = None) -> str:
    """1250.5 -> `1.250,5`; `decimals` fixes their count. Anything that is no number is returned as text."""
    number = as_decimal(value)
    if number is None:
        return "" if value is None else str(value)
    if decimals is not None:
        number = round(number, decimals)
    text = f"{number:f}"
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _point, fraction = text.partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    groups = f"{int(whole):,}".replace(",", ".")
    return sign + groups + ("," + fraction if fraction else "")


def parse_day(text: str) -> str | None:
    """`5/3/2025`, `05032025` or `2025-03-05` as `2025-03-05`; None when there is no such day."""
    text = text.strip()
    if found := ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups() if part)
    else:
        return None
    try:
        return date(year, month, day).isoformat() if 1800 <= year <= 2200 else None
    except ValueError:
        return None


def format_day(value: Any) -> str:
    """`2025-03-05` as `05/03/2025`; other text as it is."""
    found = ISO.fullmatch(value) if isinstance(value, str) else None
    return f"{found[3]}/{found[2]}/{found[1]}" if found else ("" if value is None else str(value))
