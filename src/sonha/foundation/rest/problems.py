"""Errors of the API as problem documents (RFC 9457): one sentence for a person, one stable type for a program."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:problem-type:sonha:"

TITLES: dict[str, tuple[int, str | Promise]] = {
    "unreadable": (400, _("Yêu cầu không đọc được")),
    "unauthenticated": (401, _("Chưa đăng nhập")),
    "forbidden": (403, _("Không có quyền")),
    "not-found": (404, _("Không tìm thấy")),
    "method-not-allowed": (405, _("Thao tác không có ở địa chỉ này")),
    "refused": (409, _("Không thực hiện được")),
    "already-done": (409, _("Đã có người khác xử lý")),
    "repeated-key": (409, _("Khoá chống lặp đã dùng cho nội dung khác")),
    "too-large": (413, _("Nội dung quá lớn")),
    "wrong-media-type": (415, _("Định dạng nội dung không được hỗ trợ")),
    "invalid": (422, _("Dữ liệu chưa đúng")),
    "too-many-requests": (429, _("Quá nhiều yêu cầu")),
    "failure": (500, _("Lỗi của hệ thống")),
    "unavailable": (503, _("Hệ thống đang khởi động lại")),
    "no-room": (507, _("Máy chủ tạm hết chỗ lưu")),
}
"""Every type of problem with its status and title. Clients decide by type or status, never by the sentence."""


class FieldProblem(Schema):
    """What is wrong with one value of the request."""

    field: str = Field(description="Path of the value, e.g. `answers.wells.0.depth`, `papers.application`, `limit`.")
    detail: str = Field(description="One sentence, in the language of the request.")


class Problem(Schema):
    """A problem document (RFC 9457)."""

    type: str = Field(description=f"Stable name of the kind of problem: `{TYPE}` and one of {', '.join(TITLES)}.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status again.")
    detail: str = Field(description="What happened and what to do, one sentence in Vietnamese, or English by Accept-Language.")
    errors: list[FieldProblem] = Field(default_factory=list, description="What is wrong, value by value (422).")


class ProblemError(Exception):
    """Ends an operation with a problem document."""

    def __init__(self, name: str, sentence: str | Promise, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(str(sentence))
        self.name, self.sentence, self.errors = name, sentence, errors or {}

    def response(self) -> HttpResponse:
        return problem(self.name, self.sentence, self.errors)


def problem(name: str, sentence: str | Promise, errors: Mapping[str, str] | None = None) -> HttpResponse:
    """The response for a problem of type `name` (a key of TITLES); `errors`: path -> sentence."""
    status, title = TITLES[name]
    body: dict[str, Any] = {"type": TYPE + name, "title": str(title), "status": status, "detail": str(sentence)}
    body["errors"] = [{"field": field, "detail": str(detail)} for field, detail in (errors or {}).items()]
    response = HttpResponse(orjson.dumps(body), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="sonha"'
    return response


SENTENCES: dict[str, str | Promise] = {
    "missing": _("Thiếu giá trị này."),
    "string_too_long": _("Dài nhất %(max_length)s ký tự."),
    "string_too_short": _("Ít nhất %(min_length)s ký tự."),
    "string_type": _("Giá trị phải là chuỗi ký tự."),
    "string_pattern_mismatch": _("Giá trị không đúng dạng quy định."),
    "int_parsing": _("Giá trị phải là số nguyên."),
    "int_type": _("Giá trị phải là số nguyên."),
    "int_from_float": _("Giá trị phải là số nguyên."),
    "int_parsing_size": _("Số quá lớn."),
    "greater_than_equal": _("Nhỏ nhất là %(ge)s."),
    "less_than_equal": _("Lớn nhất là %(le)s."),
    "bool_parsing": _("Giá trị phải là true hoặc false."),
    "bool_type": _("Giá trị phải là true hoặc false."),
    "date_from_datetime_parsing": _("Ngày phải có dạng yyyy-mm-dd."),
    "date_parsing": _("Ngày phải có dạng yyyy-mm-dd."),
    "date_type": _("Ngày phải có dạng yyyy-mm-dd."),
    "uuid_parsing": _("Giá trị phải là mã UUID."),
    "uuid_type": _("Giá trị phải là mã UUID."),
    "enum": _("Giá trị không có trong danh sách: %(expected)s."),
    "literal_error": _("Giá trị không có trong danh sách: %(expected)s."),
    "dict_type": _("Giá trị phải là một đối tượng JSON."),
    "list_type": _("Giá trị phải là một danh sách."),
    "too_long": _("Nhiều nhất %(max_length)s mục."),
    "model_type": _("Giá trị phải là một đối tượng JSON."),
    "model_attributes_type": _("Giá trị phải là một đối tượng JSON."),
    "extra_forbidden": _("Không có mục này; xin xem lại tên."),
}
"""Sentences for what the schema library finds, by its kind of error."""

OTHERWISE = _("Giá trị không hợp lệ.")
PLACES = {"body", "query", "path", "header", "form", "file", "payload", "filters"}


def of_validation(errors: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """422 for a request that does not fit its declaration; every mistake at once."""
    found: dict[str, str] = {}
    for error in errors:
        path = list(error["loc"])
        while len(path) > 1 and str(path[0]) in PLACES:
            path = path[1:]
        sentence = str(SENTENCES.get(str(error["type"]), OTHERWISE))
        try:
            found[".".join(map(str, path))] = sentence % error.get("ctx", {})
        except (KeyError, ValueError, TypeError):
            found[".".join(map(str, path))] = str(OTHERWISE)
    return problem("invalid", _("Yêu cầu có giá trị chưa đúng; xin xem từng mục."), found)
