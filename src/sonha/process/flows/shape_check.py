"""Checks of the shape of a flow: every case must be able to move on, nest properly and come to an end. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from sonha.process.flows.problems import Problem, called, error, warning
from sonha.process.flows.structure import Structure

AUTOMATIC_CHOICE = frozenset({"choice", "consultation", "subprocess", "service"})
"""Kinds that leave by the first transition whose condition holds."""


def check_shape(shape: Structure) -> Iterator[Problem]:
    """Problems of reachability, choices, parallel branches, returns and loops."""
    for key, step in shape.steps.items():
        yield from _check_ways(key, step, shape)
        if step.get("kind") in AUTOMATIC_CHOICE:
            yield from _check_default(key, step, shape)
        elif step.get("kind") == "split" and key in shape.reachable:
            yield from _check_split(key, step, shape)
        elif step.get("kind") == "join" and key in shape.reachable:
            yield from _check_join(key, step, shape)
        yield from _check_crossings(key, step, shape)
        yield from _check_returns(key, step, shape)
    for loop in shape.automatic_loops:
        first = next(key for key in shape.steps if key in loop)
        names = ", ".join(called(shape.steps[key]) for key in shape.steps if key in loop)
        yield error(first, _("Các bước tự động %(steps)s nối thành vòng không có công việc của người, nên sẽ chạy mãi.") % {"steps": names})


def _check_ways(key: str, step: Mapping[str, Any], shape: Structure) -> Iterator[Problem]:
    names = {"step": called(step)}
    outgoing = shape.outgoing[key]
    if step.get("kind") == "end":
        if outgoing:
            yield error(key, _("Bước kết thúc %(step)s không thể có đường đi tiếp.") % names)
    elif not outgoing:
        yield error(key, _("Bước %(step)s không có đường đi tiếp.") % names)
    if shape.start in shape.steps and key not in shape.reachable:
        yield error(key, _("Không có đường nào đi từ bước bắt đầu đến bước %(step)s.") % names)
    elif outgoing and key not in shape.finishing:
        yield error(key, _("Từ bước %(step)s không đi đến được bước kết thúc nào.") % names)


def _check_default(key: str, step: Mapping[str, Any], shape: Structure) -> Iterator[Problem]:
    names = {"step": called(step)}
    outgoing = shape.outgoing[key]
    defaults = [place for place, edge in enumerate(outgoing) if "when" not in edge]
    if outgoing and not defaults:
        yield error(key, _("Bước %(step)s thiếu đường đi cho trường hợp còn lại (đường không có điều kiện).") % names)
    elif len(defaults) > 1:
        yield error(key, _("Bước %(step)s có %(count)d đường không có điều kiện; chỉ được một.") % {**names, "count": len(defaults)})
    if step.get("kind") == "choice" and len(outgoing) == 1:
        yield warning(key, _("Bước rẽ nhánh %(step)s chỉ có một đường đi nên không cần thiết.") % names)


def _check_split(key: str, step: Mapping[str, Any], shape: Structure) -> Iterator[Problem]:
    names = {"step": called(step)}
    outgoing = shape.outgoing[key]
    joins = shape.joins.get(key, ())
    if len(outgoing) == 1:
        yield warning(key, _("Bước tách nhánh %(step)s chỉ có một nhánh.") % names)
    if outgoing and all("when" in edge for edge in outgoing) and not _leaves_nothing_out(outgoing):
        yield error(key, _("Mọi nhánh của bước tách %(step)s đều có điều kiện; cần ít nhất một nhánh luôn được đi.") % names)
    if not joins:
        yield error(key, _("Bước tách nhánh %(step)s không có bước gộp tương ứng.") % names)
    elif len(joins) > 1:
        listed = ", ".join(called(shape.steps[join]) for join in joins)
        yield error(
            key, _("Các nhánh của bước tách %(step)s gộp ở nhiều nơi: %(joins)s; cần gộp ở đúng một bước.") % {**names, "joins": listed}
        )
    for edge in outgoing:
        if joins and not _arrives(edge["to"], key, shape):
            branch = called(shape.steps[edge["to"]])
            yield error(
                key,
                _("Nhánh bắt đầu từ %(branch)s của bước tách %(step)s không đi đến bước gộp %(join)s.")
                % {**names, "branch": branch, "join": called(shape.steps[joins[0]])},
            )


def _leaves_nothing_out(outgoing: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one branch is taken exactly when none of the others is: {not: {any: [their conditions]}}."""
    for edge in outgoing:
        others = [other["when"] for other in outgoing if other is not edge]
        if edge["when"] in ({"not": {"any": others}}, {"not": others[0]} if len(others) == 1 else None):
            return True
    return False


def _arrives(first: str, split: str, shape: Structure) -> bool:
    """Whether a branch of `split` that begins at `first` comes to a join of `split` without leaving the split's scope."""
    joins = shape.joins[split]
    waiting, seen = [first], set()
    while waiting:
        key = waiting.pop()
        if key in joins:
            return True
        if key not in seen and split in shape.scopes.get(key, ()):
            seen.add(key)
            waiting.extend(edge["to"] for edge in shape.outgoing[key])
    return False


def _check_join(key: str, step: Mapping[str, Any], shape: Structure) -> Iterator[Problem]:
    names = {"step": called(step)}
    splits = shape.splits.get(key, ())
    if not splits:
        yield error(key, _("Bước gộp nhánh %(step)s không có bước tách nhánh nào đi đến.") % names)
    elif len(splits) > 1:
        listed = ", ".join(called(shape.steps[split]) for split in splits)
        yield error(
            key,
            _("Bước gộp %(step)s nhận nhánh của nhiều bước tách: %(splits)s; mỗi bước tách cần bước gộp riêng.")
            % {**names, "splits": listed},
        )
    if len(shape.outgoing[key]) > 1:
        yield error(key, _("Bước gộp nhánh %(step)s chỉ được có một đường đi tiếp.") % names)
    for edge in shape.incoming[key]:
        if edge["from"] in shape.reachable and splits and not shape.within(edge["from"]):
            yield error(
                key,
                _("Bước gộp %(step)s có đường đi vào từ %(source)s, nằm ngoài các nhánh mà nó gộp.")
                % {**names, "source": called(shape.steps[edge["from"]])},
            )


def _check_crossings(key: str, step: Mapping[str, Any], shape: Structure) -> Iterator[Problem]:
    """Ways into parallel branches from outside are wrong; ways out of them cancel the other branches."""
    if key not in shape.reachable:
        return
    for edge in shape.outgoing[key]:
        target = shape.steps[edge["to"]]
        names = {"source": called(step), "target": called(target)}
        if shape.enters(key, edge["to"]):
            yield error(key, _("Đường đi từ %(source)s nhảy vào giữa nhánh song song, ở bước %(target)s; phải đi qua bước tách.") % names)
            continue
        left = shape.leaves(key, edge["to"])
        silent = edge.get("returns") or (target.get("kind") == "end" and target.get("outcome") in {"refused", "withdrawn"})
        if left and left != (key,) and not silent and target.get("kind") != "join":
            yield warning(
                key,
                _("Đường đi từ %(source)s đến %(target)s rời khỏi các nhánh song song; công việc ở các nhánh khác sẽ bị huỷ.") % names,
            )


def _check_returns(key: str, step: Mapping[str, Any], shape: Structure) -> Iterator[Problem]:
    """A return leads to a step that can come before."""
    for edge in shape.outgoing[key]:
        if edge.get("returns") and key in shape.reachable and not _comes_before(edge["to"], key, shape):
            yield error(
                key,
                _("Đường trả lại từ %(source)s đến %(target)s không dẫn về một bước đứng trước.")
                % {"source": called(step), "target": called(shape.steps[edge["to"]])},
            )


def _comes_before(earlier: str, later: str, shape: Structure) -> bool:
    """Whether `later` can be reached from `earlier` (a step may also return to itself)."""
    waiting, seen = [earlier], set()
    while waiting:
        key = waiting.pop()
        if key == later:
            return True
        if key not in seen:
            seen.add(key)
            waiting.extend(edge["to"] for edge in shape.outgoing[key] if not edge.get("returns"))
    return False
