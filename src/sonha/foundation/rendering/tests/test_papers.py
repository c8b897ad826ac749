"""Every paper comes out as an official paper: layout, fonts, text, and hostile or long content."""

from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from sonha.foundation.rendering import papers, pdf
from sonha.foundation.rendering.forms import form_on
from sonha.foundation.rendering.samples import samples
from sonha.foundation.rendering.tests.paper_reading import boxes_of, fonts_of, pages_of, text_of, words_in

NAMES = sorted(samples())


@pytest.mark.parametrize("name", NAMES)
def test_every_paper_is_set_in_embedded_tinos_with_its_text_readable(name: str, tmp_path: Path):
    paper = samples()[name]
    written = papers.render(paper)
    used = fonts_of(written, tmp_path)
    assert used
    assert all(embedded and face.startswith("Tinos") for face, embedded in used), used
    text = words_in(text_of(written))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "ngày 05 tháng" in text
    assert samples().keys() == papers.PAPERS.keys()


@pytest.mark.parametrize("name", ["permit", "decision", "letter", "confirmation", "generic", "data_delivery", "receipt"])
def test_the_margins_are_those_of_decree_30(name: str):
    words = boxes_of(papers.render(samples()[name]))
    body = [word for word in words if word.bottom < 277]  # below lies the demonstration notice
    body = [word for word in body if not (word.page > 0 and word.top < 20)]  # above lies the page number
    assert min(word.left for word in body) >= 29.5
    assert max(word.right for word in body) <= 195.5
    corner = samples()[name].form.mark.split() if samples()[name].form else []  # the form's mark stands in the margin
    assert min(word.top for word in body if word.text not in corner) >= 19


def test_pages_are_numbered_in_the_top_margin_from_the_second_on():
    words = boxes_of(papers.render(samples()["permit"]))
    numbers = {word.page: word for word in words if word.top < 20 and word.text.isdigit()}
    assert 0 not in numbers
    assert [numbers[page].text for page in sorted(numbers)] == ["2", "3", "4"]
    middle = 30 + (210 - 30 - 17) / 2
    assert all(abs((word.left + word.right) / 2 - middle) < 2 for word in numbers.values())


def test_a_long_table_repeats_its_head_and_loses_no_row():
    pages = pages_of(papers.render(samples()["permit"]))
    assert all("Số hiệu" in page for page in pages[1:])
    assert all(f"GK{number:02d}" in "".join(pages) for number in range(1, 61))


def test_the_signature_block_does_not_stand_alone_on_a_page():
    sample = samples()["letter"]
    for lines in range(8, 22):
        paper = replace(sample, paragraphs=[f"Đoạn thứ {number}. " + "Nội dung trả lời công dân. " * 4 for number in range(lines)])
        last = pages_of(papers.render(paper))[-1]
        assert "Đoạn thứ" in last or "Nội dung trả lời" in last


def test_markup_in_the_data_is_printed_not_obeyed():
    hostile = "<script>alert(1)</script><b>đậm</b> {{ settings.SECRET_KEY }} {% include 'x' %} &amp; ' \" \u202e ngược"
    paper = replace(samples()["letter"], subject=hostile, paragraphs=[hostile], addressees=[hostile])
    text = words_in(text_of(papers.render(paper)))
    assert "<script>alert(1)</script><b>đậm</b>" in text
    assert "{{ settings.SECRET_KEY }} {% include 'x' %} &amp;" in text


def test_an_endless_word_and_an_endless_name_stay_on_the_paper():
    name = "Công ty " + "Trách nhiệm hữu hạn " * 30
    party = papers.Party(name=name, address="x" * 600, phone="0" * 80, email="a" * 200 + "@example.vn")
    written = papers.render(replace(samples()["receipt"], owner=party, procedure="ươ" * 400))
    assert max(word.right for word in boxes_of(written)) <= 196
    assert words_in(name) in words_in(text_of(written, "-raw"))


def test_a_receipt_with_forty_papers_runs_over_pages_and_keeps_all():
    lines = [papers.PaperLine(title=f"Giấy tờ thứ {number}", form="Bản chính") for number in range(1, 41)]
    pages = pages_of(papers.render(replace(samples()["receipt"], papers=lines)))
    assert len(pages) >= 2
    assert all(f"Giấy tờ thứ {number}" in "".join(pages) for number in range(1, 41))


def test_an_ordinary_receipt_fits_one_page_on_a4_and_two_on_a5():
    receipt = samples()["receipt"]
    assert len(pages_of(papers.render(receipt))) == 1
    assert len(pages_of(papers.render(replace(receipt, size="a5")))) <= 2


def test_a_paper_fetches_nothing_from_network_or_disk(tmp_path: Path):
    asked: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Trap)
    Thread(target=server.serve_forever, daemon=True).start()
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="20">BÍ MẬT</text></svg>')
    try:
        address = f"http://127.0.0.1:{server.server_port}/a.png"
        written = pdf.html_to_pdf(
            f'<link rel="stylesheet" href="{address}"><img src="{address}"><img src="{secret.as_uri()}"><img src="/etc/passwd">'
            f'<style>@import "{address}"; p {{ background: url({address}) }}</style><p>còn chữ</p>'
            f'<svg width="9" height="9"><image href="{address}" width="9" height="9"/></svg>'
        )
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert "còn chữ" in text_of(written)
    assert "BÍ MẬT" not in text_of(written)


def test_the_archive_variant_says_that_it_is_pdf_a():
    written = papers.render(samples()["letter"], pdf_variant="pdf/a-3u")
    assert b'pdfaid:part="3"' in PdfFileReader(BytesIO(written)).root["/Metadata"].data


def test_the_demonstration_notice_stands_on_every_page_and_not_in_production(settings):
    settings.DEMONSTRATION = True
    assert all("không có giá trị pháp lý" in page for page in pages_of(papers.render(samples()["permit"])))
    settings.DEMONSTRATION = False
    assert "không có giá trị pháp lý" not in text_of(papers.render(samples()["permit"]))


def test_forms_bear_the_number_of_the_law_in_force_on_their_day():
    assert form_on("control_sheet", date(2024, 5, 1)).mark == "Mẫu số 05 – Thông tư số 01/2018/TT-VPCP"
    assert form_on("control_sheet", date(2025, 7, 1)).number == "06"
    assert form_on("register", date(2026, 1, 1)).number == "07"
    assert all(form_on(key, date(2026, 1, 1)).assumption for key in ("receipt", "stop"))
    assert form_on("receipt", date(2025, 6, 30)).assumption == ""
