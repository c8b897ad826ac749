"""Behind our own reverse proxies the caller's address is what they wrote down, for rate limits, lockouts and the networks of monitoring."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sonha.foundation.rest.rates import address_of


class OwnProxies:
    """Sets REMOTE_ADDR from X-Forwarded-For, as far as SONHA_PROXIES of our own wrote it; nobody else's word counts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = address_of(request)
        return self.get_response(request)
