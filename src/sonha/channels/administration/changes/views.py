"""The history of a list, one change with what taking it back would do, and taking it back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import undo
from sonha.foundation.identity.models import User

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
PAGE = 50


@officials_only(*READERS)
def listing(request: HttpRequest, key: str = "cau-mau") -> HttpResponse:
    """Changes of one list, newest first; `?truoc=` older than that one."""
    if key not in undo.lists():
        raise Http404
    before = request.GET.get("truoc", "")
    below = int(before) if before.isdecimal() and len(before) < 19 else None
    found = undo.changes(request.actor, key, below=below, limit=PAGE + 1)  # type: ignore[attr-defined]
    shown, kept = found[:PAGE], undo.lists()[key]
    context = {
        "key": key,
        "kept": kept,
        "lists": [(name, each.title) for name, each in undo.lists().items()],
        "rows": _rows(kept, shown),
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
    context = {"key": key, "kept": kept, "row": _rows(kept, [found])[0], "refusal": refusal, "may_write": actor.is_administrator}
    return render(request, "administration/changes/change.html", context, status=409 if refusal else 200)


def _rows(kept: undo.Kept, found: list[undo.Change]) -> list[dict[str, Any]]:
    people = dict(User.objects.filter(pk__in={each.user_id for each in found if each.user_id}).values_list("pk", "full_name"))
    return [{"change": each, "who": people.get(each.user_id or 0, ""), "differing": undo.differing(kept, each)} for each in found]
