"""Making an export: at once, or by a job that keeps the file for whoever asked."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import keep_path
from sonha.foundation.files.serving import disposition
from sonha.foundation.jobs import progress
from sonha.foundation.jobs.models import Progress
from sonha.foundation.jobs.services import enqueue
from sonha.foundation.rendering.exports import PURPOSE, ExportRefused
from sonha.registry.declarations import register as declared
from sonha.registry.grants.rights import rights
from sonha.registry.pages.asking import Asked

from .. import systems
from .rows import Selection
from .writers import KINDS, Told

AT_ONCE = 2_000
"""Rows that a request writes itself."""
MOST = 1_000_000
STEP = 2_000


def kinds_for(asked: Asked) -> dict[str, Any]:
    """The kinds that this actor may have of this register: maps only where it sees the place."""
    placed = Selection(asked, {}, 0).geometry is not None
    return {name: kind for name, kind in KINDS.items() if placed or not kind.maps}


def export(asked: Asked, parameters: Mapping[str, str], kind: str, srid: int) -> HttpResponse | Progress:
    """The file, or the progress of the job that makes it. ExportRefused when it is too long; LookupError for an unknown kind."""
    if kind not in kinds_for(asked):
        raise LookupError(kind)
    selection = _selection(asked, parameters, kind, srid)
    count = selection.count(MOST)
    if count > MOST:
        raise ExportRefused(_("Có hơn 1.000.000 bản ghi; xin lọc bớt, ví dụ theo xã, rồi xuất lại."))
    if count > AT_ONCE:
        if asked.actor.user is None:
            raise ExportRefused(_("Có hơn 2.000 bản ghi; xin đăng nhập để hệ thống lập tệp, hoặc lọc bớt."))
        row = progress.start(str(asked.register.title)[:200], total=count, actor=asked.actor)
        enqueue(
            "formats.export_file", register=asked.register.code, parameters=dict(parameters), kind=kind, srid=srid,
            user=asked.actor.user_id, progress_id=str(row.pk),
        )  # fmt: skip
        return row
    with tempfile.TemporaryDirectory(prefix="sonha-export-") as folder:
        path = Path(folder) / f"data{KINDS[kind].ending}"
        _make(selection, kind, path)
        response = HttpResponse(path.read_bytes(), content_type=KINDS[kind].media_type)
    response["Content-Disposition"] = disposition(file_name(asked, kind))
    response["Cache-Control"] = "private, no-store"
    return response


def make_for(actor: Actor, code: str, parameters: Mapping[str, str], kind: str, srid: int, progress_id: UUID) -> StoredFile:
    """The work of the job, with the rights that the person has when it runs."""
    actor = actor.in_office() if actor.is_official else actor
    asked = Asked(actor, declared(code), rights(actor, declared(code)))
    if not asked.rights.downloads or kind not in kinds_for(asked):
        raise PermissionError("the right to download was taken back")
    told = 0

    def tell(count: int) -> None:
        nonlocal told
        if count - told >= STEP:
            progress.advance(progress_id, done=count - told)
            told = count

    with tempfile.TemporaryDirectory(prefix="sonha-export-") as folder:
        path = Path(folder) / f"data{KINDS[kind].ending}"
        count = _make(_selection(asked, parameters, kind, srid), kind, path, tell)
        file = keep_path(path, name=file_name(asked, kind), media_type=KINDS[kind].media_type, purpose=PURPOSE, actor_user=actor.user)
    progress.advance(progress_id, done=count - told)
    progress.finish(progress_id, link=reverse("files:download", args=[file.pk]))
    return file


def _selection(asked: Asked, parameters: Mapping[str, str], kind: str, srid: int) -> Selection:
    own = asked.register.field(asked.register.geometry()).srid if asked.register.geometry() else 4326
    return Selection(asked, parameters, KINDS[kind].srid or (srid if srid in systems.READ else own))


def _make(selection: Selection, kind: str, path: Path, told: Told = lambda count: None) -> int:
    count = KINDS[kind].write(selection, path, told)
    register = selection.asked.register
    record(
        "register.file_exported", subject=("register", register.code), actor=selection.asked.actor,
        payload={"register": register.code, "rows": count, "kind": kind},
    )  # fmt: skip
    return count


def file_name(asked: Asked, kind: str) -> str:
    return f"{asked.register.title} {timezone.localtime():%Y-%m-%d %H%M}{KINDS[kind].ending}"
