"""One value for many records: chosen on the list, tried before it is written, written in one change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sonha.registry.declarations.fields import Field
from sonha.registry.records.services import Changing, NotYours, changing

from . import typed
from .asking import Asked, When, of_register
from .cells import Cells
from .editing import remark
from .forms import BasisForm
from .lists import shared
from .narrowing import Narrowing
from .reading import name_of

MOST = 1_000
SHOWN = 100
UNSUITED = ("geometry", "json")


@dataclass
class Outcome:
    """What would become of the rows, or became of them: names, and for those refused the sentences."""

    changed: list[tuple[int, str]] = field(default_factory=list)
    same: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, str, list[str]]] = field(default_factory=list)

    @property
    def shown(self) -> list[tuple[int, str]]:
        return self.changed[:SHOWN]


class _Tried(Exception):
    """Carries the outcome out of a change that is not kept."""


@require_http_methods(["GET", "HEAD", "POST"])
@of_register(edits=True)
def bulk(request: HttpRequest, asked: Asked) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    rows, more = _chosen(asked, said)
    if not rows:
        messages.error(request, _("Chưa chọn bản ghi nào mà ông/bà được cập nhật."))
        return redirect("registers:list", asked.register.slug)
    fields = {each.name: each for each in _fields(asked, rows)}
    chosen = fields.get(said.get("field", ""))
    if request.method != "POST" or chosen is None:
        form = BasisForm(actor=asked.actor, initial={"day": timezone.localdate()}, day_label=_("Thay đổi từ ngày"))
        return _page(request, asked, rows, more, fields, chosen, said.dict(), form, {})
    form = BasisForm(request.POST, request.FILES, actor=asked.actor, day_label=_("Thay đổi từ ngày"))
    errors: dict[str, list[str]] = {}
    value = None
    try:
        value = typed.value_of(asked, chosen, said)
    except ValidationError as wrong:
        errors[chosen.name] = list(wrong.messages)
    if not form.is_valid() or errors:
        return _page(request, asked, rows, more, fields, chosen, said.dict(), form, errors, status=422)
    if said.get("step") != "apply":
        outcome = _try(request, asked, rows, chosen, value, form, keep=False)
        return _page(request, asked, rows, more, fields, chosen, said.dict(), form, {}, outcome=outcome)
    outcome = _try(request, asked, rows, chosen, value, form, keep=True)
    count = len(outcome.changed)
    messages.success(request, ngettext("Đã cập nhật %(n)d bản ghi.", "Đã cập nhật %(n)d bản ghi.", count) % {"n": count})
    if outcome.refused:
        messages.warning(request, _("%(n)d bản ghi không được sửa vì không đạt quy tắc.") % {"n": len(outcome.refused)})
    return redirect("registers:list", asked.register.slug)


def _chosen(asked: Asked, said: Any) -> tuple[list[Any], bool]:
    """The rows named by `row`, or with `all` those of the list's own conditions, MOST at most; only those that the actor may edit."""
    if said.get("all") == "1":
        narrowing = Narrowing(asked, _conditions(said))
        found = list(narrowing.narrowed(asked.rows(When()))[: MOST + 1])
    else:
        ids = [int(text) for text in said.getlist("row")[: MOST + 1] if text.isdecimal() and len(text) < 19]
        found = list(asked.rows(When()).filter(pk__in=ids).order_by("pk"))
    return [row for row in found[:MOST] if asked.rights.may_edit(row)], len(found) > MOST


def _conditions(said: Any) -> dict[str, str]:
    """The list's conditions, which come in names of their own: those of this form's fields are other things."""
    return {name.removeprefix("list-"): value for name, value in said.dict().items() if name.startswith("list-")}


def _fields(asked: Asked, rows: Iterable[Any]) -> list[Field]:
    """Fields that one value may be given to: typed by people, seen of all these rows, not the natural key."""
    seen = frozenset.intersection(*(asked.rights.fields_of(row) for row in rows))
    return [
        each
        for each in typed.editable_fields(asked.register, seen)
        if each.kind not in UNSUITED and each.name not in asked.register.identity
    ]


def _try(request: HttpRequest, asked: Asked, rows: list[Any], chosen: Field, value: Any, form: BasisForm, *, keep: bool) -> Outcome:
    """Amends each row in a savepoint of one change; without `keep` all is undone."""
    outcome, names = Outcome(), _names(asked, rows)
    change: Changing | None = None
    try:
        with changing(asked.register.code, asked.actor, form.basis_said(), kind="amend") as change:
            for row in rows:
                _one(change, row, names[row.pk], {chosen.name: value}, form, outcome)
            if not keep or not outcome.changed:
                raise _Tried
    except _Tried:
        return outcome
    remark(request, change.problems[:10])
    return outcome


def _one(change: Changing, row: Any, name: str, values: dict[str, Any], form: BasisForm, outcome: Outcome) -> None:
    day = form.cleaned_data["day"] or timezone.localdate()
    try:
        with transaction.atomic():
            change.amend(row, day=day, **values)
    except ValidationError as wrong:
        outcome.refused.append((row.pk, name, list(wrong.messages)))
        return
    except NotYours as refused:
        outcome.refused.append((row.pk, name, [str(refused)]))
        return
    same = day >= row.valid_from and all(getattr(row, each) == value for each, value in values.items())
    (outcome.same if same else outcome.changed).append((row.pk, name))


def _names(asked: Asked, rows: list[Any]) -> dict[int, str]:
    naming = asked.register.naming()
    cells = Cells(asked, rows, [naming] if naming != "pk" else [])
    return {row.pk: name_of(asked, cells, row) for row in rows}


def _page(
    request: HttpRequest, asked: Asked, rows: list[Any], more: bool, fields: Mapping[str, Field], chosen: Field | None,
    said: Mapping[str, str], form: BasisForm, errors: Mapping[str, list[str]], *, outcome: Outcome | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    names = _names(asked, rows)
    context = {
        **shared(asked, When()),
        "rows": [(row.pk, names[row.pk]) for row in rows],
        "first": [names[row.pk] for row in rows[:12]],
        "rest": max(len(rows) - 12, 0),
        "more": more,
        "most": MOST,
        "fields": list(fields.values()),
        "chosen": chosen,
        "entry": typed.entries(asked, [chosen], said, errors)[chosen.name] if chosen else None,
        "form": form,
        "outcome": outcome,
        "wrong": bool(errors or form.errors),
    }
    return render(request, "registers/bulk.html", context, status=status)
