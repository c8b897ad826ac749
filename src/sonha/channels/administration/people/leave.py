"""Who stands in for whom, seen and entered by the administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.foundation.identity.errors import Refused
from sonha.foundation.organisations import people, services
from sonha.foundation.organisations.absences import AbsenceForm

KEY = "lam-thay"


@officials_only(Role.ADMINISTRATOR, Role.AUDITOR)
def substitutions(request: HttpRequest) -> HttpResponse:
    """All substitutions, newest first, and a form for a new one."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST" and not actor.is_administrator:
        raise PermissionDenied
    form = AbsenceForm(request.POST or None, actor=actor)
    shown = previews.sent(
        request, KEY, form, lambda: services.arrange_substitution(actor, **form.cleaned_data), title=_("Phân công người thay"),
        then=lambda: (_("Đã phân công người thay."), reverse("administration:substitutions")),
    )  # fmt: skip
    if shown:
        return shown
    context = {"form": form, "rows": people.substitutions(actor), "today": timezone.localdate(), "may_write": actor.is_administrator}
    return render(request, "administration/people/substitutions.html", context, status=422 if form.errors else 200)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Calls a substitution off."""
    actor = request.actor  # type: ignore[attr-defined]
    row = get_object_or_404(people.substitutions(actor), pk=pk)
    if not previews.going_back(request):
        title, save = _("Chấm dứt việc làm thay"), _("Chấm dứt sớm")
        try:
            if shown := previews.first(request, KEY, lambda: services.end_substitution(actor, row), title=title, save=save):
                return shown
            messages.success(request, _("Đã chấm dứt việc làm thay."))
        except Refused as refused:
            messages.error(request, str(refused))
    return redirect("administration:substitutions")
