"""Says to the row history, for every request, who changed a row and by which request."""

import re
import uuid
from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
READING = {"GET", "HEAD", "OPTIONS"}


class HistoryContextMiddleware:
    """Opens a pghistory context with path, method, request id and, when something may be written, the user's id.

    The request id comes from the proxy's X-Request-ID when it is well formed, and is given back in the response.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        metadata: dict[str, object] = {"url": request.path, "method": request.method, "request": request_id}
        if request.method not in READING and hasattr(request, "user"):
            metadata["user"] = request.user.pk
        with pghistory.context(**metadata):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
