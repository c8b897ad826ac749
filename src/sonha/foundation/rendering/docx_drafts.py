"""Builds the default docx templates from code, so that their layout is reviewed as text and rebuilt at will.

Layout: Decree 30/2020/ND-CP, Appendix I. The variables are those of the papers of the same name (see docs/papers.md).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

FONT = "Times New Roman"
CENTER, JUSTIFY, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT


def _write(paragraph: Any, text: str, *, size: float = 14, bold: bool = False, italic: bool = False) -> Any:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    return paragraph


def _line(where: Any, text: str, *, align: Any = CENTER, indent: bool = False, after: float = 0, **look: Any) -> Any:
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.space_before = Pt(0)
    if indent:
        paragraph.paragraph_format.first_line_indent = Cm(1)
    return _write(paragraph, text, **look)


def _rule(where: Any, inset: float) -> None:
    """A short rule, `inset` cm in from both sides of the cell."""
    paragraph = _line(where, "", size=2)
    paragraph.paragraph_format.line_spacing = Pt(3)
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    paragraph._p.get_or_add_pPr().append(border)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(inset)


def _bookmark(paragraph: Any, name: str, number: int = 1) -> None:
    """A named place; the PDF made from the document keeps it, so that the visible signature lands there."""
    for kind in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{kind}")
        mark.set(qn("w:id"), str(number))
        if kind == "bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)


def _page() -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(20),
        Mm(20),
        Mm(30),
        Mm(17),
    )
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    number = section.header.paragraphs[0]
    number.alignment = CENTER
    run = number.add_run()
    run.font.size, run.font.name = Pt(13), FONT
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
    return document


def _two_columns(document: Any, left: float, right: float) -> tuple[Any, Any]:
    table = document.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # a signature block stays on one page
    for column, cell, width in zip(table.columns, table.rows[0].cells, (left, right), strict=True):
        column.width = cell.width = Mm(width)
        cell.paragraphs[0]._p.getparent().remove(cell.paragraphs[0]._p)
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _head(document: Any, *, about: bool = False) -> None:
    left, right = _two_columns(document, 68, 95)
    _line(left, "{%p if superior %}", size=2)
    _line(left, "{{ superior|upper|balanced(24) }}", size=12)
    _line(left, "{%p endif %}", size=2)
    _line(left, "{{ agency|upper|balanced(22) }}", size=12, bold=True)
    _rule(left, 2.2)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(right, 1.8)
    _bookmark(_line(document, "", align=LEFT, size=4), "number", 2)
    left, right = _two_columns(document, 68, 95)
    _line(left, "{% if awaits_number %}{% else %}Số: {{ number or '        /' ~ symbol }}{% endif %}", size=13)
    if about:
        _line(left, "V/v {{ subject }}", size=12)
    _line(right, "{% if awaits_number %}{% else %}{{ place }}, {{ day|date_words }}{% endif %}", size=13, italic=True)
    _line(document, "", size=8)


def _loop(document: Any, names: str, text: str, *, indent: bool = True, **look: Any) -> None:
    _line(document, f"{{%p for one in {names} %}}", size=2)
    _line(document, text, align=JUSTIFY, indent=indent, after=6, **look)
    _line(document, "{%p endfor %}", size=2)


def _closing(document: Any) -> None:
    left, right = _two_columns(document, 78, 85)
    _line(left, "Nơi nhận:", align=LEFT, size=12, bold=True, italic=True)
    _line(left, "{%p for one in recipients %}", align=LEFT, size=2)
    _line(left, "- {{ one }}{{ '.' if loop.last else ';' }}", align=LEFT, size=11)
    _line(left, "{%p endfor %}", align=LEFT, size=2)
    _line(right, "{%p for line in authority %}", size=2)
    _line(right, "{{ line|upper }}", bold=True)
    _line(right, "{%p endfor %}", size=2)
    for place in ("signature", "", "", ""):
        blank = _line(right, "", size=14, align=LEFT)
        if place:
            blank.paragraph_format.left_indent = Mm(10)
            _bookmark(blank, place)
    _line(right, "{{ signer }}", bold=True)


def _articles(document: Any) -> None:
    _line(document, "{%p for one in articles %}", size=2)
    paragraph = _line(document, "Điều {{ loop.index }}. {{ one.heading }}", align=JUSTIFY, indent=True, after=6, bold=True)
    _write(paragraph, "{% if one.heading %}{% else %}{{ one.paragraphs[0] }}{% endif %}")
    _line(document, "{%p for text in (one.paragraphs if one.heading else one.paragraphs[1:]) %}", size=2)
    _line(document, "{{ text }}", align=JUSTIFY, indent=True, after=6)
    _line(document, "{%p endfor %}", size=2)
    _line(document, "{%p endfor %}", size=2)


def _bases(document: Any) -> None:
    _loop(document, "bases", "{{ one }}{{ '.' if loop.last else ';' }}", italic=True)


def _annexes(document: Any) -> None:
    """Each annex on a page of its own; its tables take as many columns as their heads have."""
    _line(document, "{%p for annex in annexes %}", size=2)
    heading = _line(document, "PHỤ LỤC{% if annexes|length > 1 %} {{ loop.index }}{% endif %}", bold=True)
    heading.paragraph_format.page_break_before = True
    _line(document, "{{ annex.title }}", bold=True, after=6)
    _loop(document, "annex.paragraphs", "{{ one }}")
    _line(document, "{%p for table in annex.tables %}", size=2)
    _line(document, "{{ table.caption }}", align=LEFT, italic=True, size=12, after=2)
    table = document.add_table(rows=4, cols=3)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    texts = (
        ("{%tc for name in table.headers %}", "{{ name }}", "{%tc endfor %}"),
        ("{%tr for row in table.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for row, line in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            _write(cell.paragraphs[0], text, size=11, bold=row is table.rows[0])
    _line(document, "{%p endfor %}", size=2)
    _line(document, "{%p endfor %}", size=2)


def permit() -> Any:
    document = _page()
    _head(document)
    _line(document, "{{ title|upper }}", bold=True, after=6)
    _line(document, "{{ issuer|upper }}", bold=True, after=6)
    _bases(document)
    _line(document, "QUYẾT ĐỊNH:", bold=True, after=6)
    _articles(document)
    _closing(document)
    _annexes(document)
    return document


def decision() -> Any:
    document = _page()
    _head(document)
    _line(document, "QUYẾT ĐỊNH", bold=True)
    _line(document, "{{ subject }}", bold=True, after=6)
    _line(document, "{{ issuer|upper }}", bold=True, after=6)
    _bases(document)
    _line(document, "QUYẾT ĐỊNH:", bold=True, after=6)
    _articles(document)
    _closing(document)
    _annexes(document)
    return document


def letter() -> Any:
    document = _page()
    _head(document, about=True)
    _line(document, "Kính gửi: {{ addressees|join('; ') }}", after=8)
    _loop(document, "paragraphs", "{{ one }}")
    _closing(document)
    _annexes(document)
    return document


def certificate() -> Any:
    document = _page()
    _head(document)
    _line(document, "{{ title|upper }}", size=18, bold=True, after=6)
    _line(document, "{{ issuer|upper }}", bold=True, after=6)
    _bases(document)
    _loop(document, "paragraphs", "{{ one }}")
    _closing(document)
    _annexes(document)
    return document


def confirmation() -> Any:
    document = _page()
    _head(document)
    _line(document, "{{ title|upper }}", bold=True, after=6)
    _bases(document)
    _loop(document, "paragraphs", "{{ one }}")
    _closing(document)
    _annexes(document)
    return document


BUILDERS: dict[str, Callable[[], Any]] = {
    "permit": permit,
    "decision": decision,
    "letter": letter,
    "certificate": certificate,
    "confirmation": confirmation,
    "generic": confirmation,
}


def build(folder: Path, names: Sequence[str] = tuple(BUILDERS)) -> list[Path]:
    """Write the templates into `folder` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.docx" for name in names]
    for name, path in zip(names, paths, strict=True):
        BUILDERS[name]().save(str(path))
    return paths
