"""The officials' page of leave and substitutes: their own, and for heads and leaders those of their unit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sonha.foundation.identity.errors import NotAllowed, Refused
from sonha.foundation.identity.forms import DayInput
from sonha.foundation.identity.models import User
from sonha.foundation.organisations import people, services
from sonha.foundation.organisations.models import Substitution


class AbsenceForm(forms.Form):
    """Who is away, who stands in, from when until when."""

    absent = forms.ModelChoiceField(label=_("Người vắng mặt"), queryset=User.objects.none(), empty_label=None)
    substitute = forms.ModelChoiceField(label=_("Người thay"), queryset=User.objects.none(), empty_label=_("Xin chọn"))
    valid_from = forms.DateField(label=_("Từ ngày"), widget=DayInput())
    valid_to = forms.DateField(label=_("Đến hết ngày"), widget=DayInput())
    reason = forms.CharField(label=_("Lý do"), help_text=_("Ví dụ: nghỉ phép, đi công tác."), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        absent, substitute = self.fields["absent"], self.fields["substitute"]
        assert isinstance(absent, forms.ModelChoiceField) and isinstance(substitute, forms.ModelChoiceField)
        absent.queryset = people.may_be_absent(actor)
        substitute.queryset = people.may_substitute(actor)
        absent.initial = actor.user_id
        self.fields["valid_from"].initial = timezone.localdate()
        if absent.queryset.count() == 1:
            absent.widget = forms.HiddenInput()


@login_required
def absences(request: HttpRequest) -> HttpResponse:
    """Running and coming substitutions, and a form for a new one."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_official:
        raise PermissionDenied
    form = AbsenceForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid() and arrange(actor, form):
        messages.success(request, gettext("Đã phân công người thay. Trong thời gian ấy, việc của người vắng hiện ở cả hai người."))
        return redirect("absences")
    rows = people.substitutions(actor)
    context = {"form": form, "rows": rows, "today": timezone.localdate()}
    return render(request, "organisations/absences.html", context, status=422 if form.errors else 200)


def arrange(actor: Any, form: forms.Form) -> bool:
    """Carries out what the valid form asks; puts a refusal onto the form and returns False."""
    said = form.cleaned_data
    try:
        services.arrange_substitution(
            actor, said["absent"], said["substitute"], valid_from=said["valid_from"], valid_to=said["valid_to"], reason=said["reason"]
        )
    except Refused as refused:
        form.add_error(refused.field or None, str(refused))
        return False
    except NotAllowed as refused:
        raise PermissionDenied from refused
    return True


@login_required
@require_POST
def end_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Calls a substitution off."""
    actor = request.actor  # type: ignore[attr-defined]
    row = get_object_or_404(Substitution.objects.filter(pk__in=people.substitutions(actor).values("pk")), pk=pk)
    try:
        services.end_substitution(actor, row)
    except NotAllowed as refused:
        raise PermissionDenied from refused
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("Đã chấm dứt việc làm thay."))
    return redirect("absences")
