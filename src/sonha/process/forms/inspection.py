"""What is wrong with a form's declaration, told to its author in words, with the path of each mistake."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sonha.process.forms import schema, sources
from sonha.process.forms.patterns import pattern_problem
from sonha.process.forms.schema import Field, Form, Problem
from sonha.process.rules import conditions

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
RESERVED = frozenset({"dossier", "task", "account", "constructor", "prototype"})
MAX_SECTIONS, MAX_FIELDS = 60, 400
PREFILL = re.compile(
    r"account\.(name|personal_id|tax_code|birth_date|address|phone|email|commune)"
    r"|dossier\.[a-z0-9_]+\.[a-z0-9_]+|answers\.[a-z0-9_]+",
    re.ASCII,
)
ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(schema.TEXT_TYPES, frozenset({"max_length", "min_length", "pattern"})),
    **dict.fromkeys(schema.NUMBER_TYPES, frozenset({"min", "max", "decimals"})),
    **dict.fromkeys(schema.CHOICE_TYPES, frozenset({"catalogue"})),
    **dict.fromkeys(("point", "polygon"), frozenset({"bbox", "max_area_ha"})),
    "line": frozenset({"bbox", "over", "parts"}),
    "lookup": frozenset({"of", "own", "given", "fills"}),
    "date": frozenset({"min", "max"}),
    "admin_unit": frozenset({"level", "within"}),
    "file": frozenset({"accept", "max_mb", "max_files"}),
    "repeat": frozenset({"min_items", "max_items"}),
    "computed": frozenset({"sum", "product", "decimals"}),
}
EVERYWHERE = frozenset({"prefill", "source"})


def structural_problems(source: Any) -> list[Problem]:
    """What makes a declaration unreadable: shape, keys, types, circles. Conditions and details are `problems_of`'s."""
    sections = source.get("sections") if isinstance(source, Mapping) else None
    if not isinstance(sections, list) or not sections or len(sections) > MAX_SECTIONS:
        return [Problem("sections", _("Biểu mẫu cần có từ 1 đến %(count)s phần (sections).") % {"count": MAX_SECTIONS})]
    found = list(_shape(sections))
    if found:
        return found
    parsed = tuple(schema.parse_section(item) for item in sections)
    by_path = {item.path: item for section in parsed for item in schema.walk(section.fields)}
    _order, circle = schema.decision_order(parsed, by_path)
    if circle:
        return [Problem("sections", _("Các mục phụ thuộc nhau thành vòng: %(fields)s.") % {"fields": ", ".join(circle)})]
    return []


def problems_of(source: Any, outside: Mapping[str, Any]) -> list[Problem]:
    """Every problem of a declaration (see `schema.check`)."""
    if isinstance(source, Form):
        source = source.source
    try:
        form = schema.load(source)
    except schema.SchemaError as error:
        return error.problems
    except (TypeError, ValueError, RecursionError):
        return [Problem("sections", _("Biểu mẫu không đọc được: chỉ dùng chữ, số, ngày, danh sách và nhóm."))]
    return list(_details(form, outside))


def _shape(sections: list[Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    section_keys: set[str] = set()
    count = 0
    for number, section in enumerate(sections):
        path = f"sections.{number}"
        if not isinstance(section, Mapping):
            yield Problem(path, _("Mỗi phần phải là một nhóm có key, title và fields."))
            continue
        yield from _key(section.get("key"), path, section_keys, reserved=frozenset())
        if not section.get("title"):
            yield Problem(f"{path}.title", _("Phần này chưa có tiêu đề (title)."))
        fields = section.get("fields") or []
        count += len(fields) if isinstance(fields, list) else 0
        yield from _fields(fields, f"{path}.fields", seen, inside=False)
    if count > MAX_FIELDS:
        yield Problem("sections", _("Biểu mẫu có quá %(count)s mục.") % {"count": MAX_FIELDS})


def _fields(fields: Any, path: str, seen: set[str], *, inside: bool) -> Iterator[Problem]:
    if not isinstance(fields, list):
        yield Problem(path, _("“fields” phải là một danh sách các mục."))
        return
    for number, item in enumerate(fields):
        here = f"{path}.{number}"
        if not isinstance(item, Mapping):
            yield Problem(here, _("Mỗi mục phải là một nhóm có key, type và label."))
            continue
        yield from _key(item.get("key"), here, seen)
        kind = item.get("type")
        if kind not in schema.TYPES:
            yield Problem(f"{here}.type", _("Không có loại mục “%(type)s”.") % {"type": kind})
            continue
        if kind != "note" and not item.get("label"):
            yield Problem(f"{here}.label", _("Mục này chưa có nhãn (label)."))
        yield from _options(item, here)
        if kind == "repeat":
            if inside:
                yield Problem(here, _("Nhóm lặp không được nằm trong một nhóm lặp khác."))
            elif not item.get("fields"):
                yield Problem(f"{here}.fields", _("Nhóm lặp chưa có mục nào."))
            else:
                yield from _fields(item["fields"], f"{here}.fields", set(), inside=True)
        elif item.get("fields"):
            yield Problem(f"{here}.fields", _("Chỉ nhóm lặp (repeat) mới có các mục con."))
        yield from _setting_shapes(item, here)


def _key(key: Any, path: str, seen: set[str], reserved: frozenset[str] = RESERVED) -> Iterator[Problem]:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        yield Problem(
            f"{path}.key", _("Khoá “%(key)s” phải gồm chữ thường không dấu, số và dấu gạch dưới, bắt đầu bằng chữ.") % {"key": key}
        )
    elif key in reserved:
        yield Problem(f"{path}.key", _("Khoá “%(key)s” được dành riêng, hãy chọn tên khác.") % {"key": key})
    elif key in seen:
        yield Problem(f"{path}.key", _("Khoá “%(key)s” đã được dùng trong biểu mẫu này.") % {"key": key})
    else:
        seen.add(key)


def _options(item: Mapping[str, Any], path: str) -> Iterator[Problem]:
    options = item.get("options")
    if item["type"] not in schema.CHOICE_TYPES:
        if options:
            yield Problem(f"{path}.options", _("Loại mục này không có danh sách lựa chọn."))
        return
    if not options and not item.get("catalogue"):
        yield Problem(f"{path}.options", _("Mục lựa chọn cần “options” hoặc “catalogue”."))
    if options is not None and not isinstance(options, list):
        yield Problem(f"{path}.options", _("“options” phải là một danh sách."))
        return
    values: set[str] = set()
    for number, option in enumerate(options or []):
        value = option.get("value") if isinstance(option, Mapping) else None
        if not isinstance(value, str) or not value or not isinstance(option.get("label"), str):
            yield Problem(f"{path}.options.{number}", _("Mỗi lựa chọn cần “value” (văn bản, đặt trong ngoặc kép nếu là số) và “label”."))
        elif value in values:
            yield Problem(f"{path}.options.{number}", _("Lựa chọn “%(value)s” bị lặp.") % {"value": value})
        else:
            values.add(value)


def _setting_shapes(item: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for name in ("max_length", "min_length", "decimals", "min_items", "max_items", "max_files"):
        value = item.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100_000):
            yield Problem(f"{path}.{name}", _("“%(name)s” phải là số nguyên không âm.") % {"name": name})
    for name in ("max_mb", "max_area_ha"):
        value = item.get(name)
        if value is not None and (not isinstance(value, int | float) or isinstance(value, bool) or value <= 0):
            yield Problem(f"{path}.{name}", _("“%(name)s” phải là số dương.") % {"name": name})
    if item["type"] in schema.NUMBER_TYPES:
        for name in ("min", "max"):
            if item.get(name) is not None and (not isinstance(item[name], int | float) or isinstance(item[name], bool)):
                yield Problem(f"{path}.{name}", _("“%(name)s” phải là một số.") % {"name": name})
    if item["type"] == "date":
        for name in ("min", "max"):
            if item.get(name) is not None and not _is_day(item[name]):
                yield Problem(f"{path}.{name}", _("“%(name)s” phải là ngày yyyy-mm-dd hoặc today.") % {"name": name})
    bbox = item.get("bbox")
    if bbox is not None and not (isinstance(bbox, list) and len(bbox) == 4 and all(isinstance(edge, int | float) for edge in bbox)):
        yield Problem(f"{path}.bbox", _("“bbox” cần bốn số: tây, nam, đông, bắc."))
    yield from _computation(item, path)
    if (sentence := pattern_problem(item.get("pattern"))) is not None:
        yield Problem(f"{path}.pattern", sentence)


def _computation(item: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if item["type"] != "computed":
        return
    total, product = item.get("sum"), item.get("product")
    if (total is None) == (product is None):
        yield Problem(path, _("Mục tính toán cần đúng một trong “sum” (tổng) và “product” (tích)."))
    elif (
        total is not None and not isinstance(total, str) and not (isinstance(total, list) and all(isinstance(part, str) for part in total))
    ):
        yield Problem(f"{path}.sum", _("“sum” phải là đường dẫn hoặc danh sách đường dẫn."))
    elif product is not None and not (isinstance(product, list) and len(product) >= 2 and all(_is_factor(part) for part in product)):
        yield Problem(f"{path}.product", _("“product” cần ít nhất hai đường dẫn hoặc số."))


def _is_factor(part: Any) -> bool:
    return isinstance(part, str | int | float) and not isinstance(part, bool)


def _is_day(value: Any) -> bool:
    if value == "today":
        return True
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _details(form: Form, outside: Mapping[str, Any]) -> Iterator[Problem]:
    known = {**outside, **schema.known_fields(form)}
    for number, section in enumerate(form.sections):
        path = f"sections.{number}"
        yield from _condition(section.when, known, f"{path}.when")
        for index, item in enumerate(section.fields):
            yield from _field_details(item, form, known, f"{path}.fields.{index}")


def _field_details(item: Field, form: Form, known: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if "*" in item.path:
        row = item.path.rsplit(".", 1)[0] + "."
        known = {**known, **{name.removeprefix(row): info for name, info in known.items() if name.startswith(row)}}
    yield from _condition(item.when, known, f"{path}.when")
    yield from _condition(item.required, known, f"{path}.required")
    for name in item.settings:
        if name not in EVERYWHERE and name not in ALLOWED.get(item.type, frozenset()):
            yield Problem(f"{path}.{name}", _("Loại mục “%(type)s” không có thuộc tính “%(name)s”.") % {"type": item.type, "name": name})
    low, high = item.get("min"), item.get("max")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        yield Problem(f"{path}.min", _("“min” lớn hơn “max”."))
    if item.type == "repeat" and item.get("min_items", 0) > item.max_items:
        yield Problem(f"{path}.min_items", _("“min_items” lớn hơn “max_items”."))
    if item.type == "admin_unit" and item.get("level", "commune") not in {"district", "commune"}:
        yield Problem(f"{path}.level", _("“level” phải là district hoặc commune."))
    if item.get("prefill") and not PREFILL.fullmatch(str(item.get("prefill"))):
        yield Problem(f"{path}.prefill", _("“prefill” phải là account.<mục>, dossier.<khoá thủ tục>.<mục> hoặc answers.<mục>."))
    yield from _asking(item, form, known, path)
    for operand in schema.operands(item):
        target = schema.resolve(operand, item, form.by_path)
        if target is None or form.by_path[target].type not in (*schema.NUMBER_TYPES, "computed"):
            yield Problem(path, _("Mục tính toán dùng “%(path)s”, không phải là một số của biểu mẫu.") % {"path": operand})
    for index, child in enumerate(item.fields):
        yield from _field_details(child, form, known, f"{path}.fields.{index}")


def _asking(item: Field, form: Form, known: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Of look-ups and of lines drawn over what they find."""
    if item.type == "line":
        over = form.by_path.get(str(item.get("over") or ""))
        if item.get("over") and (over is None or over.type != "lookup"):
            yield Problem(f"{path}.over", _("“over” phải là khoá của một mục tra cứu (lookup) trong biểu mẫu."))
        if item.get("parts") and schema.resolve(str(item.get("parts")), item, form.by_path) is None and item.get("parts") not in known:
            yield Problem(f"{path}.parts", _("Không có mục “%(path)s” trong biểu mẫu.") % {"path": item.get("parts")})
    if item.type != "lookup":
        return
    source = sources.source(str(item.get("of")))
    if source is None:
        yield Problem(f"{path}.of", _("Không có nguồn tra cứu “%(name)s”.") % {"name": item.get("of") or ""})
    for name in ("given", "fills"):
        named = item.get(name) or {}
        if not isinstance(named, Mapping):
            yield Problem(f"{path}.{name}", _("“%(name)s” phải là một nhóm: tên của nguồn và mục của biểu mẫu.") % {"name": name})
            continue
        for unknown in sorted(set(named) - set(source.names(name)) if source else ()):
            yield Problem(f"{path}.{name}", _("Nguồn tra cứu không có mục “%(name)s”.") % {"name": unknown})
        for field in map(str, named.values()):
            outside = name == "given" and field in known
            if schema.resolve(field, item, form.by_path) is None and not outside:
                yield Problem(f"{path}.{name}", _("Không có mục “%(path)s” trong biểu mẫu.") % {"path": field})


def _condition(condition: Any, known: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if condition is not None:
        for sentence in conditions.check(condition, known):
            yield Problem(path, sentence)
