from decimal import Decimal

import pytest
from django.utils import translation

from sonha.process.deadlines import Limit, Remaining, Unit, limit_words, words


@pytest.mark.parametrize(
    ("amount", "unit", "late", "stopped", "text"),
    [
        ("3", "working_days", False, False, "còn 3 ngày làm việc"),
        ("2", "working_days", True, False, "quá hạn 2 ngày làm việc"),
        ("0", "working_days", False, False, "hết hạn hôm nay"),
        ("0", "working_days", True, False, "vừa quá hạn"),
        ("5", "calendar_days", False, False, "còn 5 ngày"),
        ("3.75", "working_hours", False, False, "còn 3,5 giờ làm việc"),
        ("4", "working_hours", False, False, "còn 4 giờ làm việc"),
        ("1.2", "working_hours", True, False, "quá hạn 1 giờ làm việc"),
        ("3", "working_days", False, True, "tạm dừng, còn 3 ngày làm việc"),
    ],
)
def test_remaining_in_words(amount: str, unit: str, late: bool, stopped: bool, text: str) -> None:
    with translation.override("vi"):
        assert words(Remaining(Decimal(amount), Unit(unit), late, stopped)) == text


def test_limits_in_words() -> None:
    with translation.override("vi"):
        assert limit_words(Limit(Decimal(30), Unit.working_days)) == "30 ngày làm việc"
        assert limit_words(Limit(Decimal("0.5"), Unit.working_days)) == "0,5 ngày làm việc"
