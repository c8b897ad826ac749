"""Fees in words a payer can check: each line with its legal source, when it is due, and who does not pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from sonha.process.forms import schema
from sonha.process.rules.decisions import FeeLine
from sonha.services.procedures.models import ProcedureVersion

DUE = {
    "before_acceptance": gettext_lazy("Nộp sau khi bộ phận một cửa nhận hồ sơ, trước khi giải quyết."),
    "before_return": gettext_lazy("Nộp trước khi nhận kết quả."),
}


@dataclass(frozen=True)
class Source:
    """A legal basis as the payer reads it; `assumption` says that the province has still to confirm it."""

    citation: str
    assumption: bool


@dataclass(frozen=True)
class FeeRow:
    """One row of the table, or one line of what is to be paid. Amounts in đồng; `known` is False while its number is not answered."""

    title: str
    amount: int
    unit_amount: int
    per_unit: bool
    known: bool
    source: Source | None


def table_of(version: ProcedureVersion) -> Mapping[str, Any]:
    return version.content.get("fees") or {}


def all_rows(version: ProcedureVersion) -> list[FeeRow]:
    """Every row of the fee table, for those who have not answered anything yet."""
    rows = []
    for rule in table_of(version).get("rules") or ():
        then = rule.get("then") or {}
        amount, title = int(then.get("amount") or 0), _title(then.get("title"), then.get("title_en"))
        rows.append(FeeRow(title, amount, amount, bool(then.get("times")), True, source_of(version, rule.get("source"))))
    return rows


def charged_rows(version: ProcedureVersion, lines: list[FeeLine]) -> list[FeeRow]:
    """What these answers cost, line by line, with the source of the row that applies."""
    return [
        FeeRow(
            _title(line.title, line.title_en),
            line.amount,
            line.unit_amount,
            line.unit_amount != line.amount,
            line.known,
            source_of(version, line.source),
        )
        for line in lines
    ]


def source_of(version: ProcedureVersion, key: Any) -> Source | None:
    """The legal basis a row names."""
    found = next((entry for entry in version.content.get("legal_basis") or () if key and entry.get("id") == key), None)
    if found is None:
        return None
    article = found.get("article")
    return Source(f"{found['citation']}, {article}" if article else str(found["citation"]), bool(found.get("assumption")))


def due_words(version: ProcedureVersion) -> str:
    return str(DUE.get(str(table_of(version).get("due") or "before_acceptance"), ""))


def exemptions(version: ProcedureVersion) -> list[str]:
    """Who does not pay: rows of no money, and answers that every row leaves out."""
    rules = list(table_of(version).get("rules") or ())
    free = [_title(rule["then"].get("title"), rule["then"].get("title_en")) for rule in rules if not rule["then"].get("amount")]
    left_out = [dict(_left_out(rule.get("when"))) for rule in rules]
    if not left_out:
        return free
    for path, values in left_out[0].items():
        everywhere = [value for value in values if all(value in other.get(path, ()) for other in left_out)]
        if everywhere and version.form_version and (words := _answer_words(version.form_version.schema, path, everywhere)):
            free.append(words)
    return free


def _left_out(condition: Any) -> list[tuple[str, list[Any]]]:
    if not isinstance(condition, Mapping):
        return []
    if "all" in condition:
        return [pair for part in condition["all"] for pair in _left_out(part)]
    if "not_in" in condition:
        return [(condition["field"], list(condition["not_in"]))]
    return [(condition["field"], [condition["ne"]])] if "ne" in condition else []


def _answer_words(form: Mapping[str, Any], path: str, values: list[Any]) -> str:
    item = schema.load(form).by_path.get(path)
    labels = [option.label for option in item.options if option.value in values] if item else []
    return f"{item.text('label', get_language() or 'vi')}: {', '.join(labels)}" if item and labels else ""


def _title(vi: Any, en: Any) -> str:
    return str(en if en and (get_language() or "vi") == "en" else vi or "")
