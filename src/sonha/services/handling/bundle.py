"""A selection of dossiers with its papers, as one archive: the table of the list, and a folder for each dossier. Made by a job.

Which dossiers is asked of the same selector as the page, with the rights that the person has when the job runs.
"""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.files.errors import FileDamaged
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.names import clean_name
from sonha.foundation.files.services import keep_path, megabytes, read_bytes
from sonha.foundation.jobs import progress
from sonha.foundation.jobs.models import Progress
from sonha.foundation.jobs.services import enqueue
from sonha.foundation.rendering import exports
from sonha.process.cases import engine
from sonha.services.dossiers import selectors
from sonha.services.dossiers.filters import Filters
from sonha.services.dossiers.models import Dossier, OfficialPaper, Paper

MOST_DOSSIERS = 200
MOST_BYTES = 500 * 1024 * 1024
KIND = "zip"
NOT_ENCLOSED = "khong-kem.txt"
OFFICIAL = "co-quan"
"""Folder of the authority's own papers, beside those that were handed in."""

Parameters = Mapping[str, str]


def begin(actor: Actor, parameters: Parameters) -> Progress:
    """Enqueues the archive of the list that `parameters` ask for. ExportRefused, in words, when it would be too long or too large."""
    found = selectors.find(actor, Filters.of(parameters)).order_by()
    codes = list(found.values_list("pk", flat=True)[: MOST_DOSSIERS + 1])
    if not codes:
        raise exports.ExportRefused(_("Không có hồ sơ nào khớp điều kiện lọc."))
    if len(codes) > MOST_DOSSIERS:
        raise exports.ExportRefused(
            _("Danh sách dài hơn %(most)d hồ sơ. Xin lọc bớt rồi tải kèm giấy tờ; bảng tính xuất được danh sách dài hơn.")
            % {"most": MOST_DOSSIERS}
        )
    size = sum(
        model.objects.filter(dossier_id__in=codes, **current).aggregate(size=Sum("file__size"))["size"] or 0
        for model, current in ((Paper, {"replaced_at": None}), (OfficialPaper, {}))
    )
    if size > MOST_BYTES:
        raise exports.ExportRefused(
            _("Giấy tờ của danh sách này nặng %(size)s, quá mức %(most)s một lần. Xin lọc bớt, ví dụ theo tháng.")
            % {"size": megabytes(size), "most": megabytes(MOST_BYTES)}
        )
    row = progress.start(_("Hồ sơ kèm giấy tờ"), total=len(codes), actor=actor)
    enqueue("handling.bundle_papers", parameters=dict(parameters), user=actor.user_id, progress_id=str(row.pk))
    return row


def make(actor: Actor, parameters: Parameters, progress_id: UUID) -> StoredFile:
    """The work of the job: the archive is kept for the one who asked, for seven days, and the progress page links to it."""
    found = selectors.find(actor, Filters.of(parameters)).select_related("case")
    shown = list(found[:MOST_DOSSIERS])
    left_out: list[str] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "papers.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            table, _rows = exports.make(actor, "dossiers", parameters, "xlsx")
            archive.writestr("danh-sach.xlsx", table)
            for dossier in shown:
                count = _enclose(archive, dossier, actor, left_out)
                if count:
                    subject = engine.subject_ref(dossier.case)
                    record("dossier.papers_exported", subject=subject, actor=actor, payload={"papers": count})
                progress.advance(progress_id, done=1)
            if left_out:
                archive.writestr(NOT_ENCLOSED, "\ufeff" + "\r\n".join(left_out))
        name = _("Hồ sơ kèm giấy tờ") + f" {timezone.localtime():%Y-%m-%d %H%M}.zip"
        media_type = "application/zip"
        file = keep_path(path, name=name, media_type=media_type, purpose=exports.PURPOSE, actor_user=actor.user)
    progress.finish(progress_id, link=reverse("files:download", args=[file.pk]))
    return file


def _not_enclosed(dossier: Dossier, title: str, why: str) -> str:
    return f"{dossier.code}: {title} ({why})"


def _enclose(archive: zipfile.ZipFile, dossier: Dossier, actor: Actor, left_out: list[str]) -> int:
    """Adds the papers of one dossier; what is on paper only, locked or damaged is named in `left_out`. Returns how many were added."""
    count, taken = 0, set[str]()
    for folder, title, file in _papers(dossier, actor):
        if file is None:
            left_out.append(_not_enclosed(dossier, title, _("bản giấy")))
            continue
        if file.scan_state == StoredFile.ScanState.INFECTED:
            left_out.append(_not_enclosed(dossier, title, _("tệp có mã độc, đã khoá")))
            continue
        try:
            data = read_bytes(file)
        except FileDamaged:
            left_out.append(_not_enclosed(dossier, title, _("tệp hỏng, xin báo quản trị hệ thống")))
            continue
        archive.writestr(_name(folder, title, file, taken), data)
        count += 1
    return count


def _papers(dossier: Dossier, actor: Actor) -> Iterator[tuple[str, str, StoredFile | None]]:
    """(folder, title, file) of what the actor may read in the dossier."""
    for paper in selectors.papers_for(actor, dossier):
        yield dossier.code, paper.title, paper.file
    for made in selectors.official_papers_for(actor, dossier):
        yield f"{dossier.code}/{OFFICIAL}", f"{made.get_kind_display()} {made.number}", made.file


def _name(folder: str, title: str, file: StoredFile, taken: set[str]) -> str:
    """A name within the archive: numbered, so that two papers of one title stand side by side."""
    ending = Path(file.original_name).suffix.lower()
    words = clean_name(title.replace("/", "-").replace("\\", "-")[:90])
    taken.add(f"{folder}/{len(taken) + 1:02} {words}{ending}")
    return f"{folder}/{len(taken):02} {words}{ending}"


def job(user: Any, parameters: Parameters, progress_id: UUID) -> None:
    """What the job runs; the progress page says when it broke off."""
    try:
        make(Actor.of(user).in_office(), parameters, progress_id)
    except Exception:
        progress.finish(progress_id, stopped=True)
        raise
