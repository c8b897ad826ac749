"""The table of a merge for the people who settle conflicts: one line for each row that came in, the conflicts first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.rendering.spreadsheets import Column, Sheet, write
from sonha.sectors.land.merging.layouts import LAYOUTS
from sonha.sectors.land.merging.merge import Line, Merged
from sonha.sectors.land.merging.reading import Incoming

ORDER = ("conflict", "refused", "same", "written")


def titles(*, dry: bool = False) -> dict[str, str]:
    written = _("Ghi được") if dry else _("Đã ghi")
    return {"conflict": _("Xung đột"), "refused": _("Chưa nhận được"), "same": _("Đã có, khớp"), "written": written}


def write_report(merged: Merged, path: Path, *, dry: bool = False) -> int:
    """Writes the xlsx; returns its number of rows. `dry`: of a trial, nothing is written yet."""
    columns = [
        Column(each)
        for each in (
            _("Kết quả"), _("Nội dung"), _("Mã thửa"), _("Hệ thống"), _("Tệp"), _("Dòng"), _("Mã xã trong tệp"), _("Diện tích"),
            _("Loại đất"), _("Người sử dụng"), _("Bên kia: hệ thống"), _("Bên kia: dòng"),
            _("Bên kia: diện tích"), _("Bên kia: người sử dụng"),
        )
    ]  # fmt: skip
    counts = merged.counts()
    lines = [f"{title}: {counts.get(key, 0)}" for key, title in titles(dry=dry).items()]
    lines.append(timezone.localtime().strftime("%H:%M %d/%m/%Y"))
    return write(Sheet(_("Gộp dữ liệu địa chính"), lines, columns, _rows(merged, titles(dry=dry))), "xlsx", path)


def _rows(merged: Merged, words: dict[str, str]) -> Iterator[list[Any]]:
    for line in sorted(merged.lines, key=lambda each: (ORDER.index(each.result), each.one.code, each.one.line)):
        yield [words[line.result], line.why, line.one.code or line.one.named, *_side(line.one), *_other(line)]


def _side(row: Incoming) -> list[Any]:
    return [LAYOUTS[row.system].title, row.file, row.line, row.old_commune, row.area, row.land_type, row.values["user"]]


def _other(line: Line) -> list[Any]:
    other = line.other
    if other is None:
        return [None, None, None, None]
    if isinstance(other, Incoming):
        return [LAYOUTS[other.system].title, other.line, other.area, other.values["user"]]
    return [_("Cơ sở dữ liệu"), None, other.area, other.user.name if other.user else ""]
