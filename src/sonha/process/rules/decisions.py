"""Decision tables (bảng quyết định): dated rows of when/then, the first or all of which apply. Fees and routing are such tables.

    {"hit": "first", "due": "before_acceptance",
     "rules": [{"when": {...}, "then": {"code": "appraisal", "amount": 400000}, "source": "nq", "valid_from": "2017-01-01"}]}

Money is whole đồng; a multiplied amount is exact decimal arithmetic, rounded half up to one đồng.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.translation import gettext as _

from sonha.process.rules import conditions
from sonha.process.rules.conditions import Condition, Context, holds, values_at
from sonha.process.rules.coverage import hidden_rows, uncovered_example

FEE_KINDS: tuple[Literal["fee", "charge", "right_fee"], ...] = ("fee", "charge", "right_fee")
FEE_DUE = ("before_acceptance", "before_return")
MAX_AMOUNT = 10**13


@dataclass(frozen=True)
class Row:
    """One row that applies: its number in the table (from 0), its result and the legal source that it names."""

    index: int
    then: Mapping[str, Any]
    source: str = ""


@dataclass(frozen=True)
class FeeLine:
    """One amount to be paid. `amount` is whole đồng, `unit_amount` × `times`; `times` is None while its number is not answered yet."""

    code: str
    kind: Literal["fee", "charge", "right_fee"]
    title: str
    amount: int
    times: Decimal | None
    due: str
    source: str
    unit_amount: int
    title_en: str = ""

    @property
    def known(self) -> bool:
        """False while the number to multiply by is missing, so that nobody takes 0 đồng for an answer."""
        return self.times is not None


@dataclass(frozen=True)
class Finding:
    """Something about a table for its author: an error stops publication, a warning is shown."""

    level: Literal["error", "warning"]
    path: str
    message: str

    def __str__(self) -> str:
        return self.message


def in_force(row: Mapping[str, Any], on: date) -> bool:
    """Whether a row is in force on a day; both ends are inclusive, an absent end is open."""
    start, end = as_date(row.get("valid_from")), as_date(row.get("valid_to"))
    return (start is None or start <= on) and (end is None or on <= end)


def as_date(value: Any) -> date | None:
    """A date from YAML (already a date) or JSON (ISO text); None when absent. Raises ValueError on anything else."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def evaluate(table: Mapping[str, Any], context: Context, on: date) -> list[Row]:
    """The rows that apply on that day: at most one for `hit: first` (the default), every matching one for `hit: all`."""
    rows = [
        Row(index, rule.get("then") or {}, str(rule.get("source") or ""))
        for index, rule in enumerate(table.get("rules") or ())
        if in_force(rule, on) and holds(rule.get("when"), context)
    ]
    return rows if table.get("hit") == "all" else rows[:1]


def fees(table: Mapping[str, Any], context: Context, on: date) -> list[FeeLine]:
    """What is to be paid, a line for each row that applies. An empty table is free of charge."""
    return [_fee_line(row, table, context) for row in evaluate(table, context, on)]


def total(lines: Iterable[FeeLine], due: str | None = None) -> int:
    """Whole đồng of the lines, of one due moment or of all."""
    return sum(line.amount for line in lines if due is None or line.due == due)


def multiplier(context: Context, path: str) -> Decimal | None:
    """The number a fee is multiplied by: a number, the sum over `a.*.b`, or the count of a list. None when nothing is answered."""
    numbers = [_decimal(value) for value in values_at(context, path)]
    known = [number for number in numbers if number is not None]
    return max(sum(known, Decimal(0)), Decimal(0)) if known else None


def check(table: Any, known_fields: Iterable[str] | Mapping[str, Any], *, money: bool = False) -> list[Finding]:
    """What is wrong (error) or doubtful (warning) in a table: malformed rows, rows never reached, rows added twice, cases nobody covers.

    `money=True` also checks each result as a fee. `known_fields` as in `conditions.check`.
    """
    if not isinstance(table, Mapping) or not isinstance(table.get("rules"), list | tuple):
        return [Finding("error", "rules", _("Bảng quyết định cần có danh sách “rules” (để trống nếu không có dòng nào)."))]
    found: list[Finding] = []
    if table.get("hit", "first") not in {"first", "all"}:
        found.append(Finding("error", "hit", _("“hit” phải là first (dòng đầu tiên khớp) hoặc all (mọi dòng khớp).")))
    if money and table.get("due", FEE_DUE[0]) not in FEE_DUE:
        found.append(Finding("error", "due", _("“due” phải là before_acceptance hoặc before_return.")))
    fields = known_fields if isinstance(known_fields, Mapping) else dict.fromkeys(known_fields)
    for index, rule in enumerate(table["rules"]):
        found += [Finding("error", f"rules.{index}", message) for message in _rule_problems(index, rule, fields, money)]
    if not any(finding.level == "error" for finding in found):
        found += _coverage(table, fields, money)
    return found


def _fee_line(row: Row, table: Mapping[str, Any], context: Context) -> FeeLine:
    then, path = row.then, row.then.get("times")
    times = multiplier(context, str(path)) if path else Decimal(1)
    unit_amount = int(then.get("amount") or 0)
    amount = int((unit_amount * (times or Decimal(0))).quantize(Decimal(1), ROUND_HALF_UP))
    return FeeLine(
        code=str(then.get("code") or ""),
        kind=then.get("kind") or FEE_KINDS[0],
        title=str(then.get("title") or ""),
        title_en=str(then.get("title_en") or ""),
        amount=amount,
        unit_amount=unit_amount,
        times=times,
        due=str(then.get("due") or table.get("due") or FEE_DUE[0]),
        source=row.source,
    )


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, list | tuple):
        return Decimal(len(value))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= MAX_AMOUNT else None


def _rule_problems(index: int, rule: Any, fields: Mapping[str, Any], money: bool) -> Iterable[str]:
    number = {"row": index + 1}
    if not isinstance(rule, Mapping) or not isinstance(rule.get("then"), Mapping) or not rule["then"]:
        yield _("Dòng %(row)s chưa có kết quả (“then”).") % number
        return
    if rule.get("when") is not None:
        for message in conditions.check(rule["when"], fields):
            yield _("Dòng %(row)s: ") % number + message
    try:
        start, end = as_date(rule.get("valid_from")), as_date(rule.get("valid_to"))
        if start and end and start > end:
            yield _("Dòng %(row)s: ngày bắt đầu sau ngày kết thúc hiệu lực.") % number
    except ValueError:
        yield _("Dòng %(row)s: ngày hiệu lực phải có dạng yyyy-mm-dd.") % number
    if money:
        for message in _fee_problems(rule["then"], fields):
            yield _("Dòng %(row)s: ") % number + message


def _fee_problems(then: Mapping[str, Any], fields: Mapping[str, Any]) -> Iterable[str]:
    amount, times = then.get("amount"), then.get("times")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= MAX_AMOUNT:
        yield _("số tiền phải là số nguyên đồng, không âm.")
    if not then.get("code") or not then.get("title"):
        yield _("khoản thu cần có mã (code) và tên (title).")
    if then.get("kind", FEE_KINDS[0]) not in FEE_KINDS:
        yield _("“kind” phải là fee (phí), charge (lệ phí) hoặc right_fee (tiền cấp quyền).")
    if then.get("due", FEE_DUE[0]) not in FEE_DUE:
        yield _("“due” phải là before_acceptance hoặc before_return.")
    if times is None:
        return
    info = fields.get(conditions.declared(str(times)))
    kind = info.get("type") if isinstance(info, Mapping) else info
    if conditions.declared(str(times)) not in fields:
        yield _("“times” dùng mục “%(path)s” không có trong biểu mẫu.") % {"path": times}
    elif kind and kind not in conditions.NUMBER_TYPES | conditions.LIST_TYPES:
        yield _("“times” cần một mục là số hoặc danh sách; “%(path)s” không phải loại đó.") % {"path": times}


def _coverage(table: Mapping[str, Any], fields: Mapping[str, Any], money: bool) -> list[Finding]:
    rules, first = list(table["rules"]), table.get("hit", "first") == "first"
    found: list[Finding] = []
    for row, other, example in hidden_rows(rules, fields, first=first):
        if first:
            message = _("Dòng %(row)s không bao giờ được dùng vì các dòng trước (dòng %(other)s) đã bao hết trường hợp của nó.")
        elif rules[row]["then"].get("code") and rules[row]["then"].get("code") == rules[other]["then"].get("code"):
            message = _("Dòng %(other)s và dòng %(row)s cùng khớp%(example)s và cùng mã, nên được cộng hai lần.")
        else:
            continue
        values = {"row": row + 1, "other": other + 1, "example": example and _(" khi ") + example}
        found.append(Finding("warning", f"rules.{row}", message % values))
    if first and rules and (example := uncovered_example(rules, fields)):
        sentence = _("Không dòng nào khớp khi %(example)s") if money else _("Không có kết quả khi %(example)s")
        found.append(Finding("warning", "rules", sentence % {"example": example} + "."))
    return found


__all__ = ["Condition", "FeeLine", "Finding", "Row", "check", "evaluate", "fees", "in_force", "multiplier", "total"]
