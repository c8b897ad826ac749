"""Drafts in docx: filled in, safe against what an editor or an applicant writes, and turned into PDF."""

import os
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from sonha.foundation.rendering import docx
from sonha.foundation.rendering.docx_drafts import BUILDERS, build
from sonha.foundation.rendering.tests.paper_reading import text_of, words_in

CONTEXT = {
    "superior": "Ủy ban nhân dân tỉnh Lạng Sơn",
    "agency": "Sở Tài nguyên và Môi trường",
    "number": "",
    "symbol": "GP-STNMT",
    "place": "Lạng Sơn",
    "day": date(2024, 2, 5),
    "title": "Giấy phép",
    "subject": "trả lời đơn",
    "issuer": "Giám đốc Sở",
    "bases": ["Căn cứ Luật Tài nguyên nước", "Xét đơn"],
    "articles": [{"heading": "Cho phép", "paragraphs": ["1. Một.", "2. Hai."]}, {"heading": "", "paragraphs": ["Có hiệu lực."]}],
    "addressees": ["Ông Lường Văn Đức"],
    "paragraphs": ["Đoạn một.", "Đoạn hai."],
    "recipients": ["Như trên", "Lưu: VT"],
    "authority": ["KT. Giám đốc", "Phó Giám đốc"],
    "signer": "Nguyễn Thị Ngọc Ánh",
}


def written_in(document: bytes, folder: Path) -> str:
    path = folder / "read.docx"
    path.write_bytes(document)
    opened = Document(str(path))
    cells = [cell for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join(one.text for holder in (opened, *cells) for one in holder.paragraphs)


def template(folder: Path, *lines: str) -> Path:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    path = folder / "template.docx"
    document.save(str(path))
    return path


@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_default_drafts_are_filled_in_and_become_pdf(kind: str, tmp_path: Path):
    document = docx.draft(kind, CONTEXT)
    text = written_in(document, tmp_path)
    assert "Nguyễn Thị Ngọc Ánh" in text
    assert "{{" not in text and "{%" not in text
    printed = words_in(text_of(docx.docx_to_pdf(document)))
    assert "Lạng Sơn, ngày 05 tháng 02 năm 2024" in printed
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in printed


def test_the_stored_templates_are_what_the_code_builds(tmp_path: Path):
    for path in build(tmp_path):
        assert written_in(path.read_bytes(), tmp_path) == written_in((docx.TEMPLATES / path.name).read_bytes(), tmp_path)


def test_what_an_applicant_typed_is_text_not_markup_or_expression(tmp_path: Path):
    path = template(tmp_path, "Chủ hồ sơ: {{ owner }}")
    typed = "</w:t><w:br/> <b>& {{ 7 * 7 }}"
    assert typed in written_in(docx.docx(path, {"owner": typed}), tmp_path)


@pytest.mark.parametrize(
    "line", ["{{ ''.__class__.__mro__ }}", "{{ one.__init__.__globals__ }}", "{{ cycler.__init__.__globals__.os.popen('id') }}"]
)
def test_a_template_cannot_reach_outside_its_data(line: str, tmp_path: Path):
    class One:
        pass

    with pytest.raises(docx.DocxError, match="không được phép"):
        docx.docx(template(tmp_path, line), {"one": One()})


def test_a_wrong_expression_and_a_wrong_file_are_explained(tmp_path: Path):
    with pytest.raises(docx.DocxError, match="biểu thức sai"):
        docx.docx(template(tmp_path, "{{ owner"), {})
    fake = tmp_path / "fake.docx"
    fake.write_bytes(b"not a zip")
    with pytest.raises(docx.DocxError, match="không phải là văn bản docx"):
        docx.docx(fake, {})


def test_a_machine_without_libreoffice_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(docx.OfficeMissing, match="libreoffice-writer-nogui"):
        docx.docx_to_pdf(b"")


def test_a_conversion_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(docx.DocxError, match="quá 1 giây"):
        docx.docx_to_pdf(b"", limit=1)
