"""Adding, changing and removing rasters."""

import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.files import clamd, storage
from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import keep_path, megabytes
from sonha.foundation.jobs import progress
from sonha.foundation.jobs.services import enqueue

from .checks import MOST_BYTES, Found, RasterRefused, examine
from .converting import convert
from .models import Raster
from .selectors import may_keep

PURPOSE = "raster"
GEOTIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
STEPS = 4


class Sent(Protocol):
    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def add(upload: Sent, actor: Actor, *, srid: int | None = None, **said: Any) -> Raster:
    """Takes a GeoTIFF and has it converted. RasterRefused or FileRefused with one sentence; nothing is left of a refused file.

    `said`: name, title, source and the other words of a Raster.
    """
    _permit(actor)
    try:
        with storage.room():
            path, size = storage.receive(upload.chunks(), at_most=MOST_BYTES)
    except OverflowError:
        raise RasterRefused(_("Tệp lớn hơn %(most)s; xin cắt thành các mảnh nhỏ hơn.") % {"most": megabytes(MOST_BYTES)}) from None
    try:
        if clamd.scan(path) == StoredFile.ScanState.INFECTED:
            raise FileRefused(_("Tệp có mã độc nên không nhận; xin quét lại máy rồi gửi tệp khác."))
        found = examine(path, srid)
        with transaction.atomic():
            raster = _described(Raster(**said, added_by=actor.user), found)
            raster.full_clean(exclude=["data", "drawing", "added_by", "progress"])
            raster.progress = progress.start(_("Chuyển đổi ảnh «%(title)s»") % {"title": raster.title}, total=STEPS, actor=actor)
            raster.save(force_insert=True)
            record("raster.added", subject=raster, actor=actor, payload={"raster": raster.name, "size": size})
            path.replace(_incoming(raster))
            enqueue("rasters.convert_upload", raster=raster.pk, lock="rasters")
    finally:
        path.unlink(missing_ok=True)
    return raster


def convert_upload(raster: Raster) -> None:
    """Makes the two files of a waiting raster and keeps them; a file that cannot be converted leaves a sentence."""
    source, number = _incoming(raster), raster.progress_id
    if raster.state != Raster.State.WAITING:
        return
    folder = storage.aside(f"rasters-{uuid.uuid4().hex}")
    try:
        progress.advance(number, done=1)
        keep(raster, source, folder, lambda: progress.advance(number, done=1))
        source.unlink(missing_ok=True)
        progress.finish(number)
    except Exception as error:
        sentence = _("Không chuyển đổi được tệp; xin kiểm tra tệp bằng phần mềm bản đồ rồi gửi lại.")
        if isinstance(error, FileRefused):
            sentence = str(error)
        Raster.objects.filter(pk=raster.pk).update(state=Raster.State.FAILED, refusal=sentence)
        progress.advance(number, failed=1, problem=(raster.name, sentence))
        progress.finish(number, stopped=True)
        source.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(raster: Raster, source: Path, folder: Path, tell: Any = lambda: None) -> None:
    """Converts `source` in `folder` and makes the raster ready."""
    with storage.room():
        made = convert(source, folder, raster.srid or 0, tell)
        with transaction.atomic():
            raster.data = keep_path(made.data, name=f"{raster.name}.tif", media_type=GEOTIFF, purpose=PURPOSE, actor_user=raster.added_by)
            raster.drawing = keep_path(made.drawing, name=f"{raster.name}-ban-do.tif", media_type=GEOTIFF, purpose=PURPOSE)
            raster.most_zoom, raster.state = made.most_zoom, Raster.State.READY
            raster.save()


@transaction.atomic
def change(raster: Raster, actor: Actor, **said: Any) -> None:
    """Corrects the words about a raster, and whether everybody may see it. ValidationError."""
    _permit(actor)
    for name, value in said.items():
        setattr(raster, name, value)
    raster.full_clean(exclude=["data", "drawing", "added_by", "progress", "name"])
    raster.save(update_fields=[*said])
    record("raster.changed", subject=raster, actor=actor, payload={"raster": raster.name, "public": raster.is_public})


@transaction.atomic
def remove(raster: Raster, actor: Actor, reason: str) -> None:
    """Takes a raster out of every service: its files go with the next purge, its row stays for the audit log. ValueError without reason."""
    _permit(actor)
    if not reason.strip():
        raise ValueError(_("Hãy ghi lý do gỡ bỏ."))
    locked = Raster.objects.select_for_update(of=("self",)).get(pk=raster.pk, removed_at=None)
    record("raster.removed", subject=locked, actor=actor, payload={"raster": locked.name, "reason": reason.strip()})
    locked.removed_at = timezone.now()
    locked.state = Raster.State.FAILED
    locked.name = f"{locked.name[:40]}-bo-{locked.pk}"  # the name is free again
    locked.data = locked.drawing = None
    locked.save()


def _described(raster: Raster, found: Found) -> Raster:
    raster.srid, raster.width, raster.height = found.srid, found.width, found.height
    raster.bands, raster.kind, raster.resolution, raster.footprint = found.bands, found.kind, found.resolution, found.footprint
    return raster


def _incoming(raster: Raster) -> Path:
    return Path(settings.SONHA_DATA) / "files" / "incoming" / f"raster-{raster.pk}.tif"


def _permit(actor: Actor) -> None:
    if not (may_keep(actor) or actor.is_system):
        raise PermissionDenied
