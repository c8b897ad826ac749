"""One record: its page, its history, two versions side by side, and the printed extract."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sonha.foundation.audit.services import record as audit
from sonha.foundation.files.services import may_read
from sonha.foundation.organisations.models import Unit
from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.rendering.papers import Letterhead
from sonha.foundation.rendering.pdf import pdf
from sonha.registry.declarations.known import layers_of
from sonha.registry.records.selectors import versions

from . import features, links
from .asking import Asked, When, of_register
from .cells import MASK, Cell, Cells, value_words
from .drawing import corners, difference_words, drawing
from .lists import rows_with_place, shared

MOST_VERSIONS = 500
OTHER_LIST = 5


@dataclass(frozen=True)
class Version:
    """One version of a record as the actor reads it. `number` counts from the oldest record, so that an address stays true."""

    number: int
    row: Any
    changed: list[str]  # titles of visible fields that differ from the version before
    dossier_url: str
    document_readable: bool

    @property
    def believed(self) -> bool:
        return self.row.closed_at is None


@require_safe
@of_register()
def record(request: HttpRequest, asked: Asked, pk: int) -> HttpResponse:
    when = When.of(request.GET)
    row = asked.row(pk, when)
    cells = Cells(asked, [row], day=when.day)
    place = rows_with_place(asked, when, [row])
    official = asked.actor.is_official
    drawn = features.collection(asked, place) if place else None
    context = {
        **shared(asked, when),
        "here_url": features.map_address([name for name, _layer in layers_of(asked.register)], drawn),
        "row": row,
        "name": name_of(asked, cells, row),
        "sections": sections(asked, cells, row),
        "area": area_name(row.commune_code) if row.commune_code else "",
        "ended": bool(row.valid_to and row.valid_to < when.shown_day),
        "masked": sorted({cell.reason for cell in every(cells, asked, row) if cell.masked}),
        "features": drawn,
        "beside": features.beside_url(asked.register),
        "drawing": drawing(getattr(place[0], asked.register.geometry())) if place else None,
        "editable": asked.rights.edits and not when.past and asked.rights.may_edit(row),
        "versions": _versions(asked, pk)[:OTHER_LIST] if official else [],
        "dossiers": _dossiers(asked, pk) if official else [],
        "change": row.change if official else None,
    }
    return render(request, "registers/record.html", context)


def name_of(asked: Asked, cells: Cells, row: Any) -> str:
    naming = asked.register.naming()
    return f"#{row.pk}" if naming == "pk" else (cells.of(row, naming).text or f"#{row.pk}")


def every(cells: Cells, asked: Asked, row: Any) -> list[Cell]:
    return [cells.of(row, field.name) for field in asked.register.fields()]


def sections(asked: Asked, cells: Cells, row: Any) -> list[tuple[Any, list[Cell]]]:
    """Titled groups of cells, without places, which are drawn."""
    found = []
    for title, names in asked.register.sections():
        shown = [cells.of(row, name) for name in names if asked.register.field(name).kind != "geometry"]
        if shown:
            found.append((title, shown))
    return found


def readable_versions(asked: Asked, pk: int) -> list[tuple[int, Any]]:
    """(number, version) of those that the actor may read, newest belief first. 404 unless the record itself may be read."""
    asked.row(pk)
    rows = list(versions(asked.register, pk).filter(asked.rights.condition())[:MOST_VERSIONS])
    rows.sort(key=lambda each: (each.recorded_at, each.valid_from, each.closed_at is None), reverse=True)
    return [(len(rows) - place, row) for place, row in enumerate(rows)]


def _versions(asked: Asked, pk: int) -> list[Version]:
    found = readable_versions(asked, pk)
    made = []
    for place, (number, row) in enumerate(found):
        before = found[place + 1][1] if place + 1 < len(found) else None
        document = row.change.document
        made.append(
            Version(
                number=number,
                row=row,
                changed=[str(each["field"].title) for each in differences(asked, before, row) if each["changed"]] if before else [],
                dossier_url=links.dossier_url(asked.actor, row.change.dossier_code),
                document_readable=document is not None and may_read(asked.actor, document),
            )
        )
    return made


def _dossiers(asked: Asked, pk: int) -> list[tuple[str, str]]:
    """(code, address) of the dossiers that changed the record, newest first; the address is empty when the actor may not read it."""
    codes = dict.fromkeys(row.change.dossier_code for _number, row in readable_versions(asked, pk) if row.change.dossier_code)
    return [(code, links.dossier_url(asked.actor, code)) for code in codes]


@require_safe
@of_register()
def history(request: HttpRequest, asked: Asked, pk: int) -> HttpResponse:
    """Every version with what it rests on. The public sees what changed of the open fields, and when."""
    row = asked.row(pk)
    cells = Cells(asked, [row], [asked.register.naming()] if asked.register.naming() != "pk" else [])
    shown = _versions(asked, pk)
    context = {**shared(asked, When()), "row": row, "name": name_of(asked, cells, row), "versions": shown, "open": asked.actor.is_official}
    return render(request, "registers/history.html", context)


@require_safe
@of_register()
def compare(request: HttpRequest, asked: Asked, pk: int) -> HttpResponse:
    """Two versions side by side (`a` and `b`, their numbers; without them the last two)."""
    found = dict(readable_versions(asked, pk))
    newest = max(found)
    numbers = [_number(request.GET.get(name, ""), other) for name, other in (("a", max(newest - 1, 1)), ("b", newest))]
    if any(number not in found for number in numbers):
        raise Http404
    first, second = sorted(numbers)
    row = asked.row(pk)
    cells = Cells(asked, [row], [asked.register.naming()] if asked.register.naming() != "pk" else [])
    context = {
        **shared(asked, When()),
        "row": row,
        "name": name_of(asked, cells, row),
        "numbers": sorted(found, reverse=True),
        "first": (first, found[first]),
        "second": (second, found[second]),
        "rows": differences(asked, found[first], found[second]),
        "drawing": _drawn(asked, found[first], found[second]),
        "open": asked.actor.is_official,
    }
    return render(request, "registers/compare.html", context)


def _number(text: str, other: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else other


def _drawn(asked: Asked, before: Any, after: Any) -> Any:
    """Both shapes in one drawing, where the actor may see them and they differ."""
    place = asked.register.geometry()
    if not place or not all(place in asked.rights.fields_of(row) for row in (before, after)):
        return None
    old, new = getattr(before, place), getattr(after, place)
    return drawing(new, old) if old != new else None


def differences(asked: Asked, before: Any, after: Any) -> list[dict[str, Any]]:
    """Field by field: `{"field", "before", "after", "changed", "words"}`; `words` say what became of a place. Masked in either: masked."""
    cells = Cells(asked, [before, after])
    both = asked.rights.fields_of(before) & asked.rights.fields_of(after)
    found = []
    for field in asked.register.fields():
        if field.name not in both:
            found.append({"field": field, "before": MASK, "after": MASK, "changed": False, "masked": True, "words": ""})
            continue
        old, new = getattr(before, field.name), getattr(after, field.name)
        words = difference_words(old, new) if field.kind == "geometry" else ""
        changed = (
            bool(words) if field.kind == "geometry" else getattr(before, _attname(asked, field)) != getattr(after, _attname(asked, field))
        )
        shown = [value_words(field, old), value_words(field, new)] if field.kind == "geometry" else [
            cells.of(each, field.name).with_unit for each in (before, after)
        ]  # fmt: skip
        found.append({"field": field, "before": shown[0], "after": shown[1], "changed": changed, "masked": False, "words": words})
    return found


def _attname(asked: Asked, field: Any) -> str:
    return str(asked.register.model._meta.get_field(field.name).attname)  # type: ignore[union-attr]


@require_safe
@of_register()
def extract(request: HttpRequest, asked: Asked, pk: int) -> HttpResponse:
    """The record on A4 as PDF, with where it comes from, as of when, and who printed it."""
    when = When.of(request.GET)
    row = asked.row(pk, when)
    with translation.override("vi"):
        data = pdf("registers/extract_paper.html", _paper(asked, row, when))
    if asked.actor.is_authenticated:
        said = {"register": asked.register.code, "record": row.pk, "day": f"{when.shown_day:%d/%m/%Y}"}
        audit("register.extracted", subject=("register", asked.register.code), actor=asked.actor, payload=said)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="trich-luc-{asked.register.slug}-{row.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _paper(asked: Asked, row: Any, when: When) -> dict[str, Any]:
    cells, place = Cells(asked, [row], day=when.day), rows_with_place(asked, when, [row])
    geometry = getattr(place[0], asked.register.geometry()) if place else None
    now = timezone.localtime()
    return {
        "paper": {"name": _("Trích lục"), "letterhead": _letterhead(asked), "size": "a4"},
        "register": asked.register,
        "name": name_of(asked, cells, row),
        "sections": [
            (title, [(cell.field.title, cell.with_unit or "–") for cell in shown]) for title, shown in sections(asked, cells, row)
        ],
        "area": area_name(row.commune_code) if row.commune_code else "",
        "row": row,
        "drawing": drawing(geometry),
        "corners": corners(geometry),
        "srid": geometry.srid if geometry else 0,
        "size_words": value_words(asked.register.field(asked.register.geometry()), geometry) if geometry else "",
        "when": when,
        "basis": row.change.basis_words if asked.actor.is_official else str(row.change.get_basis_display()),
        "printed_by": asked.actor.name if asked.actor.is_authenticated else _("người dân tra cứu, không đăng nhập"),
        "printed_at": now,
        "is_masked": any(cell.masked for cell in every(cells, asked, row)),
    }


def _letterhead(asked: Asked) -> Letterhead:
    """The head of a paper of the unit that keeps the database; of the reader's own when the declaration names none."""
    today = timezone.localdate()
    code = asked.register.database.owner or (asked.actor.posts[0].unit_code if asked.actor.posts else "")
    unit = Unit.objects.filter(code=code).select_related("parent").first() if code else None
    if unit is None:
        return Letterhead(agency=str(asked.register.database.title), day=today)
    while unit.parent is not None and not unit.is_agency:
        unit = unit.parent
    return Letterhead(agency=unit.name, superior=unit.parent.name if unit.parent else "", day=today)
