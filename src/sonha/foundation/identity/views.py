"""One's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sonha.foundation.identity.forms import PartyForm


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """My data, as forms are prefilled from it."""
    user = request.user
    form = PartyForm(request.POST or None, instance=user.party, user=user)  # type: ignore[union-attr, arg-type]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Đã lưu thông tin."))
        return redirect("account")
    return render(request, "identity/account.html", {"form": form}, status=422 if form.errors else 200)
