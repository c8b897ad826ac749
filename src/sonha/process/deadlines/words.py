"""Deadlines in words, in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from .clock import Remaining
from .limits import Limit, Unit


def words(left: Remaining) -> str:
    """ "còn 3 ngày làm việc", "quá hạn 2 ngày làm việc", "hết hạn hôm nay", "tạm dừng, còn 3 ngày làm việc"."""
    text = _late(left) if left.late else _left(left)
    return gettext("tạm dừng, %(rest)s") % {"rest": text} if left.stopped else text


def limit_words(limit: Limit) -> str:
    """ "30 ngày làm việc", "4 giờ làm việc", "30 ngày"."""
    match limit.unit:
        case Unit.working_days:
            pattern = ngettext("%(n)s ngày làm việc", "%(n)s ngày làm việc", _plural(limit.amount))
        case Unit.working_hours:
            pattern = ngettext("%(n)s giờ làm việc", "%(n)s giờ làm việc", _plural(limit.amount))
        case _:
            pattern = ngettext("%(n)s ngày", "%(n)s ngày", _plural(limit.amount))
    return pattern % {"n": _number(limit.amount)}


def _left(left: Remaining) -> str:
    amount = _shown(left)
    if not amount:
        return gettext("hết hạn hôm nay") if left.unit is not Unit.working_hours else gettext("sắp hết hạn")
    match left.unit:
        case Unit.working_days:
            pattern = ngettext("còn %(n)s ngày làm việc", "còn %(n)s ngày làm việc", _plural(amount))
        case Unit.working_hours:
            pattern = ngettext("còn %(n)s giờ làm việc", "còn %(n)s giờ làm việc", _plural(amount))
        case _:
            pattern = ngettext("còn %(n)s ngày", "còn %(n)s ngày", _plural(amount))
    return pattern % {"n": _number(amount)}


def _late(left: Remaining) -> str:
    amount = _shown(left)
    if not amount:
        return gettext("vừa quá hạn")
    match left.unit:
        case Unit.working_days:
            pattern = ngettext("quá hạn %(n)s ngày làm việc", "quá hạn %(n)s ngày làm việc", _plural(amount))
        case Unit.working_hours:
            pattern = ngettext("quá hạn %(n)s giờ làm việc", "quá hạn %(n)s giờ làm việc", _plural(amount))
        case _:
            pattern = ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", _plural(amount))
    return pattern % {"n": _number(amount)}


def _shown(left: Remaining) -> Decimal:
    """Hours are shown to the half hour, downwards: better a little less than promised."""
    return left.amount if left.unit is not Unit.working_hours else (left.amount * 2) // 1 / 2


def _number(amount: Decimal) -> str:
    return number_format(amount, decimal_pos=None if amount % 1 else 0, use_l10n=True)


def _plural(amount: Decimal) -> int:
    return 1 if amount == 1 else 2
