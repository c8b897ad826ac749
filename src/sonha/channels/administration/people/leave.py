"""Who stands in for whom, seen and entered by the administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.organisations import people
from sonha.foundation.organisations.absences import AbsenceForm, arrange


@officials_only(Role.ADMINISTRATOR, Role.AUDITOR)
def substitutions(request: HttpRequest) -> HttpResponse:
    """All substitutions, newest first, and a form for a new one."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST" and not actor.is_administrator:
        raise PermissionDenied
    form = AbsenceForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid() and arrange(actor, form):
        messages.success(request, _("Đã phân công người thay."))
        return redirect("administration:substitutions")
    context = {"form": form, "rows": people.substitutions(actor), "today": timezone.localdate(), "may_write": actor.is_administrator}
    return render(request, "administration/people/substitutions.html", context, status=422 if form.errors else 200)
