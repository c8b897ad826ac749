"""Word-processor drafts: docx templates filled in, and turned into PDF by LibreOffice where it is installed.

Officials edit these templates themselves, so a template is untrusted: its expressions run in Jinja's sandbox and values
are escaped.
"""

import io
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment, SecurityError

from sonha.foundation.rendering import words
from sonha.foundation.rendering.results import Result
from sonha.foundation.rendering.templatetags.papers import balanced

TEMPLATES = Path(__file__).parent / "docx_templates"
PROGRAMS = ("soffice", "libreoffice")
LIMIT_SECONDS = 60
LAYOUT_COLUMNS = 2  # tables of two columns set head and closing side by side; wider ones hold data
_folders: list[Path] = []
# Bookmarks become named places of the PDF: the signature is put at the bookmark "signature".
PDF_FILTER = 'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'


class DocxError(ValueError):
    """A template or document that cannot be used; the text says why, for the person who edits it."""


class OfficeMissing(RuntimeError):
    """LibreOffice is not installed."""


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(autoescape=True)
    environment.filters.update(
        balanced=balanced,
        date_words=words.date_words,
        moment_words=words.moment_words,
        money=words.money,
        money_words=words.money_words,
        short_date=words.short_date,
    )
    return environment


def docx(template_path: Path | str, context: Mapping[str, Any]) -> bytes:
    """Fill in a docx template (docxtpl notation `{{ owner.name }}`, `{%p for … %}`) and return the document.

    Raises DocxError with a sentence for the editor when the file is no docx, an expression is wrong, or it reaches
    outside its data.
    """
    try:
        document = DocxTemplate(template_path)
        document.render(dict(context), jinja_env=_environment(), autoescape=True)
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DocxError(f"Tệp mẫu {Path(template_path).name} không phải là văn bản docx đọc được.") from error
    except SecurityError as error:
        raise DocxError(f"Mẫu {Path(template_path).name} dùng một biểu thức không được phép: {error}") from error
    except TemplateError as error:
        raise DocxError(f"Mẫu {Path(template_path).name} có biểu thức sai: {error}") from error
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def office_program() -> str | None:
    """Path of LibreOffice, or None."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def docx_to_pdf(document: bytes, *, limit: int = LIMIT_SECONDS) -> bytes:
    """The document as PDF, through headless LibreOffice with a private profile (so that runs do not wait for one
    another).

    Raises OfficeMissing where it is not installed, DocxError when it cannot convert the document within `limit`
    seconds.
    """
    program = office_program()
    if program is None:
        raise OfficeMissing("Máy chủ chưa cài LibreOffice nên chưa chuyển được docx sang PDF (apt install libreoffice-writer-nogui).")
    with tempfile.TemporaryDirectory(prefix="sonha-docx-") as folder:
        source = Path(folder, "document.docx")
        source.write_bytes(document)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            "--convert-to",
            PDF_FILTER,
            "--outdir",
            folder,
            str(source),
        ]
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8"}
        running = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            running.wait(timeout=limit)
        except subprocess.TimeoutExpired as error:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            raise DocxError(f"Chuyển docx sang PDF quá {limit} giây nên đã dừng; hãy kiểm tra lại văn bản.") from error
        written = Path(folder, "document.pdf")
        if not written.is_file():
            raise DocxError("LibreOffice không đọc được văn bản này; hãy mở và lưu lại ở định dạng docx.")
        return written.read_bytes()


def template_for(*names: str) -> Path:
    """The first template of these names: the installation's own (`SONHA_DATA/docx_templates`), a province's, then the default one.

    KeyError when none of them has any of the names.
    """
    own = Path(settings.SONHA_DATA) / "docx_templates"
    for name in names:
        for folder in (own, *_folders, TEMPLATES):
            path = folder / f"{name}.docx"
            if path.is_file():
                return path
    raise KeyError(names[-1])


def register_templates(folder: Path) -> None:
    """Templates of a province stand before the default ones of the same name."""
    if folder not in _folders:
        _folders.insert(0, folder)


def draft(kind: str, context: Mapping[str, Any], *, variant: str = "") -> bytes:
    """A draft from the template of `kind`: permit, decision, certificate, confirmation, letter or generic.

    A template named `variant` stands before it (a procedure's own). Context keys: see docs/papers.md. KeyError for an unknown kind.
    """
    names = (variant, kind) if variant else (kind,)
    return docx(template_for(*names), {"day": date.today(), **context})


def context_of(paper: Result) -> dict[str, Any]:
    """What a docx template needs to say the same as the printed `paper` (docs/papers.md)."""
    head = paper.letterhead
    return {
        **{name: getattr(head, name) for name in ("superior", "agency", "number", "symbol", "place", "day", "awaits_number")},
        "title": paper.title,
        "issuer": getattr(paper, "issuer", ""),
        "subject": getattr(paper, "subject", ""),
        "bases": list(paper.bases),
        "articles": [{"heading": one.heading, "paragraphs": list(one.paragraphs)} for one in getattr(paper, "articles", ())],
        "addressees": list(getattr(paper, "addressees", ())),
        "paragraphs": list(getattr(paper, "paragraphs", ())) or [line for line in getattr(paper, "statement", "").split("\n") if line],
        "recipients": list(paper.recipients),
        "authority": list(paper.signatory.authority),
        "signer": paper.signatory.name,
        "annexes": [
            {
                "title": annex.title,
                "paragraphs": list(annex.paragraphs),
                "tables": [
                    {"caption": table.caption, "headers": list(table.headers), "rows": [list(row) for row in table.rows]}
                    for table in annex.tables
                ],
            }
            for annex in paper.annexes
        ],
    }


def text_of(document: bytes) -> list[str]:
    """The words of a docx, a paragraph a line, tables row by row: what two versions are compared by. DocxError when unreadable."""
    try:
        opened = Document(io.BytesIO(document))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DocxError("Tệp này không phải là văn bản docx đọc được.") from error
    return [line for block in opened.iter_inner_content() for line in _lines_of(block)]


def _lines_of(block: Any) -> Iterator[str]:
    if isinstance(block, Paragraph):
        if text := " ".join(block.text.split()):
            yield text
        return
    for row in block.rows:
        cells = list({id(cell._tc): cell for cell in row.cells}.values())  # a merged cell comes once for each column it spans
        if len(cells) > LAYOUT_COLUMNS:
            yield " | ".join(" ".join(cell.text.split()) for cell in cells)
            continue
        for cell in cells:
            for inner in cell.iter_inner_content():
                yield from _lines_of(inner)
