"""Positions of officials: given for a time, their titles corrected, ended; each seen before it is saved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.channels.administration.people.accounts import page
from sonha.channels.administration.people.forms import EndForm, PositionForm, TitleForm
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.foundation.organisations import people, services
from sonha.foundation.organisations.models import Position

KEY = "vi-tri"


@require_POST
@officials_only(Role.ADMINISTRATOR)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives the account a position."""
    actor = request.actor  # type: ignore[attr-defined]
    user = get_object_or_404(people.accounts(actor), pk=pk)
    form = PositionForm(request.POST)
    if form.is_valid() and not previews.going_back(request):
        said, title = form.cleaned_data, _("Giao vị trí cho %(name)s") % {"name": user}
        dates = {"valid_from": said["valid_from"], "valid_to": said["valid_to"]}
        try:
            shown = previews.first(
                request,
                KEY,
                lambda: services.assign_position(actor, user, said["unit"], said["role"], title=said["title"], **dates),
                title=title,
            )
        except services.Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            if shown:
                return shown
            messages.success(request, _("Đã giao vị trí."))
            return redirect("administration:account_detail", pk=pk)
    return page(request, user, position_form=form)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a position after a day."""
    actor = request.actor  # type: ignore[attr-defined]
    position = get_object_or_404(Position.objects.select_related("user"), pk=pk, user__in=people.accounts(actor).order_by())
    form = EndForm(request.POST)
    if form.is_valid() and not previews.going_back(request):
        last_day, title = form.cleaned_data["valid_to"], _("Kết thúc vị trí của %(name)s") % {"name": position.user}
        try:
            shown = previews.first(
                request, KEY, lambda: services.end_position(actor, position, last_day), title=title, save=_("Kết thúc vị trí")
            )
        except services.Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            if shown:
                return shown
            messages.success(request, _("Đã kết thúc vị trí."))
            return redirect("administration:account_detail", pk=position.user_id)
    return page(request, position.user, end_form=form, ending=position.pk)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def retitle(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects the job title of a position."""
    actor = request.actor  # type: ignore[attr-defined]
    position = get_object_or_404(Position.objects.select_related("user"), pk=pk, user__in=people.accounts(actor).order_by())
    form = TitleForm(request.POST)
    if form.is_valid() and not previews.going_back(request):
        new, title = form.cleaned_data["title"], _("Sửa chức danh của %(name)s") % {"name": position.user}
        if shown := previews.first(request, KEY, lambda: services.change_title(actor, position, new), title=title):
            return shown
        messages.success(request, _("Đã sửa chức danh."))
        return redirect("administration:account_detail", pk=position.user_id)
    return page(request, position.user, title_form=form, titling=position.pk)
