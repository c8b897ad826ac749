"""Text as people type or paste it: composed (NFC) and without characters that nobody sees and no database keeps.

Holds for every address and every ordinary form, so that no view has to think of it; what a form of a procedure needs on top is in
`process.forms`. Passwords are left exactly as typed.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase

# Control characters, lone surrogates, zero-width marks and direction overrides: nothing an official should have to read.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
NUL = "\x00"
API = "/api/"  # says itself what is wrong with an address
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
AS_TYPED = ("password", "csrfmiddlewaretoken")


def plain(text: str) -> str:
    """The text in NFC without invisible characters; a plain text comes back as it is."""
    return text if text.isascii() and text.isprintable() else unicodedata.normalize("NFC", INVISIBLE.sub("", text))


class PlainText:
    """Middleware: what a view reads in GET and POST is plain. An address with a NUL character leads nowhere (404)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if NUL in request.path_info and not request.path_info.startswith(API):
            raise Http404
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Machines' addresses (exempt from the form token) judge their input themselves, before they read a body of any size."""
        if getattr(view, "csrf_exempt", False):
            return
        request.GET = _plain_values(request.GET)
        if request.method == "POST" and request.content_type in FORMS:
            request.POST = _plain_values(request.POST)


def _plain_values(given: QueryDict) -> Any:
    kept: QueryDict | None = None
    for name, values in given.lists():
        if name.startswith(AS_TYPED):
            continue
        clean = [plain(value) for value in values]
        if clean != values:
            kept = kept or given.copy()
            kept.setlist(name, clean)
    if kept is None:
        return given
    kept._mutable = False  # as Django's own
    return kept
