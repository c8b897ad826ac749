"""What a person or a program is told when a request failed: which part is away, what was kept, what to do next.

Django's handlers of 400 and 500 (named in `sonha.urls`). The pages need neither database nor session. After a form the page holds what was
typed, so that one press sends it again.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sonha.foundation.files.storage import FULL
from sonha.foundation.rest.problems import problem

from .typed import FORMS

API = "/api/v1/"
RETRY_AFTER = 10  # seconds: a database that restarts is back by then
MOST_TYPED = 512 * 1024  # bytes of a form that the page gives back
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@dataclass(frozen=True)
class Failure:
    """A kind of failure: HTTP status, the type of its problem document, headline and one sentence."""

    status: int
    kind: str
    headline: str | Promise
    sentence: str | Promise
    again: bool = False


UNAVAILABLE = Failure(
    503,
    "unavailable",
    _("Hệ thống đang khởi động lại"),
    _("Cơ sở dữ liệu tạm thời chưa trả lời nên lần gửi này chưa được ghi nhận; xin đợi khoảng một phút rồi thử lại."),
    again=True,
)
NO_ROOM = Failure(
    507,
    "no-room",
    _("Máy chủ tạm hết chỗ lưu"),
    _("Máy chủ tạm hết chỗ lưu tệp nên lần gửi này chưa được ghi nhận; xin giữ tệp lại và gửi lại sau ít phút."),
    again=True,
)
BROKEN = Failure(
    500,
    "failure",
    _("Hệ thống gặp lỗi"),
    _("Những gì ông/bà đã lưu không bị mất. Xin thử lại sau ít phút; nếu vẫn lỗi, xin báo cho bộ phận một cửa."),
)
TOO_LARGE = Failure(
    413,
    "too-large",
    _("Nội dung gửi lên quá lớn"),
    _("Nội dung gửi lên vượt mức cho phép của một lần gửi; xin quay lại trang trước, rút ngắn phần chữ hoặc gửi bớt tệp."),
)
UNREADABLE = Failure(
    400,
    "unreadable",
    _("Yêu cầu không đọc được"),
    _("Nội dung gửi lên bị hỏng trên đường truyền hoặc sai định dạng; xin quay lại trang trước, tải lại trang rồi gửi lần nữa."),
)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: 503 while the database is away, 507 without room on the disk, else 500."""
    return _answer(request, _failure_of(sys.exc_info()[1]))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: 413 for bodies too large, else 400."""
    return _answer(request, TOO_LARGE if isinstance(exception, TOO_BIG) else UNREADABLE)


def is_temporary(error: BaseException | None) -> bool:
    """Whether the same request may succeed later: the database is gone, restarting or overloaded, or a disk is full."""
    return _failure_of(error).again


def _failure_of(error: BaseException | None) -> Failure:
    for each in _causes(error):
        if isinstance(each, OperationalError | InterfaceError):
            return UNAVAILABLE
        if isinstance(each, OSError) and each.errno in FULL:
            return NO_ROOM
    return UNREADABLE if isinstance(error, UnreadablePostError) else BROKEN


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _answer(request: HttpRequest, failure: Failure) -> HttpResponse:
    if request.path.startswith(API):
        response = problem(failure.kind, failure.sentence)
    elif _wants_json(request):
        response = JsonResponse({"error": str(failure.sentence)}, status=failure.status)
    else:
        typed = _typed(request) if failure.again else []
        context: dict[str, Any] = {"failure": failure, "typed": typed, "site_name": settings.SITE_NAME, "address": request.get_full_path()}
        response = HttpResponse(render_to_string("ui/failure.html", context), status=failure.status)
        response["Cache-Control"] = "no-store"
    if failure.again:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _wants_json(request: HttpRequest) -> bool:
    """Scripts of the pages send JSON or pieces of files, or say that they do not want a page."""
    kind = request.content_type or ""
    return kind in {"application/json", "application/offset+octet-stream"} or (
        "text/html" not in request.headers.get("Accept", "text/html") and "application/json" in request.headers.get("Accept", "")
    )


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the form that was sent, to be sent again; nothing when it held a password, files, or too much."""
    if request.method != "POST" or request.content_type not in FORMS:
        return []
    try:
        if request.FILES:
            return []
        values = [(name, value) for name, given in request.POST.lists() for value in given]
    except Exception:  # an unreadable body: the page says what happened without it
        return []
    if any("password" in name for name, _value in values) or sum(len(value) for _name, value in values) > MOST_TYPED:
        return []
    return values
