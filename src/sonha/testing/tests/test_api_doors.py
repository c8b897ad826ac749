"""Who gets in at the API, and what no operation ever sees."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from sonha.api import api
from sonha.foundation.access.tokens import issue_token
from sonha.foundation.identity.models import ApiToken, User
from sonha.foundation.rest.problems import TITLES, TYPE
from sonha.registry.declarations import registers

PUBLIC = {
    "list_procedures", "get_procedure", "get_procedure_bpmn", "track_dossier",
    "list_registers", "get_register", "list_records", "get_record",  # open fields of public registers; the caller's rights decide
}  # fmt: skip
"""Operations open to everybody. Adding one is a decision: they give public facts without personal data."""

ARGUMENTS = {"record_id": "1", "stt": "860", "code": "H37.12-261121-0001", "task_id": "1", "permit_id": "1"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def lan() -> User:
    return User.objects.create_user("lan", "mat-khau-dai", full_name="Nông Thị Lan")


def bearer(user: User, **options: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {issue_token(user, f'máy {ApiToken.objects.count()}', **options)}"}


def is_problem(answer: Any, status: int, name: str) -> bool:
    told = answer.json()
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert told["status"] == status and told["type"] == TYPE + name and told["title"] and told["detail"]
    return True


@pytest.mark.parametrize(("method", "path", "operation"), list(api.operations()), ids=lambda each: getattr(each, "operation_id", None))
def test_every_operation_is_public_by_decision_or_asks_who_calls(client: Client, method: str, path: str, operation: Any) -> None:
    assert operation.operation_id, f"{method} {path} has no operation id"
    assert bool(operation.auth_callbacks) == (operation.operation_id not in PUBLIC), f"{operation.operation_id}: auth or PUBLIC?"
    assert path.endswith("/") is False and operation.include_in_schema
    if operation.auth_callbacks:
        named = {**ARGUMENTS, "code": "example_wells"} if path.startswith("/registers") else ARGUMENTS
        answer = client.generic(method, f"/api/v1{path.format(**named)}", headers={"content-type": "application/json"})
        assert is_problem(answer, 401, "unauthenticated") and answer["WWW-Authenticate"].startswith("Bearer")


def test_the_document_describes_everything(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert set(document["components"]["securitySchemes"]) == {"PersonalToken", "SignedInBrowser"}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            where = f"{method} {path}"
            assert told["operationId"] and told["summary"] and told["description"] and told["tags"], where
            assert ("security" in told) == (told["operationId"].partition("_of_")[0] not in PUBLIC), where
            answers = {status: shared(document, answer) for status, answer in told["responses"].items()}
            assert all(answer["description"] for answer in answers.values()), where
            for status, answer in answers.items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], f"{where} {status}"
    told_of = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    generic = [operation for _method, path, operation in api.operations() if path.startswith("/registers/{code}")]
    assert len(set(told_of)) == len(told_of) == len(list(api.operations())) + len(generic) * (len(registers()) - 1)


def shared(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of the document, looked up where it stands once for several."""
    name = part.get("$ref", "").rpartition("/")[2]
    return document["components"]["responses"][name] if name else part


def test_a_token_works_until_it_expires_or_is_revoked(client: Client, lan: User) -> None:
    headers = bearer(lan)
    me = client.get("/api/v1/me", headers=headers).json()
    assert me["username"] == "lan" and me["token"]["scope"] == "read"
    token = ApiToken.objects.get()
    assert token.last_used_at and token.digest not in headers["authorization"]
    for change in ({"expires_at": timezone.now() - timedelta(seconds=1)}, {"revoked_at": timezone.now()}):
        before = {name: getattr(token, name) for name in change}
        ApiToken.objects.update(**change)
        assert is_problem(client.get("/api/v1/me", headers=headers), 401, "unauthenticated")
        ApiToken.objects.update(**before)
    User.objects.update(is_active=False)
    assert is_problem(client.get("/api/v1/me", headers=headers), 401, "unauthenticated")


def test_a_reading_token_writes_nowhere(lan: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/tai-khoan/login/")
    csrf = client.cookies[settings.CSRF_COOKIE_NAME].value
    headers = {**bearer(lan, scope="read"), "x-csrftoken": csrf}
    for path in ("/api/v1/dossiers", "/api/v1/files", "/tai-khoan/", "/tai-khoan/ma-truy-cap/"):
        assert is_problem(client.post(path, {"name": "x"}, headers=headers), 403, "forbidden")


def test_no_token_makes_or_ends_tokens(lan: User) -> None:
    client = Client()
    headers = bearer(lan, scope="write")
    assert client.get("/tai-khoan/ma-truy-cap/", headers=headers).status_code == 403
    made = client.post("/tai-khoan/ma-truy-cap/", {"name": "x", "scope": "write", "days": 365}, headers=headers)
    ended = client.post(f"/tai-khoan/ma-truy-cap/{ApiToken.objects.get().pk}/thu-hoi/", headers=headers)
    assert made.status_code == ended.status_code == 403 and ApiToken.objects.get().revoked_at is None


def test_a_browser_writes_only_with_its_csrf_token(lan: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lan)
    assert client.get("/api/v1/me").json()["token"] is None
    body = json.dumps({"stt": 1, "answers": {}})
    refused = client.post("/api/v1/dossiers", body, content_type="application/json")
    assert is_problem(refused, 403, "forbidden") and "X-CSRFToken" in refused.json()["detail"]
    client.get("/tai-khoan/ma-truy-cap/")
    csrf = client.cookies[settings.CSRF_COOKIE_NAME].value
    passed = client.post("/api/v1/dossiers", body, content_type="application/json", headers={"x-csrftoken": csrf})
    assert is_problem(passed, 422, "invalid")


def test_a_wrong_token_is_not_saved_by_the_session_beside_it(client: Client, lan: User) -> None:
    client.force_login(lan)
    for header in ("Bearer sonha_khong-co", "Bearer ", "Basic bGFuOng="):
        assert is_problem(client.get("/api/v1/me", headers={"authorization": header}), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"{", 400, "unreadable"),
        (b"\xff\xfe", 400, "unreadable"),
        (b'{"stt": 860, "answers": {"a": "\\u0000"}}', 400, "unreadable"),
        (b'{"stt": 860, "answers": {"\\u0000": 1}}', 400, "unreadable"),
        (b'{"stt": 860, "answers": {"a": "\\ud800"}}', 400, "unreadable"),
        (b'{"stt": NaN, "answers": {}}', 400, "unreadable"),
        (b"[" * 100_000, 400, "unreadable"),
        (b'{"stt": 1e999, "answers": {}}', 400, "unreadable"),
        (b'{"stt": 99999999999999999999, "answers": {}}', 422, "invalid"),
        (b'{"stt": -1, "answers": {}}', 422, "invalid"),
        (b'{"stt": "860\'--", "answers": {}}', 422, "invalid"),
        (b'{"stt": 860, "answers": []}', 422, "invalid"),
        (b'{"stt": 860, "answers": {}, "papers": {"a": ["../../etc/passwd"]}}', 422, "invalid"),
        (b'{"stt": 860, "answers": {}, "papers": {"a": ["reuse:99999999999999999999"]}}', 422, "invalid"),
        (b'{"stt": 860, "answers": {}, "state": "granted"}', 422, "invalid"),
        (b'{"stt": 860, "answers": {"a": "' + b"x" * 1024 * 1024 + b'"}}', 413, "too-large"),
    ],
)
def test_hostile_bodies_are_refused_in_words(client: Client, lan: User, body: bytes, status: int, name: str) -> None:
    answer = client.post("/api/v1/dossiers", body, content_type="application/json", headers=bearer(lan, scope="write"))
    assert is_problem(answer, status, name)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/procedures?q=%00", 400),
        ("/procedures?q=" + "a" * 300, 422),
        ("/procedures?limit=0", 422),
        ("/procedures?limit=101", 422),
        ("/procedures?limit=١٢", 422),
        ("/procedures?after=999999999999999999999", 422),
        ("/procedures?q=²", 200),
        ("/procedures?q=" + "9" * 200, 200),
        ("/procedures/99999999999999999999", 422),
        ("/procedures/" + "9" * 5000, 422),
        ("/procedures/860%00", 400),
        ("/procedures/1?on=0", 422),
        ("/procedures/1?on=0001-01-01", 422),
        ("/procedures/1?on=9999-12-31", 422),
        ("/dossiers/H37%00", 400),
        ("/dossiers/%2e%2e%2f", 404),
        ("/dossiers?after=1_", 422),
        ("/dossiers?after=khong_1", 422),
        ("/dossiers?after=9999-99-99T00:00:00_1&sort=due", 200),
        ("/dossiers?from=2026-02-30", 422),
        ("/dossiers?state=granted'--", 422),
        ("/dossiers?procedure=9999999999", 422),
        ("/dossiers/" + "x" * 51, 422),
        ("/tasks/0", 422),
        ("/tasks/99999999999999999999", 422),
        ("/tasks?after=9223372036854775807", 422),
        ("/permits/9223372036854775807", 404),
        ("/tracking/%F0%9F%92%A9", 422),
        ("/khong-co", 404),
        ("/dossiers/", 404),
    ],
)
def test_hostile_addresses_are_refused_in_words(client: Client, lan: User, path: str, status: int) -> None:
    answer = client.get(f"/api/v1{path}", headers=bearer(lan))
    assert answer.status_code == status, answer.content.decode()
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json"


def test_other_kinds_of_bodies_and_methods_are_refused(client: Client, lan: User) -> None:
    headers = bearer(lan, scope="write")
    assert is_problem(client.post("/api/v1/dossiers", b"a=1", content_type="text/plain", headers=headers), 415, "wrong-media-type")
    assert is_problem(client.post("/api/v1/files", b"{}", content_type="application/json", headers=headers), 415, "wrong-media-type")
    assert is_problem(client.post("/api/v1/files", b"--x", content_type="multipart/form-data", headers=headers), 400, "unreadable")
    refused = client.delete("/api/v1/dossiers", headers=headers)
    assert is_problem(refused, 405, "method-not-allowed") and set(refused["Allow"].split(", ")) == {"GET", "POST"}
    assert client.head("/api/v1/procedures").status_code == 200 and client.head("/api/v1/files", headers=headers).status_code == 405
    long_key = {**headers, "idempotency-key": "x" * 101}
    body = {"stt": 1, "answers": {}}
    assert is_problem(client.post("/api/v1/dossiers", body, content_type="application/json", headers=long_key), 422, "invalid")


def test_a_mistake_of_ours_is_told_without_its_trace(lan: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from sonha.services.dossiers import selectors

    def broken(*given: Any) -> None:
        raise RuntimeError("bí mật")

    monkeypatch.setattr(selectors, "find", broken)
    answer = Client(raise_request_exception=False).get("/api/v1/dossiers", headers=bearer(lan))
    assert is_problem(answer, 500, "failure") and "bí mật" not in answer.content.decode()


def test_every_kind_of_problem_has_a_status_of_its_kind() -> None:
    assert all(400 <= status < 600 for status, _title in TITLES.values())
