"""How a layer is drawn: classes with a look each, from the layer's declaration, its code list, or a style that the client sends."""

import re
import time
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from sonha.foundation.catalogues.selectors import items
from sonha.geo.layers.served import ServedLayer
from sonha.registry.declarations import Look

from .faults import ServiceException

DEFAULT, OUTLINE = "default", "outline"
LEAST_OUTLINE = 0.8
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
KEPT = 30.0  # seconds
_coded: dict[tuple[str, date | None], tuple[float, list[tuple[str, str, str]]]] = {}


@dataclass(frozen=True, slots=True)
class Class:
    """Rows that look alike: those whose value of the style's field is `value`; None: all others. Scales are denominators, 0 is no bound."""

    title: str
    look: Look
    value: str | None = None
    smallest: float = 0
    largest: float = 0

    def shown(self, scale: float) -> bool:
        return (not self.smallest or scale <= self.smallest) and (not self.largest or scale >= self.largest)


@dataclass(frozen=True, slots=True)
class Style:
    """`by`: the field whose value chooses the class; empty when all rows look alike."""

    classes: tuple[Class, ...]
    by: str = ""
    label: str = ""
    label_smallest: float = 0

    def fields(self, scale: float) -> list[str]:
        """Fields that drawing needs at this scale."""
        return [name for name in dict.fromkeys((self.by, self.label if self.labelled(scale) else "")) if name]

    def labelled(self, scale: float) -> bool:
        return bool(self.label) and (not self.label_smallest or scale <= self.label_smallest)


def names_of(layer: ServedLayer) -> list[str]:
    """Styles that are offered for a layer; the first is the default."""
    return [DEFAULT, OUTLINE] if _is_area(layer) else [DEFAULT]


def style(layer: ServedLayer, name: str, day: date | None) -> Style:
    """ServiceException StyleNotDefined for one that the layer has not."""
    if name and name not in names_of(layer):
        raise ServiceException(
            _("Lớp «%(layer)s» không có kiểu thể hiện «%(style)s».") % {"layer": layer.name, "style": name[:80]},
            "StyleNotDefined",
            "STYLES",
        )
    found = declared(layer, day)
    return _outlines(found) if name == OUTLINE else found


def declared(layer: ServedLayer, day: date | None) -> Style:
    """Classes as the register declares them. A field that the actor does not see chooses nothing and labels nothing."""
    seen = {each.name: each for each in layer.fields}
    drawn = layer.layer
    by = drawn.by if drawn.by in seen else ""
    classes: list[Class] = []
    if by:
        titles = {value: str(title) for value, title in seen[by].choices}
        looks = dict(drawn.looks)
        if code := drawn.catalogue or (seen[by].catalogue if not looks else ""):
            for value, name, colour in coded(code, day):
                titles[value] = f"{value} {name}"
                if colour:
                    looks.setdefault(value, replace(drawn.look, fill=colour))
        classes = [Class(titles.get(value, value), look, value) for value, look in looks.items()]
    classes.append(Class(_("Loại khác") if classes else str(layer.title), drawn.look))
    return Style(tuple(classes), by, drawn.label if drawn.label in seen else "", drawn.label_smallest)


def coded(code: str, day: date | None) -> list[tuple[str, str, str]]:
    """(code, name, colour or nothing) of a code list on a day; code lists change rarely, so they are kept for half a minute."""
    now = time.monotonic()
    until, found = _coded.get((code, day), (0.0, []))
    if until < now:
        rows = items(code, day).values_list("code", "name", "attributes__color")
        found = [(value, name, colour if COLOUR.fullmatch(str(colour)) else "") for value, name, colour in rows]
        if len(_coded) > 200:
            _coded.clear()
        _coded[code, day] = (now + KEPT, found)
    return found


def visible(layer: ServedLayer, scale: float) -> bool:
    """Whether the layer is drawn at the scale at all."""
    drawn = layer.layer
    return (not drawn.smallest or scale <= drawn.smallest) and (not drawn.largest or scale >= drawn.largest)


def _outlines(found: Style) -> Style:
    def bare(look: Look) -> Look:
        return replace(look, fill="", stroke=look.stroke or look.fill, width=max(look.width, LEAST_OUTLINE))

    classes = (replace(each, look=bare(each.look)) for each in found.classes)
    return replace(found, classes=tuple(classes))


def _is_area(layer: ServedLayer) -> bool:
    return "POLYGON" in layer.geometry.geometry_type.upper()
