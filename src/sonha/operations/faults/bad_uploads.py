"""Cases of files that are sent: their content, their names, the way they come."""

import json
import unicodedata
from collections.abc import Callable

from . import bad_files as files
from .trying import Answer, Case, Stage

FILES = "foundation/files/tests/"
BOMBS = "test_bombs.py::test_archives_that_unpack_a_thousandfold"
PICTURES = "test_bombs.py::test_pictures_that_claim_to_be_enormous"
UNREADABLE_FILE, TOO_LARGE = "Không nhận ra", "vượt mức cho phép"


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


def _inside_file(stage: Stage, answer: Answer) -> str:
    """A polyglot is given back so that a browser never runs it."""
    stored = json.loads(answer.text)["id"]
    stage.citizen.post(f"{stage.draft}giay-to/them/", {"paper": stage.paper, "file": stored})
    shown = stage.citizen.get(f"{stage.draft}tep/{stored}/")
    stage.citizen.post(f"{stage.draft}giay-to/bo/", {"paper": stage.paper, "entry": stored})
    policy, kind = shown.headers.get("Content-Security-Policy", ""), shown.headers.get("Content-Type")
    harmless = "sandbox" in policy and shown.headers.get("X-Content-Type-Options") == "nosniff" and kind == "image/jpeg"
    return "" if harmless else f"served as {kind} under {policy!r}"


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
