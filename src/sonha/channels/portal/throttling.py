"""A brake on looking things up one after another without signing in: so many requests a minute from one address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sonha.foundation.rest.rates import ByAddress, address_of

View = Callable[..., HttpResponse]


class _Pages(ByAddress):
    """Pages are counted apart from the interface for machines."""

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"page-rate-{address_of(request)}"


def at_most(rate: str) -> Callable[[View], View]:
    """Answers 429 to an address that asks for the page more often than `rate` (`60/min`). Who is signed in is known, and not counted."""
    brake = _Pages(rate)

    def decorate(view: View) -> View:
        @wraps(view)
        def braked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor.is_authenticated or brake.allow_request(request):  # type: ignore[attr-defined]
                return view(request, *args, **kwargs)
            response = render(request, "portal/too_many.html", status=429)
            response["Retry-After"] = str(int(brake.wait() or 60))
            return response

        return braked

    return decorate
