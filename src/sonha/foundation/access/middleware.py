"""Puts `request.actor` on every request, slides the idle time-out, and asks officials for a second factor in production."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.tokens import user_of_token

SLIDE_EVERY = 60  # seconds between session writes while a person works
OPEN_PREFIXES = ("/tai-khoan/", "/static/", "/healthz/")


class ActorMiddleware:
    """Lazily resolves the actor: pages that ask for nothing pay nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            request.user = user_of_token(header.removeprefix("Bearer ").strip())
        request.actor = SimpleLazyObject(lambda: Actor.of(request.user))  # type: ignore[attr-defined]
        if request.session.get("_auth_user_id"):
            self._slide(request)
            if blocked := self._second_factor(request):
                return blocked
        return self.get_response(request)

    def _slide(self, request: HttpRequest) -> None:
        now = int(time.time())
        if now - request.session.get("seen", 0) >= SLIDE_EVERY:
            request.session["seen"] = now

    def _second_factor(self, request: HttpRequest) -> HttpResponse | None:
        if not settings.SONHA_OFFICIALS_NEED_MFA or request.path.startswith(OPEN_PREFIXES):
            return None
        from allauth.mfa.models import Authenticator

        user = request.user
        if not getattr(user, "is_official", False) or Authenticator.objects.filter(user_id=user.pk).exists():
            return None
        return redirect("mfa_index")
