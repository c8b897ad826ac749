"""Positions of officials: given for a time, their titles corrected, ended; each seen before it is saved."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
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
    shown = previews.sent(
        request, KEY, form, lambda: services.assign_position(actor, user, **form.cleaned_data),
        title=_("Giao vị trí cho %(name)s") % {"name": user},
        then=lambda: (_("Đã giao vị trí."), reverse("administration:account_detail", args=[pk])),
    )  # fmt: skip
    return shown or page(request, user, position_form=form)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a position after a day."""
    actor = request.actor  # type: ignore[attr-defined]
    position = get_object_or_404(Position.objects.select_related("user"), pk=pk, user__in=people.accounts(actor).order_by())
    form = EndForm(request.POST)
    shown = previews.sent(
        request, KEY, form, lambda: services.end_position(actor, position, form.cleaned_data["valid_to"]),
        title=_("Kết thúc vị trí của %(name)s") % {"name": position.user}, save=_("Kết thúc vị trí"),
        then=lambda: (_("Đã kết thúc vị trí."), reverse("administration:account_detail", args=[position.user_id])),
    )  # fmt: skip
    return shown or page(request, position.user, end_form=form, ending=position.pk)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def retitle(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects the job title of a position."""
    actor = request.actor  # type: ignore[attr-defined]
    position = get_object_or_404(Position.objects.select_related("user"), pk=pk, user__in=people.accounts(actor).order_by())
    form = TitleForm(request.POST)
    shown = previews.sent(
        request, KEY, form, lambda: services.change_title(actor, position, form.cleaned_data["title"]),
        title=_("Sửa chức danh của %(name)s") % {"name": position.user},
        then=lambda: (_("Đã sửa chức danh."), reverse("administration:account_detail", args=[position.user_id])),
    )  # fmt: skip
    return shown or page(request, position.user, title_form=form, titling=position.pk)
