"""Vietnamese words for dates, moments and money, as Decree 30/2020 wants them written on a paper."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

BLANK = "…"
DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", "nghìn", "triệu")
BILLION = 1_000_000_000


def date_words(day: date | None) -> str:
    """`ngày 05 tháng 9 năm 2026`; days under 10 and months 1 and 2 carry a zero (Decree 30/2020, Appendix I, II.4).

    None leaves dots.
    """
    if day is None:
        return f"ngày {BLANK}{BLANK} tháng {BLANK}{BLANK} năm {BLANK}{BLANK}"
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_date(place: str, day: date | None) -> str:
    """`Lạng Sơn, ngày 05 tháng 9 năm 2026`."""
    return f"{place}, {date_words(day)}" if place else date_words(day).capitalize()


def moment_words(moment: datetime | date | None) -> str:
    """`08 giờ 30 phút, ngày 05 tháng 9 năm 2026` in Vietnamese time; a plain date has no hour."""
    if moment is None:
        return f"{BLANK} giờ {BLANK} phút, {date_words(None)}"
    if not isinstance(moment, datetime):
        return date_words(moment)
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local:%H} giờ {local:%M} phút, {date_words(local.date())}"


def short_date(moment: date | datetime | None) -> str:
    """`05/09/2026`, or an empty string."""
    if moment is None:
        return ""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return f"{moment:%d/%m/%Y}"


def short_moment(moment: date | datetime | None) -> str:
    """`08:30 05/09/2026`; a plain date has no hour."""
    if not isinstance(moment, datetime):
        return short_date(moment)
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local:%H:%M %d/%m/%Y}"


def thousands(number: int | Decimal) -> str:
    """`1.200.000`, decimals after a comma."""
    whole, _, rest = f"{number:,}".partition(".")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")


def money(amount: int) -> str:
    """`1.200.000 đồng`."""
    return f"{thousands(amount)} đồng"


def _below_thousand(number: int, *, full: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words: list[str] = []
    if hundreds or full:
        words += [DIGITS[hundreds], "trăm"]
    if tens == 0:
        if units and words:
            words.append("linh")
    elif tens == 1:
        words.append("mười")
    else:
        words += [DIGITS[tens], "mươi"]
    if units:
        if units == 1 and tens > 1:
            words.append("mốt")
        elif units == 5 and tens > 0:
            words.append("lăm")
        else:
            words.append(DIGITS[units])
    return words


def _below_billion(number: int, *, full: bool) -> list[str]:
    words: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            words += _below_thousand(group, full=full or bool(words))
            if GROUPS[power]:
                words.append(GROUPS[power])
    return words


def number_words(number: int) -> str:
    """The number read aloud in Vietnamese: 1205000 -> `một triệu hai trăm linh năm nghìn`."""
    if number < 0:
        return f"âm {number_words(-number)}"
    if number == 0:
        return DIGITS[0]
    head, tail = divmod(number, BILLION)
    words = [*number_words(head).split(), "tỷ"] if head else []
    return " ".join(words + _below_billion(tail, full=bool(words)))


def money_words(amount: int) -> str:
    """`Một triệu hai trăm nghìn đồng`, for the line "Bằng chữ"."""
    words = number_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"
