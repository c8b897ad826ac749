"""Reads CQL2 text into the tree of CQL2 JSON: `depth > 40` -> {"op": ">", "args": [{"property": "depth"}, 40]}."""

import math
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from .errors import FilterError

Tree = Any
TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<string>'(?:[^'\\]|''|\\.)*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<word>[^\W\d][\w:.]*)
      | (?P<sign><>|<=|>=|[=<>()+\-*/^%,])
    )""",
    re.VERBOSE,
)
COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
SPATIAL = frozenset(f"s_{each}" for each in ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains"))
TEMPORAL = {
    f"t_{each.lower()}": f"t_{each}"
    for each in (
        "after", "before", "contains", "disjoint", "during", "equals", "finishedBy", "finishes", "intersects", "meets", "metBy",
        "overlappedBy", "overlaps", "startedBy", "starts",
    )
}  # fmt: skip
SHAPES = {
    each.upper(): each for each in ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")
}
RESERVED = frozenset({"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL"})


def tree_of_text(text: str, depth: int = 50) -> Tree:
    """FilterError when it is no CQL2, or nested deeper than `depth`."""
    reader = _Reader(_tokens(text), depth)
    tree = reader.either()
    reader.end()
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise FilterError(_("Bộ lọc sai ở «%(part)s».") % {"part": text[place : place + 20].strip()})
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Reader:
    """Descends from the weakest sign to the strongest: OR, AND, NOT, comparison, + -, * / % div, ^, sign, value."""

    def __init__(self, tokens: list[tuple[str, str]], depth: int) -> None:
        self.tokens, self.place, self.left = tokens, 0, depth

    def end(self) -> None:
        if self.place < len(self.tokens):
            self._wrong()

    def either(self) -> Tree:
        return self._chain("OR", self.both)

    def both(self) -> Tree:
        return self._chain("AND", self.denied)

    def _chain(self, word: str, part: Callable[[], Tree]) -> Tree:
        parts = [part()]
        while self._took(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else {"op": word.lower(), "args": parts}

    def denied(self) -> Tree:
        if self._took("NOT"):
            return self._deeper(lambda: {"op": "not", "args": [self.denied()]})
        return self.predicate()

    def predicate(self) -> Tree:
        left = self.sum()
        kind, text = self._peek()
        if kind == "sign" and text in COMPARISONS:
            self.place += 1
            return {"op": text, "args": [left, self.sum()]}
        if self._took("IS"):
            denied = self._took("NOT")
            self._want("NULL")
            return _perhaps_not(denied, {"op": "isNull", "args": [left]})
        denied = self._took("NOT")
        if self._took("LIKE"):
            return _perhaps_not(denied, {"op": "like", "args": [left, self.sum()]})
        if self._took("BETWEEN"):
            low = self.sum()
            self._want("AND")
            return _perhaps_not(denied, {"op": "between", "args": [left, low, self.sum()]})
        if self._took("IN"):
            return _perhaps_not(denied, {"op": "in", "args": [left, self._arguments(self.sum)]})
        if denied:
            self._wrong()
        return left

    def sum(self) -> Tree:
        return self._arithmetic(("+", "-"), self.product)

    def product(self) -> Tree:
        return self._arithmetic(("*", "/", "%", "DIV"), self.power)

    def power(self) -> Tree:
        return self._arithmetic(("^",), self.signed)

    def _arithmetic(self, signs: tuple[str, ...], part: Callable[[], Tree]) -> Tree:
        left = part()
        while (sign := self._peek()[1].upper()) in signs and self._peek()[0] in {"sign", "word"}:
            self.place += 1
            left = {"op": sign.lower(), "args": [left, part()]}
            self._count_level(left)
        return left

    def _count_level(self, tree: Tree) -> None:
        """a+a+a+… leans to the left: its depth is the number of its signs."""
        level = 0
        while isinstance(tree, dict) and tree.get("op") in {"+", "-", "*", "/", "%", "div", "^"}:
            level, tree = level + 1, tree["args"][0]
        if level > self.left:
            self._too_deep()

    def signed(self) -> Tree:
        if self._took("-"):
            value = self._deeper(self.signed)
            return -value if isinstance(value, int | float) and not isinstance(value, bool) else {"op": "*", "args": [-1, value]}
        self._took("+")
        return self.value()

    def value(self) -> Tree:
        kind, text = self._peek()
        self.place += 1
        if kind == "number":
            return _number(text)
        if kind == "string":
            return re.sub(r"''|\\'", "'", text[1:-1])
        if kind == "quoted":
            return {"property": text[1:-1].replace('""', '"')}
        if text == "(":
            inside = self._deeper(self.either)
            self._want(")")
            return inside
        if kind != "word" or text.upper() in RESERVED:
            self.place -= 1
            self._wrong()
        return self._named(text)

    def _named(self, text: str) -> Tree:
        upper = text.upper()
        if upper in SHAPES and self._peek()[1].upper() in {"(", "Z"}:
            return self._deeper(lambda: self._shape(upper))
        if self._peek()[1] != "(":
            return {"TRUE": True, "FALSE": False}.get(upper, {"property": text})
        arguments = self._deeper(lambda: self._arguments(self.either))
        name = text.lower()
        if name in {"date", "timestamp"}:
            if len(arguments) != 1:
                self._wrong()
            return {name: arguments[0]}
        if name in {"interval", "bbox"}:
            return {name: arguments}
        if name in SPATIAL or name in {"casei", "accenti"}:
            return {"op": name, "args": arguments}
        if name in TEMPORAL:
            return {"op": TEMPORAL[name], "args": arguments}
        raise FilterError(_("Bộ lọc không có hàm «%(name)s».") % {"name": text})

    def _arguments(self, part: Callable[[], Tree]) -> list[Tree]:
        self._want("(")
        found = [part()]
        while self._took(","):
            found.append(part())
        self._want(")")
        return found

    def _shape(self, upper: str) -> Tree:
        """Well-known text as a GeoJSON geometry."""
        self._took("Z")
        kind = SHAPES[upper]
        if kind == "GeometryCollection":
            return {"type": kind, "geometries": self._arguments(self.value)}
        coordinates = self._deeper(self._coordinates)
        if kind == "Point":
            coordinates = coordinates[0]
        if kind == "MultiPoint":
            coordinates = [each[0] if isinstance(each[0], list) else each for each in coordinates]
        return {"type": kind, "coordinates": coordinates}

    def _coordinates(self) -> list[Any]:
        self._want("(")
        found = [self._deeper(self._coordinates) if self._peek()[1] == "(" else self._position()]
        while self._took(","):
            found.append(self._deeper(self._coordinates) if self._peek()[1] == "(" else self._position())
        self._want(")")
        return found

    def _position(self) -> list[float]:
        found = []
        while self._peek()[0] == "number" or self._peek()[1] in {"-", "+"}:
            sign = -1 if self._took("-") else 1
            self._took("+")
            kind, text = self._peek()
            if kind != "number":
                self._wrong()
            self.place += 1
            found.append(sign * _number(text))
        if not found:
            self._wrong()
        return found

    def _deeper(self, part: Callable[[], Tree]) -> Tree:
        self.left -= 1
        if self.left < 0:
            self._too_deep()
        found = part()
        self.left += 1
        return found

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def _took(self, text: str) -> bool:
        kind, found = self._peek()
        if kind in {"sign", "word"} and found.upper() == text:
            self.place += 1
            return True
        return False

    def _want(self, text: str) -> None:
        if not self._took(text):
            self._wrong()

    def _too_deep(self) -> None:
        raise FilterError(_("Bộ lọc lồng nhau quá sâu."))

    def _wrong(self) -> None:
        rest = " ".join(text for _kind, text in self.tokens[self.place : self.place + 4])
        raise FilterError(_("Bộ lọc sai ở «%(part)s».") % {"part": rest} if rest else _("Bộ lọc chưa trọn câu."))


def _number(text: str) -> int | float:
    if text.isdecimal():
        if len(text) > 30:
            raise FilterError(_("Số trong bộ lọc quá lớn."))
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise FilterError(_("Số trong bộ lọc quá lớn."))
    return value


def _perhaps_not(denied: bool, tree: Tree) -> Tree:
    return {"op": "not", "args": [tree]} if denied else tree
