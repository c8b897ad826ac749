"""Every case of bad input and every fault, each once. docs/faults.md is made from this list."""

import json
import unicodedata
from collections.abc import Callable, Mapping

from . import bad_files as files
from .trying import PAPERS, REVIEW, STT, Answer, Case, Stage

FILES, JOBS, PAYMENTS, NOTES = (f"foundation/{name}/tests/" for name in ("files", "jobs", "payments", "notifications"))
DOSSIERS, HERE = "services/dossiers/tests/", "operations/faults/tests/"
BOMBS = "test_bombs.py::test_archives_that_unpack_a_thousandfold"
PICTURES = "test_bombs.py::test_pictures_that_claim_to_be_enormous"
UNREADABLE_FILE, TOO_LARGE, BROKEN_BODY = "Không nhận ra", "vượt mức cho phép", "không đọc được"
NFD = unicodedata.normalize("NFD", "Nguyễn Thị Hoà")
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
NOTATION = "{{ 7|add:7 }}{% debug %}${7*7}{owner.name}"
MANY = 10 * files.MEGABYTE


def _file(
    key: str, tried: str, make: Callable[[], bytes], says: str, name: str = "giay-to.pdf", *, needs_scanner: bool = False, proof: str = ""
) -> Case:
    """A file that is refused with one sentence."""
    proofs = (f"{FILES}{proof}",) if proof else ()
    return Case(key, tried, 422, says, send=lambda stage: stage.upload(make(), name), proofs=proofs, needs_scanner=needs_scanner)


def _name(key: str, tried: str, given: str, kept: str) -> Case:
    """A good file with a bad name: taken under a harmless one."""

    def is_harmless(stage: Stage, answer: Answer) -> str:
        stored = json.loads(answer.text)["name"]
        return "" if stored == kept else f"kept as {stored!r}"

    return Case(
        key,
        tried,
        200,
        send=lambda stage: stage.upload(files.pdf(), given),
        also=is_harmless,
        proofs=("foundation/files/tests/test_names.py::test_every_name_is_harmless",),
    )


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


def _inside_file(stage: Stage, answer: Answer) -> str:
    """A polyglot is given back so that a browser never runs it."""
    stored = json.loads(answer.text)["id"]
    stage.citizen.post(f"{stage.draft}giay-to/them/", {"paper": stage.paper, "file": stored})
    shown = stage.citizen.get(f"{stage.draft}tep/{stored}/")
    stage.citizen.post(f"{stage.draft}giay-to/bo/", {"paper": stage.paper, "entry": stored})
    policy, kind = shown.headers.get("Content-Security-Policy", ""), shown.headers.get("Content-Type")
    harmless = "sandbox" in policy and shown.headers.get("X-Content-Type-Options") == "nosniff" and kind == "image/jpeg"
    return "" if harmless else f"served as {kind} under {policy!r}"


def _whole(size: int) -> str:
    return "x" * size


UPLOADS = [
    _file("file.empty", "an empty file", lambda: b"", "trống", proof="test_store.py::test_nothing_and_too_much"),
    _file("file.too-large", "a PDF of 51 MB where 50 MB are taken", lambda: files.pdf() + bytes(51 * files.MEGABYTE), "lớn hơn 50 MB"),
    _file("file.wrong-kind", "a Word document where PDF and pictures are taken", files.word, "ở đây chỉ nhận", "Đơn.docx"),
    _file(
        "file.wrong-ending",
        "a spreadsheet named .pdf",
        files.sheet,
        "Tệp này là Excel",
        "Đơn.pdf",
        proof="test_store.py::test_the_name_does_not_make_the_kind",
    ),
    _file("file.program", "a Windows program named .pdf", files.program, "tệp chương trình"),
    _file("file.html", "a web page with a script named .pdf", files.page, UNREADABLE_FILE),
    _file("file.svg", "an SVG drawing with a script", files.drawing, UNREADABLE_FILE, "ban-ve.svg"),
    _file("file.html-as-pdf", "a web page that begins like a PDF", files.page_as_pdf, "hỏng"),
    _file("file.pdf-script", "a PDF that runs JavaScript when opened", lambda: files.pdf(script=True), "mã tự chạy"),
    _file("file.pdf-locked", "a PDF with a password", lambda: files.pdf(locked=True), "mật khẩu"),
    _file("file.office-locked", "a Word document with a password", files.locked_office, "mật khẩu", "Đơn.docx"),
    _file("file.pdf-broken", "half a PDF: the line broke", lambda: files.pdf()[:-200], "hỏng"),
    _file("file.picture-broken", "half a photograph", lambda: files.picture(size=(400, 400))[:600], "hỏng"),
    _file("file.picture-bomb", "a PNG of 50 000 by 50 000 points in 200 bytes", files.huge_png, "quá lớn", proof=PICTURES),
    _file("file.zip-bomb", "a zip that unpacks a thousandfold", files.bomb, "giải nén", "a.zip", proof=BOMBS),
    _file("file.docx-bomb", "a docx that unpacks a thousandfold", lambda: files.bomb(files.word()), "chỉ nhận", "a.docx", proof=BOMBS),
    _file("file.xlsx-bomb", "an xlsx that unpacks a thousandfold", lambda: files.bomb(files.sheet()), "chỉ nhận", "a.xlsx", proof=BOMBS),
    _file("file.ods-bomb", "an ods that unpacks a thousandfold", lambda: files.bomb(files.open_sheet()), "chỉ nhận", "a.ods", proof=BOMBS),
    _file("file.eicar", "the EICAR test file", lambda: files.EICAR, "mã độc", needs_scanner=True),
    _file(
        "file.eicar-inside",
        "the EICAR test file inside a document",
        lambda: files.with_part(files.word(), "a.txt", files.EICAR, packed=False),
        "mã độc",
        needs_scanner=True,
        proof="test_scanning.py::test_the_eicar_test_file_is_refused_also_inside_a_document",
    ),
    Case(
        "file.polyglot",
        "a photograph with a web page behind it",
        200,
        send=lambda stage: stage.upload(files.picture_and_page(), "a.jpg"),
        also=_inside_file,
        proofs=(f"{FILES}test_serving.py::test_only_pdf_and_pictures_are_shown_in_the_page",),
    ),
    Case("file.none", "a form for a file without a file", 400, "Chưa có tệp", send=lambda stage: stage.citizen.post(f"{stage.draft}tep/")),
    Case(
        "file.150-at-once",
        "150 files in one request",
        413,
        TOO_LARGE,
        send=lambda stage: stage.citizen.post(f"{stage.draft}tep/", files=[("file", (f"{n}.pdf", b"x")) for n in range(150)]),
    ),
    Case(
        "file.without-scanner",
        "the prescribed scanner is away",
        422,
        "sau ít phút",
        proofs=(f"{FILES}test_scanning.py::test_a_prescribed_scanner_that_is_away_stops_uploads",),
    ),
    Case(
        "file.broken-line",
        "the line breaks in the middle of a file sent in pieces",
        (200, 409, 460),
        kept="the pieces received",
        proofs=(
            f"{FILES}test_uploads.py::test_a_file_in_three_pieces_with_a_broken_line_between",
            f"{FILES}test_browser.py::test_a_broken_line_costs_only_the_piece",
        ),
    ),
]

NAMES = [
    _name("name.path", "../../etc/passwd.pdf", "../../etc/passwd.pdf", "passwd.pdf"),
    _name("name.windows-path", r"C:\Users\a.pdf", "C:\\Users\\hoa\\Bản vẽ.pdf", "Bản vẽ.pdf"),
    _name("name.control", "a name with tabs and a bell", "a\x07b\tc.pdf", "abc.pdf"),
    _name("name.override", "a name that reads backwards (RTL override)", "hoa don\u202efdp.exe", "hoa donfdp.pdf"),
    _name("name.device", "a device name of Windows", "con.pdf", "tep-con.pdf"),
    _name(
        "name.nfd",
        "a decomposed Vietnamese name, as a Mac sends it",
        unicodedata.normalize("NFD", "Giấy uỷ quyền.pdf"),
        "Giấy uỷ quyền.pdf",
    ),
    _name("name.html", "a name with HTML", "<img src=x onerror=alert(1)>.pdf", "img src=x onerror=alert(1).pdf"),
    _name("name.long", "a name of 400 letters", "ă" * 400 + ".pdf", "ă" * 118 + ".pdf"),
]

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


def _fault(key: str, tried: str, expected: int | tuple[int, ...], says: str, kept: str, *proofs: str, soak: bool = False) -> Case:
    return Case(key, tried, expected, says, kept, proofs=proofs, soak=soak)


TWICE = [
    _fault(
        "twice.filing",
        "the filing sent four times at once",
        302,
        "",
        "one dossier, one code, one first task",
        f"{DOSSIERS}test_concurrency.py::test_the_filing_form_sent_twice",
        f"{HERE}test_faults.py::test_two_identical_posts_make_one_dossier",
        soak=True,
    ),
    _fault(
        "twice.api",
        "the same call of a machine twice",
        200,
        "",
        "one dossier for one Idempotency-Key",
        f"{DOSSIERS}test_api.py::test_the_same_call_twice_at_once_files_once",
    ),
    _fault(
        "twice.decision",
        "two officials decide the same task at once",
        409,
        "đã được",
        "one decision, one slip, one message",
        f"{DOSSIERS}test_concurrency.py::test_two_officers_decide_the_same_task",
        soak=True,
    ),
    _fault(
        "twice.batch",
        "two batches over the same dossiers",
        (200, 409),
        "đã được",
        "each dossier moves once",
        f"{DOSSIERS}test_concurrency.py::test_two_batches_overlap",
    ),
    _fault(
        "twice.numbers",
        "twenty filings at once, some rolled back",
        302,
        "",
        "codes without a gap per agency and day",
        f"{DOSSIERS}test_concurrency.py::test_twenty_file_at_once_and_some_filings_fail",
        soak=True,
    ),
]

PROCESSES = [
    _fault(
        "worker.killed",
        "the worker is killed (-9) in the middle of a job",
        (),
        "",
        "the job: done later, its effect exactly once",
        f"{JOBS}test_killed_worker.py::test_a_killed_worker_does_no_harm",
        f"{DOSSIERS}test_concurrency.py::test_a_worker_killed_while_it_hands_a_result_over",
        soak=True,
    ),
    _fault(
        "web.killed",
        "a web process is killed (-9) while it answers",
        (),
        "",
        "what was answered; a request without an answer is sent again",
        soak=True,
    ),
    _fault(
        "database.mid-request",
        "the database goes away in the middle of a request",
        503,
        "tạm thời chưa trả lời",
        "nothing half-written; what was typed is on the page, one press sends it again",
        f"{HERE}test_faults.py::test_the_database_goes_away_in_the_middle_of_a_filing",
        soak=True,
    ),
    _fault(
        "database.away",
        "the database takes no connections",
        503,
        "tạm thời chưa trả lời",
        "the next request works without a restart",
        f"{HERE}test_faults.py::test_nobody_is_let_into_the_database",
        soak=True,
    ),
    _fault(
        "database.crash",
        "the database is restarted as after a crash",
        503,
        "tạm thời chưa trả lời",
        "everything that was answered",
        soak=True,
    ),
    _fault(
        "disk.full",
        "the disk is full when a file arrives",
        422,
        "hết chỗ lưu",
        "the draft and earlier files; nothing of the new one is left behind",
        f"{FILES}test_full_disk.py::test_a_full_disk_refuses_a_file_and_keeps_everything_else",
    ),
    _fault(
        "disk.full-pieces",
        "the disk is full in the middle of a file sent in pieces",
        507,
        "hết chỗ lưu",
        "the pieces received: sending goes on from there",
        f"{FILES}test_full_disk.py::test_a_file_in_pieces_goes_on_when_there_is_room_again",
    ),
]

PARTNERS = [
    _fault(
        "mail.down",
        "the mail server is down",
        (),
        "",
        "each message: retried, sent once when it is back",
        f"{NOTES}test_notify.py::test_a_dead_mail_server_loses_nothing",
        soak=True,
    ),
    _fault(
        "mail.busy",
        "the mail server says later, or never",
        (),
        "",
        "later: retried; never: told to the administrators",
        f"{NOTES}test_notify.py::test_a_busy_server_is_asked_again_and_a_dead_address_is_not",
    ),
    _fault(
        "payment.down",
        "the payment gateway does not answer",
        (200, 302, 502),
        "",
        "the invoice stays open; cash at the desk works",
        f"{PAYMENTS}test_services.py::test_a_gateway_that_is_down_takes_no_money_and_says_so",
        soak=True,
    ),
    _fault(
        "payment.late",
        "the gateway's news come late, or after the payer is back",
        (),
        "",
        "paid once",
        f"{PAYMENTS}test_faults.py::test_the_payer_is_back_before_the_callback",
        f"{PAYMENTS}test_faults.py::test_paid_in_time_counts_although_the_news_comes_after_expiry",
        soak=True,
    ),
    _fault(
        "payment.duplicated",
        "the gateway's news come twice",
        (),
        "",
        "paid once; a second payment is marked for refund",
        f"{PAYMENTS}test_faults.py::test_the_same_callback_again_changes_nothing",
        f"{PAYMENTS}test_faults.py::test_the_second_of_two_payments_is_kept_and_marked_for_refund",
    ),
    _fault(
        "payment.forged",
        "news with a wrong signature or another amount",
        (401, 409),
        "",
        "nothing counts as paid that was not",
        f"{PAYMENTS}test_faults.py::test_a_wrong_signature_is_kept_and_believed_in_nothing",
    ),
    _fault(
        "upgrade.draft",
        "new declarations arrive while an administrator has a draft open",
        (),
        "",
        "the draft; the upgrade goes through",
        "services/procedures/tests/test_upgrading.py::test_an_open_draft_makes_way_for_a_new_declaration",
    ),
]

GROUPS: Mapping[str, list[Case]] = {
    "Files that are sent": UPLOADS,
    "Names of files": NAMES,
    "Text that is typed": TEXTS,
    "Bodies of requests": BODIES,
    "Twice and at once": TWICE,
    "Processes, database, disk": PROCESSES,
    "Mail, payments, upgrades": PARTNERS,
}
CASES = [case for group in GROUPS.values() for case in group]
