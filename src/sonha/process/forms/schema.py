"""The declaration of a form (tờ khai điện tử) as typed, immutable values.

`load` turns declared JSON or YAML into a `Form`; `check` lists what is wrong with it in words. A form knows the order in which its
fields must be decided (`order`), because a field may appear only when another one, perhaps a later one, has a certain answer.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sonha.process.rules.conditions import Condition, declared, paths

TEXT_TYPES = ("text", "textarea", "email", "phone", "personal_id", "tax_code")
NUMBER_TYPES = ("integer", "number", "money")
CHOICE_TYPES = ("select", "radio", "checkboxes")
GEOMETRY_TYPES = ("point", "line", "polygon")
OTHER_TYPES = ("date", "boolean", "admin_unit", "file", "repeat", "note", "computed", "lookup")
TYPES = (*TEXT_TYPES, *NUMBER_TYPES, *CHOICE_TYPES, *GEOMETRY_TYPES, *OTHER_TYPES)
SILENT_TYPES = frozenset({"note", "lookup"})
UNASKED_TYPES = SILENT_TYPES | {"computed"}
"""What the form shows but nobody answers."""

MAX_TEXT = {"text": 300, "textarea": 10_000, "email": 254, "phone": 20, "personal_id": 12, "tax_code": 14}
MAX_REPEAT, MAX_FILES, MAX_FILE_MB = 200, 20, 50
VIETNAM = (102.0, 6.0, 118.0, 23.6)  # west, south, east, north: mainland, shelf, Hoàng Sa and Trường Sa


class SchemaError(ValueError):
    """The declaration cannot be used. `problems` says where and why, in words."""

    def __init__(self, problems: "list[Problem]") -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Problem:
    """One mistake of a declaration: a path such as `sections.1.fields.2.max` and a sentence."""

    path: str
    message: str


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    label_en: str = ""


@dataclass(frozen=True)
class Field:
    """One field. `path` is its declared path (`wells.*.depth`); `settings` the remaining options of its type, as declared."""

    key: str
    type: str
    path: str
    section: str
    texts: Mapping[str, str]
    required: Condition | bool = False
    when: Condition | None = None
    options: tuple[Option, ...] = ()
    fields: tuple["Field", ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str, language: str = "vi") -> str:
        """The declared text of that name (`label`, `help`, `unit`...), in English when it exists and is asked for."""
        return (language == "en" and self.texts.get(f"{name}_en")) or self.texts.get(name, "")

    def get(self, name: str, default: Any = None) -> Any:
        value = self.settings.get(name)
        return default if value is None else value

    @property
    def max_length(self) -> int:
        return int(self.get("max_length", MAX_TEXT.get(self.type, 300)))

    @property
    def decimals(self) -> int:
        return 0 if self.type in {"integer", "money"} else int(self.get("decimals", 6))

    @property
    def max_items(self) -> int:
        return min(int(self.get("max_items", 50)), MAX_REPEAT)

    @property
    def max_files(self) -> int:
        return min(int(self.get("max_files", 1)), MAX_FILES)

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        west, south, east, north = self.get("bbox", VIETNAM)
        return (float(west), float(south), float(east), float(north))


@dataclass(frozen=True)
class Section:
    key: str
    texts: Mapping[str, str]
    when: Condition | None
    fields: tuple[Field, ...]

    def text(self, name: str, language: str = "vi") -> str:
        return (language == "en" and self.texts.get(f"{name}_en")) or self.texts.get(name, "")


@dataclass(frozen=True)
class Form:
    """A whole form. `by_path`: every field by declared path; `order`: the paths in the order of decision; `source`: the JSON."""

    sections: tuple[Section, ...]
    by_path: Mapping[str, Field]
    order: tuple[str, ...]
    source: Mapping[str, Any]

    def section(self, key: str) -> Section:
        """The section of that key; KeyError when there is none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    @property
    def root(self) -> tuple[Field, ...]:
        return tuple(item for section in self.sections for item in section.fields)


TEXT_NAMES = ("title", "label", "help", "unit", "item_label", "text", "pattern_message", "placeholder")
FIELD_TEXTS = frozenset(name + suffix for name in TEXT_NAMES for suffix in ("", "_en"))
STRUCTURAL = frozenset({"key", "type", "required", "when", "options", "fields"}) | FIELD_TEXTS


def load(declaration: "Form | Mapping[str, Any]") -> Form:
    """The form of a declaration; the same declaration is parsed once. Raises SchemaError when it cannot be used."""
    if isinstance(declaration, Form):
        return declaration
    return _load(canonical(declaration))


def canonical(declaration: Mapping[str, Any]) -> str:
    """The one JSON text of a declaration: sorted keys, dates as ISO text."""
    return json.dumps(declaration, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_iso)


def digest(declaration: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text, hexadecimal."""
    return hashlib.sha256(canonical(declaration).encode()).hexdigest()


def check(declaration: Any, *, outside: Mapping[str, Any] | None = None) -> list[Problem]:
    """Everything wrong with a declaration, in words. `outside` holds further fields conditions may read (`task.appraise.conclusion`)."""
    from sonha.process.forms.inspection import problems_of

    return problems_of(declaration, outside or {})


def flatten(declaration: "Form | Mapping[str, Any]") -> list[Field]:
    """Every field that holds an answer, in the order of the form, with its declared dotted path (`wells.*.depth`)."""
    form = load(declaration)
    return [item for item in walk(form.root) if item.type not in SILENT_TYPES]


def known_fields(declaration: "Form | Mapping[str, Any]", prefix: str = "") -> dict[str, dict[str, Any]]:
    """What `rules.check` wants: declared path -> {type, options, min, max}. `prefix` (`task.appraise.`) puts it under another name."""
    found: dict[str, dict[str, Any]] = {}
    for item in flatten(declaration):
        info: dict[str, Any] = {"type": item.type, "min": item.get("min"), "max": item.get("max")}
        if item.options:
            info["options"] = [{"value": option.value} for option in item.options]
        found[prefix + item.path] = info
    return found


def field_at(declaration: "Form | Mapping[str, Any]", path: str) -> Mapping[str, Any] | None:
    """The field of a concrete or declared path (`wells.0.depth`) as it was declared; None when there is none."""
    source = declaration.source if isinstance(declaration, Form) else declaration
    fields = [item for section in source.get("sections") or () for item in section.get("fields") or ()]
    found: Mapping[str, Any] | None = None
    for part in declared(path).split("."):
        if part == "*":
            continue
        found = next((item for item in fields if item["key"] == part), None)
        if found is None:
            return None
        fields = found.get("fields") or []
    return found


@lru_cache(maxsize=512)
def _load(text: str) -> Form:
    source = json.loads(text)
    from sonha.process.forms.inspection import structural_problems

    problems = structural_problems(source)
    if problems:
        raise SchemaError(problems)
    sections = tuple(parse_section(item) for item in source["sections"])
    by_path = {item.path: item for section in sections for item in walk(section.fields)}
    order, _cycle = decision_order(sections, by_path)
    return Form(sections, by_path, order, source)


def decision_order(sections: tuple[Section, ...], by_path: Mapping[str, Field]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Declared paths so that each comes after everything its visibility or sum depends on; and the paths caught in a circle, if any."""
    needs: dict[str, set[str]] = {}
    for section in sections:
        for item in walk(section.fields):
            reads = paths(item.when) | set(operands(item)) | ({within} if (within := item.get("within")) else set())
            needs[item.path] = {target for read in reads if (target := resolve(read, item, by_path))}
            if "*" in item.path:
                needs[item.path].add(item.path.split(".*.")[0])
            else:
                needs[item.path] |= {target for read in paths(section.when) if (target := resolve(read, item, by_path))}
    order: list[str] = []
    done: set[str] = set()
    waiting = list(needs)
    while waiting:
        ready = [path for path in waiting if needs[path] <= done]
        if not ready:
            return (*order, *waiting), tuple(waiting)
        order += ready
        done |= set(ready)
        waiting = [path for path in waiting if path not in done]
    return tuple(order), ()


def operands(item: Field) -> tuple[str, ...]:
    """The paths a computed field reads."""
    if item.type != "computed":
        return ()
    declared_sum = item.get("sum", ())
    sums = (declared_sum,) if isinstance(declared_sum, str) else tuple(declared_sum)
    return tuple(str(path) for path in (*sums, *item.get("product", ())) if isinstance(path, str))


def resolve(path: str, item: Field, by_path: Mapping[str, Field]) -> str | None:
    """The declared path that `path`, written at `item`, means: inside a row its own fields come first. None when it is not of this form."""
    wanted = declared(path)
    row = item.path.split(".")[:-1]
    for prefix in (row, []) if row else ([],):
        parts = [*prefix, *wanted.split(".")]
        for length in range(len(parts), len(prefix), -1):
            if (candidate := ".".join(parts[:length])) in by_path:
                return candidate
    return None


def walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from walk(item.fields)


def parse_section(source: Mapping[str, Any]) -> Section:
    texts = {name: str(source[name]) for name in FIELD_TEXTS if source.get(name)}
    return Section(source["key"], texts, source.get("when"), _siblings(source.get("fields") or (), "", source["key"]))


def _siblings(sources: Iterable[Mapping[str, Any]], prefix: str, section: str) -> tuple[Field, ...]:
    """The fields of one group. A commune lies within the district asked just before it, unless it says otherwise."""
    found: list[Field] = []
    district = ""
    for source in sources:
        if source["type"] == "admin_unit":
            if source.get("level") == "district":
                district = source["key"]
            elif district and "within" not in source:
                source = {**source, "within": district}
        found.append(_field(source, prefix, section))
    return tuple(found)


def _field(source: Mapping[str, Any], prefix: str, section: str) -> Field:
    path = prefix + source["key"]
    settings = {name: value for name, value in source.items() if name not in STRUCTURAL}
    options = tuple(Option(item["value"], item["label"], item.get("label_en", "")) for item in source.get("options") or ())
    return Field(
        key=source["key"],
        type=source["type"],
        path=path,
        section=section,
        texts={name: str(source[name]) for name in FIELD_TEXTS if source.get(name)},
        required=source.get("required") or False,
        when=source.get("when"),
        options=options,
        fields=_siblings(source.get("fields") or (), path + ".*.", section),
        settings=settings,
    )


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not JSON: {value!r}")
