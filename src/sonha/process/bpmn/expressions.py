"""Our conditions as expressions that other BPMN tools show, and their simple expressions as our conditions.

`to_feel` writes FEEL (OMG DMN 1.3). `parse` reads simple FEEL and JUEL (`${amount > 10}`): comparisons of one field with a constant,
joined by and, or, not. Anything beyond that raises `NotTranslatable`, never guesses and never runs.
"""

import datetime
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
SIGNS = {"eq": "=", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
WORDS = {"==": "eq", "=": "eq", "eq": "eq", "!=": "ne", "<>": "ne", "ne": "ne", ">": "gt", "gt": "gt", ">=": "gte", "ge": "gte"} | {
    "<": "lt", "lt": "lt", "<=": "lte", "le": "lte"
}  # fmt: skip
MIRROR = {"eq": "eq", "ne": "ne", "gt": "lt", "gte": "lte", "lt": "gt", "lte": "gte"}
RESERVED = frozenset({
    "and", "or", "not", "in", "true", "false", "null", "some", "every", "satisfies", "between", "if", "then", "else", "for", "return",
    "function", "empty", "div", "mod",
})  # fmt: skip
DEEPEST = 40
TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?\d+(?:\.\d+)?)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<quoted>`[^`]+`)
    |(?P<sign>\.\.|&&|\|\||==|!=|<>|>=|<=|[=<>!()\[\],.])
    |(?P<name>[^\W\d]\w*))""",
    re.VERBOSE,
)
NAME = re.compile(r"[^\W\d]\w*\Z")


class NotTranslatable(ValueError):
    """The expression says more than our conditions can."""


def to_feel(condition: Mapping[str, Any]) -> str:
    """A condition as a FEEL expression."""
    if "all" in condition:
        return _joined(condition["all"], " and ") or "true"
    if "any" in condition:
        return _joined(condition["any"], " or ") or "false"
    if "not" in condition:
        return f"not({to_feel(condition['not'])})"
    path = str(condition.get("field", ""))
    return " and ".join(_with_items(path, name, value) for name, value in condition.items() if name != "field")


def parse(text: str) -> dict[str, Any]:
    """A simple FEEL or JUEL expression as a condition. Raises NotTranslatable."""
    text = unicodedata.normalize("NFC", text.strip())
    juel = re.fullmatch(r"[$#]\{(.*)\}", text, re.DOTALL)
    if juel:
        text = juel.group(1)
    elif text.startswith("="):
        text = text[1:]
    reader = _Reader(_tokens(text), first_index=0 if juel else 1)
    condition = reader.alternatives()
    reader.finish()
    return condition


def _joined(conditions: list[Mapping[str, Any]], word: str) -> str:
    parts = []
    for condition in conditions:
        text = to_feel(condition)
        several = ("all" in condition or "any" in condition or len(condition) > 2) and len(conditions) > 1
        parts.append(f"({text})" if several else text)
    return word.join(parts)


def _with_items(path: str, name: str, value: object) -> str:
    """`wells.*.depth > 5` speaks of any item of the group."""
    group, star, rest = path.partition(".*")
    if not star:
        return _comparison(_feel_path(path), name, value)
    inner = _with_items(f"item{rest}", name, value)
    return f"some item in {_feel_path(group)} satisfies {inner}"


def _comparison(path: str, name: str, value: object) -> str:
    if name in SIGNS:
        return f"{path} {SIGNS[name]} {_literal(value)}"
    if name in {"in", "not_in"}:
        text = f"{path} in {_literal(value)}"
        return text if name == "in" else f"not({text})"
    if name == "contains":
        return f"list contains({path}, {_literal(value)})"
    if name == "filled":
        return f"{path} {'!=' if value else '='} null"
    return f"{path} {name} {_literal(value)}"


def _feel_path(path: str) -> str:
    text = ""
    for part in path.split("."):
        if part.isdigit():
            text += f"[{int(part) + 1}]"
        else:
            plain = NAME.match(part) and part.lower() not in RESERVED
            text += ("." if text else "") + (part if plain else f"`{part}`")
    return text


def _literal(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, datetime.date):
        return f'date("{value.isoformat()}")'
    return json.dumps(value, ensure_ascii=False, default=str)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if match is None:
            raise NotTranslatable(text)
        tokens.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        place = match.end()
    return tokens


class _Reader:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, tokens: list[tuple[str, str]], first_index: int) -> None:
        self.tokens = tokens
        self.place = 0
        self.first_index = first_index
        self.depth = 0

    def peek(self, *words: str) -> bool:
        """Whether the next token is one of `words` (signs or bare words)."""
        if self.place >= len(self.tokens):
            return False
        kind, text = self.tokens[self.place]
        return kind in {"sign", "name"} and text in words

    def take(self, *words: str) -> bool:
        if self.peek(*words):
            self.place += 1
            return True
        return False

    def expect(self, *words: str) -> None:
        if not self.take(*words):
            raise NotTranslatable(" ".join(words))

    def finish(self) -> None:
        if self.place != len(self.tokens):
            raise NotTranslatable(self.tokens[self.place][1])

    def alternatives(self) -> dict[str, Any]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotTranslatable("depth")
        parts = [self.conjunction()]
        while self.take("or", "||"):
            parts.append(self.conjunction())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else {"any": parts}

    def conjunction(self) -> dict[str, Any]:
        parts = [self.single()]
        while self.take("and", "&&"):
            parts.append(self.single())
        return parts[0] if len(parts) == 1 else {"all": parts}

    def single(self) -> dict[str, Any]:
        if self.take("not", "!"):
            condition = self.bracketed() if self.peek("(") else self.single()
            if set(condition) == {"field", "in"} and "*" not in condition["field"]:
                return {"field": condition["field"], "not_in": condition["in"]}
            return {"not": condition}
        if self.peek("("):
            return self.bracketed()
        if self.take("some"):
            return self.any_item()
        if self.take("empty"):
            return {"field": self.path(), "filled": False}
        if self.tokens[self.place : self.place + 2] == [("name", "list"), ("name", "contains")]:
            self.place += 2
            self.expect("(")
            path = self.path()
            self.expect(",")
            value = self.constant()
            self.expect(")")
            return {"field": path, "contains": value}
        return self.comparison()

    def bracketed(self) -> dict[str, Any]:
        self.expect("(")
        condition = self.alternatives()
        self.expect(")")
        return condition

    def any_item(self) -> dict[str, Any]:
        item = self.path()
        self.expect("in")
        group = self.path()
        self.expect("satisfies")
        condition = self.single()
        field = str(condition.get("field", ""))
        if field.split(".")[0] != item:
            raise NotTranslatable(item)
        return {**condition, "field": f"{group}.*{field[len(item) :]}"}

    def comparison(self) -> dict[str, Any]:
        if self._at_constant():
            value = self.constant()
            sign = self._sign()
            return self._compared(self.path(), MIRROR[sign], value)
        path = self.path()
        if self.take("between"):
            low = self.constant()
            self.expect("and")
            return {"field": path, "gte": low, "lte": self.constant()}
        if self.take("in"):
            return self._listed(path)
        if self.place < len(self.tokens) and self.tokens[self.place][1] in WORDS:
            sign = self._sign()
            return self._compared(path, sign, self.constant())
        return {"field": path, "eq": True}

    def _compared(self, path: str, sign: str, value: object) -> dict[str, Any]:
        if value is None:
            if sign not in {"eq", "ne"}:
                raise NotTranslatable(path)
            return {"field": path, "filled": sign == "ne"}
        return {"field": path, sign: value}

    def _listed(self, path: str) -> dict[str, Any]:
        closing = {"[": "]", "(": ")"}.get(self.tokens[self.place][1] if self.place < len(self.tokens) else "")
        if closing is None:
            raise NotTranslatable(path)
        self.place += 1
        values: list[Any] = []
        while not self.take(closing):
            values.append(self.constant())
            if self.take(".."):
                high = self.constant()
                if closing != "]" or len(values) != 1:
                    raise NotTranslatable(path)
                self.expect("]")
                return {"field": path, "gte": values[0], "lte": high}
            if not self.peek(closing):
                self.expect(",")
        return {"field": path, "in": values}

    def _sign(self) -> str:
        if self.place >= len(self.tokens) or self.tokens[self.place][1] not in WORDS:
            raise NotTranslatable("sign")
        self.place += 1
        return WORDS[self.tokens[self.place - 1][1]]

    def _at_constant(self) -> bool:
        if self.place >= len(self.tokens):
            raise NotTranslatable("end")
        kind, text = self.tokens[self.place]
        following = self.tokens[self.place + 1][1] if self.place + 1 < len(self.tokens) else ""
        return kind in {"number", "text"} or text in {"true", "false", "null", "["} or (text == "date" and following == "(")

    def constant(self) -> Any:
        if not self._at_constant():
            raise NotTranslatable(self.tokens[self.place][1])
        kind, text = self.tokens[self.place]
        self.place += 1
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "text":
            return _unquoted(text)
        if text == "[":
            values = []
            while not self.take("]"):
                values.append(self.constant())
                if not self.peek("]"):
                    self.expect(",")
            return values
        if text == "date":
            self.expect("(")
            value = self.constant()
            self.expect(")")
            try:
                return datetime.date.fromisoformat(str(value))
            except ValueError as wrong:
                raise NotTranslatable(str(value)) from wrong
        return {"true": True, "false": False, "null": None}[text]

    def path(self) -> str:
        parts = [self._word()]
        while self.place < len(self.tokens) and self.tokens[self.place][0] in {"name", "quoted"} and not self._at_word():
            parts[-1] += "_" + self._word()
        while self.peek(".", "["):
            if self.take("."):
                parts.append(self._word())
                continue
            self.expect("[")
            index = self.constant()
            self.expect("]")
            if isinstance(index, str):
                parts.append(index)
            elif isinstance(index, int) and index >= self.first_index:
                parts.append(str(index - self.first_index))
            else:
                raise NotTranslatable(str(index))
        if self.peek("("):
            raise NotTranslatable(".".join(parts))
        return ".".join(parts)

    def _at_word(self) -> bool:
        text = self.tokens[self.place][1]
        return text in RESERVED or text in WORDS

    def _word(self) -> str:
        if self.place >= len(self.tokens):
            raise NotTranslatable("end")
        kind, text = self.tokens[self.place]
        if kind not in {"name", "quoted"} or (kind == "name" and text in RESERVED):
            raise NotTranslatable(text)
        self.place += 1
        return text.strip("`")


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError as wrong:
            raise NotTranslatable(text) from wrong
    return re.sub(r"\\(.)", r"\1", text[1:-1])
