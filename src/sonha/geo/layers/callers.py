"""Who asks a map service: a browser's session, or a desktop client with a personal token (Bearer, or Basic with the token as password)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt


def map_service(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Lets `methods` (default GET) in. A token that is wrong or expired is refused, never taken for a visitor: 401.

    Answers depend on who asks, so caches between keep them apart.
    """
    allowed = frozenset(methods or ("GET",)) | {"HEAD", "OPTIONS"}

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(allowed))})
            if "Authorization" in request.headers and getattr(request, "api_token", None) is None:
                said = _("Mã truy cập không đúng hoặc đã hết hạn; xin tạo mã mới trong trang tài khoản.")
                return HttpResponse(
                    said, status=401, content_type="text/plain; charset=utf-8", headers={"WWW-Authenticate": 'Basic realm="Son Ha"'}
                )
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Vary", "Authorization, Cookie")
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        return guarded

    return decorate
