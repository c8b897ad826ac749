"""Exports of lists: whoever keeps a list registers it, the page asks for it, and what is too long for a request is made by a job.

    register("dossiers", Export(title=_("Danh sách hồ sơ"), rows=count, sheet=make))

`rows(actor, parameters, cap)` counts, no further than cap + 1; `sheet(actor, parameters)` describes the table. `parameters` are those of
the page's own address, so that the file holds exactly what the page shows.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit import verbs
from sonha.foundation.audit.services import record
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import register_access, register_usage, store_bytes
from sonha.foundation.files.serving import disposition
from sonha.foundation.jobs import progress
from sonha.foundation.jobs.models import Progress
from sonha.foundation.jobs.services import enqueue

from .spreadsheets import MEDIA_TYPES, Sheet, write

AT_ONCE = 2_000
"""Rows that a request makes itself; more is a job with a progress page."""
MOST = 50_000
PURPOSE = "export"
STEP = 500

Parameters = Mapping[str, str]


class ExportRefused(Exception):
    """One sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Export:
    title: str | Promise
    rows: Callable[[Actor, Parameters, int], int]
    sheet: Callable[[Actor, Parameters], Sheet]


_known: dict[str, Export] = {}
_families: dict[str, Callable[[str], Export]] = {}

verbs.register("list.exported", gettext_lazy("{actor} xuất danh sách «{table}» ({rows} dòng, {kind})"), table=str, rows=int, kind=str)
register_access(PURPOSE, lambda actor, file: actor.user_id is not None and actor.user_id == file.uploaded_by_id)
register_usage(PURPOSE, lambda ids: set())  # an export is made again rather than kept: it goes with the next purge


def register(name: str, export: Export) -> None:
    _known[name] = export


def register_family(prefix: str, of: Callable[[str], Export]) -> None:
    """Lists named `prefix:…`, of which there are as many as there are declarations; `of` the rest gives one, or LookupError."""
    _families[prefix] = of


def known(name: str) -> Export:
    """LookupError when no such list is exported."""
    prefix, found, rest = name.partition(":")
    return _families[prefix](rest) if found else _known[name]


def head_lines(actor: Actor, chosen: str, moment: datetime | None = None) -> list[str]:
    """The lines above every exported table: the filter in words, the moment, who asked."""
    at = timezone.localtime(moment).strftime("%H:%M %d/%m/%Y")
    return [
        _("Điều kiện lọc: %(chosen)s") % {"chosen": chosen or _("không lọc")},
        _("Xuất lúc %(at)s, người xuất: %(who)s") % {"at": at, "who": actor.name},
    ]


def export(actor: Actor, name: str, parameters: Parameters, kind: str) -> HttpResponse | Progress:
    """The file at once, or the progress of the job that makes it.

    ExportRefused when the list is too long; LookupError for an unknown list or kind.
    """
    if kind not in MEDIA_TYPES:
        raise LookupError(f"no spreadsheet is of kind {kind}")
    asked = known(name)
    rows = asked.rows(actor, parameters, MOST)
    if rows > MOST:
        most = f"{MOST:,}".replace(",", ".")
        raise ExportRefused(_("Danh sách dài hơn %(most)s dòng. Xin lọc bớt, ví dụ theo thời gian, rồi xuất lại.") % {"most": most})
    if rows > AT_ONCE:
        row = progress.start(str(asked.title), total=rows, actor=actor)
        user = actor.user_id
        enqueue("rendering.export_list", table=name, parameters=dict(parameters), kind=kind, user=user, progress_id=str(row.pk))
        return row
    data, _rows = make(actor, name, parameters, kind)
    response = HttpResponse(data, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = disposition(file_name(name, kind))
    response["Cache-Control"] = "private, no-store"
    return response


def make(
    actor: Actor, name: str, parameters: Parameters, kind: str, *, after_row: Callable[[int], None] = lambda count: None
) -> tuple[bytes, int]:
    """The bytes of the file and its number of rows; noted in the audit log."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        rows = write(known(name).sheet(actor, parameters), kind, path, after_row=after_row)
        record(
            "list.exported", subject=("export", name), actor=actor, payload={"table": str(known(name).title), "rows": rows, "kind": kind}
        )
        return path.read_bytes(), rows


def make_for(actor: Actor, name: str, parameters: Parameters, kind: str, progress_id: UUID) -> StoredFile:
    """The work of the job: the file is kept for the one who asked, and the progress page links to it."""
    reported = 0

    def tell(count: int) -> None:
        nonlocal reported
        if count - reported >= STEP:
            progress.advance(progress_id, done=count - reported)
            reported = count

    data, rows = make(actor, name, parameters, kind, after_row=tell)
    progress.advance(progress_id, done=rows - reported)
    file = store_bytes(data, name=file_name(name, kind), media_type=MEDIA_TYPES[kind], purpose=PURPOSE, actor_user=actor.user)
    progress.finish(progress_id, link=reverse("files:download", args=[file.pk]))
    return file


def file_name(name: str, kind: str) -> str:
    return f"{known(name).title} {timezone.localtime():%Y-%m-%d %H%M}.{kind}"


def described(pairs: list[tuple[Any, Any]]) -> str:
    """`Lĩnh vực: Đất đai; Nộp từ: 01/01/2026` of those pairs that have a value."""
    return "; ".join(f"{label}: {value}" for label, value in pairs if value)
