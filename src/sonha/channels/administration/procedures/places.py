"""Places in a declaration (`papers/2`, `form/sections/0/fields/3`): reading, replacing, inserting, removing, moving. Pure.

Every function returns a new declaration. A place that does not exist raises LookupError.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Declaration = dict[str, Any]


def parts_of(place: str) -> tuple[str, ...]:
    return tuple(part for part in place.split("/") if part)


def element(declaration: Mapping[str, Any], place: str) -> Any:
    """What stands at a place."""
    found: Any = declaration
    for part in parts_of(place):
        found = _step(found, part)
    return found


def form_at(declaration: Mapping[str, Any], place: str) -> Any:
    """The form that the place lies in: the applicant's or that of a step."""
    parts = parts_of(place)
    return element(declaration, "/".join(parts[: parts.index("form") + 1]))


def row_prefix(declaration: Mapping[str, Any], place: str) -> str:
    """`wells.*.`: how paths of the brothers of a field in a repeated group begin; empty for other fields."""
    parts = parts_of(place)
    return f"{element(declaration, '/'.join(parts[:-2])).get('key')}.*." if parts.count("fields") == 2 else ""


def replaced(declaration: Mapping[str, Any], place: str, value: Any) -> Declaration:
    """The declaration with `value` at a place; a missing name is added, a missing number is not."""
    fresh = deepcopy(dict(declaration))
    holder, last = _holder(fresh, place)
    if isinstance(holder, list):
        _step(holder, last)
        holder[int(last)] = value
    else:
        holder[last] = value
    return fresh


def inserted(declaration: Mapping[str, Any], place: str, value: Any) -> tuple[Declaration, str]:
    """Adds `value` to the list at `place` without its last part, which is a number, or `new` for the end. Also gives its new place."""
    fresh = deepcopy(dict(declaration))
    *parents, last = parts_of(place)
    holder: Any = fresh
    for number, part in enumerate(parents):
        if isinstance(holder, dict) and part not in holder:
            holder[part] = [] if number == len(parents) - 1 else {}
        holder = _step(holder, part)
    if not isinstance(holder, list):
        raise LookupError(place)
    index = len(holder) if last == "new" else min(_number(last), len(holder))
    holder.insert(index, value)
    return fresh, "/".join([*parents, str(index)])


def removed(declaration: Mapping[str, Any], place: str) -> Declaration:
    fresh = deepcopy(dict(declaration))
    holder, last = _holder(fresh, place)
    _step(holder, last)
    del holder[int(last) if isinstance(holder, list) else last]
    return fresh


def moved(declaration: Mapping[str, Any], place: str, by: int) -> tuple[Declaration, str]:
    """Moves a listed thing up (-1) or down (+1); at the end of the list it stays. Also gives its new place."""
    fresh = deepcopy(dict(declaration))
    holder, last = _holder(fresh, place)
    if not isinstance(holder, list):
        raise LookupError(place)
    _step(holder, last)
    index = int(last)
    target = min(max(index + by, 0), len(holder) - 1)
    holder.insert(target, holder.pop(index))
    return fresh, "/".join([*parts_of(place)[:-1], str(target)])


def _holder(declaration: Any, place: str) -> tuple[Any, str]:
    *parents, last = parts_of(place) or ("",)
    holder = declaration
    for part in parents:
        holder = _step(holder, part)
    return holder, last


def _step(holder: Any, part: str) -> Any:
    if isinstance(holder, list):
        number = _number(part)
        if number >= len(holder):
            raise LookupError(part)
        return holder[number]
    if isinstance(holder, Mapping) and part in holder:
        return holder[part]
    raise LookupError(part)


def _number(part: str) -> int:
    if not part.isdecimal() or len(part) > 4:
        raise LookupError(part)
    return int(part)
