"""Puts `request.actor` on every request, slides the idle time-out, and asks officials for a second factor in production."""

import base64
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.second_factor import lacks_second_factor
from sonha.foundation.access.tokens import find_token
from sonha.foundation.identity.models import ApiToken
from sonha.foundation.rest.problems import problem

SLIDE_EVERY = 60  # seconds between session writes while a person works
OPEN_PREFIXES = ("/tai-khoan/", "/static/", "/healthz/")
ASKING_THEMSELVES = ("/thong-bao/chuong/", "/viec-nen/")  # what open pages ask for every minute: nobody sits there for that
SAFE = {"GET", "HEAD", "OPTIONS"}
READ_BY_POST = ("/ows/", "/csw")  # map services take their questions by POST too; nothing can be written there
API = "/api/"


def token_in(header: str) -> str | None:
    """The personal token of an Authorization header: `Bearer sonha_…`, or `Basic` with the token as password, as desktop maps send it."""
    scheme, _space, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


class ActorMiddleware:
    """Lazily resolves the actor: pages that ask for nothing pay nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = token_in(request.headers.get("Authorization", ""))
        if token is not None:
            if refused := self._by_token(request, token):
                return refused
        elif request.session.get("_auth_user_id"):
            self._slide(request)
            if blocked := self._second_factor(request):
                return blocked
        request.actor = SimpleLazyObject(lambda: Actor.of(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)

    def _by_token(self, request: HttpRequest, text: str) -> HttpResponse | None:
        """The token alone says who asks, whatever cookies came along; one for reading never writes, wherever it is sent."""
        token = find_token(text)
        if token is not None and lacks_second_factor(token.user):
            token = None
        request.user = token.user if token else AnonymousUser()
        request.api_token = token  # type: ignore[attr-defined]
        reads = request.method in SAFE or request.path.startswith(READ_BY_POST)
        if token is not None and token.scope == ApiToken.Scope.READ and not reads:
            return problem("forbidden", _("Mã truy cập này chỉ được đọc; thao tác này cần mã «đọc và ghi»."))
        return None

    def _slide(self, request: HttpRequest) -> None:
        """A click moves the end of the session on; a page left open, which asks by itself, does not."""
        if request.path.startswith(ASKING_THEMSELVES):
            return
        now = int(time.time())
        if now - request.session.get("seen", 0) >= SLIDE_EVERY:
            request.session["seen"] = now

    def _second_factor(self, request: HttpRequest) -> HttpResponse | None:
        if not settings.SONHA_OFFICIALS_NEED_MFA or request.path.startswith(OPEN_PREFIXES):
            return None
        if not lacks_second_factor(request.user):
            return None
        if request.path.startswith(API):
            return problem("forbidden", _("Hãy thiết lập xác thực hai lớp trong trang tài khoản trước khi dùng giao diện lập trình."))
        return redirect("mfa_index")
