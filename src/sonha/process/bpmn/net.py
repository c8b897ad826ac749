"""The graph an import works on: foreign shapes are rewritten step by step until only our kinds remain."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sonha.process.bpmn.reading import Shape, Sheet

UNNAMED = {
    "startEvent": gettext_noop("điểm bắt đầu"), "endEvent": gettext_noop("điểm kết thúc chưa đặt tên"),
    "Gateway": gettext_noop("cổng chưa đặt tên"), "Event": gettext_noop("sự kiện chưa đặt tên"),
}  # fmt: skip


@dataclass(frozen=True)
class Note:
    """What an import changed or left out, in words. `element` is the id in the file, empty for the whole file."""

    element: str
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass
class Way:
    """A transition in the making. `chosen`: a person takes it (an action)."""

    source: str
    target: str
    name: str = ""
    when: dict[str, Any] | None = None
    own: dict[str, Any] | None = None
    condition: str = ""
    chosen: bool = False
    default: bool = False


@dataclass
class Net:
    """Shapes by id, ways, the step each shape becomes (once known), and the notes so far."""

    shapes: dict[str, Shape]
    ways: list[Way]
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    start: str = ""

    @classmethod
    def of(cls, sheet: Sheet) -> "Net":
        net = cls(dict(sheet.shapes), [])
        for arc in sheet.arcs:
            if arc.source in net.shapes and arc.target in net.shapes:
                default = net.shapes[arc.source].attributes.get("default", "").rpartition(":")[2] == arc.id
                net.ways.append(Way(arc.source, arc.target, arc.name, None, arc.own, arc.condition, default=default and bool(arc.id)))
            else:
                net.note(arc.id, _("Bỏ một mũi tên không nối đủ hai đầu («%(name)s»).") % {"name": arc.name or arc.id})
        return net

    def note(self, element: str, message: str) -> None:
        if Note(element, message) not in self.notes:
            self.notes.append(Note(element, message))

    def out(self, key: str) -> list[Way]:
        return [way for way in self.ways if way.source == key]

    def into(self, key: str) -> list[Way]:
        return [way for way in self.ways if way.target == key]

    def called(self, key: str) -> str:
        shape = self.shapes[key]
        kind = next((words for ending, words in UNNAMED.items() if shape.type.endswith(ending)), _("bước chưa đặt tên"))
        return f"«{shape.name}»" if shape.name else f"«{_(kind)}»"

    def remove(self, key: str) -> None:
        """Takes a shape away with all its ways."""
        self.shapes.pop(key, None)
        self.steps.pop(key, None)
        self.ways = [way for way in self.ways if key not in (way.source, way.target)]

    def bypass(self, key: str) -> None:
        """Takes a shape away and joins the ways through it. A way in keeps its own name, or takes that of the way on."""
        onward = [way for way in self.out(key) if way.target != key]
        through = []
        for way in self.ways:
            if way.target != key or way.source == key:
                through.append(way)
                continue
            through += [_joined(way, following) for following in onward]
        self.ways = through
        self.shapes.pop(key, None)
        self.ways = [way for way in self.ways if key not in (way.source, way.target)]

    def insert_after(self, key: str, new: Shape, ways: list[Way]) -> None:
        """Puts `new` behind `key` as the source of `ways`."""
        place = self.ways.index(ways[0])
        for way in ways:
            way.source = new.id
        self.ways.insert(place, Way(key, new.id))
        self._put_behind(key, new)

    def insert_before(self, key: str, new: Shape, ways: list[Way]) -> None:
        """Puts `new` before `key` as the target of `ways`."""
        for way in ways:
            way.target = new.id
        self.ways.append(Way(new.id, key))
        self._put_behind(ways[-1].source, new)

    def fresh(self, base: str) -> str:
        place = 1
        while f"{base}-{place}" in self.shapes:
            place += 1
        return f"{base}-{place}"

    def _put_behind(self, key: str, new: Shape) -> None:
        items: list[tuple[str, Shape]] = list(self.shapes.items())
        place = next((index for index, (other, _shape) in enumerate(items) if other == key), len(items) - 1)
        self.shapes = dict([*items[: place + 1], (new.id, new), *items[place + 1 :]])


def _joined(way: Way, following: Way) -> Way:
    return replace(
        way,
        target=following.target,
        name=way.name or following.name,
        condition=way.condition or following.condition,
        own=way.own or following.own,
        chosen=way.chosen or following.chosen,
    )


def like(shape: Shape, ident: str, kind: str, name: str = "") -> Shape:
    """A new shape in the lane of another."""
    return Shape(ident, kind, name, shape.parent, lanes=shape.lanes, own_lane=shape.own_lane, performers=shape.performers)
