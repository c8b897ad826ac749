"""The API object: ninja's, with problem documents for every error and an OpenAPI document that says so."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.openapi.urls import get_openapi_urls
from ninja.operation import Operation, PathView
from ninja.renderers import BaseRenderer

from sonha.foundation.rest import problems
from sonha.foundation.rest.guards import LARGEST_BODY, UNREADABLE, StrictParser, guarded
from sonha.foundation.rest.problems import ProblemError, problem
from sonha.foundation.ui.failures import is_temporary, server_error

logger = logging.getLogger("sonha.api")
ENVELOPE = 64 * 1024  # multipart headers around an uploaded file
FILE_SOURCES = {"file", "form"}
UNREADABLE_REQUESTS = (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent)
MEANINGS = {
    400: "The request cannot be read.",
    401: "Not signed in, or the token is unknown, expired or revoked.",
    403: "Signed in, but not allowed; or a token for reading only.",
    404: "There is no such thing, or it may not be seen: both answers are the same.",
    405: "The address does not know this method.",
    409: "Not possible as things stand now, e.g. somebody else was faster.",
    413: "The body is too large.",
    415: "The body is of another kind than this operation takes.",
    422: "Values are missing or wrong; `errors` names each.",
    429: "Too many requests; `Retry-After` says when to come again.",
}


class Renderer(BaseRenderer):
    """JSON in UTF-8 as it is read, not escaped; times in UTC."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


class RestApi(NinjaAPI):
    """One per version. `largest_file`: bytes that an upload operation takes. `told`: has the last word on the OpenAPI document."""

    def __init__(self, *, largest_file: int, told: Callable[[dict[str, Any]], None] | None = None, **options: Any) -> None:
        super().__init__(parser=StrictParser(), renderer=Renderer(), **options)
        self.largest_file = largest_file
        self.told = told
        self._documents: dict[str, OpenAPISchema] = {}

    def set_default_exception_handlers(self) -> None:
        super().set_default_exception_handlers()
        self.add_exception_handler(HttpError, of_http_error)
        for kind in (ProblemError, ValidationError, Http404, *UNREADABLE_REQUESTS, RequestDataTooBig):
            self.add_exception_handler(kind, of_refusal)
        self.add_exception_handler(Exception, of_failure)

    def _get_urls(self) -> list[Any]:
        """Every operation behind the guards; an address below the API that does not exist is answered by a problem document."""
        patterns = list(get_openapi_urls(self))
        for bound in self._get_bound_routers():
            path_views = [path_view for path_view in bound.path_operations.values() for _operation in path_view.operations]
            for pattern, path_view in zip(bound.urls_paths(bound.prefix), path_views, strict=True):
                pattern.callback = self._guarded(pattern.callback, path_view)
                patterns.append(pattern)
        home = path("", RedirectView.as_view(url="docs"), name="api-root")
        return [*patterns, home, re_path(r"^.*$", lambda request: not_found())]

    def _guarded(self, view: Callable[..., Any], path_view: PathView) -> Callable[..., Any]:
        takes_files = any(model.__ninja_param_source__ in FILE_SOURCES for each in path_view.operations for model in each.models)
        return guarded(view, takes_files=takes_files, largest=self.largest_file + ENVELOPE if takes_files else LARGEST_BODY)

    def operations(self) -> Iterable[tuple[str, str, Operation]]:
        """(method, path below the API, operation) of everything there is, documented or not."""
        for bound in self._get_bound_routers():
            for address, path_view in bound.path_operations.items():
                for operation in path_view.operations:
                    for method in operation.methods:
                        yield method, bound.prefix.rstrip("/") + address, operation

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """The OpenAPI document; made once, it costs more than most answers."""
        prefix = path_prefix if path_prefix is not None else self.get_root_path(path_params or {})
        if prefix not in self._documents:
            schema = super().get_openapi_schema(path_prefix=prefix)
            for address, methods in schema["paths"].items():
                for details in methods.values():
                    _document_problems(address, details)
            schema["components"]["schemas"].update(_problem_schemas())
            if self.told:
                self.told(schema)
            self._documents[prefix] = schema
        return self._documents[prefix]


def _document_problems(address: str, details: dict[str, Any]) -> None:
    """Adds to an operation the problems that every operation of its kind may answer with."""
    possible = {400, 405, *(int(status) for status in details["responses"] if int(status) >= 400)}
    if "security" in details:
        possible |= {401, 403}
    if "{" in address:
        possible |= {404, 422}
    if details.get("parameters") or "requestBody" in details:
        possible.add(422)
    if "requestBody" in details:
        possible |= {413, 415}
    for status in sorted(possible):
        details["responses"][status] = {
            "description": MEANINGS[status],
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _problem_schemas() -> dict[str, Any]:
    whole = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    inner = whole.pop("$defs")
    return {"Problem": whole, **inner}


def not_found() -> HttpResponse:
    return problem("not-found", _("Không có dữ liệu ở địa chỉ này, hoặc ông/bà không được xem."))


def of_refusal(request: HttpRequest, refused: Any) -> HttpResponse:
    """What our own parts, the schemas and Django refuse."""
    if isinstance(refused, ProblemError):
        return refused.response()
    if isinstance(refused, ValidationError):
        return problems.of_validation(refused.errors)
    if isinstance(refused, RequestDataTooBig):
        return problem("too-large", _("Nội dung gửi lên quá lớn."))
    return not_found() if isinstance(refused, Http404) else problem("unreadable", _("Nội dung gửi lên bị hỏng."))


def of_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja itself refuses."""
    if isinstance(error, AuthenticationError):
        return problem("unauthenticated", _("Hãy đăng nhập hoặc gửi mã truy cập còn hiệu lực (Authorization: Bearer …)."))
    if isinstance(error, Throttled):
        return problem("too-many-requests", _("Quá nhiều yêu cầu trong một phút; xin đợi rồi thử lại."))
    if isinstance(error.__cause__, ProblemError):
        return error.__cause__.response()
    if error.status_code == 403:
        return problem("forbidden", _("Ông/bà không có quyền thực hiện việc này."))
    return problem("unreadable", UNREADABLE)


def of_failure(request: HttpRequest, error: Any) -> HttpResponse:
    """A mistake of ours, or a part that is away: logged with its trace, told without."""
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    if is_temporary(error):
        return server_error(request)
    return problem("failure", _("Hệ thống gặp lỗi khi xử lý yêu cầu; lỗi đã được ghi lại."))
