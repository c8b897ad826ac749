"""Views of officials: signed in, and holding a post today. Everyone else is sent to sign in or told no."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def officials_only(*roles: str, changes: bool = True) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Lets officials in, or only those who hold one of `roles`.

    Behind it they act by their posts alone, never as the applicants they may be. Auditors change nothing:
    they may POST only to views with `changes=False`, which ask for something that is merely logged (an export).
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = request.actor  # type: ignore[attr-defined]
            if not actor.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not actor.is_official or (roles and not actor.has_role(*roles)):
                raise PermissionDenied
            if changes and actor.reads_only and request.method not in SAFE:
                raise PermissionDenied
            request.actor = actor.in_office()  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.officials_only = True  # type: ignore[attr-defined]
        return guarded

    return decorate
