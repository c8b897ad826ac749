"""One's own account: signing up, one's data, and who may file for whom."""

from typing import Any

from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.foundation.identity import selectors, services
from sonha.foundation.identity.errors import Refused
from sonha.foundation.identity.forms import PartyForm
from sonha.foundation.identity.representation import GrantForm


class SignUp(SignupView):  # type: ignore[misc]
    """A new account. Two people who give the same number at once: the slower one reads a sentence."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except services.IdentifierTaken as taken:
            form.add_error(taken.field, str(taken))
            return self.form_invalid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """My data, as forms are prefilled from it."""
    user = request.user
    known = {} if user.party else {"kind": "person", "name": user.full_name, "phone": user.phone, "email": user.email}  # type: ignore[union-attr]
    form = PartyForm(request.POST or None, instance=user.party, user=user, initial=known)  # type: ignore[union-attr, arg-type]
    if request.method == "POST" and form.is_valid():
        try:
            with services.naming_what_is_taken():
                form.save()
        except services.IdentifierTaken as taken:
            form.add_error(taken.field, str(taken))
        else:
            messages.success(request, _("Đã lưu thông tin."))
            return redirect("account")
    represented = [row for row in selectors.held(request.actor) if row.is_current]  # type: ignore[attr-defined]
    context = {"form": form, "represented": represented}
    return render(request, "identity/account.html", context, status=422 if form.errors else 200)


@login_required
def own_data(request: HttpRequest) -> HttpResponse:
    """What is kept of me, as a file; my dossiers are on their own page."""
    response = JsonResponse(selectors.own_data(request.actor), json_dumps_params={"ensure_ascii": False, "indent": 2})  # type: ignore[attr-defined]
    response["Content-Disposition"] = 'attachment; filename="du-lieu-cua-toi.json"'
    return response


@login_required
def representations(request: HttpRequest) -> HttpResponse:
    """Whom I let file for me, and for whom I may file."""
    actor = request.actor  # type: ignore[attr-defined]
    parties = services.grantable_parties(actor)
    form = GrantForm(request.POST or None, parties=parties)
    if request.method == "POST" and parties and form.is_valid():
        said = form.cleaned_data
        try:
            services.grant_representation(
                actor, said["party"], said["account"], valid_from=said["valid_from"], valid_to=said["valid_to"], basis=said["basis"]
            )
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Đã uỷ quyền. Người ấy thấy tên ông/bà khi bắt đầu nộp hồ sơ."))
            return redirect("representations")
    context = {"form": form, "parties": parties, "granted": selectors.granted(actor), "held": selectors.held(actor)}
    return render(request, "identity/representations.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_representation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a right to act at once."""
    try:
        ended = services.end_representation(request.actor, pk)  # type: ignore[attr-defined]
    except LookupError as missing:
        raise Http404(str(missing)) from missing
    messages.success(request, _("Đã chấm dứt: %(user)s không còn nộp hồ sơ thay %(party)s.") % {"user": ended.user, "party": ended.party})
    return redirect("representations")
