"""One edit at a time on a flow: each function returns a new flow and leaves the given one as it was. Pure.

An edit keeps a sound flow sound (no step is cut off, no branch left open, keys stay unique, references follow) or is refused with an
`EditError` that says why. Only `connect`, `disconnect` and the plain setters may leave something to do, which `validate` then tells;
a person who redraws ways must be able to take one away before drawing the next.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _

from sonha.process.flows.keys import free_key
from sonha.process.flows.problems import called
from sonha.process.flows.shape_check import check_shape
from sonha.process.flows.structure import Flow, closure, structure
from sonha.process.flows.vocabulary import HANDLED, KINDS, LIMIT_UNITS

__all__ = [
    "EditError", "add_branch", "add_step", "change_step", "change_way", "connect", "disconnect", "move", "rekey_step", "remove_step",
    "rename_step", "set_actor", "set_limit",
]  # fmt: skip

Draft = dict[str, Any]


class EditError(ValueError):
    """Why an edit was refused, as a sentence."""


def add_step(flow: Flow, *, kind: str, title: str = "", after: str | None = None, before: str | None = None, **values: Any) -> Draft:
    """Adds a step. With `after` it is put into the main way out of that step (or into the way to `before`, where given).

    An end is not put into a way: a way to it is added. Further `values` (role, unit, limit, outcome …) go into the step as they are.
    """
    draft = _copy(flow)
    if kind not in KINDS:
        raise EditError(_("Không có loại bước «%(kind)s».") % {"kind": kind})
    if kind in {"split", "join"}:
        raise EditError(_("Nhánh song song được thêm bằng cách thêm một nhánh bên cạnh một bước."))
    key = free_key(title, [str(step.get("key")) for step in draft["steps"]], kind)
    step = {"key": key, "kind": kind, **({"title": title} if title else {}), **values}
    place = len(draft["steps"])
    if after is not None:
        source = _step(draft, after)
        place = draft["steps"].index(source) + 1
    draft["steps"].insert(place, step)
    if after is None:
        if not draft.get("start"):
            draft["start"] = key
        return draft
    if kind == "end":
        return connect(draft, after, key, title=title or _("Kết thúc"))
    _put_into_way(draft, key, after, before)
    return _sound(flow, draft)


def add_branch(flow: Flow, beside: str, *, title: str, kind: str = "task", **values: Any) -> Draft:
    """Adds a step that is done at the same time as step `beside`; makes the split and the join where there are none yet."""
    draft = _copy(flow)
    step = _step(draft, beside)
    shape = structure(draft)
    ways_in = [way for way in draft["transitions"] if way["to"] == beside and not way.get("returns")]
    onward = _main_way(draft, beside)
    if step.get("kind") not in HANDLED or onward is None:
        raise EditError(_("Chỉ thêm được nhánh song song bên cạnh một công việc có đường đi tiếp."))
    taken = list(shape.steps)
    split = ways_in[0]["from"] if len(ways_in) == 1 and shape.steps[ways_in[0]["from"]].get("kind") == "split" else None
    join = onward["to"] if shape.steps[onward["to"]].get("kind") == "join" else None
    new = {"key": free_key(title, taken, kind), "kind": kind, "title": title, **values}
    place = draft["steps"].index(step)
    if split and join and shape.join_of(split) == join:
        draft["steps"].insert(place + 1, new)
        draft["transitions"] += [_way(draft, split, new["key"]), _way(draft, new["key"], join)]
        return _sound(flow, draft)
    taken.append(new["key"])
    around = {key: [way["to"] for way in ways if way is not onward] for key, ways in shape.outgoing.items()}
    inside = closure([beside], around)
    split = free_key("", taken, "split")
    join = free_key("", taken, "join")
    draft["steps"][place : place + 1] = [{"key": split, "kind": "split"}, step, new, {"key": join, "kind": "join"}]
    for way in draft["transitions"]:
        if way["to"] == beside and way["from"] not in inside:
            way["to"] = split
    target, onward["to"] = onward["to"], join
    if draft.get("start") == beside:
        draft["start"] = split
    draft["transitions"] += [{"from": split, "to": beside}, {"from": split, "to": new["key"]}, {"from": join, "to": target}]
    draft["transitions"].append(_way(draft, new["key"], join))
    return _sound(flow, draft)


def rename_step(flow: Flow, key: str, title: str, title_en: str | None = None) -> Draft:
    """Changes what people read. The key, which conditions and dossiers use, stays."""
    if not title.strip():
        raise EditError(_("Tên bước không được để trống."))
    return change_step(flow, key, title=title.strip(), **({} if title_en is None else {"title_en": title_en.strip() or None}))


def rekey_step(flow: Flow, key: str, new: str) -> Draft:
    """Changes the key of a step and everything in the flow that refers to it."""
    draft = _copy(flow)
    step = _step(draft, key)
    if not new or any(other.get("key") == new for other in draft["steps"] if other is not step):
        raise EditError(_("Mã bước «%(key)s» đã được dùng hoặc để trống.") % {"key": new})
    step["key"] = new
    for way in draft["transitions"]:
        way |= {end: new for end in ("from", "to") if way.get(end) == key}
    if draft.get("start") == key:
        draft["start"] = new
    for condition in _conditions(draft):
        if _reads(condition, key):
            condition["field"] = f"task.{new}." + str(condition["field"]).split(".", 2)[2]
    for other in draft["steps"]:
        if other.get("assignment") == f"same_as:{key}":
            other["assignment"] = f"same_as:{new}"
    return draft


def remove_step(flow: Flow, key: str) -> Draft:
    """Takes a step out; what led to it leads on to what followed it. A branch that becomes empty goes with its split and join.

    Refused when other steps would be cut off or a condition reads what the step records.
    """
    draft = _copy(flow)
    step = _step(draft, key)
    before = structure(draft)
    if any(_reads(condition, key) for condition in _conditions(draft, without=key)):
        raise EditError(_("Chưa bỏ được bước %(step)s vì có điều kiện dùng thông tin của bước này.") % {"step": called(step)})
    if step.get("kind") in {"split", "join"}:
        _remove_pair(draft, key)
    else:
        _bypass(draft, key)
        _drop_empty_branches(draft)
    after = structure(draft)
    for cut in [key for key in after.steps if key in before.reachable and key not in after.reachable]:
        names = {"step": called(step), "other": called(after.steps[cut])}
        raise EditError(_("Chưa bỏ được bước %(step)s vì sẽ không còn đường đến bước %(other)s.") % names)
    for cut in [key for key in after.steps if key in before.finishing and key not in after.finishing]:
        names = {"step": called(step), "other": called(after.steps[cut])}
        raise EditError(_("Chưa bỏ được bước %(step)s vì bước %(other)s sẽ không còn đường đi tiếp.") % names)
    return _sound(flow, draft)


def connect(
    flow: Flow,
    source: str,
    target: str,
    *,
    title: str = "",
    when: Mapping[str, Any] | None = None,
    returns: bool = False,
    **values: Any,
) -> Draft:
    """Adds a way. Out of a task it is an action, named by `title`; elsewhere it may have a condition."""
    draft = _copy(flow)
    start, end = _step(draft, source), _step(draft, target)
    names = {"source": called(start), "target": called(end)}
    leaving = [way for way in draft["transitions"] if way["from"] == source]
    if start.get("kind") == "end":
        raise EditError(_("Bước kết thúc %(source)s không thể có đường đi tiếp.") % names)
    if start.get("kind") == "join" and leaving:
        raise EditError(_("Bước gộp nhánh %(source)s đã có đường đi tiếp; chỉ được một.") % names)
    is_task = start.get("kind") == "task"
    if not is_task and start.get("kind") != "split" and when is None and any("when" not in way for way in leaving):
        raise EditError(_("Bước %(source)s đã có đường cho trường hợp còn lại; đường mới cần điều kiện.") % names)
    if any(way["to"] == target and way.get("when") == when and (not is_task or way.get("title") == title) for way in leaving):
        raise EditError(_("Đã có đường đi từ %(source)s đến %(target)s như vậy.") % names)
    way = _way(draft, source, target, title)
    way |= {"when": dict(when)} if when is not None else {}
    way |= {"returns": True, "comment": "required"} if returns else {}
    draft["transitions"].append({**way, **values})
    return draft


def disconnect(flow: Flow, source: str, target: str, action: str | None = None) -> Draft:
    """Takes away the way (or the action) between two steps."""
    draft = _copy(flow)
    found = [way for way in draft["transitions"] if (way["from"], way["to"]) == (source, target) and action in (None, way.get("action"))]
    if not found:
        raise EditError(_("Không có đường đi từ «%(source)s» đến «%(target)s».") % {"source": source, "target": target})
    draft["transitions"].remove(found[0])
    return draft


def set_limit(flow: Flow, key: str, amount: int | None, unit: str = "working_days", source: str | None = None) -> Draft:
    """Sets how long a step may take; `amount` None takes the limit away. `source` names the legal basis of the new limit."""
    step = _step(_copy(flow), key)
    if step.get("kind") not in HANDLED:
        raise EditError(_("Bước %(step)s tự đi qua nên không có thời hạn.") % {"step": called(step)})
    if amount is None:
        return change_step(flow, key, limit=None)
    if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
        raise EditError(_("Thời hạn phải là số nguyên lớn hơn 0."))
    if unit not in LIMIT_UNITS:
        raise EditError(_("Thời hạn phải tính bằng ngày làm việc, giờ làm việc hoặc ngày."))
    return change_step(flow, key, limit={"amount": amount, "unit": unit, **({"source": source} if source else {})})


def set_actor(flow: Flow, key: str, role: str, unit: str | None = None) -> Draft:
    """Sets who performs a step."""
    step = _step(_copy(flow), key)
    if step.get("kind") not in HANDLED:
        raise EditError(_("Bước %(step)s không do người thực hiện.") % {"step": called(step)})
    return change_step(flow, key, role=role, unit=None if role == "applicant" else unit)


def change_step(flow: Flow, key: str, **values: Any) -> Draft:
    """Sets properties of a step; None takes a property away. Key and kind are not properties."""
    draft = _copy(flow)
    step = _step(draft, key)
    _set(step, values, {"key", "kind"})
    return draft


def change_way(flow: Flow, place: int, **values: Any) -> Draft:
    """Sets properties of the n-th transition (from 0); None takes a property away."""
    draft = _copy(flow)
    if not 0 <= place < len(draft["transitions"]):
        raise EditError(_("Không có đường đi này."))
    _set(draft["transitions"][place], values, {"from", "to"})
    return draft


def move(flow: Flow, key: str, *, after: str) -> Draft:
    """Takes a step out of its place and puts it into the main way out of another."""
    draft = _copy(flow)
    step, other = _step(draft, key), _step(draft, after)
    forward = [way for way in draft["transitions"] if way["from"] == key and not way.get("returns")]
    if step.get("kind") not in HANDLED | {"service"} or len(forward) != 1:
        raise EditError(_("Chỉ chuyển chỗ được bước có đúng một đường đi tiếp; bước %(step)s không như vậy.") % {"step": called(step)})
    if step is other or _main_way(draft, after) is None:
        raise EditError(_("Không đặt được bước %(step)s sau bước %(other)s.") % {"step": called(step), "other": called(other)})
    own = [way for way in draft["transitions"] if way["from"] == key]
    moved = remove_step(flow, key)
    if all(each.get("key") != after for each in moved["steps"]):
        raise EditError(_("Không đặt được bước %(step)s sau bước %(other)s.") % {"step": called(step), "other": called(other)})
    moved["steps"].insert(moved["steps"].index(_step(moved, after)) + 1, step)
    _put_into_way(moved, key, after, None)
    made = next(way for way in moved["transitions"] if way["from"] == key)
    made.update({name: value for name, value in forward[0].items() if name not in {"from", "to"}})
    shape = structure(moved)
    for way in own:
        if way.get("returns") and way["to"] in shape.steps and _comes_before(shape.outgoing, way["to"], key):
            moved["transitions"].append(way)
    return _sound(flow, moved)


def _sound(flow: Flow, draft: Draft) -> Draft:
    """The draft, unless the edit brought in an error of shape that was not there before."""
    known = {problem.message for problem in check_shape(structure(flow))}
    for problem in check_shape(structure(draft)):
        if problem.level == "error" and problem.message not in known:
            raise EditError(problem.message)
    return draft


def _copy(flow: Flow) -> Draft:
    draft = deepcopy(dict(flow))
    draft["steps"] = list(draft.get("steps") or [])
    draft["transitions"] = list(draft.get("transitions") or [])
    return draft


def _step(draft: Draft, key: str) -> dict[str, Any]:
    found: dict[str, Any] | None = next((step for step in draft["steps"] if step.get("key") == key), None)
    if found is None:
        raise EditError(_("Không có bước «%(key)s».") % {"key": key})
    return found


def _set(item: dict[str, Any], values: Mapping[str, Any], fixed: set[str]) -> None:
    for name, value in values.items():
        if name in fixed:
            raise EditError(_("Không đổi được mục «%(name)s» theo cách này.") % {"name": name})
        if value is None:
            item.pop(name, None)
        else:
            item[name] = value


def _way(draft: Draft, source: str, target: str, title: str = "") -> dict[str, Any]:
    """A new transition; out of a task with an action of its own."""
    way: dict[str, Any] = {"from": source, "to": target}
    if _step(draft, source).get("kind") == "task":
        title = title or _("Hoàn thành")
        taken = [str(other.get("action")) for other in draft["transitions"] if other["from"] == source]
        way |= {"action": free_key(title, taken, "action", 60)}
    return way | ({"title": title} if title else {})


def _main_way(draft: Draft, key: str) -> dict[str, Any] | None:
    """The way on: the one without a condition or the first, returns and refusals aside."""
    shape = structure(draft)
    ways = [way for way in draft["transitions"] if way["from"] == key and not way.get("returns")]
    onward = [way for way in ways if shape.steps.get(way["to"], {}).get("outcome") not in {"refused", "withdrawn"}] or ways
    return next((way for way in onward if shape.steps[key].get("kind") == "choice" and "when" not in way), onward[0] if onward else None)


def _put_into_way(draft: Draft, key: str, after: str, before: str | None) -> None:
    ways = [way for way in draft["transitions"] if way["from"] == after and way["to"] == before]
    way = (ways[0] if ways else None) if before is not None else _main_way(draft, after)
    if before is not None and way is None:
        raise EditError(_("Không có đường đi từ «%(source)s» đến «%(target)s».") % {"source": after, "target": before})
    if way is None:
        draft["transitions"].append(_way(draft, after, key))
        return
    target, way["to"] = way["to"], key
    draft["transitions"].insert(draft["transitions"].index(way) + 1, _way(draft, key, target))


def _bypass(draft: Draft, key: str) -> None:
    onward = _main_way(draft, key)
    target = onward["to"] if onward else None
    kept: list[dict[str, Any]] = []
    for way in draft["transitions"]:
        if way["from"] == key:
            continue
        if way["to"] == key:
            if target is None or way["from"] == target or target == key:
                continue
            way["to"] = target
            doubled = any(_same(way, other) for other in kept)
            if doubled:
                continue
        kept.append(way)
    draft["transitions"] = kept
    draft["steps"] = [step for step in draft["steps"] if step.get("key") != key]
    if draft.get("start") == key:
        if target is None:
            draft.pop("start")
        else:
            draft["start"] = target


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    names = ("from", "to", "action", "when")
    return [one.get(name) for name in names] == [other.get(name) for name in names]


def _drop_empty_branches(draft: Draft) -> None:
    """A branch without steps is no branch; a split with one branch is no split."""
    shape = structure(draft)
    for split, joins in shape.joins.items():
        leaving = [way for way in draft["transitions"] if way["from"] == split]
        full = [way for way in leaving if way["to"] not in joins]
        if len(full) == len(leaving):
            continue
        if len(full) == 1 and "when" in full[0]:
            raise EditError(_("Nhánh còn lại có điều kiện; hãy bỏ điều kiện đó trước."))
        kept = full or leaving[:1]
        draft["transitions"] = [way for way in draft["transitions"] if way["from"] != split or any(way is other for other in kept)]
        if len(full) < 2:
            for key in (split, *joins):
                _bypass(draft, key)


def _remove_pair(draft: Draft, key: str) -> None:
    """A split or join goes with its partner, once only one branch is left."""
    shape = structure(draft)
    step = shape.steps[key]
    partners = shape.joins.get(key) or shape.splits.get(key) or ()
    split = key if step.get("kind") == "split" else (partners[0] if partners else None)
    if split is not None and len(shape.outgoing[split]) > 1:
        raise EditError(_("Hãy bỏ bớt các nhánh song song trước khi bỏ bước %(step)s.") % {"step": called(step)})
    for each in (key, *partners):
        _bypass(draft, each)


def _comes_before(outgoing: Mapping[str, Any], earlier: str, later: str) -> bool:
    waiting, seen = [earlier], set()
    while waiting:
        key = waiting.pop()
        if key == later:
            return True
        if key not in seen:
            seen.add(key)
            waiting += [way["to"] for way in outgoing.get(key, ()) if not way.get("returns")]
    return False


def _conditions(draft: Draft, without: str | None = None) -> Iterator[dict[str, Any]]:
    """Every comparison in the flow, wherever it stands: on ways and in the forms of steps."""
    parts: list[Any] = [way.get("when") for way in draft["transitions"] if way.get("from") != without]
    parts += [step.get("form") for step in draft["steps"] if step.get("key") != without]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            if isinstance(part.get("field"), str):
                yield part
            parts += part.values()
        elif isinstance(part, list):
            parts += part


def _reads(condition: Mapping[str, Any], key: str) -> bool:
    return str(condition.get("field")).startswith(f"task.{key}.")
