"""Which regular expressions a form may declare: those that mean the same in Python and in the browser and cannot run away."""

import re
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from django.utils.translation import gettext as _

MAX_PATTERN = 200
FORBIDDEN = re.compile(r"\(\?(?!:)|\\[AZzbBpPk1-9]")
REPEATS = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", None)})


def pattern_problem(pattern: Any) -> str | None:
    """Why a pattern cannot be used, in words; None when it can (or when there is none)."""
    if pattern is None:
        return None
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN:
        return _("“pattern” phải là một biểu thức không quá %(count)s ký tự.") % {"count": MAX_PATTERN}
    if FORBIDDEN.search(pattern):
        return _("“pattern” chỉ dùng các phép cơ bản: không nhìn trước, không tham chiếu ngược, không \\b, \\A, \\Z.")
    try:
        tree = parser.parse(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return _("“pattern” không phải là biểu thức chính quy đúng.")
    if _nested_repeat(tree, inside=False):
        return _("“pattern” có phép lặp lồng trong phép lặp, có thể chạy rất lâu; hãy viết lại.")
    return None


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _nested_repeat(tree: Any, *, inside: bool) -> bool:
    for operation, argument in tree:
        if operation in REPEATS:
            low, high, body = argument
            grows = high > 1 and low != high
            if (grows and inside) or _nested_repeat(body, inside=inside or high > 1):
                return True
        else:
            parts = [argument[-1]] if operation is codes.SUBPATTERN else argument[1] if operation is codes.BRANCH else []
            if any(_nested_repeat(part, inside=inside) for part in parts):
                return True
    return False
