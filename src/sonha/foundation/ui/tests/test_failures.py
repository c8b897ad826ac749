"""What is told when a request fails: the right status, one sentence, and what was typed to be sent again."""

import errno
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from sonha.foundation.ui.failures import bad_request, is_temporary, server_error

make = RequestFactory()


def failed(request: HttpRequest, error: BaseException, cause: BaseException | None = None) -> HttpResponse:
    """The answer of the site to a view that raised `error`."""
    try:
        raise error from cause
    except BaseException:
        return server_error(request)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("the connection is closed"), 503),
        (InterfaceError("cursor already closed"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OSError(errno.ENOENT, "no such file"), 500),
        (ValueError("a mistake of ours"), 500),
    ],
)
def test_each_failure_has_its_status_and_one_vietnamese_sentence(error: Exception, status: int) -> None:
    answer = failed(make.get("/ho-so-cua-toi/"), error)
    page = answer.content.decode()
    assert answer.status_code == status and "<h1>" in page and "ms" not in answer.headers
    assert (answer.headers.get("Retry-After") is not None) == (status != 500) == is_temporary(error)
    assert str(error) not in page, "nothing of the inside is told"


def test_a_lost_database_is_found_behind_other_errors() -> None:
    assert failed(make.get("/"), RuntimeError("queue"), OperationalError("gone")).status_code == 503


def test_what_was_typed_can_be_sent_again() -> None:
    request = make.post("/can-bo/ho-so/1/ghi-chu/?a=b", {"text": 'Đã gọi "bà Lan" <b>', "items": ["1", "2"]})
    page = unescape(failed(request, OperationalError()).content.decode())
    assert 'action="/can-bo/ho-so/1/ghi-chu/?a=b"' in page and 'name="text" value="Đã gọi "bà Lan" <b>"' in page
    assert page.count('name="items"') == 2 and "Gửi lại" in page


@pytest.mark.parametrize("fields", [{"login": "hoa", "password": "bi-mat-lam"}, {"text": "x" * 600_000}])
def test_passwords_and_very_long_texts_are_not_given_back(fields: dict[str, Any]) -> None:
    page = failed(make.post("/tai-khoan/login/", fields), OperationalError()).content.decode()
    assert "bi-mat-lam" not in page and len(page) < 10_000 and "Thử lại" in page


@pytest.mark.parametrize(
    "ask",
    [
        lambda: make.post("/nop-ho-so/x/luu/", "{}", content_type="application/json"),
        lambda: make.generic("PATCH", "/tep/tai-len/x/", b"abc", content_type="application/offset+octet-stream"),
        lambda: make.get("/don-vi-hanh-chinh.json", headers={"accept": "application/json"}),
    ],
)
def test_scripts_are_answered_in_json(ask: Callable[[], HttpRequest]) -> None:
    answer = failed(ask(), OperationalError())
    assert answer.status_code == 503 and answer["Content-Type"] == "application/json" and b"error" in answer.content


def test_programs_get_a_problem_document() -> None:
    answer = failed(make.get("/api/v1/dossiers"), OperationalError())
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")


def test_too_large_is_told_apart_from_unreadable() -> None:
    request = make.post("/", {"a": "b"})
    assert bad_request(request, RequestDataTooBig()).status_code == 413
    assert bad_request(request, ValueError()).status_code == 400
