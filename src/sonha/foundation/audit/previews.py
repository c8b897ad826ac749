"""A change of a list seen before it is saved: it is carried out, read from the rows of the history that it left, and undone again unless it
was confirmed. So what is shown is what happens, for every list, and what cannot be is refused in the same words as ever.

    page = previews.sent(
        request, "don-vi", form, lambda: change_unit(actor, unit, form.cleaned_data), title=_("Sửa đơn vị"),
        then=lambda: (_("Đã lưu."), reverse("unit")),
    )
    return page or render(...)    # None: the form is shown, new or again

A confirmation holds for what was shown. When somebody else changed the list meanwhile, the new difference is shown first.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pghistory
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sonha.foundation.audit import undo

CONFIRMED, BACK = "confirmed", "back"
UNSAID = frozenset({"csrfmiddlewaretoken", CONFIRMED, BACK})
MOST = 200
"""Rows of one change that are shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list and what would happen to it: `differing` as (field, before, now)."""

    key: str
    title: str
    name: str
    kind: str
    differing: list[tuple[str, str, str]]
    touched: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do. `seen` names exactly this; a confirmation repeats it."""

    rows: list[Row]
    seen: str


def going_back(request: HttpRequest) -> bool:
    """Whether the reader looked at a preview and returns to the form: it is shown as it was typed."""
    return BACK in request.POST


def first(
    request: HttpRequest, keys: str | Sequence[str], work: Callable[[], object], *, title: str, lines: Sequence[str] = (), save: str = ""
) -> HttpResponse | None:
    """Carries out `work`, which changes the lists `keys`, when the reader confirmed what it does; else the page that shows it.

    `lines` are sentences to read before; with them even a change that the lists do not show may be confirmed. `save` names the button.
    What `work` raises passes through, and nothing is changed then.
    """
    said = request.POST.get(CONFIRMED, "")
    preview = tried([keys] if isinstance(keys, str) else keys, work, confirmed=said)
    if said == preview.seen:
        return None
    context = {
        "title": title,
        "rows": preview.rows,
        "lines": [*lines, *dict.fromkeys(line for row in preview.rows for line in row.touched)],
        "seen": preview.seen,
        "overtaken": bool(said),
        "possible": bool(preview.rows or lines),
        "save": save,
        "typed": [(name, value) for name, values in request.POST.lists() if name not in UNSAID for value in values],
    }
    return render(request, "audit/preview.html", context)


def sent(
    request: HttpRequest,
    keys: str | Sequence[str],
    form: BaseForm,
    work: Callable[[], object],
    *,
    title: str,
    then: Callable[[], tuple[str, str]],
    save: str = "",
) -> HttpResponse | None:
    """The answer to a form that was sent: the page of `first` or, once confirmed, the sentence and the address of `then`.

    None: the form is to be shown, new or again. What `work` refuses (ValueError, whose `field` may name the place) stands in the form then.
    """
    if request.method != "POST" or not form.is_valid() or going_back(request):
        return None
    try:
        page = first(request, keys, work, title=title, save=save)
    except ValueError as refused:
        form.add_error(getattr(refused, "field", "") or None, str(refused))
        return None
    if page:
        return page
    sentence, address = then()
    messages.success(request, sentence)
    return redirect(address)


def tried(keys: Sequence[str], work: Callable[[], object], *, confirmed: str = "") -> Preview:
    """What `work` does to the lists; it stays done only when that is what `confirmed` names."""
    kept = {key: undo.lists()[key] for key in keys}
    with pghistory.context() as here, transaction.atomic():
        before = {key: _last(each) for key, each in kept.items()}
        work()
        rows = [_row(key, each, change) for key, each in kept.items() for change in _made(key, each, before[key], here.id)]
        preview = Preview(rows, _digest(rows))
        if confirmed != preview.seen:
            transaction.set_rollback(True)
    return preview


def _last(kept: undo.Kept) -> int:
    return undo.history_of(kept).objects.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0


def _made(key: str, kept: undo.Kept, above: int, context: Any) -> list[undo.Change]:
    """The changes of this transaction, one for each row however often it was written."""
    events = undo.history_of(kept).objects.filter(kept.only, pgh_id__gt=above, pgh_context_id=context).order_by("pgh_id")
    found: dict[int, undo.Change] = {}
    for event in events.select_related("pgh_context")[: MOST * 2]:
        change = undo.change_of(key, kept, event)
        known = found.get(change.row)
        found[change.row] = replace(change, before=known.before) if known else change
    return [change for change in found.values() if change.before != change.now][:MOST]


def _row(key: str, kept: undo.Kept, change: undo.Change) -> Row:
    return Row(
        key=key,
        title=str(kept.title),
        name=undo.name_of(kept, change),
        kind=change.kind,
        differing=undo.differing(kept, change),
        touched=undo.touched(kept, change),
    )


def _digest(rows: Sequence[Row]) -> str:
    shown = [(row.key, row.name, row.kind, row.differing) for row in rows]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:32]
