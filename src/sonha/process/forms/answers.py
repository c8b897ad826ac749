"""One answer checked against its field: the value as it is kept, or the code of the message and its numbers.

Every function here is total: whatever JSON comes in, a `Checked` comes out. `None` means that nothing was answered.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sonha.foundation.ui.figures import as_decimal, as_json, format_day, format_number, parse_day, parse_number
from sonha.process.forms import identifiers, shapes
from sonha.process.forms.lookups import Lookups
from sonha.process.forms.patterns import compiled
from sonha.process.forms.schema import MAX_FILE_MB, Field
from sonha.process.forms.texts import clean_text
from sonha.process.rules.conditions import is_missing

MAX_DIGITS, MAX_NUMBER = 15, Decimal(10) ** 15
MAX_CODE = 100


@dataclass(frozen=True)
class Checked:
    value: Any = None
    code: str = ""
    values: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Setting:
    """What the checks may need to know besides the answer: today (ISO) and the lookups, when there are any."""

    today: str
    lookups: Lookups | None = None
    admin_units: Collection[str] | None = None


NOTHING = Checked()


def check_answer(item: Field, raw: Any, setting: Setting) -> Checked:
    """The answer `raw` for a field that is neither repeated nor computed."""
    if raw is None or item.type not in CHECKS:
        return NOTHING
    if isinstance(raw, str) and len(raw) > max(item.max_length * 2, 1_000):
        return Checked(None, "too_long", {"max": item.max_length})
    return CHECKS[item.type](item, raw, setting)


def _text(item: Field, raw: Any, setting: Setting) -> Checked:
    if not isinstance(raw, str):
        return Checked(None, "text")
    value = clean_text(raw, lines=item.type == "textarea")
    if not value:
        return NOTHING
    code = ""
    if item.type == "personal_id":
        value, code = identifiers.personal_id(value)
    elif item.type == "tax_code":
        value, code = identifiers.tax_code(value, setting.today)
    elif item.type == "phone":
        value, code = identifiers.phone(value)
    elif item.type == "email":
        value, code = identifiers.email(value)
    if code:
        return Checked(None, code)
    if len(value) > item.max_length:
        return Checked(None, "too_long", {"max": item.max_length})
    if len(value) < item.get("min_length", 0):
        return Checked(None, "too_short", {"min": item.get("min_length")})
    pattern = item.get("pattern")
    if pattern and (len(value) > 1_000 or not compiled(pattern).fullmatch(value)):
        return Checked(None, "pattern")
    return Checked(value)


def _number(item: Field, raw: Any, setting: Setting) -> Checked:
    if isinstance(raw, str):
        if not raw.strip():
            return NOTHING
        number = parse_number(clean_text(raw))
    else:
        number = as_decimal(raw)
    if number is None or abs(number) >= MAX_NUMBER:
        return Checked(None, item.type)
    number = number.normalize() if number else Decimal(0)
    exponent = number.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    if places > item.decimals:
        return Checked(None, item.type if item.decimals == 0 and item.type != "number" else "decimals", {"decimals": item.decimals})
    if len(number.as_tuple().digits) > MAX_DIGITS:
        return Checked(None, item.type)
    low, high = as_decimal(item.get("min")), as_decimal(item.get("max"))
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = {"min": format_number(low), "max": format_number(high)}
        return Checked(None, "between" if low is not None and high is not None else "min" if high is None else "max", bounds)
    return Checked(as_json(number))


def _date(item: Field, raw: Any, setting: Setting) -> Checked:
    if not isinstance(raw, str):
        return Checked(None, "date")
    if not raw.strip():
        return NOTHING
    day = parse_day(clean_text(raw))
    if day is None:
        return Checked(None, "date")
    low, high = (setting.today if bound == "today" else bound for bound in (item.get("min"), item.get("max")))
    if low and day < low:
        return Checked(None, "date_min", {"min": format_day(low)})
    if high and day > high:
        return Checked(None, "date_max", {"max": format_day(high)})
    return Checked(day)


def _boolean(item: Field, raw: Any, setting: Setting) -> Checked:
    if isinstance(raw, bool):
        return Checked(raw)
    if raw in ("true", "false"):
        return Checked(raw == "true")
    return NOTHING if raw == "" else Checked(None, "boolean")


def _choice(item: Field, raw: Any, setting: Setting) -> Checked:
    if isinstance(raw, str) and not raw.strip():
        return NOTHING
    return Checked(raw) if isinstance(raw, str) and _is_option(item, raw, setting) else Checked(None, "choice")


def _choices(item: Field, raw: Any, setting: Setting) -> Checked:
    values = [raw] if isinstance(raw, str) else raw
    if not isinstance(values, list):
        return Checked(None, "choice")
    chosen: list[str] = []
    for value in values[:1_000]:
        if value == "" or (isinstance(value, str) and value in chosen):
            continue
        if not isinstance(value, str) or not _is_option(item, value, setting):
            return Checked(None, "choice")
        chosen.append(value)
    return Checked(chosen) if chosen else NOTHING


def _is_option(item: Field, value: str, setting: Setting) -> bool:
    if any(option.value == value for option in item.options):
        return True
    catalogue = item.get("catalogue")
    if not catalogue:
        return False
    options = setting.lookups.options(catalogue) if setting.lookups else None
    if options is None:
        return 0 < len(value) <= MAX_CODE and clean_text(value) == value
    return any(option.value == value for option in options)


def _unit(item: Field, raw: Any, setting: Setting) -> Checked:
    if isinstance(raw, str) and not raw.strip():
        return NOTHING
    if not isinstance(raw, str) or not (
        raw.isascii() and len(raw) <= 40 and raw.replace("-", "").replace(".", "").replace("_", "").isalnum()
    ):
        return Checked(None, "unit")
    if setting.admin_units is not None and raw not in setting.admin_units:
        return Checked(None, "unit")
    if setting.lookups is not None:
        unit = setting.lookups.unit(raw)
        if unit is None or unit.level != item.get("level", "commune"):
            return Checked(None, "unit")
    return Checked(raw)


def within_district(item: Field, code: str, scope: Mapping[str, Any], setting: Setting) -> bool:
    """Whether a commune lies in the district (or other unit) chosen in the field that `within` names; true while that is open."""
    above = scope.get(item.get("within", ""))
    unit = setting.lookups.unit(code) if setting.lookups and above else None
    return unit is None or unit.parent == above


def _point(item: Field, raw: Any, setting: Setting) -> Checked:
    if is_missing(raw) or (shapes.is_typed(raw) and shapes.typed_is_blank(raw)):
        return NOTHING
    return Checked(*shapes.check_point(raw, item.bbox))


def _line(item: Field, raw: Any, setting: Setting) -> Checked:
    if is_missing(raw) or (shapes.is_typed(raw) and shapes.typed_is_blank(raw)):
        return NOTHING
    geometry, code, values = shapes.check_line(raw, item.bbox)
    return Checked(geometry, code, {name: format_number(value) for name, value in values.items()})


def _polygon(item: Field, raw: Any, setting: Setting) -> Checked:
    if is_missing(raw) or (shapes.is_typed(raw) and shapes.typed_is_blank(raw)):
        return NOTHING
    geometry, code, values = shapes.check_polygon(raw, item.bbox, item.get("max_area_ha"))
    return Checked(geometry, code, {name: format_number(value) for name, value in values.items()})


def _files(item: Field, raw: Any, setting: Setting) -> Checked:
    ids = [raw] if isinstance(raw, str) else raw
    if not isinstance(ids, list):
        return Checked(None, "file")
    kept: list[str] = []
    for file_id in ids[:1_000]:
        if file_id == "" or (isinstance(file_id, str) and file_id in kept):
            continue
        if not isinstance(file_id, str) or len(file_id) > 64 or not file_id.isascii() or not file_id.replace("-", "").isalnum():
            return Checked(None, "file")
        if code := _file_code(item, file_id, setting):
            return Checked(None, code, {"accept": ", ".join(accepted(item)), "max": format_number(max_mb(item))})
        kept.append(file_id)
    if len(kept) > item.max_files:
        return Checked(None, "max_files", {"max": item.max_files})
    return Checked(kept) if kept else NOTHING


def _file_code(item: Field, file_id: str, setting: Setting) -> str:
    if setting.lookups is None:
        return ""
    stored = setting.lookups.file(file_id)
    if stored is None:
        return "file"
    if stored.size > max_mb(item) * 1_048_576:
        return "file_size"
    return "" if accepts(item, stored.name, stored.content_type) else "file_type"


def accepted(item: Field) -> list[str]:
    """What `accept` lists: endings (`.pdf`) and kinds (`image/*`); empty when anything is taken."""
    accept = item.get("accept", [])
    parts = accept.split(",") if isinstance(accept, str) else accept
    return [part.strip().lower() if "/" in part or part.strip().startswith(".") else "." + part.strip().lower() for part in parts]


def accepts(item: Field, name: str, content_type: str) -> bool:
    """Whether a file of that name and kind may be handed in."""
    listed = accepted(item)
    kind = content_type.lower()
    return not listed or any(
        name.lower().endswith(part) if part.startswith(".") else kind == part or (part.endswith("/*") and kind.startswith(part[:-1]))
        for part in listed
    )


def max_mb(item: Field) -> float:
    return min(float(item.get("max_mb", 10)), MAX_FILE_MB)


def compute(item: Field, values_of: Callable[[str], list[Any]]) -> int | float | None:
    """The sum or product of a computed field, exact, rounded half up to its decimals; None while what it needs is not answered."""
    if (sums := item.get("sum")) is not None:
        found = [as_decimal(value) for path in ([sums] if isinstance(sums, str) else sums) for value in values_of(path)]
        known = [number for number in found if number is not None]
        result = sum(known, Decimal(0)) if known else None
    else:
        result = Decimal(1)
        for factor in item.get("product", ()):
            numbers = [as_decimal(value) for value in values_of(factor)] if isinstance(factor, str) else [as_decimal(factor)]
            if not numbers or numbers[0] is None:
                return None
            result *= numbers[0]
    if result is None or abs(result) >= MAX_NUMBER:
        return None
    return as_json(result.quantize(Decimal(1).scaleb(-min(item.decimals, 6)), ROUND_HALF_UP))


Check = Callable[[Field, Any, Setting], Checked]
CHECKS: dict[str, Check] = {
    **dict.fromkeys(("text", "textarea", "email", "phone", "personal_id", "tax_code"), _text),
    **dict.fromkeys(("integer", "number", "money"), _number),
    **dict.fromkeys(("select", "radio"), _choice),
    "checkboxes": _choices,
    "date": _date,
    "boolean": _boolean,
    "admin_unit": _unit,
    "point": _point,
    "line": _line,
    "polygon": _polygon,
    "file": _files,
}
