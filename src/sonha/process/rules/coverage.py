"""Which rows of a decision table can never be used, which overlap, and which cases no row covers.

Found by trying: for every field the conditions read, the constants they name, the numbers just beside them, the declared options and
"not answered"; on every day on which a row begins or ends. A finding therefore always comes with an example that an author can check.
Tables whose combinations exceed `MAX_TRIALS` are not searched; only rows behind an unconditional one are then reported.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sonha.process.rules.conditions import NUMBER_TYPES, holds, paths

MAX_TRIALS = 6000
UNANSWERED = object()
Rules = Sequence[Mapping[str, Any]]
Fields = Mapping[str, Any]


def hidden_rows(rules: Rules, fields: Fields, *, first: bool) -> list[tuple[int, int, str]]:
    """(row, earlier row, example): with `first`, rows that never win; otherwise pairs of rows that apply together."""
    trials = list(_trials(rules, fields))
    matches = [_matching(rules, answers, day) for answers, day in trials]
    if first:
        if not matches:
            return _behind_unconditional(rules)
        reached = {found[0] for found in matches if found}
        hidden = [row for row in range(len(rules)) if row not in reached and any(row in found for found in matches)]
        return [(row, next(found[0] for found in matches if row in found), "") for row in hidden]
    pairs: dict[tuple[int, int], str] = {}
    for (answers, _day), found in zip(trials, matches, strict=True):
        for earlier, later in itertools.combinations(found, 2):
            pairs.setdefault((later, earlier), describe(answers))
    return [(later, earlier, example) for (later, earlier), example in sorted(pairs.items())]


def uncovered_example(rules: Rules, fields: Fields) -> str:
    """A case with every field answered that no row covers, in words; empty when there is none (or the table is too large to search)."""
    for answers, day in _trials(rules, fields):
        current = any(_in_force(rule, day) for rule in rules)
        if current and UNANSWERED not in answers.values() and not _matching(rules, answers, day):
            return describe(answers) or f"{day:%d/%m/%Y}"
    return ""


def describe(answers: Mapping[str, Any]) -> str:
    """`flow = 200, kind = well`, for people."""
    return ", ".join(f"{path} = {value}" for path, value in answers.items() if value is not UNANSWERED)


def _matching(rules: Rules, answers: Mapping[str, Any], day: date) -> list[int]:
    context = _nest(answers)
    return [index for index, rule in enumerate(rules) if _in_force(rule, day) and holds(rule.get("when"), context)]


def _trials(rules: Rules, fields: Fields) -> Iterator[tuple[dict[str, Any], date]]:
    constants: dict[str, list[Any]] = {}
    for rule in rules:
        for path in paths(rule.get("when")):
            constants.setdefault(path, [])
        _collect(rule.get("when"), constants)
    if any(a != b and b.startswith(a + ".") for a in constants for b in constants):
        return
    choices = {path: _candidates(path, found, fields) for path, found in constants.items()}
    days = _days(rules)
    count = len(days)
    for candidates in choices.values():
        count *= len(candidates)
    if count > MAX_TRIALS:
        return
    for combination in itertools.product(*choices.values()):
        for day in days:
            yield dict(zip(choices, combination, strict=True)), day


def _collect(condition: Any, into: dict[str, list[Any]]) -> None:
    if not isinstance(condition, Mapping):
        return
    if "field" in condition:
        for name, operand in condition.items():
            if name not in {"field", "filled"}:
                into[condition["field"]] += list(operand) if isinstance(operand, list | tuple) else [operand]
    for name in ("all", "any"):
        for part in condition.get(name) or ():
            _collect(part, into)
    _collect(condition.get("not"), into)


def _candidates(path: str, constants: list[Any], fields: Fields) -> list[Any]:
    info = fields.get(".".join("*" if part.isdecimal() else part for part in path.split(".")))
    kind = info.get("type") if isinstance(info, Mapping) else info
    found: list[Any] = [option["value"] for option in info.get("options") or ()] if isinstance(info, Mapping) else []
    for value in constants:
        if isinstance(value, int | float) and not isinstance(value, bool):
            step = 1 if kind in {"integer", "money"} else 0.01
            found += [value - step, value, value + step]
        elif isinstance(value, date):
            found += [(value + timedelta(days=shift)).isoformat() for shift in (-1, 0, 1)]
        else:
            found.append(value)
    if isinstance(info, Mapping) and kind in NUMBER_TYPES:
        low, high = info.get("min"), info.get("max")
        found += [bound for bound in (low, high) if isinstance(bound, int | float)]
        found = [value for value in found if (low is None or value >= low) and (high is None or value <= high)]
    if kind == "boolean":
        found += [True, False]
    if kind == "checkboxes":
        found = [[value] for value in found]
    unique: list[Any] = []
    for value in [*found, UNANSWERED]:
        if not any(value is other or (type(value) is type(other) and value == other) for other in unique):
            unique.append(value)
    return unique


def _days(rules: Rules) -> list[date]:
    edges: set[date] = set()
    for rule in rules:
        for name, shift in (("valid_from", 0), ("valid_to", 0), ("valid_to", 1)):
            if day := _as_date(rule.get(name)):
                edges.add(day + timedelta(days=shift))
    return sorted(edges) or [date(2020, 1, 1)]


def _as_date(value: Any) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _in_force(rule: Mapping[str, Any], day: date) -> bool:
    start, end = _as_date(rule.get("valid_from")), _as_date(rule.get("valid_to"))
    return (start is None or start <= day) and (end is None or day <= end)


def _nest(answers: Mapping[str, Any]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path, value in answers.items():
        if value is UNANSWERED:
            continue
        holder: Any = root
        parts = path.split(".")
        for part, following in itertools.pairwise(parts):
            fresh: Any = [] if following == "*" or following.isdecimal() else {}
            holder = _enter(holder, part, fresh)
        _put(holder, parts[-1], value)
    return root


def _enter(holder: Any, part: str, fresh: Any) -> Any:
    if isinstance(holder, list):
        while len(holder) <= _index(part):
            holder.append(type(fresh)())
        return holder[_index(part)]
    return holder.setdefault(part, fresh)


def _put(holder: Any, part: str, value: Any) -> None:
    if isinstance(holder, list):
        while len(holder) <= _index(part):
            holder.append(None)
        holder[_index(part)] = value
    else:
        holder[part] = value


def _index(part: str) -> int:
    return 0 if part == "*" else int(part)


def _behind_unconditional(rules: Rules) -> list[tuple[int, int, str]]:
    for index, rule in enumerate(rules):
        if rule.get("when") is None and not rule.get("valid_from") and not rule.get("valid_to"):
            return [(row, index, "") for row in range(index + 1, len(rules))]
    return []
