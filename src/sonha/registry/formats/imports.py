"""Pages of an import: upload, columns, trial, confirmation with its basis."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sonha.registry.pages.asking import Asked, When, of_register
from sonha.registry.pages.forms import BasisForm
from sonha.registry.pages.lists import shared
from sonha.registry.records.models import Change

from . import services, systems
from .encodings import CP1258, TCVN, TITLES, UTF8, VNI
from .loading import targets
from .loading.mapping import COMMUNE
from .models import ImportRun
from .reading import FileRefused
from .ways import known_way, ways_of

State = ImportRun.State
RECENT = 10
MOST_FILES = 40
COUNTRY = (102.0, 6.0, 118.0, 24.0)  # degrees, with its sea
CLASHES, WRONG = "#b3261e", "#8a5a00"


@of_register(edits=True)
def upload(request: HttpRequest, asked: Asked) -> HttpResponse:
    said = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            said = _("Hãy chọn một tệp.")
        else:
            try:
                run = services.receive(asked.actor, asked.register, file)
            except FileRefused as refused:
                said = str(refused)
            else:
                return redirect("formats:run", asked.register.slug, run.pk)
    mine = ImportRun.objects.filter(register=asked.register.code, created_by=asked.actor.user)
    recent = mine.select_related("file")[:RECENT]
    fields = targets(asked.register, asked.rights)
    context = {
        **shared(asked, When()), "said": said, "ways": ways_of(asked.register.code, asked.actor), "recent": recent,
        "identity": asked.register.identity,
        "has_place": bool(asked.register.geometry()),
        "names": [(each, asked.register.exchange_names.get(each.name, "")) for each in fields],
    }  # fmt: skip
    return render(request, "formats/upload.html", context, status=422 if said else 200)


@of_register(edits=True)
def upload_by_way(request: HttpRequest, asked: Asked, code: str) -> HttpResponse:
    """Files that the register knows, several at once, each with the system that it came from; they are tried right away."""
    way = next((each for each in ways_of(asked.register.code, asked.actor) if each.code == code), None)
    if way is None:
        raise Http404
    said = ""
    if request.method == "POST":
        files = [(kind, each) for kind, _title in way.kinds for each in request.FILES.getlist(kind)]
        if not files:
            said = _("Hãy chọn ít nhất một tệp.")
        elif len(files) > MOST_FILES:
            said = _("Mỗi lần nhập nhiều nhất %(most)d tệp.") % {"most": MOST_FILES}
        else:
            try:
                run = services.receive_by(way, asked.actor, files)
            except FileRefused as refused:
                said = str(refused)
            else:
                services.begin(run, asked.actor, dry=True)
                return redirect("formats:run", asked.register.slug, run.pk)
    mine = ImportRun.objects.filter(register=asked.register.code, way=code, created_by=asked.actor.user)
    context = {**shared(asked, When()), "said": said, "way": way, "recent": mine.select_related("file")[:RECENT]}
    return render(request, "formats/upload_by_way.html", context, status=422 if said else 200)


@require_safe
@of_register(edits=True)
def run(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    return _page(request, asked, _own(asked, pk))


@require_POST
@of_register(edits=True)
def map_columns(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    """Keeps the mapping and tries the file; another layer or encoding is read first."""
    row = _own(asked, pk)
    if row.is_running or row.state == State.DONE:
        return redirect("formats:run", asked.register.slug, row.pk)
    if row.way:
        services.begin(row, asked.actor, dry=True)
        return redirect("formats:run", asked.register.slug, row.pk)
    layer, encoding = request.POST.get("layer", row.layer), request.POST.get("encoding", row.encoding)
    if encoding not in ("", UTF8, CP1258, TCVN, VNI):
        encoding = ""
    if (layer, encoding) != (row.layer, row.encoding):
        services.describe(row, asked.actor, layer=layer, encoding=encoding)
        row.save()
        messages.info(request, _("Đã đọc lại tệp; xin xem các cột rồi thử."))
        return redirect("formats:run", asked.register.slug, row.pk)
    errors = _keep_mapping(asked, row, request.POST)
    if errors:
        return _page(request, asked, row, errors=errors, status=422)
    services.begin(row, asked.actor, dry=True)
    return redirect("formats:run", asked.register.slug, row.pk)


def _keep_mapping(asked: Asked, row: ImportRun, said: Any) -> list[str]:
    """Columns as chosen: each field from one column at most. Gives sentences when that cannot be."""
    described = services.layer_of(row)
    allowed = {each.name: str(each.title) for each in targets(asked.register, asked.rights)} | {COMMUNE: _("xã, phường")}
    columns: dict[str, str] = {}
    errors = []
    places = {"x": "", "y": ""}
    for at, column in enumerate(described["columns"]):
        chosen = said.get(f"column-{at}", "")
        if chosen in places:
            places[chosen] = column["name"]
        elif chosen in allowed:
            if chosen in columns:
                errors.append(_("Hai cột cùng được chọn cho «%(field)s».") % {"field": allowed[chosen]})
            columns[chosen] = column["name"]
    text = said.get("srid", "")
    srid = int(text) if text.isdecimal() and int(text) in systems.READ else 0
    row.mapping = {"columns": columns, "srid": srid, "swapped": said.get("swapped") == "1", **places}
    row.save()
    return errors


@require_POST
@of_register(edits=True)
def write(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    """Writes what was tried, as one change."""
    row = _own(asked, pk)
    if row.state != State.TRIED:
        return redirect("formats:run", asked.register.slug, row.pk)
    form = BasisForm(
        request.POST, request.FILES, actor=asked.actor, day_label=None if row.way else _("Có hiệu lực từ ngày"), asks_day=not row.way
    )
    if not form.is_valid():
        return _page(request, asked, row, form=form, status=422)
    try:
        services.begin(row, asked.actor, dry=False, basis=form.basis_said(), day=form.cleaned_data.get("day"))
    except ValidationError as wrong:
        form.take(wrong)
        return _page(request, asked, row, form=form, status=422)
    return redirect("formats:run", asked.register.slug, row.pk)


@require_POST
@of_register(edits=True)
def stop(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    row = _own(asked, pk)
    services.stop(row)
    messages.info(request, _("Đã yêu cầu dừng; những gì đang làm được hoàn lại."))
    return redirect("formats:run", asked.register.slug, row.pk)


def _own(asked: Asked, pk: UUID) -> ImportRun:
    """Only whoever sent the file sees what is in it."""
    row = ImportRun.objects.select_related("file", "progress", "change", "refused_file").filter(
        pk=pk, register=asked.register.code, created_by=asked.actor.user
    )
    found = row.first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, asked: Asked, row: ImportRun, *, form: BasisForm | None = None, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    if form is None and row.state == State.TRIED:
        said = {"basis": Change.Basis.IMPORT, "day": timezone.localdate()}
        label = None if row.way else _("Có hiệu lực từ ngày")
        form = BasisForm(actor=asked.actor, initial=said, day_label=label, asks_day=not row.way)
    if row.way:
        return _page_by_way(request, asked, row, form, status=status)
    described = services.layer_of(row)
    by_column = {column: field for field, column in row.mapping.get("columns", {}).items()}
    by_column |= {row.mapping[each]: each for each in ("x", "y") if row.mapping.get(each)}
    columns = [{"at": at, **each, "field": by_column.get(each["name"], "")} for at, each in enumerate(described["columns"])]
    rules = {each.code: each for each in asked.register.rules}
    context = {
        **shared(asked, When()), "run": row, "layer": described, "columns": columns, "form": form, "errors": errors or [],
        "targets": targets(asked.register, asked.rights), "has_place": bool(asked.register.geometry()),
        "has_points": _has_points(asked), "report": row.report,
        "systems": [(code, systems.title(code)) for code in dict.fromkeys((*systems.OFFERED, row.mapping.get("srid", 0))) if code],
        "encodings": [("", _("tự nhận ra")), *((each, TITLES[each]) for each in (UTF8, TCVN, VNI, CP1258))],
        "warnings": [(code, _words(rules.get(code), asked), count) for code, count in row.report.get("warnings", {}).items()],
        "shown": services.SHOWN, "to_write": row.report.get("new", 0) + row.report.get("changed", 0),
    }  # fmt: skip
    return render(request, "formats/run.html", context, status=status)


def _page_by_way(request: HttpRequest, asked: Asked, row: ImportRun, form: BasisForm | None, *, status: int) -> HttpResponse:
    way = known_way(row.register, row.way)
    faults = row.report.get("faults", [])
    titles = dict(way.kinds)
    context = {
        **shared(asked, When()), "run": row, "way": way, "form": form, "report": row.report, "faults": faults,
        "features": _faults_on_map(faults), "shown": services.SHOWN, "to_write": row.report.get("new", 0),
        "not_taken": row.report.get("clashes", 0) + row.report.get("refused", 0),
        "files": [(each["name"], titles.get(each["kind"], each["kind"]), each["count"]) for each in row.layers],
    }  # fmt: skip
    return render(request, "formats/run.html", context, status=status)


def _faults_on_map(faults: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows that are not taken, as they lie; a press on one leads to its line in the table."""
    features = []
    for number, each in enumerate(faults, start=1):
        if each["place"] and _in_the_country(each["place"]):
            colour = CLASHES if each["clash"] else WRONG
            look = {"fill": colour, "stroke": colour, "opacity": 0.5, "width": 2, "size": 10}
            said = {"name": f"{each['name']}: {each['sentence']}", "url": f"#fault-{number}"}
            features.append({"type": "Feature", "geometry": each["place"], "properties": said | look})
    return {"type": "FeatureCollection", "features": features}


def _in_the_country(place: dict[str, Any]) -> bool:
    """A row whose coordinates are astray would put all others out of sight."""
    position: Any = place["coordinates"]
    while isinstance(position[0], list):
        position = position[0]
    west, south, east, north = COUNTRY
    return bool(west <= position[0] <= east and south <= position[1] <= north)


def _has_points(asked: Asked) -> bool:
    name = asked.register.geometry()
    return bool(name) and asked.register.field(name).geometry_type in ("POINT", "GEOMETRY")


def _words(rule: Any, asked: Asked) -> str:
    words = getattr(rule, "words", None)
    return str(words(asked.register) if words else getattr(rule, "title", ""))
