"""/tai-khoan/ma-truy-cap/: one's own tokens for the API."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sonha.foundation.access.forms import TokenForm
from sonha.foundation.access.second_factor import lacks_second_factor
from sonha.foundation.access.tokens import TokenRefused, issue_token, revoke_token, usable
from sonha.foundation.identity.models import User


def _may_manage(request: HttpRequest) -> bool:
    """Tokens are made by a person at a browser: a token never makes or ends tokens."""
    return getattr(request, "api_token", None) is None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens that work now, and the form for another. A new token is shown in the answer to the form and never again."""
    user = request.user
    assert isinstance(user, User)
    if not _may_manage(request):
        return HttpResponse(status=403)
    if lacks_second_factor(user):
        return redirect("mfa_index")
    form = TokenForm(request.POST or None)
    fresh = ""
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            fresh = issue_token(user, wanted["name"], scope=wanted["scope"], days=wanted["days"])
        except TokenRefused as refused:
            form.add_error("name", str(refused))
        else:
            form = TokenForm()
    context = {"form": form, "tokens": usable(user), "fresh": fresh}
    return render(request, "access/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Ends a token at once."""
    assert isinstance(request.user, User)
    if not _may_manage(request):
        return HttpResponse(status=403)
    if revoke_token(request.user, token_id):
        messages.success(request, _("Đã thu hồi mã truy cập; từ bây giờ mã không dùng được nữa."))
    else:
        messages.error(request, _("Mã truy cập này không còn hiệu lực."))
    return redirect("access:tokens")
