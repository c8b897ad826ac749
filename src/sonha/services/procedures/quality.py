"""Data quality of the procedure catalogue: the defects of each row, and a report that counts them.

Pure: it looks at rows, wherever they come from (the source file or the database). A defect is never repaired here; a row
with a defect is imported, marked with the codes of `DEFECTS` and can be filtered by them.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DEFECTS = {
    "code_missing": gettext_lazy("Không có mã thủ tục"),
    "code_is_text": gettext_lazy("Ô mã ghi chữ thay cho mã"),
    "code_malformed": gettext_lazy("Mã không đúng dạng"),
    "code_repeated": gettext_lazy("Mã dùng cho nhiều thủ tục"),
    "code_repeated_in_agency": gettext_lazy("Mã lặp lại trong cùng một cơ quan"),
    "name_repeated": gettext_lazy("Tên trùng với thủ tục khác"),
    "name_repeated_in_agency": gettext_lazy("Tên trùng trong cùng một cơ quan"),
    "row_identical": gettext_lazy("Trùng hoàn toàn với một dòng khác, chỉ khác số thứ tự"),
    "field_missing": gettext_lazy("Không ghi lĩnh vực"),
    "field_spelling_variant": gettext_lazy("Lĩnh vực có hai cách viết"),
    "field_damaged": gettext_lazy("Tên lĩnh vực bị mất chữ"),
    "field_is_group": gettext_lazy("Ô lĩnh vực ghi tên nhóm thủ tục"),
    "resolution_lost": gettext_lazy("Mất ô nghị quyết đơn giản hoá trong nguồn"),
    "resolution_malformed": gettext_lazy("Số nghị quyết thiếu dấu gạch chéo"),
    "editor_remark": gettext_lazy("Tên còn ghi chú của người soạn"),
}

PATTERNS = {
    "ministry": gettext_lazy("Mã bộ: XXX-LSN-dddddd"),
    "local": gettext_lazy("Mã địa phương: T-LSN-dddddd-TT"),
    "spaced": gettext_lazy("Có dấu cách bên trong mã"),
    "bare": gettext_lazy("LSN-dddddd, thiếu tên bộ"),
    "compound": gettext_lazy("Mã ghép: TTR-LSN-dd-10950"),
    "short": gettext_lazy("Mã cụt: TTR-LSN-d hoặc -dd"),
    "without_province": gettext_lazy("Thiếu LSN"),
    "other": gettext_lazy("Dạng khác"),
    "text": gettext_lazy("Ghi chữ thay cho mã"),
    "missing": gettext_lazy("Để trống"),
}
WELL_FORMED = ("ministry", "local")

_MINISTRIES = "BKH|BVH|BGD|BNN|BNV|BTP|BTM|BTC|BKHVCN|BYT|BTT|BLĐ-TBVXH|BCT|BGTVT|UBA|QNH"
_SHAPES = (
    ("ministry", re.compile(rf"({_MINISTRIES})-LSN-\d{{6}}")),
    ("local", re.compile(r"T-LSN-\d{6}-TT")),
    ("text", re.compile(r"(không tìm thấy|chưa có) trên CSDL.*", re.IGNORECASE)),
    ("spaced", re.compile(r".*\s.*")),
    ("bare", re.compile(r"LSN-\d{6}")),
    ("compound", re.compile(r"TTR-LSN-\d+-10950")),
    ("short", re.compile(r"TTR-LSN-\d{1,2}")),
    ("without_province", re.compile(r"(BTP|BNN)-\d{6}")),
)
_REMARK = re.compile(r"\([^()]*\?\)")
_RESOLUTION_NUMBER = re.compile(r"(\d+)\s*(/?)\s*N")
_FIELD_PREFIX = re.compile(r"^lĩnh vực\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row of the catalogue as printed: NFC, trimmed, white space collapsed; an empty string is an empty cell."""

    stt: int
    agency: str
    field: str
    code: str
    name: str
    resolution: str = ""
    source_note: str = ""
    source_line: int | None = None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A damaged row that lost its number."""

    number: int
    agency: str
    field: str
    code: str
    name: str
    resolution: str
    note: str
    source_line: int | None = None


@dataclass(slots=True)
class QualityReport:
    """Counts over the whole catalogue; every figure is computed from the rows."""

    rows: int
    first_stt: int
    last_stt: int
    lost_stt: list[str]
    lost: int
    fragments: int
    coded_rows: int
    distinct_codes: int
    repeated_codes: int
    rows_with_repeated_codes: int
    codes_shared_across_agencies: int
    codes_repeated_in_agency: dict[str, list[int]]
    patterns: dict[str, int]
    identical_pairs: list[list[int]]
    names_repeated_in_agency: int
    repeated_names: int
    rows_with_repeated_names: int
    fields: int
    empty_fields: list[int]
    field_variants: list[list[str]]
    resolutions: int
    resolutions_absent: int
    resolutions_lost: list[int]
    resolution_numbers: dict[str, int]
    defects: dict[str, int]
    clean_rows: int
    per_agency: dict[str, int]
    per_agency_field: dict[str, dict[str, int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, in the order of the text report."""
        return asdict(self)

    def as_text(self) -> str:
        """The report in Vietnamese, for a terminal or an e-mail."""
        return "\n".join(_lines(self))


def clean(text: str) -> str:
    """NFC, trimmed, inner white space collapsed: the only change made to a cell."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def code_pattern(code: str) -> str:
    """The class of `PATTERNS` a code belongs to."""
    if not code:
        return "missing"
    return next((name for name, shape in _SHAPES if shape.fullmatch(code)), "other")


def field_key(value: str) -> str:
    """Two spellings of one field have the same key: prefix, case, commas and dashes do not count."""
    return " ".join(re.sub(r"[\s,–-]+", " ", _FIELD_PREFIX.sub("", value).casefold()).split())


def inspect_rows(rows: Sequence[CatalogueRow], field_groups: Iterable[str] = ()) -> dict[int, list[str]]:
    """Defect codes of every row by `stt`, in the order of `DEFECTS`.

    `field_groups`: values of the field column that name a group of procedures.
    """
    found = _Tally.of(rows)
    groups = frozenset(field_groups)
    return {row.stt: [defect for defect in DEFECTS if defect in set(_defects(row, found, groups))] for row in rows}


def report(rows: Sequence[CatalogueRow], fragments: Sequence[Fragment], defects: dict[int, list[str]]) -> QualityReport:
    """Counts the catalogue. `defects` comes from `inspect_rows` (or from the database, which stores the same)."""
    found = _Tally.of(rows)
    numbers = sorted(row.stt for row in rows)
    lost = sorted(set(range(1, numbers[-1] + 1)) - set(numbers)) if numbers else []
    repeated = {code: count for code, count in found.codes.items() if count > 1}
    inside = {code: stts for (_agency, code), stts in found.agency_codes.items() if code and len(stts) > 1}
    pairs = [stts for stts in found.contents.values() if len(stts) > 1]
    names = {name: count for name, count in found.names.items() if count > 1}
    per_field: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        per_field[row.agency][row.field] += 1
    return QualityReport(
        rows=len(rows),
        first_stt=numbers[0] if numbers else 0,
        last_stt=numbers[-1] if numbers else 0,
        lost_stt=_ranges(lost),
        lost=len(lost),
        fragments=len(fragments),
        coded_rows=sum(found.codes.values()),
        distinct_codes=len(found.codes),
        repeated_codes=len(repeated),
        rows_with_repeated_codes=sum(repeated.values()),
        codes_shared_across_agencies=len(repeated.keys() - inside.keys()),
        codes_repeated_in_agency=dict(sorted(inside.items())),
        patterns={name: found.patterns[name] for name in PATTERNS},
        identical_pairs=sorted(pairs),
        names_repeated_in_agency=sum(1 for stts in found.agency_names.values() if len(stts) > 1),
        repeated_names=len(names),
        rows_with_repeated_names=sum(names.values()),
        fields=len({row.field for row in rows}),
        empty_fields=[row.stt for row in rows if not row.field],
        field_variants=sorted(sorted(values) for values in found.spellings.values() if len(values) > 1),
        resolutions=sum(1 for row in rows if row.resolution),
        resolutions_absent=sum(1 for row in rows if not row.resolution),
        resolutions_lost=[row.stt for row in rows if "resolution_cell_missing" in row.source_note],
        resolution_numbers=dict(Counter(number for row in rows if (number := resolution_number(row.resolution))).most_common()),
        defects={code: sum(code in listed for listed in defects.values()) for code in DEFECTS},
        clean_rows=sum(1 for listed in defects.values() if not listed),
        per_agency=dict(Counter(row.agency for row in rows).most_common()),
        per_agency_field={agency: dict(counts.most_common()) for agency, counts in sorted(per_field.items())},
    )


def resolution_number(text: str) -> str:
    """The number of a simplification resolution: `78` of `78/NQ-CP ngày 18/08/2017`; empty when there is none."""
    match = _RESOLUTION_NUMBER.match(text)
    return match[1] if match else ""


@dataclass(slots=True)
class _Tally:
    """What occurs how often; codes that are words or empty are not codes."""

    codes: Counter[str]
    names: Counter[str]
    patterns: Counter[str]
    agency_codes: dict[tuple[str, str], list[int]]
    agency_names: dict[tuple[str, str], list[int]]
    contents: dict[tuple[str, ...], list[int]]
    spellings: dict[str, set[str]]

    @classmethod
    def of(cls, rows: Sequence[CatalogueRow]) -> "_Tally":
        tally = cls(Counter(), Counter(), Counter(), defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(set))
        for row in rows:
            pattern = code_pattern(row.code)
            tally.patterns[pattern] += 1
            tally.names[row.name] += 1
            tally.agency_names[row.agency, row.name].append(row.stt)
            tally.contents[row.agency, row.field, row.code, row.name, row.resolution].append(row.stt)
            tally.spellings[field_key(row.field)].add(row.field)
            if pattern not in ("missing", "text"):
                tally.codes[row.code] += 1
                tally.agency_codes[row.agency, row.code].append(row.stt)
        return tally


def _defects(row: CatalogueRow, found: _Tally, groups: frozenset[str]) -> Iterable[str]:
    pattern = code_pattern(row.code)
    if pattern == "missing":
        yield "code_missing"
    elif pattern == "text":
        yield "code_is_text"
    else:
        if pattern not in WELL_FORMED:
            yield "code_malformed"
        if found.codes[row.code] > 1:
            yield "code_repeated"
        if len(found.agency_codes[row.agency, row.code]) > 1:
            yield "code_repeated_in_agency"
    if found.names[row.name] > 1:
        yield "name_repeated"
    if len(found.agency_names[row.agency, row.name]) > 1:
        yield "name_repeated_in_agency"
    if len(found.contents[row.agency, row.field, row.code, row.name, row.resolution]) > 1:
        yield "row_identical"
    if _REMARK.search(row.name):
        yield "editor_remark"
    yield from _field_defects(row, found, groups)
    yield from _resolution_defects(row)


def _field_defects(row: CatalogueRow, found: _Tally, groups: frozenset[str]) -> Iterable[str]:
    if not row.field:
        yield "field_missing"
    elif len(found.spellings[field_key(row.field)]) > 1:
        yield "field_spelling_variant"
    if row.field.startswith("Lĩnh ") and not _FIELD_PREFIX.match(row.field):
        yield "field_damaged"
    if row.field in groups:
        yield "field_is_group"


def _resolution_defects(row: CatalogueRow) -> Iterable[str]:
    if "resolution_cell_missing" in row.source_note:
        yield "resolution_lost"
    match = _RESOLUTION_NUMBER.match(row.resolution)
    if match and not match[2]:
        yield "resolution_malformed"


def _ranges(numbers: Sequence[int]) -> list[str]:
    """`[1706, 1707, 1710]` as `["1706-1707", "1710"]`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in spans]


def _lines(it: QualityReport) -> Iterable[str]:
    yield _("Danh mục thủ tục hành chính: %(rows)d dòng, số thứ tự %(first)d đến %(last)d") % {
        "rows": it.rows,
        "first": it.first_stt,
        "last": it.last_stt,
    }
    yield _("Số thứ tự bị mất: %(lost)d (%(list)s); mảnh dòng không có số thứ tự: %(fragments)d") % {
        "lost": it.lost,
        "list": ", ".join(it.lost_stt),
        "fragments": it.fragments,
    }
    yield ""
    yield _("Mã thủ tục: %(distinct)d mã khác nhau trên %(coded)d dòng có mã") % {
        "distinct": it.distinct_codes,
        "coded": it.coded_rows,
    }
    yield _("  dùng cho nhiều dòng: %(codes)d mã, %(rows)d dòng") % {
        "codes": it.repeated_codes,
        "rows": it.rows_with_repeated_codes,
    }
    yield _("  trong đó chung giữa các cơ quan: %(shared)d mã; lặp trong một cơ quan: %(inside)d mã") % {
        "shared": it.codes_shared_across_agencies,
        "inside": len(it.codes_repeated_in_agency),
    }
    yield from (f"  {it.patterns[name]:>5}  {title}" for name, title in PATTERNS.items())
    yield ""
    yield _("Tên: %(names)d tên trùng trên %(rows)d dòng; %(inside)d tên lặp trong một cơ quan; %(pairs)d cặp dòng giống hệt") % {
        "names": it.repeated_names,
        "rows": it.rows_with_repeated_names,
        "inside": it.names_repeated_in_agency,
        "pairs": len(it.identical_pairs),
    }
    yield _("Lĩnh vực: %(fields)d cách ghi; %(variants)d lĩnh vực viết hai cách; %(empty)d dòng để trống") % {
        "fields": it.fields,
        "variants": len(it.field_variants),
        "empty": len(it.empty_fields),
    }
    yield _("Nghị quyết đơn giản hoá: %(filled)d dòng có, %(absent)d dòng không (trong đó %(lost)d bị mất)") % {
        "filled": it.resolutions,
        "absent": it.resolutions_absent,
        "lost": len(it.resolutions_lost),
    }
    yield ""
    yield _("Dòng mang lỗi, theo loại (không lỗi: %(clean)d dòng)") % {"clean": it.clean_rows}
    yield from (f"  {it.defects[code]:>5}  {title} [{code}]" for code, title in DEFECTS.items())
    yield ""
    yield _("Theo cơ quan")
    yield from (f"  {count:>5}  {agency}" for agency, count in it.per_agency.items())
