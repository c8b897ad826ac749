"""Catalogues in and out as tables. Taking in is tried first: what would change and which rows are refused is shown before anything is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.channels.administration.catalogues.forms import TableForm
from sonha.channels.administration.catalogues.lists import READERS
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.catalogues import services
from sonha.foundation.catalogues.models import Catalogue
from sonha.foundation.catalogues.tables import Plan, TableRefused, as_csv, examine
from sonha.foundation.identity.errors import Refused


@officials_only(Role.ADMINISTRATOR)
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    """A file is tried; the same text, sent again with `carry_out`, is carried out."""
    catalogue = get_object_or_404(Catalogue, code=code)
    form = TableForm(request.POST or None, request.FILES or None) if request.method == "POST" else TableForm()
    plan: Plan | None = None
    if request.method == "POST" and form.is_valid():
        try:
            plan = examine(catalogue, str(form.cleaned_data["text"]))
            if "carry_out" in request.POST:
                services.carry_out(request.actor, plan)  # type: ignore[attr-defined]
                words = {"added": len(plan.added), "changed": len(plan.changed)}
                messages.success(request, _("Đã nhập: %(added)d mục mới, %(changed)d mục sửa.") % words)
                return redirect("administration:catalogue", code=code)
        except (TableRefused, Refused) as refused:
            form.add_error(None, str(refused))
    context = {"catalogue": catalogue, "form": form, "plan": plan}
    return render(request, "administration/catalogues/import.html", context, status=422 if form.errors else 200)


@officials_only(*READERS)
def give_out(request: HttpRequest, code: str) -> HttpResponse:
    """The whole catalogue, ended items too, in the form in which it can be taken in again."""
    catalogue = get_object_or_404(Catalogue, code=code)
    response = HttpResponse("\ufeff" + as_csv(catalogue), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{catalogue.code}-{timezone.localdate():%Y%m%d}.csv"'
    return response
