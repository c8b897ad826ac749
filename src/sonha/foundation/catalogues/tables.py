"""Catalogues as tables (CSV): what a table would change is found out first and shown; only then is it carried out.

Columns: code, name, name_en, order, parent, valid_from, valid_to, source, assumption, attributes. `code`, `name` and `source` are needed;
`source` may be left out when the catalogue's own source holds. Days are yyyy-mm-dd or dd/mm/yyyy; `attributes` is a JSON object;
`parent` the code of the item above. A row is the same item as one in the database when code and valid_from are the same.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sonha.foundation.catalogues.models import Catalogue, CatalogueItem

COLUMNS = ("code", "name", "name_en", "order", "parent", "valid_from", "valid_to", "source", "assumption", "attributes")
NEEDED = ("code", "name")
MOST_ROWS = 20_000
LONGEST = {"code": 40, "name": 300, "name_en": 300, "source": 300}


class TableRefused(ValueError):
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True)
class Row:
    """One line that can be carried out: `values` are the columns besides code, valid_from and parent."""

    line: int
    code: str
    valid_from: date | None
    parent: str
    values: dict[str, Any]
    existing: CatalogueItem | None = None


@dataclass
class Plan:
    """What a table would do."""

    catalogue: Catalogue
    text: str
    added: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def examine(catalogue: Catalogue, text: str) -> Plan:
    """Compares a table with the catalogue and changes nothing. TableRefused when it cannot be read at all."""
    plan = Plan(catalogue, text)
    known = {(item.code, item.valid_from): item for item in catalogue.items.select_related("parent")}
    lines = list(_lines(text))
    codes = {code for code, _day in known} | {raw.get("code", "") for _line, raw in lines}
    periods: dict[str, list[tuple[date | None, date | None]]] = {}
    named = {(raw.get("code", ""), _day_or_none(raw.get("valid_from", ""))) for _line, raw in lines}
    for (code, first), item in known.items():
        if (code, first) not in named:
            periods.setdefault(code, []).append((first, item.valid_to))
    for line, raw in lines:
        try:
            row = _row(catalogue, line, raw, codes)
            _refuse_overlap(periods, row)
        except ValueError as refused:
            plan.refused.append((line, str(refused)))
            continue
        periods.setdefault(row.code, []).append((row.valid_from, row.values["valid_to"]))
        existing = known.get((row.code, row.valid_from))
        if existing is None:
            plan.added.append(row)
        elif _differs(existing, row):
            plan.changed.append(Row(line, row.code, row.valid_from, row.parent, row.values, existing))
        else:
            plan.same += 1
    return plan


def _lines(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    clean = unicodedata.normalize("NFC", text.lstrip("\ufeff")).replace("\x00", "")
    head = clean.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(clean), delimiter=separator)
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in NEEDED if name not in names]:
        raise TableRefused(_("Dòng đầu của tệp phải có các cột %(names)s.") % {"names": ", ".join(missing)})
    if unknown := [name for name in names if name and name not in COLUMNS]:
        raise TableRefused(_("Không hiểu các cột %(names)s.") % {"names": ", ".join(unknown)})
    reader.fieldnames = names
    for count, raw in enumerate(reader, start=1):
        if count > MOST_ROWS:
            raise TableRefused(_("Tệp có quá %(most)d dòng; xin chia nhỏ.") % {"most": MOST_ROWS})
        row = {name: (value or "").strip() for name, value in raw.items() if name and isinstance(value, str | None)}
        if any(row.values()):
            yield reader.line_num, row


def _row(catalogue: Catalogue, line: int, raw: dict[str, str], codes: set[str]) -> Row:
    for name in NEEDED:
        if not raw.get(name):
            raise ValueError(_("thiếu %(column)s") % {"column": name})
    for name, most in LONGEST.items():
        if len(raw.get(name, "")) > most:
            raise ValueError(_("%(column)s dài quá %(most)d ký tự") % {"column": name, "most": most})
    parent = raw.get("parent", "")
    if parent and (parent not in codes or parent == raw["code"]):
        raise ValueError(_("không có mục cấp trên “%(code)s”") % {"code": parent})
    first, last = _day(raw.get("valid_from", "")), _day(raw.get("valid_to", ""))
    if first and last and last < first:
        raise ValueError(_("ngày kết thúc trước ngày bắt đầu"))
    values = {
        "name": raw["name"],
        "name_en": raw.get("name_en", ""),
        "order": _number(raw.get("order", ""), line),
        "valid_to": last,
        "source": raw.get("source", "") or catalogue.source,
        "assumption": raw.get("assumption", "").lower() in {"yes", "true", "1", "có"},
        "attributes": _attributes(raw.get("attributes", "")),
    }
    return Row(line, raw["code"], first, parent, values)


def _number(text: str, line: int) -> int:
    if not text:
        return line - 1
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(_("thứ tự phải là số"))
    return int(text)


def _day(text: str) -> date | None:
    if not text:
        return None
    if found := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text):
        text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“%(text)s” không phải là ngày") % {"text": text[:30]}) from None


def _day_or_none(text: str) -> date | None:
    try:
        return _day(text)
    except ValueError:
        return None


def _attributes(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ValueError(_("attributes phải là một đối tượng JSON"))
    return value


def _refuse_overlap(periods: dict[str, list[tuple[date | None, date | None]]], row: Row) -> None:
    first, last = row.valid_from or date.min, row.values["valid_to"] or date.max
    for begin, end in periods.get(row.code, ()):
        if first <= (end or date.max) and (begin or date.min) <= last:
            raise ValueError(_("mã “%(code)s” đã có nghĩa khác trong một phần thời gian này") % {"code": row.code})


def _differs(item: CatalogueItem, row: Row) -> bool:
    above = item.parent.code if item.parent else ""
    return above != row.parent or any(getattr(item, name) != value for name, value in row.values.items())


def as_csv(catalogue: Catalogue) -> str:
    """The whole catalogue, ended items too, in the form that `examine` reads."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for item in catalogue.items.select_related("parent").order_by("order", "code", "valid_from"):
        writer.writerow(
            [
                item.code,
                item.name,
                item.name_en,
                item.order,
                item.parent.code if item.parent else "",
                item.valid_from or "",
                item.valid_to or "",
                item.source,
                "yes" if item.assumption else "",
                json.dumps(item.attributes, ensure_ascii=False) if item.attributes else "",
            ]
        )
    return out.getvalue()
