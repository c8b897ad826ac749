"""Writing one record: a new one, a change or correction, its end, its withdrawal. Always with a basis; what was typed survives mistakes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sonha.registry.declarations import Problem
from sonha.registry.declarations.fields import Field
from sonha.registry.records.models import Change
from sonha.registry.records.selectors import versions
from sonha.registry.records.services import Changing, NotYours, changing

from . import features, places, typed
from .asking import Asked, When, of_register
from .cells import Cells, value_words
from .drawing import difference_words, drawing
from .forms import AMEND, CORRECT, BasisForm
from .lists import shared
from .reading import name_of

ACTS = (
    (
        AMEND,
        gettext_lazy("Thực tế đã thay đổi"),
        gettext_lazy("Điều ghi trước đây đúng cho đến ngày thay đổi và vẫn tra cứu được theo ngày cũ."),
    ),
    (
        CORRECT,
        gettext_lazy("Đính chính: sổ đã ghi sai"),
        gettext_lazy("Điều ghi trước đây chưa bao giờ đúng; sửa lại từ ngày bản này bắt đầu hiệu lực."),
    ),
)


class Overtaken(Exception):
    """Somebody else changed the record while the form was open."""

    def __init__(self, row: Any) -> None:
        super().__init__()
        self.row = row


@dataclass(frozen=True)
class Clash:
    """What somebody else changed meanwhile. `mine`: whether this form changed the same field, so that one must decide."""

    title: Any
    before: str
    now: str
    mine: bool


@require_http_methods(["GET", "HEAD", "POST"])
@of_register(edits=True)
def edit(request: HttpRequest, asked: Asked, pk: int) -> HttpResponse:
    row = _own(asked, pk)
    fields = typed.editable_fields(asked.register, asked.rights.fields_of(row))
    if request.method != "POST":
        form = BasisForm(actor=asked.actor, initial={"day": timezone.localdate()}, day_label=_("Thay đổi từ ngày"))
        return _form(request, asked, row, fields, typed.as_typed(asked, row, fields), form, {}, act=AMEND)
    act = CORRECT if request.POST.get("act") == CORRECT else AMEND
    form = BasisForm(request.POST, request.FILES, actor=asked.actor, day_label=_("Thay đổi từ ngày"))
    said = request.POST.dict()
    values, errors = typed.read(asked, fields, said, row)
    if not form.is_valid() or errors:
        return _form(request, asked, row, fields, said, form, errors, act=act, status=422)

    def write(change: Changing) -> Any:
        locked = asked.register.model._default_manager.select_for_update(of=("self",)).get(pk=pk)  # type: ignore[union-attr]
        if stamp(locked) != said.get("seen", ""):
            raise Overtaken(locked)
        if act == CORRECT:
            return change.correct(locked, **values)
        return change.amend(locked, day=form.cleaned_data["day"] or timezone.localdate(), **values)

    try:
        _written(request, asked, form, act, write)
    except Overtaken as overtaken:
        merged, clashes = _joined(asked, fields, said, overtaken.row)
        return _form(request, asked, overtaken.row, fields, merged, form, {}, act=act, clashes=clashes, status=409)
    except ValidationError as wrong:
        return _form(request, asked, row, fields, said, form, form.take(wrong), act=act, status=422)
    same = not versions(asked.register, pk).filter(recorded_at__gt=row.recorded_at).exists()
    messages.success(request, _("Không có gì khác trước nên không ghi thêm phiên bản.") if same else _("Đã ghi phiên bản mới của bản ghi."))
    return _to_record(asked, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_register(edits=True)
def new(request: HttpRequest, asked: Asked) -> HttpResponse:
    fields = typed.editable_fields(asked.register, asked.rights.inside | asked.rights.outside)
    if request.method != "POST":
        form = BasisForm(actor=asked.actor, initial={"day": timezone.localdate()}, day_label=_("Có hiệu lực từ ngày"))
        return _form(request, asked, None, fields, typed.as_typed(asked, None, fields), form, {})
    form = BasisForm(request.POST, request.FILES, actor=asked.actor, day_label=_("Có hiệu lực từ ngày"))
    said = request.POST.dict()
    values, errors = typed.read(asked, fields, said)
    if not form.is_valid() or errors:
        return _form(request, asked, None, fields, said, form, errors, status=422)
    try:
        saved = _written(
            request, asked, form, "add", lambda change: change.add(asked.register.model, day=form.cleaned_data["day"], **values)
        )
    except ValidationError as wrong:
        return _form(request, asked, None, fields, said, form, form.take(wrong), status=422)
    messages.success(request, _("Đã thêm bản ghi."))
    return _to_record(asked, saved.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_register(edits=True)
def end(request: HttpRequest, asked: Asked, pk: int) -> HttpResponse:
    """The record is so no longer; it stays readable as of earlier days."""
    row = _own(asked, pk)
    return _closing(
        request, asked, row, "end", _("Không còn từ ngày"),
        lambda change, locked, day: change.end(locked, day=day), _("Đã ghi việc chấm dứt."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@of_register(edits=True)
def withdraw(request: HttpRequest, asked: Asked, pk: int) -> HttpResponse:
    """The record was entered in error and leaves the register; what was believed stays in its history."""
    row = _own(asked, pk)
    return _closing(request, asked, row, "withdraw", "", lambda change, locked, day: change.withdraw(locked), _("Đã xoá bản ghi nhập sai."))


def _closing(request: HttpRequest, asked: Asked, row: Any, act: str, day_label: str, write: Any, done: str) -> HttpResponse:
    """The page of an end or a withdrawal: the basis, and a day for the first."""
    asks_day = act == "end"
    initial = {"day": timezone.localdate()} if asks_day else {"basis": Change.Basis.CORRECTION.value}
    if request.method != "POST":
        form = BasisForm(actor=asked.actor, initial=initial, day_label=day_label, asks_day=asks_day)
        return _closing_page(request, asked, row, act, form, [])
    form = BasisForm(request.POST, request.FILES, actor=asked.actor, day_label=day_label, asks_day=asks_day)
    if not form.is_valid():
        return _closing_page(request, asked, row, act, form, [], status=422)

    def close(change: Changing) -> Any:
        locked = asked.register.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)  # type: ignore[union-attr]
        if stamp(locked) != request.POST.get("seen", ""):
            raise Overtaken(locked)
        return write(change, locked, form.cleaned_data.get("day"))

    try:
        _written(request, asked, form, act, close)
    except Overtaken as overtaken:
        told = _("Người khác vừa cập nhật bản ghi này; xin xem lại bản mới rồi gửi lại nếu vẫn đúng.")
        return _closing_page(request, asked, overtaken.row, act, form, [told], status=409)
    except ValidationError as wrong:
        rest = [sentence for sentences in form.take(wrong).values() for sentence in sentences]
        return _closing_page(request, asked, row, act, form, rest, status=422)
    messages.success(request, done)
    return redirect("registers:list", asked.register.slug) if act == "withdraw" else _to_record(asked, row.pk)


def _closing_page(
    request: HttpRequest, asked: Asked, row: Any, act: str, form: BasisForm, errors: list[str], status: int = 200
) -> HttpResponse:
    cells = Cells(asked, [row])
    context = {
        **shared(asked, When()),
        "row": row,
        "name": name_of(asked, cells, row),
        "facts": [cell for cell in cells.row(row, asked.register.list_columns()) if cell.text],
        "act": act,
        "form": form,
        "errors": errors,
        "seen": stamp(row),
    }
    return render(request, "registers/closing.html", context, status=status)


def stamp(row: Any) -> str:
    """Which version a form was opened on."""
    return str(row.recorded_at.isoformat())


def _own(asked: Asked, pk: int) -> Any:
    row = asked.row(pk)
    if not asked.rights.may_edit(row):
        raise PermissionDenied
    return row


def _written(request: HttpRequest, asked: Asked, form: BasisForm, kind: str, write: Any) -> Any:
    """Writes in one change; what the rules merely remark is said on the next page. ValidationError when the rules refuse."""
    try:
        with changing(asked.register.code, asked.actor, form.basis_said(), kind=kind) as change:
            saved = write(change)
    except NotYours as refused:
        raise ValidationError({typed.COMMUNE: [str(refused)]}) from refused
    remark(request, change.problems)
    return saved


def remark(request: HttpRequest, problems: Iterable[Problem]) -> None:
    for each in problems:
        messages.warning(request, each.sentence)


def _to_record(asked: Asked, pk: int) -> HttpResponse:
    return redirect("registers:record", asked.register.slug, pk)


def _joined(asked: Asked, fields: list[Field], mine: Mapping[str, str], now: Any) -> tuple[dict[str, str], list[Clash]]:
    """The form after somebody else's change: what this officer did not touch is as it is now, what he typed stays; and what changed."""
    seen = _seen(asked, now.pk, mine.get("seen", ""))
    current = typed.as_typed(asked, now, fields)
    if seen is None:
        return {**mine}, []
    base = typed.as_typed(asked, seen, fields)
    merged, clashes = {**mine}, []
    for each in fields:
        names = typed.inputs(each)
        touched = any(mine.get(name, "").strip() != base[name].strip() for name in names)
        if not touched:
            merged |= {name: current[name] for name in names}
        if any(current[name] != base[name] for name in names):
            clashes.append(_clash(asked, each, seen, now, touched))
    for name in (typed.COMMUNE, typed.SECRET):
        if name in base and mine.get(name, "") == base[name]:
            merged[name] = current[name]
    return merged, clashes


def _clash(asked: Asked, each: Field, seen: Any, now: Any, touched: bool) -> Clash:
    if each.kind == "geometry":
        old, new = getattr(seen, each.name), getattr(now, each.name)
        return Clash(each.title, value_words(each, old), f"{value_words(each, new)}. {difference_words(old, new)}", touched)
    cells = Cells(asked, [seen, now], [each.name])
    return Clash(each.title, cells.of(seen, each.name).with_unit, cells.of(now, each.name).with_unit, touched)


def _seen(asked: Asked, pk: int, text: str) -> Any:
    """The version that the form was opened on."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        return None
    found = versions(asked.register, pk).filter(asked.rights.condition(), recorded_at=moment)
    return found.order_by("-valid_from").first()


def _form(
    request: HttpRequest, asked: Asked, row: Any, fields: list[Field], said: Mapping[str, str], form: BasisForm,
    errors: Mapping[str, list[str]], *, act: str = "", clashes: list[Clash] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    shown = typed.entries(asked, fields, said, errors)
    grouped = [(title, [shown[name] for name in names if name in shown]) for title, names in asked.register.sections()]
    known = {*shown, typed.COMMUNE}
    elsewhere = [sentence for name, sentences in errors.items() if name not in known for sentence in sentences]
    place = shown.get(asked.register.geometry())
    context = {
        **shared(asked, When()),
        "row": row,
        "name": name_of(asked, Cells(asked, [row]), row) if row is not None else "",
        "sections": [(title, rows) for title, rows in grouped if rows],
        "commune": typed.commune_entry(asked, said, errors),
        "systems": places.systems(),
        **features.drawing_on(asked.register),
        "secret": said.get(typed.SECRET, "") if asked.rights.secret_rows else None,
        "form": form,
        "errors": elsewhere,
        "wrong": bool(errors or form.errors),
        "acts": ACTS if row is not None else (),
        "act": act,
        "clashes": clashes,
        "overtaken": row if clashes is not None else None,
        "seen": stamp(row) if row is not None else "",
        "drawn": _drawn(place, fields) if place else None,
        "back": reverse("registers:record", args=[asked.register.slug, row.pk])
        if row is not None
        else reverse("registers:list", args=[asked.register.slug]),
    }
    return render(request, "registers/edit.html", context, status=status)


def _drawn(place: typed.Entry, fields: list[Field]) -> Any:
    """The place as it was typed, when it can be read."""
    try:
        return drawing(places.read(place.place, next(each for each in fields if each.name == place.name)))
    except ValidationError:
        return None
