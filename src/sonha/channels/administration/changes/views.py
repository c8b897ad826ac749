"""The history of a list, one change with what taking it back would do, and taking it back."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sonha.channels.administration.changes import telling
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import undo

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
PAGE = 50


@officials_only(*READERS)
def listing(request: HttpRequest, key: str = "cau-mau") -> HttpResponse:
    """Changes of one list that people made, newest first; `?truoc=` older than that one, `?het=1` what the system loaded too."""
    if key not in undo.lists():
        raise Http404
    before = request.GET.get("truoc", "")
    below = int(before) if before.isdecimal() and len(before) < 19 else None
    everything = bool(request.GET.get("het"))
    found = undo.changes(request.actor, key, below=below, by_people=not everything, limit=PAGE + 1)  # type: ignore[attr-defined]
    shown, kept = found[:PAGE], undo.lists()[key]
    context = {
        "key": key,
        "kept": kept,
        "everything": everything,
        "lists": [(name, each.title) for name, each in undo.lists().items()],
        "rows": telling.rows(kept, shown),
        "more": shown[-1].number if len(found) > PAGE else None,
        "may_write": request.actor.is_administrator,  # type: ignore[attr-defined]
    }
    return render(request, "administration/changes/list.html", context)


@officials_only(*READERS)
def change(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """What one change did. Posting takes it back."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        found = undo.change(actor, key, number)
    except LookupError:
        raise Http404 from None
    kept, refusal = undo.lists()[key], ""
    may_take_back = actor.is_administrator and found.can_go_back
    if request.method == "POST":
        if not actor.is_administrator:
            raise PermissionDenied
        try:
            undo.take_back(actor, key, number)
        except undo.Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("Đã lấy lại thay đổi. Lần lấy lại này cũng nằm trong lịch sử và lấy lại được."))
            return redirect("administration:changes_of", key=key)
    context = {
        "key": key,
        "kept": kept,
        "row": telling.rows(kept, [found])[0],
        "refusal": refusal or (undo.obstacle(actor, key, number) if may_take_back else ""),
        "touched": undo.touched(kept, replace(found, before=found.now, now=found.before)) if may_take_back else [],
        "may_take_back": may_take_back,
    }
    return render(request, "administration/changes/change.html", context, status=409 if refusal else 200)
