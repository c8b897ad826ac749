"""What registers say of the answers of a form: at its look-ups (`type: lookup`) and of the lines drawn over what they found.

What is said never stops anybody. A page that posts something worth a second look is shown once more with the sentence (`unheard`);
the posted `:told` says which sentence the person has seen already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sonha.foundation.ui.figures import as_decimal, format_number
from sonha.process.forms import schema, sources
from sonha.process.forms.lookups import Lookups
from sonha.process.forms.schema import Field, Form
from sonha.process.forms.sources import Answer, Cut, Own
from sonha.process.rules.conditions import is_missing, values_at

Declaration = Form | Mapping[str, Any]
OTHER = "other"
CLOSE, CLOSE_M2 = 0.02, 1.0
"""By which areas as typed may differ from areas as drawn: a share, and square metres; an assumption that the province confirms."""


@dataclass(frozen=True)
class Said:
    """One sentence at the concrete path of a look-up or a line; `offers`: answers by the key of the field beside it."""

    path: str
    sentence: str
    warn: bool = False
    offers: Mapping[str, Any] = field(default_factory=dict)
    labels: Sequence[str] = ()

    @property
    def digest(self) -> str:
        return sources.digest(self.sentence) if self.warn else ""


def given_of(item: Field, scope: Mapping[str, Any]) -> dict[str, Any]:
    """What a look-up asks with, by the source's names; `scope`: the answers, a row's own first."""
    return {name: next(iter(values_at(scope, str(path))), None) for name, path in dict(item.get("given") or {}).items()}


def found(item: Field, scope: Mapping[str, Any], lookups: Lookups) -> Answer | None:
    return lookups.find(str(item.get("of")), given_of(item, scope))


def own_choices(item: Field, lookups: Lookups) -> Sequence[Own]:
    """What may be chosen of one's own; nothing where the form does not ask about the owner's things (`own: false`)."""
    return lookups.own(str(item.get("of"))) if item.settings.get("own", True) else ()


def offers(form: Form, item: Field, values: Mapping[str, Any], scope: Mapping[str, Any], *, chosen: bool = False) -> dict[str, Any]:
    """Answers for the fields named in `fills` that differ from what is there, by key, as those fields take them.

    Where to look (`given`) and a place on the map are only added, not changed, unless it was `chosen` from one's own.
    """
    taken: dict[str, Any] = {}
    given = dict(item.get("given") or {})
    for name, path in {**given, **dict(item.get("fills") or {})}.items():
        target = form.by_path.get(schema.resolve(str(path), item, form.by_path) or "")
        value = values.get(name)
        if target is None or is_missing(value):
            continue
        if (name in given or target.type in schema.GEOMETRY_TYPES) and not chosen and not is_missing(scope.get(target.key)):
            continue
        if target.options and value not in {option.value for option in target.options}:
            value = OTHER if any(option.value == OTHER for option in target.options) else None
        if value is not None and not same(scope.get(target.key), value):
            taken[target.key] = value
    return {item.key: taken[item.key] for item in form.by_path.values() if item.key in taken}


def same(one: Any, other: Any) -> bool:
    numbers = as_decimal(one), as_decimal(other)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return bool(one == other) or (isinstance(one, str) and isinstance(other, str) and one.strip() == other.strip())


def said_of(form: Form, item: Field, path: str, scope: Mapping[str, Any], lookups: Lookups) -> Said | None:
    """What is said at one look-up or line."""
    if item.type == "lookup":
        answer = found(item, scope, lookups)
        if answer is None:
            return None
        offered = offers(form, item, answer.values, scope)
        siblings = {each.key: each for each in form.by_path.values() if each.path.rpartition(".")[0] == item.path.rpartition(".")[0]}
        labels = [siblings[key].text("label", get_language() or "vi") for key in offered if siblings[key].type != "point"]
        return Said(path, answer.sentence, answer.warn, offered, labels)
    return _of_line(form, item, path, scope, lookups)


def _of_line(form: Form, item: Field, path: str, scope: Mapping[str, Any], lookups: Lookups) -> Said | None:
    over, line = form.by_path.get(str(item.get("over") or "")), scope.get(item.key)
    if over is None or not isinstance(line, Mapping) or line.get("type") != "LineString":
        return None
    cut = lookups.cut(str(over.get("of")), given_of(over, scope), line)
    if cut is None:
        return None
    sentence, warn = compared(cut, typed := typed_areas(item, scope))
    offered = [] if agree(typed, [part.area for part in cut.parts]) else rows_of_parts(form, item, scope, cut)
    group = form.by_path.get(str(item.get("parts")))
    labels = [group.text("label", get_language() or "vi")] if offered and group else []
    return Said(path, sentence, warn, {str(item.get("parts")).split(".")[0]: offered} if offered else {}, labels)


def rows_of_parts(form: Form, item: Field, scope: Mapping[str, Any], cut: Cut) -> list[dict[str, Any]]:
    """The rows that the parts are typed into (`parts: new_parcels.*.area`) with the areas as drawn, rows added where there are too few."""
    group, _star, key = str(item.get("parts") or "").rpartition(".*.")
    target = form.by_path.get(group)
    if target is None or not cut.parts or len(cut.parts) > target.max_items:
        return []
    rows = [dict(row) for row in scope.get(group) or ()]
    rows += [{} for _part in range(len(cut.parts) - len(rows))]
    return [{**row, key: cut.parts[number].area} if number < len(cut.parts) else row for number, row in enumerate(rows)]


def compared(cut: Cut, typed: Sequence[float]) -> tuple[str, bool]:
    """The sentence about a line, and whether it is worth a second look, beside the areas as typed."""
    if cut.parts and typed and not agree(typed, [part.area for part in cut.parts]):
        return f"{cut.sentence} {differs(typed)}", True
    return cut.sentence, cut.warn


def typed_areas(item: Field, scope: Mapping[str, Any]) -> list[float]:
    """The areas as typed of the parts, as the field's `parts` names them."""
    numbers = [as_decimal(value) for value in values_at(scope, str(item.get("parts")))] if item.get("parts") else []
    return [float(number) for number in numbers if number is not None]


def agree(typed: Sequence[float], drawn: Sequence[float]) -> bool:
    """Whether areas are the same within what the eye of a person and the tape of a surveyor leave open, in whatever order."""
    pairs = zip(sorted(typed), sorted(drawn), strict=False)
    return len(typed) == len(drawn) and all(abs(one - other) <= max(CLOSE * one, CLOSE_M2) for one, other in pairs)


def differs(typed: Sequence[float]) -> str:
    listed = "; ".join(f"{format_number(each)} m²" for each in typed)
    return _("Diện tích đã ghi (%(typed)s) khác với diện tích vẽ; hãy sửa đường vẽ hoặc diện tích.") % {"typed": listed}


def everything_said(
    declaration: Declaration, answers: Mapping[str, Any], lookups: Lookups, *, section: str | None = None, visible: set[str] | None = None
) -> Iterator[Said]:
    """What registers say of clean answers, look-up by look-up, in the order of the form; of one section when named."""
    form = schema.load(declaration)
    for item in form.by_path.values():
        if item.type not in ("lookup", "line") or (section is not None and item.section != section):
            continue
        for path, scope in _places(form, item, answers):
            told = said_of(form, item, path, scope, lookups) if visible is None or path in visible else None
            if told is not None:
                yield told


def _places(form: Form, item: Field, answers: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "*" not in item.path:
        yield item.path, answers
        return
    group = item.path.split(".*.")[0]
    blank = {child.key: None for child in form.by_path[group].fields}
    for number, row in enumerate(answers.get(group) or ()):
        yield f"{group}.{number}.{item.key}", {**answers, **blank, **row}


def unheard(said: Sequence[Said], post: QueryDict, prefix: str = "") -> list[Said]:
    """Of what is worth a second look, what the page that was posted did not show yet."""
    start = f"{prefix}:" if prefix else ""
    return [each for each in said if each.warn and post.get(f"{start}{each.path}:told") != each.digest]


def taken_up(declaration: Declaration, answers: Mapping[str, Any], change: str, chosen: str, lookups: Lookups) -> dict[str, Any]:
    """Answers after a button without scripts: `pick:<look-up>` takes the chosen one of one's own, `fill:<look-up>` what is offered."""
    form = schema.load(declaration)
    act, _colon, path = change.partition(":")
    item = form.by_path.get(schema.declared(path))
    if item is None or item.type not in ("lookup", "line") or act not in ("pick", "fill"):
        return dict(answers)
    place = next(((where, scope) for where, scope in _places(form, item, answers) if where == path), None)
    if place is None:
        return dict(answers)
    scope = place[1]
    if item.type == "line":
        said = _of_line(form, item, path, scope, lookups)
        return {**answers, **(said.offers if said else {})}
    if act == "pick":
        own = next((each for each in own_choices(item, lookups) if each.key == chosen), None)
        taken = offers(form, item, own.values, scope, chosen=True) if own else {}
    else:
        answer = found(item, scope, lookups)
        taken = offers(form, item, answer.values, scope) if answer else {}
    return _laid_over(answers, path, taken)


def _laid_over(answers: Mapping[str, Any], path: str, taken: Mapping[str, Any]) -> dict[str, Any]:
    if "." not in path:
        return {**answers, **taken}
    group, number, _key = path.split(".")
    rows = [{**row, **taken} if at == int(number) else row for at, row in enumerate(answers.get(group) or ())]
    return {**answers, group: rows}
