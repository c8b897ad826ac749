"""Who may call: a personal token, or the session of a signed-in browser with its CSRF token. Everything else is anonymous."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from sonha.foundation.rest.problems import ProblemError


class PersonalToken(HttpBearer):
    """`Authorization: Bearer sonha_…`; the middleware has already found whose it is."""

    def __call__(self, request: HttpRequest) -> Any:
        return getattr(request, "api_token", None)

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Never asked: the middleware reads the header once for the whole product."""
        raise NotImplementedError


class SignedInBrowser(APIKeyCookie):
    """The session cookie. Writing also needs the X-CSRFToken header, as every form of the product does."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise ProblemError("forbidden", _("Yêu cầu thiếu mã chống giả mạo (X-CSRFToken); xin tải lại trang rồi thử lại."))
        return request.user

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Never asked: the session middleware knows who signed in."""
        raise NotImplementedError


SIGNED_IN = [PersonalToken(), SignedInBrowser()]
"""Auth of every operation that does not say otherwise."""

PUBLIC = None
"""Auth of operations open to everybody: public facts only. A test holds the list of them."""
