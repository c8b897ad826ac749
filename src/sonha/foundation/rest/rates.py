"""How often an address may ask what is open to everybody."""

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle


class ByAddress(SimpleRateThrottle):
    """So many requests of one address. Counted in the cache of each process: enough against a script that tries codes."""

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"rest-rate-{address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """The caller's address. X-Forwarded-For counts only as far as our own proxies wrote it (SONHA_PROXIES)."""
    seen: str = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies: int = settings.SONHA_PROXIES
    return forwarded[-min(proxies, len(forwarded))] if proxies and forwarded else seen
