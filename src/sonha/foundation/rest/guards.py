"""What no operation has to think of: bodies too large, of the wrong kind or not readable, and characters that no database takes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.parser import Parser

from sonha.foundation.rest.problems import ProblemError, problem

LARGEST_BODY = 1024 * 1024
NUL = "\x00"
JSON, MULTIPART = "application/json", "multipart/form-data"
UNREADABLE = gettext_lazy("Nội dung gửi lên không phải JSON hợp lệ (UTF-8, không có ký tự NUL).")


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no lone surrogates, and no NUL characters, which PostgreSQL cannot keep."""

    def parse_body(self, request: HttpRequest) -> Any:
        parsed = orjson.loads(request.body)
        if holds_nul(parsed):
            raise ProblemError("unreadable", UNREADABLE)
        return parsed


def holds_nul(value: Any) -> bool:
    """Whether a text or key anywhere in a JSON value has a NUL character."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if NUL in each:
                return True
        elif isinstance(each, dict):
            waiting += each.keys()
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return False


def guarded(view: Callable[..., HttpResponseBase], *, takes_files: bool, largest: int) -> Callable[..., HttpResponseBase]:
    """The view behind the guards; a method it does not know is answered by a problem document too."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            check(request, takes_files=takes_files, largest=largest)
        except ProblemError as refused:
            return refused.response()
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            response = problem("method-not-allowed", _("Ở địa chỉ này chỉ có: %(methods)s.") % {"methods": allowed})
            response["Allow"] = allowed
        return response

    return answer


def check(request: HttpRequest, *, takes_files: bool, largest: int) -> None:
    """ProblemError for a request that no operation may see."""
    if NUL in request.path or any(NUL in text for name, given in request.GET.lists() for text in (name, *given)):
        raise ProblemError("unreadable", _("Địa chỉ có ký tự không được phép."))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdecimal():
        raise ProblemError("unreadable", _("Tiêu đề Content-Length không đúng."))
    if int(length) > largest:
        raise ProblemError("too-large", _("Nội dung lớn hơn %(most)d KB.") % {"most": largest // 1024})
    wanted = MULTIPART if takes_files else JSON
    if request.method not in {"GET", "HEAD", "OPTIONS"} and int(length) and request.content_type != wanted:
        raise ProblemError("wrong-media-type", _("Hãy gửi nội dung dạng %(wanted)s.") % {"wanted": wanted})
