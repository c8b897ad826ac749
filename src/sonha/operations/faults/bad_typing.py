"""Cases of what is typed and of the bodies of requests."""

import json
import unicodedata
from collections.abc import Callable

from . import bad_files as files
from .trying import PAPERS, REVIEW, STT, Answer, Case, Stage

PAYMENTS = "foundation/payments/tests/"
TOO_LARGE, BROKEN_BODY = "vượt mức cho phép", "không đọc được"
NFD = unicodedata.normalize("NFD", "Nguyễn Thị Hoà")
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
NOTATION = "{{ 7|add:7 }}{% debug %}${7*7}{owner.name}"
MANY = 10 * files.MEGABYTE


def _text(key: str, tried: str, typed: str, kept: str | None = None, expected: int | tuple[int, ...] = (200, 422)) -> Case:
    """Text typed into the form: kept as `kept` (as typed when None) and shown as text, never as code."""

    def is_kept(stage: Stage, answer: Answer) -> str:
        if SCRIPT in answer.text:
            return "the page carries the script"
        now = stage.shown("owner_name")
        return "" if now == (typed if kept is None else kept) else f"kept as {now[:80]!r}"

    return Case(key, tried, expected, send=lambda stage: stage.owner(owner_name=typed), also=is_kept)


def _body(key: str, tried: str, expected: int, says: str, send: Callable[[Stage], Answer], proofs: tuple[str, ...] = ()) -> Case:
    return Case(key, tried, expected, says, send=send, proofs=proofs)


def _whole(size: int) -> str:
    return "x" * size


TEXTS = [
    _text("text.html", "HTML with a script in a name", SCRIPT),
    _text("text.notation", "notation of templates in a name", NOTATION),
    _text("text.nul", "NUL and control characters", "Nguyễn\x00 Thị\x07 Hoà", "Nguyễn Thị Hoà"),
    _text("text.invisible", "zero-width characters and direction overrides", "Nguyễn\u200b Thị \u202eHoà\u2066", "Nguyễn Thị Hoà"),
    _text("text.nfd", "decomposed Vietnamese (NFD)", NFD, "Nguyễn Thị Hoà"),
    _text("text.megabyte", "a name of 1 MB: kept, and told that it is too long", _whole(files.MEGABYTE), expected=422),
    _text("text.sql", "quotes and semicolons", "'; DROP TABLE dossiers; --"),
    Case("text.search", "NUL and 5 000 letters in a search", 200, send=lambda stage: stage.citizen.get("/thu-tuc/?q=%00" + "a" * 5000)),
    Case("text.address", "NUL in an address", 404, "Không tìm thấy", send=lambda stage: stage.citizen.get("/ho-so-cua-toi/%00/")),
    Case(
        "text.huge-number",
        "a number of twenty digits in an address",
        404,
        "Không tìm thấy",
        send=lambda stage: stage.citizen.get("/giay-to/99999999999999999999/"),
    ),
    Case(
        "text.unfinished",
        "a dossier sent although answers are missing",
        422,
        "Thiếu",
        send=lambda stage: stage.citizen.post(stage.draft + REVIEW, {"submit": "1"}),
    ),
]

BODIES = [
    _body("body.form-10mb", "10 MB typed into a form", 413, TOO_LARGE, lambda stage: stage.owner(owner_name=_whole(MANY))),
    _body("body.6000-fields", "6 000 fields in one form", 413, TOO_LARGE, lambda stage: stage.owner(**{f"f{n}": "x" for n in range(6000)})),
    _body("body.draft-10mb", "10 MB of JSON for a draft", 413, TOO_LARGE, lambda stage: stage.keep({"works_name": _whole(MANY)})),
    _body("body.draft-malformed", "half a JSON document for a draft", 400, BROKEN_BODY, lambda stage: stage.save('{"answers": {"works')),
    _body("body.draft-deep", "JSON nested 100 000 deep", 400, BROKEN_BODY, lambda stage: stage.save("[" * 100_000)),
    _body(
        "body.draft-bytes", "JSON that is no UTF-8", 400, BROKEN_BODY, lambda stage: stage.save(b'{"answers": {"works_name": "\xff\xfe"}}')
    ),
    _body("body.draft-list", "a list where an object belongs", 400, BROKEN_BODY, lambda stage: stage.save('{"answers": [1]}')),
    _body(
        "body.multipart-headless",
        "multipart without a boundary",
        400,
        BROKEN_BODY,
        lambda stage: stage.citizen.post(stage.draft + PAPERS, b"rubbish", headers={"Content-Type": "multipart/form-data"}),
    ),
    _body(
        "body.multipart-rubbish",
        "rubbish in the name of multipart: nothing is in it, nothing is changed",
        200,
        "",
        lambda stage: stage.citizen.post(stage.draft + PAPERS, b"rubbish", headers={"Content-Type": "multipart/form-data; boundary=x"}),
    ),
    _body(
        "body.api-10mb",
        "10 MB of JSON for the API",
        413,
        "lớn hơn",
        lambda stage: stage.api("/dossiers", json.dumps({"stt": STT, "answers": {"a": _whole(MANY)}})),
    ),
    _body(
        "body.api-malformed",
        "half a JSON document for the API",
        400,
        "JSON hợp lệ",
        lambda stage: stage.api("/dossiers", '{"stt": 860,'),
        proofs=("testing/tests/test_api_doors.py",),
    ),
    _body("body.api-deep", "JSON nested 100 000 deep for the API", 400, "JSON hợp lệ", lambda stage: stage.api("/dossiers", "[" * 100_000)),
    _body(
        "body.api-nul",
        "NUL in JSON for the API",
        400,
        "NUL",
        lambda stage: stage.api("/dossiers", json.dumps({"stt": STT, "answers": {"a": "\x00"}})),
    ),
    _body("body.api-kind", "XML where JSON is taken", 415, "application/json", lambda stage: stage.api("/dossiers", "<a/>", "text/xml")),
    _body(
        "body.api-form",
        "a form where JSON is taken",
        415,
        "application/json",
        lambda stage: stage.api("/dossiers", "a=b", "application/x-www-form-urlencoded"),
    ),
    _body(
        "body.api-multipart",
        "rubbish where a file is taken",
        (400),
        "hỏng",
        lambda stage: stage.api("/files", b"rubbish", "multipart/form-data"),
    ),
    _body(
        "body.api-values",
        "wrong values for the API",
        422,
        "từng mục",
        lambda stage: stage.api("/dossiers", json.dumps({"stt": "x", "answers": []})),
    ),
    _body(
        "body.callback",
        "rubbish at the payment gateway's door",
        400,
        "",
        lambda stage: stage.api("/../payments/callback", b"\xff\xfe"),
        (f"{PAYMENTS}test_faults.py::test_rubbish_is_kept_and_refused",),
    ),
]
