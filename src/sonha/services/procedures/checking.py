"""What is wrong with a whole declaration, in words, each with its place. Errors keep it from being published; warnings do not.

A place is a path in the declaration with slashes (`papers/2`, `form/sections/0/fields/3`, `flow/steps/4`, `fees/rules/0`), or the name of
a part: `about`, `time_limit`, `flow`, `fees`, `routing`, `outcome`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

from sonha.process.flows import condition_check, validation
from sonha.process.flows.durations import longest_way, working_days
from sonha.process.flows.vocabulary import LIMIT_UNITS
from sonha.process.forms import schema
from sonha.process.rules import conditions, decisions

PAPER_FORMS = ("original", "certified_copy", "copy", "electronic")
OUTCOME_KINDS = ("permit", "certificate", "decision", "confirmation", "data", "letter")
LAYOUTS = ("permit", "decision", "certificate", "confirmation", "letter", "data", "generic")
PRINTED_NAME = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
PLAIN_NAMES = frozenset(
    {
        "number", "year", "owner.name", "owner.identifier", "owner.address", "owner.phone", "agency.name",
        "dossier.code", "dossier.procedure", "dossier.submitted_on",
    }
)  # fmt: skip
REFERENCE = re.compile(r"@(commune_of|district_of):([a-z0-9_.]+)")

Level = Literal["error", "warning"]
Fields = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Finding:
    """One sentence about one place of a declaration."""

    level: Level
    place: str
    message: str

    def __str__(self) -> str:
        return self.message


def check_declaration(
    declaration: Mapping[str, Any], *, units: Collection[str] | None = None, flows: Collection[str] | None = None
) -> list[Finding]:
    """Everything wrong or doubtful in a version's declaration (docs/declaring-a-procedure.md), errors first.

    `units`: codes of units in force, `flows`: keys of published flows; None when not known here, then such references are not checked.
    """
    fields = answer_fields(declaration.get("form"))
    found = [
        *_check_about(declaration, fields, units),
        *_check_papers(declaration, fields),
        *_check_form(declaration.get("form"), "form", {}),
        *_check_flow(declaration, fields, flows, units),
        *_check_tables(declaration, fields, units),
        *_check_outcome(declaration, fields),
        *_check_sources(declaration),
    ]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.level != "error")


def answer_fields(form: Any) -> dict[str, Any]:
    """Declared path -> declaration of the field, of any form, also one that is not right yet."""
    return {
        path: field
        for path, field in condition_check.form_fields(form).items()
        if isinstance(field, Mapping) and field.get("type") not in schema.SILENT_TYPES
    }


def known_fields(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """Everything a condition of papers, fees and routing may read: the answers and what a dossier knows of itself."""
    return {**answer_fields(declaration.get("form")), **condition_check.DOSSIER_FIELDS}


def error(place: str, message: str) -> Finding:
    return Finding("error", place, message)


def warning(place: str, message: str) -> Finding:
    return Finding("warning", place, message)


def _check_about(declaration: Mapping[str, Any], fields: Fields, units: Collection[str] | None) -> Iterator[Finding]:
    start, end = _day(declaration.get("valid_from")), _day(declaration.get("valid_to"))
    if start and end and start > end:
        yield error("about", _("Ngày bắt đầu hiệu lực sau ngày kết thúc."))
    limit = declaration.get("time_limit")
    if not isinstance(limit, Mapping):
        yield error("time_limit", _("Chưa có thời hạn giải quyết."))
    elif not isinstance(limit.get("amount"), int) or limit["amount"] <= 0 or limit.get("unit") not in LIMIT_UNITS:
        yield error("time_limit", _("Thời hạn giải quyết phải là số nguyên lớn hơn 0, tính bằng ngày làm việc, giờ làm việc hoặc ngày."))
    if not declaration.get("summary"):
        yield warning("about", _("Chưa có câu tóm tắt cho người dân."))
    for name in ("division", "authority"):
        yield from _check_unit("about", declaration.get(name), fields, units)
    for reference in (declaration.get("consulted") or {}).values():
        yield from _check_unit("about", reference, fields, units)
    ids = Counter(str(entry.get("id")) for entry in declaration.get("legal_basis") or ())
    for place, entry in enumerate(declaration.get("legal_basis") or ()):
        here = f"legal_basis/{place}"
        if not entry.get("id") or not entry.get("citation"):
            yield error(here, _("Căn cứ thứ %(number)s cần mã và trích dẫn.") % {"number": place + 1})
        elif ids[str(entry["id"])] > 1:
            yield error(here, _("Mã căn cứ «%(id)s» được dùng nhiều lần.") % {"id": entry["id"]})
        begins, ends = _day(entry.get("valid_from")), _day(entry.get("valid_to"))
        if begins and ends and begins > ends:
            yield error(here, _("Căn cứ «%(id)s»: ngày hiệu lực sau ngày hết hiệu lực.") % {"id": entry.get("id")})
        elif start and ends and ends < start:
            yield warning(here, _("Căn cứ «%(id)s» hết hiệu lực trước khi phiên bản này bắt đầu.") % {"id": entry.get("id")})


def _check_unit(place: str, reference: Any, fields: Fields, units: Collection[str] | None) -> Iterator[Finding]:
    if not reference:
        return
    match = REFERENCE.fullmatch(str(reference))
    if match:
        if fields.get(match[2], {}).get("type") != "admin_unit":
            yield error(
                place,
                _("«%(reference)s»: mục «%(path)s» không phải là xã, phường trong tờ khai.") % {"reference": reference, "path": match[2]},
            )
    elif units is not None and reference not in units:
        yield error(place, _("Không có đơn vị mang mã «%(code)s».") % {"code": reference})


def _check_papers(declaration: Mapping[str, Any], fields: Fields) -> Iterator[Finding]:
    papers = declaration.get("papers") or []
    codes = Counter(str(paper.get("code")) for paper in papers)
    known = known_fields(declaration)
    for place, paper in enumerate(papers):
        here, names = f"papers/{place}", {"number": place + 1, "title": paper.get("title") or paper.get("code") or ""}
        if not paper.get("code") or not paper.get("title"):
            yield error(here, _("Giấy tờ thứ %(number)s cần mã và tên.") % names)
        elif codes[str(paper["code"])] > 1:
            yield error(here, _("Mã giấy tờ «%(code)s» được dùng nhiều lần.") % {"code": paper["code"]})
        if paper.get("form", "copy") not in PAPER_FORMS:
            yield error(here, _("Giấy tờ «%(title)s»: hình thức phải là bản chính, bản sao chứng thực, bản sao hoặc điện tử.") % names)
        copies = paper.get("copies", 1)
        if not isinstance(copies, int) or isinstance(copies, bool) or not 0 < copies <= 20:
            yield error(here, _("Giấy tờ «%(title)s»: số bản phải từ 1 đến 20.") % names)
        for sentence in conditions.check(paper.get("required", False), known):
            yield error(here, _("Giấy tờ «%(title)s»: %(sentence)s") % {**names, "sentence": sentence})


def _check_form(form: Any, prefix: str, outside: Mapping[str, Any], called: str = "") -> Iterator[Finding]:
    for problem in schema.check(form, outside=outside):
        yield error(_form_place(prefix, problem.path), (called and called + ": ") + _named(form, problem.path) + problem.message)


def _form_place(prefix: str, path: str) -> str:
    """`sections.1.fields.2.max` -> `form/sections/1/fields/2`: the part, not its setting."""
    parts = path.split(".")
    kept = [part for index, part in enumerate(parts) if part.isdecimal() or (index + 1 < len(parts) and parts[index + 1].isdecimal())]
    while len(kept) >= 2 and kept[-2] not in {"sections", "fields"}:
        kept = kept[:-2]
    return "/".join([prefix, *kept])


def _named(form: Any, path: str) -> str:
    """What a person calls the part at a path: the label of its field or the title of its section."""
    holder: Any = form
    name = ""
    for part in path.split("."):
        try:
            holder = holder[int(part)] if part.isdecimal() else holder[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(holder, Mapping) and (holder.get("label") or holder.get("title")):
            name = str(holder.get("label") or holder.get("title"))
    return f"«{name}»: " if name else ""


def _check_flow(
    declaration: Mapping[str, Any], fields: Fields, flows: Collection[str] | None, units: Collection[str] | None
) -> Iterator[Finding]:
    flow = declaration.get("flow")
    if not isinstance(flow, Mapping):
        yield error("flow", _("Chưa có các bước giải quyết."))
        return
    steps = flow.get("steps") or []
    places = {step.get("key"): place for place, step in enumerate(steps) if isinstance(step, Mapping)}
    for problem in validation.validate(
        flow, form_fields=fields, actors=set(declaration.get("consulted") or {}), flows=flows, services=None
    ):
        place = f"flow/steps/{places[problem.step]}" if problem.step in places else "flow"
        yield Finding(problem.level, place, problem.message)
    known = {**known_fields(declaration), **(condition_check.known_fields(steps, None) or {})}
    for number, step in enumerate(steps):
        if step.get("form") is not None:
            called = _("Biểu mẫu của bước «%(title)s»") % {"title": step.get("title") or step.get("key")}
            yield from _check_form(step["form"], f"flow/steps/{number}/form", known, called)
        if str(step.get("unit", "")).startswith("code:"):
            yield from _check_unit(f"flow/steps/{number}", step["unit"].removeprefix("code:"), fields, units)
    yield from _check_total(declaration, flow)


def _check_total(declaration: Mapping[str, Any], flow: Mapping[str, Any]) -> Iterator[Finding]:
    limit = declaration.get("time_limit")
    try:
        allowed, needed = working_days(limit or {}), longest_way(flow)
    except (KeyError, TypeError, ValueError, RecursionError):
        return
    if needed > allowed + 0.001:
        numbers = {"needed": f"{needed:g}", "allowed": f"{allowed:g}"}
        yield warning(
            "time_limit", _("Các bước cộng lại %(needed)s ngày làm việc, dài hơn thời hạn giải quyết %(allowed)s ngày làm việc.") % numbers
        )


def _check_tables(declaration: Mapping[str, Any], fields: Fields, units: Collection[str] | None) -> Iterator[Finding]:
    known = known_fields(declaration)
    for name, title, money in (("fees", _("Phí, lệ phí"), True), ("routing", _("Phân công"), False)):
        table = declaration.get(name)
        if table is None:
            continue
        for finding in decisions.check(table, known, money=money):
            place = f"{name}/{finding.path.replace('.', '/')}" if finding.path.startswith("rules.") else name
            yield Finding(finding.level, place, f"{title}: {finding.message}")
    for number, rule in enumerate((declaration.get("routing") or {}).get("rules") or ()):
        for reference in (rule.get("then") or {}).values():
            yield from _check_unit(f"routing/rules/{number}", reference, fields, units)


def _check_outcome(declaration: Mapping[str, Any], fields: Fields) -> Iterator[Finding]:
    outcome = declaration.get("outcome")
    if not isinstance(outcome, Mapping):
        yield error("outcome", _("Chưa khai báo kết quả."))
        return
    if not outcome.get("title"):
        yield error("outcome", _("Kết quả chưa có tên."))
    if outcome.get("kind") not in OUTCOME_KINDS:
        yield error("outcome", _("Loại kết quả «%(kind)s» không có trong quy ước.") % {"kind": outcome.get("kind") or ""})
    if outcome.get("template", "generic") not in LAYOUTS:
        yield error("outcome", _("Không có mẫu in «%(name)s».") % {"name": outcome.get("template")})
    geometry = outcome.get("geometry")
    if geometry and fields.get(geometry, {}).get("type") not in {"point", "polygon"}:
        yield error("outcome", _("Vị trí của giấy phép dùng mục «%(path)s», không phải là điểm hay vùng trên bản đồ.") % {"path": geometry})
    validity = outcome.get("validity")
    if (
        isinstance(validity, Mapping)
        and (path := validity.get("amount_from"))
        and fields.get(path, {}).get("type") not in {"integer", "number"}
    ):
        yield error("outcome", _("Thời hạn của giấy phép dùng mục «%(path)s», không phải là một số trong tờ khai.") % {"path": path})
    steps = (declaration.get("flow") or {}).get("steps") or ()
    official = condition_check.known_fields([step for step in steps if isinstance(step, Mapping)], {}) or {}
    for name in dict.fromkeys(PRINTED_NAME.findall(" ".join(_texts(outcome)))):
        root, _dot, rest = name.partition(".")
        if not (name in PLAIN_NAMES or (root == "answers" and _general(rest) in fields) or (root == "task" and name in official)):
            yield error("outcome", _("Văn bản kết quả dùng «{%(name)s}», không có trong tờ khai hay trong các bước.") % {"name": name})


def _check_sources(declaration: Mapping[str, Any]) -> Iterator[Finding]:
    known = {entry.get("id") for entry in declaration.get("legal_basis") or ()}
    for place, holder in _holders(declaration, ""):
        source = holder.get("source")
        if source and source not in known:
            yield error(_editable(place), _("Căn cứ «%(id)s» được nhắc đến nhưng không có trong danh sách căn cứ.") % {"id": source})


def _holders(value: Any, place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        yield place, value
        for name, inner in value.items():
            yield from _holders(inner, f"{place}/{name}" if place else str(name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _holders(inner, f"{place}/{index}")


def _editable(place: str) -> str:
    """The nearest numbered part of a place, or its first word: `flow/steps/3/limit` -> `flow/steps/3`."""
    parts = place.split("/")
    while parts and not parts[-1].isdecimal() and len(parts) > 1:
        parts = parts[:-1]
    return "/".join(parts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _general(path: str) -> str:
    return conditions.declared(path)


def _day(value: Any) -> date | None:
    try:
        return decisions.as_date(value or None)
    except ValueError:
        return None
