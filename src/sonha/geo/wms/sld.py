"""Styles that a client sends (SLD_BODY): the part of SLD 1.0 and 1.1 that chooses colours, widths, symbols and classes by a value.

Nothing of it reaches the database but the name of a field that the actor sees; values are compared here.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from sonha.geo.layers.limits import Limits
from sonha.geo.layers.served import ServedLayer
from sonha.geo.ows.reading import child, children, local, read
from sonha.geo.ows.reading import text as text_of
from sonha.geo.ows.reports import Refused
from sonha.registry.declarations import Look

from .faults import ServiceException
from .styles import Class, Style

MOST_RULES = 200
LARGEST = 100.0  # pixels, of widths and symbols
SYMBOLS = {
    "circle": "circle", "square": "square", "triangle": "triangle", "star": "star", "cross": "cross", "x": "cross", "diamond": "diamond",
}  # fmt: skip
BARE = Look(fill="", stroke="", width=0)


def parse(text: str, limits: Limits) -> dict[str, Any]:
    """Layers' names with the UserStyle (or the name of a NamedStyle) of each. ServiceException for anything but plain, bounded XML."""
    try:
        root = read(text.encode(), most=limits.filter_bytes, depth=limits.depth)
    except Refused as refused:
        raise _refused(f"SLD_BODY: {refused}") from None
    if local(root) != "StyledLayerDescriptor":
        raise _refused(_("SLD_BODY phải là một StyledLayerDescriptor."))
    found: dict[str, Any] = {}
    for layer in _children(root, "NamedLayer"):
        name = _text(layer, "Name")
        if (styled := child(layer, "UserStyle")) is not None:
            found[name] = styled
        elif (named := child(layer, "NamedStyle")) is not None:
            found[name] = _text(named, "Name")
        else:
            found[name] = ""
    if not found:
        raise _refused(_("SLD_BODY phải có ít nhất một NamedLayer."))
    return found


def user_style(element: Any, layer: ServedLayer) -> Style:
    """The classes of a UserStyle. ServiceException for fields that the layer has not, and for filters on more than one field."""
    classes: list[Class] = []
    by = label = ""
    last: list[Class] = []
    for rule in (rule for kind in _children(element, "FeatureTypeStyle") for rule in _children(kind, "Rule")):
        if len(classes) + len(last) >= MOST_RULES:
            raise _refused(_("SLD_BODY có quá nhiều quy tắc; nhiều nhất %(most)d.") % {"most": MOST_RULES})
        look = _look(rule)
        label = label or _label(rule, layer)
        if look is None:
            continue
        title = _text(rule, "Title") or _text(rule, "Name") or str(layer.title)
        one = Class(title[:200], look, None, _number(_text(rule, "MaxScaleDenominator")), _number(_text(rule, "MinScaleDenominator")))
        if (condition := child(rule, "Filter")) is not None:
            field, values = _condition(condition, layer)
            if by and field != by:
                raise _refused(_("Các quy tắc của một lớp chỉ được phân loại theo một trường."))
            by = field
            classes += [replace(one, value=value) for value in values]
        else:
            last.append(one)
    if not classes and not last:
        raise _refused(_("Kiểu thể hiện của lớp «%(layer)s» không vẽ gì.") % {"layer": layer.name})
    return Style((*classes, *last), by, label, 0)


def _condition(element: Any, layer: ServedLayer) -> tuple[str, list[str]]:
    """(field, values): one equality, or equalities of one field joined by Or."""
    inner = list(children(element))
    if len(inner) == 1 and local(inner[0]) == "Or":
        inner = list(children(inner[0]))
    found: list[tuple[str, str]] = []
    for test in inner:
        if local(test) != "PropertyIsEqualTo":
            raise _refused(_("Bộ lọc trong SLD_BODY chỉ được dùng PropertyIsEqualTo và Or."))
        name = (_text(test, "PropertyName") or _text(test, "ValueReference")).rpartition(":")[2]
        found.append((name, _text(test, "Literal")))
    if not found or len({name for name, _value in found}) != 1 or len(found) > MOST_RULES:
        raise _refused(_("Các quy tắc của một lớp chỉ được phân loại theo một trường."))
    try:
        field = layer.field(found[0][0]).name
    except LookupError:
        raise _refused(_("Lớp «%(layer)s» không có trường «%(field)s».") % {"layer": layer.name, "field": found[0][0][:80]}) from None
    return field, [value for _name, value in found]


def _look(rule: Any) -> Look | None:
    if (area := child(rule, "PolygonSymbolizer")) is not None:
        return _stroked(_filled(BARE, area), area)
    if (line := child(rule, "LineSymbolizer")) is not None:
        return _stroked(BARE, line)
    if (point := child(rule, "PointSymbolizer")) is not None:
        graphic = next(_children(point, "Graphic"), point)
        mark = next(_children(graphic, "Mark"), graphic)
        size = _number(_text(graphic, "Size")) or 8.0
        return replace(
            _stroked(_filled(BARE, mark), mark), size=min(size, LARGEST), symbol=SYMBOLS.get(_text(mark, "WellKnownName"), "square")
        )
    return None


def _label(rule: Any, layer: ServedLayer) -> str:
    """A field that a TextSymbolizer names; other labels are left out."""
    for symbolizer in _children(rule, "TextSymbolizer"):
        for label in _children(symbolizer, "Label"):
            name = (_text(label, "PropertyName") or _text(label, "ValueReference")).rpartition(":")[2]
            if any(each.name == name for each in layer.fields):
                return name
    return ""


def _filled(look: Look, element: Any) -> Look:
    if (found := child(element, "Fill")) is None:
        return look
    said = _parameters(found)
    return replace(look, fill=_colour(said.get("fill", "#808080")), opacity=_share(said.get("fill-opacity", "1")))


def _stroked(look: Look, element: Any) -> Look:
    if (found := child(element, "Stroke")) is None:
        return look
    said = _parameters(found)
    dash = tuple(min(_number(part), LARGEST) for part in said.get("stroke-dasharray", "").split()[:8])
    width = min(_number(said.get("stroke-width", "1")), LARGEST)
    return replace(look, stroke=_colour(said.get("stroke", "#000000")), width=width, dash=dash if sum(dash) > 0 else ())


def _parameters(element: Any) -> dict[str, str]:
    named = (each for each in children(element) if local(each) in {"CssParameter", "SvgParameter"})
    return {str(each.get("name")): text_of(each) for each in named}


def _colour(text: str) -> str:
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return text.lower()
    raise _refused(_("Màu trong SLD_BODY phải ở dạng #rrggbb."))


def _share(text: str) -> float:
    return min(_number(text), 1.0)


def _number(text: str) -> float:
    """0 for nothing; ServiceException for what is no plain number."""
    if not text:
        return 0.0
    if re.fullmatch(r"\d{1,12}(\.\d{1,12})?([eE][+-]?\d{1,2})?", text, re.ASCII):
        return float(text)
    raise _refused(_("SLD_BODY có giá trị không phải là số: %(given)s.") % {"given": text[:40]})


def _children(element: Any, name: str) -> Iterator[Any]:
    """Child elements of a local name, whatever their namespace."""
    return (each for each in children(element) if local(each) == name)


def _text(element: Any, name: str) -> str:
    return text_of(child(element, name))


def _refused(sentence: str) -> ServiceException:
    return ServiceException(sentence, "InvalidParameterValue", "SLD_BODY")
