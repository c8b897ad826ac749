"""Drafts in docx: filled in, safe against what an editor or an applicant writes, and turned into PDF."""

import os
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from sonha.foundation.rendering import docx, overlay, pictures
from sonha.foundation.rendering.docx_drafts import BUILDERS, build
from sonha.foundation.rendering.tests.paper_reading import text_of, words_in

CONTEXT = {
    "awaits_number": False,
    "annexes": [
        {
            "title": "Danh sách",
            "paragraphs": ["Lời dẫn."],
            "tables": [{"caption": "Bảng", "headers": ["A", "B", "C"], "rows": [["1", "2", "ba"]]}],
        }
    ],
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


def test_annexes_have_their_tables_and_a_draft_waits_for_its_number():
    lines = docx.text_of(docx.draft("permit", {**CONTEXT, "awaits_number": True}))
    assert "PHỤ LỤC" in lines and "A | B | C" in lines and "1 | 2 | ba" in lines
    assert not any("Số:" in line or "ngày 05" in line for line in lines)


def test_a_province_and_an_installation_put_their_templates_before_the_default(tmp_path: Path, settings):
    settings.SONHA_DATA = tmp_path
    assert docx.template_for("groundwater_permit", "permit") == docx.TEMPLATES / "permit.docx"
    (tmp_path / "docx_templates").mkdir()
    own = template(tmp_path / "docx_templates", "Mẫu riêng: {{ title }}").rename(tmp_path / "docx_templates" / "groundwater_permit.docx")
    assert docx.template_for("groundwater_permit", "permit") == own
    assert docx.text_of(docx.draft("permit", CONTEXT, variant="groundwater_permit")) == ["Mẫu riêng: Giấy phép"]
    with pytest.raises(KeyError):
        docx.template_for("nothing")


def test_the_mark_of_a_draft_is_laid_over_every_page():
    pdf = docx.docx_to_pdf(docx.draft("permit", CONTEXT))
    over = overlay.marked(
        pdf, overlay.Mark(watermark="DỰ THẢO", check_url="http://x/kiem-tra/1/", check_code="7K2M9-QX4TB"), demonstration=True
    )
    assert over.startswith(pdf), "only added to"
    pages = pictures.page_count(over)
    assert pages == pictures.page_count(pdf) == 2
    printed = text_of(over)
    assert printed.count("không có giá trị pháp lý") == pages and printed.count("7K2M9-QX4TB") == 1
    assert (pictures.page_png(over, 1) or b"").startswith(b"\x89PNG") and pictures.page_png(over, 3) is None
    with pytest.raises(overlay.UnreadablePdf):
        overlay.marked(b"not a pdf", overlay.draft_mark())


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
