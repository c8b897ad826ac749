"""Words on a diagram: wrapping them and finding room beside their way or their shape."""

import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sonha.process.bpmn.geometry import Box, Drawing, Point

NARROW, WIDE = frozenset("iljtfrI.,:;'!|()[] "), frozenset("mwMWÔƠ@%")

Stroke = tuple[float, float, float, float]
"""A straight piece of a way: left, top, right, bottom."""


@dataclass(frozen=True)
class Label:
    """Wrapped words and the room they take."""

    lines: tuple[str, ...]
    box: Box


def text_width(text: str, size: float) -> float:
    """Approximate width of a line set in Be Vietnam Pro at `size` px; generous rather than tight."""
    width = 0.0
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            continue
        if letter in NARROW:
            width += 0.34
        elif letter in WIDE:
            width += 0.9
        else:
            width += 0.7 if letter.isupper() else 0.575
    return width * size


def wrap(text: str, width: float, size: float, most: int = 4) -> tuple[str, ...]:
    """Lines no wider than `width`; what does not fit into `most` lines is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
            continue
        while text_width(word, size) > width and len(word) > 1:
            end = next(end for end in range(len(word) - 1, 0, -1) if end == 1 or text_width(word[:end], size) <= width)
            lines.append(word[:end])
            word = word[end:]
        lines.append(word)
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and text_width(last + "…", size) > width:
        last = last[:-1]
    return (*lines[: most - 1], last.rstrip() + "…")


def place_labels(
    drawing: Drawing, ways: Mapping[int, str], shapes: Mapping[str, str], *, size: float, taken: Iterable[Box] = ()
) -> tuple[dict[int, Label], dict[str, Label]]:
    """Room for the words of ways and of small shapes, clear of shapes, of each other and, where it can be, of lines."""
    solid = [*drawing.boxes.values(), *taken]
    lines = [stroke for way in drawing.ways.values() for stroke in _strokes(way)]
    bounds = Box(0, 0, drawing.width, drawing.height)
    shape_labels: dict[str, Label] = {}
    for key, text in shapes.items():
        if text and key in drawing.boxes:
            found = _best(_beside_shape(drawing.boxes[key], wrap(text, 96, size, 3), size), solid, lines, bounds)
            shape_labels[key] = found
            solid.append(found.box)
    way_labels: dict[int, Label] = {}
    for link, way in sorted(drawing.ways.items(), key=lambda item: _length(item[1])):
        if words := ways.get(link):
            others = [stroke for other, path in drawing.ways.items() if other != link for stroke in _strokes(path)]
            found = _best(_beside_way(way, wrap(words, 92, size, 3), size, others), solid, lines, bounds)
            way_labels[link] = found
            solid.append(found.box)
    return way_labels, shape_labels


def _room(lines: Sequence[str], size: float) -> tuple[float, float]:
    return max((text_width(line, size) for line in lines), default=0.0) + 4, len(lines) * size * 1.25 + 2


def _beside_shape(shape: Box, lines: tuple[str, ...], size: float) -> Iterator[tuple[float, Label]]:
    width, height = _room(lines, size)
    middle = shape.centre[0]
    for cost, (x, y) in (
        (0, (middle - width / 2, shape.bottom + 3)),
        (6, (middle - width / 2, shape.y - height - 3)),
        (12, (middle + 6, shape.bottom - 4)),
        (12, (middle - width - 6, shape.bottom - 4)),
        (14, (middle + 6, shape.y - height + 4)),
        (14, (middle - width - 6, shape.y - height + 4)),
        (18, (shape.right + 4, shape.centre[1] - height / 2)),
        (18, (shape.x - width - 4, shape.centre[1] - height / 2)),
    ):
        yield cost, Label(lines, Box(x, y, width, height))


def _beside_way(way: Sequence[Point], lines: tuple[str, ...], size: float, others: Sequence[Stroke]) -> Iterator[tuple[float, Label]]:
    """Along every stretch, nearest to the source first: the words say what is chosen there. Not where ways share a stretch."""
    width, height = _room(lines, size)
    walked = 0.0
    for start, stop in _segments(way):
        length = abs(stop[0] - start[0]) + abs(stop[1] - start[1])
        for share in (0.15, 0.5, 0.85):
            x, y = start[0] + (stop[0] - start[0]) * share, start[1] + (stop[1] - start[1]) * share
            away = (walked + length * share) * 0.03 + (40 if any(x1 <= x <= x2 and y1 <= y <= y2 for x1, y1, x2, y2 in others) else 0)
            if start[1] == stop[1]:
                left, right = min(start[0], stop[0]) + 3, max(start[0], stop[0]) - width - 3
                x = max(left, min(x - width / 2, right)) if right >= left else (start[0] + stop[0] - width) / 2
                tight = max(0.0, width - length) * 0.3
                yield away + tight, Label(lines, Box(x, y - height - 2, width, height))
                yield away + tight + 3, Label(lines, Box(x, y + 2, width, height))
            else:
                tight = max(0.0, height - length) * 0.3
                yield away + tight + 2, Label(lines, Box(x + 4, y - height / 2, width, height))
                yield away + tight + 4, Label(lines, Box(x - width - 4, y - height / 2, width, height))
        walked += length


def _best(candidates: Iterable[tuple[float, Label]], solid: Sequence[Box], lines: Sequence[Stroke], bounds: Box) -> Label:
    """The cheapest candidate; those are tried first that are cheap in themselves."""
    best: tuple[float, Label] | None = None
    for cost, label in sorted(candidates, key=lambda each: each[0]):
        if best and cost >= best[0]:
            break
        total = cost + _clutter(label.box, solid, lines, bounds)
        if best is None or total < best[0]:
            best = (total, label)
    if best is None:
        raise ValueError("a label needs at least one place to stand")
    return best[1]


def _clutter(box: Box, solid: Sequence[Box], lines: Sequence[Stroke], bounds: Box) -> float:
    left, top, right, bottom = box.x, box.y, box.right, box.bottom
    cost = 0.0
    if left < bounds.x or top < bounds.y or right > bounds.right or bottom > bounds.bottom:
        cost += 400
    for other in solid:
        if left < other.x + other.width and other.x < right and top < other.y + other.height and other.y < bottom:
            across = min(right, other.right) - max(left, other.x)
            down = min(bottom, other.bottom) - max(top, other.y)
            cost += 60 + across * down
    for x1, y1, x2, y2 in lines:
        if x1 <= right and left <= x2 and y1 <= bottom and top <= y2:
            cost += 6 + min(right, x2) - max(left, x1) + min(bottom, y2) - max(top, y1)
    return cost


def _segments(way: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(itertools.pairwise(way))


def _strokes(way: Sequence[Point]) -> list[Stroke]:
    return [(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in _segments(way)]


def _length(way: Sequence[Point]) -> float:
    return sum(abs(stop[0] - start[0]) + abs(stop[1] - start[1]) for start, stop in _segments(way))
