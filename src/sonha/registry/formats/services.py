"""The way of a file into a register: received, mapped, tried, written. The work itself is in `loading`; here is what is kept of it."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import keep_path, store
from sonha.foundation.jobs import progress
from sonha.foundation.jobs.services import enqueue
from sonha.foundation.rendering.spreadsheets import MEDIA_TYPES, Column, Sheet, write
from sonha.registry.declarations import Register
from sonha.registry.declarations import register as declared
from sonha.registry.grants.rights import rights
from sonha.registry.records.services import Basis, NotYours

from . import reading
from .loading import Mapping, Outcome, Refusal, Stopped, guess, load
from .models import ImportFile, ImportRun
from .reading import FileRefused, Layer
from .ways import Found, Given, Way, known_way

PURPOSE = "register-import"
AT_ONCE = 2_000
"""Rows that a request tries and writes itself; more is a job."""
SHOWN = 200
"""Refused rows on the page; all are in the spreadsheet."""
State = ImportRun.State


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Its sender, and for what is refused the one whose import it was."""
    return actor.user_id is not None and actor.user_id == file.uploaded_by_id


def in_use(ids: Iterable[Any]) -> set[Any]:
    """Files of imports are kept: they are what a change rests on."""
    wanted = set(ids)
    used = ImportRun.objects.filter(file__in=wanted).values_list("file_id", flat=True)
    together = ImportFile.objects.filter(file__in=wanted).values_list("file_id", flat=True)
    return set(used) | set(together) | set(ImportRun.objects.filter(refused_file__in=wanted).values_list("refused_file_id", flat=True))


def receive(actor: Actor, register: type[Register], upload: Any) -> ImportRun:
    """Keeps and opens a file, and guesses what its columns are. FileRefused when it cannot be read; then nothing of it stays."""
    if not rights(actor, register).edits or actor.user is None:
        raise NotYours(_("Ông/bà không được giao cập nhật «%(register)s».") % {"register": register.title})
    with transaction.atomic():
        file = store(upload, actor_user=actor.user, accept=reading.ACCEPTED, max_bytes=reading.LARGEST, purpose=PURPOSE)
        run = ImportRun(register=register.code, file=file, created_by=actor.user)
        describe(run, actor, layer="", encoding="")
        run.save(force_insert=True)
    return run


def receive_by(way: Way, actor: Actor, files: Sequence[tuple[str, Any]]) -> ImportRun:
    """Keeps files of a way of its own, each with its kind, after a look at every one of them. FileRefused with the name of the one that
    cannot be read; then nothing of any stays.
    """
    if not way.permitted(actor) or actor.user is None:
        raise NotYours(_("Ông/bà không được giao nhập dữ liệu này vào toàn bộ sổ."))
    with transaction.atomic():
        stored = [
            (store(upload, actor_user=actor.user, accept=reading.ACCEPTED, max_bytes=reading.LARGEST, purpose=PURPOSE), kind)
            for kind, upload in files
        ]
        layers: list[dict[str, Any]] = [
            {"name": file.original_name, "kind": kind, "count": way.check(Given(file.path, file.original_name, kind)), "columns": []}
            for file, kind in stored
        ]
        run = ImportRun.objects.create(
            register=way.register, way=way.code, file=stored[0][0], layers=layers, layer=layers[0]["name"], created_by=actor.user
        )
        ImportFile.objects.bulk_create([ImportFile(run=run, file=file, kind=kind) for file, kind in stored])
    return run


def rows_of(run: ImportRun) -> int:
    """How many rows are looked at, all passes together."""
    if run.way:
        return sum(each["count"] for each in run.layers) * known_way(run.register, run.way).passes
    return int(layer_of(run)["count"])


def describe(run: ImportRun, actor: Actor, *, layer: str, encoding: str) -> None:
    """Reads what the file holds and maps its columns anew: as the last file with the same columns was mapped, or by names."""
    register = declared(run.register)
    with reading.opened(run.file.path, encoding=encoding) as source:
        run.layers = [as_json(each) for each in source.layers]
        chosen = next((each for each in source.layers if each.name == layer), source.layers[0])
    run.layer, run.encoding = chosen.name, encoding
    run.signature = _signature(chosen)
    found = guess(register, chosen, rights(actor, register))
    remembered = ImportRun.objects.filter(register=run.register, signature=run.signature, state=State.DONE).exclude(pk=run.pk).first()
    if remembered is not None:
        found = Mapping.of({**remembered.mapping, "srid": found.srid or remembered.mapping.get("srid", 0)})
    run.mapping, run.report, run.state, run.problem = found.as_json(), {}, State.UPLOADED, ""


def as_json(layer: Layer) -> dict[str, Any]:
    columns = [{"name": each.name, "kind": each.kind, "samples": list(each.samples)} for each in layer.columns]
    return {
        "name": layer.name, "columns": columns, "count": layer.count, "has_shapes": layer.has_shapes, "srid": layer.srid,
        "geometry_type": layer.geometry_type, "encoding": layer.encoding, "notes": list(layer.notes),
    }  # fmt: skip


def _signature(layer: Layer) -> str:
    return hashlib.sha256("\n".join(each.name for each in layer.columns).encode()).hexdigest()


def layer_of(run: ImportRun) -> dict[str, Any]:
    return next(each for each in run.layers if each["name"] == run.layer)


def begin(run: ImportRun, actor: Actor, *, dry: bool, basis: Basis | None = None, day: date | None = None) -> None:
    """Tries the file (`dry`) or writes it: here and now when it is short, else by a job. ValidationError for a bad basis."""
    if basis is not None:
        basis.check()
        run.basis = _basis_as_json(basis, day)
    run.state, run.problem, run.stop_asked = (State.TRYING if dry else State.WRITING), "", False
    count = rows_of(run)
    if count <= AT_ONCE:
        run.save()
        carry_out(run, actor, dry=dry)
        return
    title = (_("Thử nhập %(file)s") if dry else _("Nhập %(file)s")) % {"file": run.title}
    with transaction.atomic():
        run.progress = progress.start(title[:200], total=count, actor=actor)
        run.save()
        enqueue("formats.import_file", run=str(run.pk), dry=dry, lock=f"import-{run.register}")


def carry_out(run: ImportRun, actor: Actor, *, dry: bool) -> None:
    """The work of `begin`. What goes wrong with the file is said in `problem`; the state always says how it ended."""
    try:
        note = _load_by_way(run, actor, dry=dry) if run.way else _load(run, actor, dry=dry)
    except Stopped:
        _end(run, State.STOPPED, _("Đã dừng theo yêu cầu; không có gì được ghi."))
    except (FileRefused, NotYours) as refused:
        _end(run, State.FAILED, str(refused))
    except ValidationError as wrong:
        _end(run, State.FAILED, " ".join(wrong.messages))
    except Exception:
        _end(run, State.FAILED, _("Máy chủ gặp lỗi khi nhập; không có gì được ghi. Xin thử lại hoặc báo quản trị hệ thống."))
        raise
    else:
        if dry:
            note()
            _end(run, State.TRIED, "")


def _load_by_way(run: ImportRun, actor: Actor, *, dry: bool) -> Callable[[], None]:
    way = known_way(run.register, run.way)
    if not way.permitted(actor):
        raise NotYours(_("Ông/bà không được giao nhập dữ liệu này vào toàn bộ sổ."))
    given = [Given(each.file.path, each.file.original_name, each.kind) for each in run.files.select_related("file")]
    basis = Basis("import", number=_("thử")) if dry else _basis_of(run.basis)
    with _telling(run) as tell:
        found = way.load(given, actor, basis, dry, tell, (lambda found: None) if dry else (lambda found: _finish(run, found)))
    return lambda: _note(run, found)


def _load(run: ImportRun, actor: Actor, *, dry: bool) -> Callable[[], None]:
    with reading.opened(run.file.path, encoding=run.encoding) as source, _telling(run) as tell:
        try:
            layer = source.layer(run.layer)
        except LookupError:
            raise FileRefused(_("Tệp không còn lớp «%(layer)s».") % {"layer": run.layer}) from None
        said = run.basis
        basis = Basis("import", number=_("thử")) if dry else _basis_of(said)
        outcome = load(
            declared(run.register), source, layer, Mapping.of(run.mapping),
            actor=actor, basis=basis, day=date.fromisoformat(said["day"]) if said.get("day") else None, dry=dry,
            origin=run.file.original_name[:200], tell=tell,
            within=(lambda outcome: None) if dry else (lambda outcome: _finish(run, outcome)),
        )  # fmt: skip
    return lambda: _note(run, outcome)


def _finish(run: ImportRun, outcome: Outcome | Found) -> None:
    """In the transaction of the data: either both are there or neither."""
    run.change_id = outcome.change
    _note(run, outcome)
    run.finished_at = timezone.now()
    run.state = State.DONE
    run.save()
    if run.progress_id:
        transaction.on_commit(lambda: progress.finish(run.progress_id))


def _note(run: ImportRun, outcome: Outcome | Found) -> None:
    if isinstance(outcome, Found):
        counts = {name: getattr(outcome, name) for name in ("new", "same", "clashes", "refused", "change")}
        run.report = counts | {"faults": [each.as_json() for each in outcome.faults[:SHOWN]]}
        run.refused_file = _table(run, outcome) if outcome.table else None
        return
    run.report = outcome.as_json() | {"refusals": [[each.row, list(each.reasons), each.values] for each in outcome.refusals[:SHOWN]]}
    run.refused_file = refused_sheet(run, outcome.refusals) if outcome.refusals else None


def _end(run: ImportRun, state: str, problem: str) -> None:
    run.state, run.problem = state, problem[:500]
    run.finished_at = timezone.now() if state != State.TRIED else None
    run.save()
    if run.progress_id:
        progress.finish(run.progress_id, stopped=state in (State.FAILED, State.STOPPED))


def refused_sheet(run: ImportRun, refusals: list[Refusal]) -> StoredFile:
    """The refused rows as they were sent, with why in front: mended there, the file can be sent again."""
    names = [each["name"] for each in layer_of(run)["columns"]]
    columns = [Column(_("Dòng"), "number", 8), Column(_("Lý do không nhận"), width=60), *(Column(name) for name in names)]
    rows = ([each.row, " ".join(each.reasons), *(each.values.get(name) for name in names)] for each in refusals)
    title = _("Dòng không nhập được")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "refused"
        write(Sheet(title, [run.file.original_name], columns, rows), "xlsx", path)
        return keep_path(path, name=f"{title}.xlsx", media_type=MEDIA_TYPES["xlsx"], purpose=PURPOSE, actor_user=run.created_by)


def _table(run: ImportRun, found: Found) -> StoredFile:
    """The whole report of a way, row by row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        assert found.table is not None
        found.table(path)
        name = _("Bảng đối chiếu") + ".xlsx"
        return keep_path(path, name=name, media_type=MEDIA_TYPES["xlsx"], purpose=PURPOSE, actor_user=run.created_by)


@contextmanager
def _telling(run: ImportRun) -> Iterator[Callable[[int, int], None]]:
    """Progress and the wish to stop go by a connection of their own: the import's transaction is not seen until its end."""
    if not run.progress_id:
        yield lambda done, failed: None
        return
    side = connections["default"].copy()

    def tell(done: int, failed: int) -> None:
        with side.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_progress SET state = 'running', done = done + %s, failed = failed + %s WHERE id = %s",
                [done, failed, run.progress_id],
            )
            cursor.execute("SELECT stop_asked FROM formats_importrun WHERE id = %s", [run.pk])
            found = cursor.fetchone()
        if found and found[0]:
            raise Stopped

    try:
        yield tell
    finally:
        side.close()


def stop(run: ImportRun) -> None:
    """Asks a running import to stop; what it did is taken back."""
    ImportRun.objects.filter(pk=run.pk, state__in=(State.TRYING, State.WRITING)).update(stop_asked=True)


def _basis_as_json(basis: Basis, day: date | None) -> dict[str, Any]:
    return {
        "kind": basis.kind, "number": basis.number, "dated": basis.dated.isoformat() if basis.dated else "", "note": basis.note,
        "dossier_code": basis.dossier_code, "document": str(basis.document.pk) if basis.document else "",
        "day": day.isoformat() if day else "",
    }  # fmt: skip


def _basis_of(said: dict[str, Any]) -> Basis:
    document = StoredFile.objects.filter(pk=UUID(said["document"])).first() if said.get("document") else None
    dated = date.fromisoformat(said["dated"]) if said.get("dated") else None
    return Basis(said["kind"], said["number"], dated, said["dossier_code"], document, said["note"])
