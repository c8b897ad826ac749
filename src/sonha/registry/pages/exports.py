"""The same selection as a spreadsheet: a register's list, and its statistics. Named `register:<code>` and `statistics:<code>`."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.rendering.exports import Export, Parameters, described, head_lines, register_family
from sonha.foundation.rendering.spreadsheets import Column, Sheet
from sonha.registry.declarations import register as declared
from sonha.registry.declarations.fields import Field
from sonha.registry.grants.rights import rights

from .asking import Asked, When
from .cells import Cells, plain
from .narrowing import Narrowing

BATCH = 500
WIDTHS = {"date": 12, "moment": 17, "integer": 12, "decimal": 14, "boolean": 8, "text": 40}


def _asked(actor: Actor, code: str) -> Asked:
    actor = actor.in_office() if actor.is_official else actor
    return Asked(actor, declared(code), rights(actor, declared(code)))


def selection(asked: Asked, parameters: Parameters) -> Any:
    """The rows that an address asks for, whole."""
    narrowing = Narrowing(asked, parameters)
    return narrowing.narrowed(asked.rows(When.of(parameters), ended=narrowing.ended))


def _column(field: Field) -> Column:
    kind = "date" if field.kind == "date" else "moment" if field.kind == "moment" else "text"
    if field.is_numeric:
        kind = "number" if field.kind == "integer" else "text"  # a decimal keeps its own places
    unit = f" ({field.unit})" if field.unit else ""
    return Column(f"{str(field.title)[:1].upper()}{str(field.title)[1:]}{unit}", kind, WIDTHS.get(field.kind, 24))


def _list(code: str) -> Export:
    register = declared(code)

    def count(actor: Actor, parameters: Parameters, cap: int) -> int:
        return int(selection(_asked(actor, code), parameters).order_by()[: cap + 1].count())

    def sheet(actor: Actor, parameters: Parameters) -> Sheet:
        asked = _asked(actor, code)
        when = When.of(parameters)
        fields = [each for each in register.fields() if each.name in asked.rights.fields() and each.kind != "geometry"]
        chosen = [(label, words) for _name, label, words in Narrowing(asked, parameters).chosen()]
        chosen.append((_("Theo ngày"), f"{when.shown_day:%d/%m/%Y}"))
        lines = [*head_lines(actor, described(chosen)), _("Ô trống có thể là thông tin người xuất không được xem.")]
        engine = [Column(_("Xã, phường"), width=24), Column(_("Từ ngày"), "date", 12), Column(_("Đến hết ngày"), "date", 12)]
        columns = [*(_column(field) for field in fields), *engine]
        return Sheet(str(register.title), lines, columns, _rows(asked, selection(asked, parameters), fields, when))

    return Export(register.title, count, sheet)


def _rows(asked: Asked, rows: Any, fields: list[Field], when: When) -> Iterator[list[Any]]:
    remaining = rows.iterator(chunk_size=BATCH)
    while shown := list(islice(remaining, BATCH)):
        cells = Cells(asked, shown, [each.name for each in fields], when.day)
        for row in shown:
            seen = asked.rights.fields_of(row)
            area = area_name(row.commune_code) if row.commune_code else None
            yield [*(_cell(cells, row, field) if field.name in seen else None for field in fields), area, row.valid_from, row.valid_to]


def _cell(cells: Cells, row: Any, field: Field) -> Any:
    if field.kind in ("reference", "code"):
        return cells.of(row, field.name).text or None
    return plain(field, getattr(row, field.name))


def _statistics(code: str) -> Export:
    from . import statistics

    register = declared(code)
    title = _("Thống kê: %(register)s") % {"register": register.title}

    def count(actor: Actor, parameters: Parameters, cap: int) -> int:
        return len(statistics.table(_asked(actor, code), parameters).rows)

    def sheet(actor: Actor, parameters: Parameters) -> Sheet:
        table = statistics.table(_asked(actor, code), parameters)
        chosen = described([(_("Bảng"), table.title), (_("Theo ngày"), f"{table.day:%d/%m/%Y}")])
        columns = [*(Column(title, width=28) for title in table.by), Column(_("Số bản ghi"), "number", 12)]
        columns += [Column(title, width=18) for title in table.sums]
        rows = [[*row.keys, row.count, *row.sums] for row in table.rows]
        return Sheet(title, head_lines(actor, chosen), columns, rows)

    return Export(title, count, sheet)


register_family("register", _list)
register_family("statistics", _statistics)
