"""Says why one has to sign in again when the session ended by itself."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _


class IdleNoticeMiddleware:
    """A request that brings the cookie of a session no longer there, and is sent to sign in, gets a sentence with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 302 and _to_sign_in(response) and settings.SESSION_COOKIE_NAME in request.COOKIES and _ended(request):
            sentence = _(
                "Phiên làm việc đã tự kết thúc vì quá %(minutes)d phút không thao tác. "
                "Xin đăng nhập lại; trang ông/bà đang xem sẽ được mở tiếp."
            )
            messages.info(request, sentence % {"minutes": settings.SESSION_COOKIE_AGE // 60})
        return response


def _to_sign_in(response: HttpResponse) -> bool:
    return response["Location"].startswith(resolve_url(settings.LOGIN_URL))


def _ended(request: HttpRequest) -> bool:
    """Loading an expired session empties it and drops its key."""
    return request.session.is_empty() and request.session.session_key is None
