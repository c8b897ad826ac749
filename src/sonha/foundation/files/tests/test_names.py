"""Names: whatever is sent, what is kept can be written to any disk and header and leads nowhere else."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sonha.foundation.files.names import LONGEST, LONGEST_BYTES, clean_name
from sonha.foundation.files.serving import disposition


@pytest.mark.parametrize(
    ("given_name", "ending", "kept"),
    [
        ("Đơn đề nghị.PDF", ".pdf", "Đơn đề nghị.pdf"),
        ("../../etc/passwd", ".pdf", "passwd.pdf"),
        ("C:\\Users\\hoa\\Bản vẽ.docx", ".docx", "Bản vẽ.docx"),
        ("hoa don\u202efdp.exe", ".jpg", "hoa donfdp.jpg"),
        ("a\x00b\r\nContent-Type: text.pdf", ".pdf", "a b Content-Type text.pdf"),
        ("con.txt", ".pdf", "tep-con.pdf"),
        ("...", ".pdf", "tep.pdf"),
        ("", ".jpg", "tep.jpg"),
        (unicodedata.normalize("NFD", "Giấy uỷ quyền.pdf"), ".pdf", "Giấy uỷ quyền.pdf"),
        ("Quyết định số 12.QĐ-UBND", ".pdf", "Quyết định số 12.QĐ-UBND.pdf"),
        ("ảnh.jpeg", "", "ảnh.jpeg"),
    ],
)
def test_names_as_people_give_them(given_name: str, ending: str, kept: str) -> None:
    assert clean_name(given_name, ending) == kept


@given(st.text(max_size=400), st.sampled_from(["", ".pdf", ".docx", ".geojson"]))
@example("…/..", ".pdf")
@example("a." + "b" * 300, "")
def test_every_name_is_harmless(given_name: str, ending: str) -> None:
    name = clean_name(given_name, ending)
    assert name and name == unicodedata.normalize("NFC", name) and name.endswith(ending)
    assert not re.search(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]', name)
    assert name not in (".", "..") and name == name.strip() and not name.startswith(".")
    assert len(name) <= LONGEST and len(name.encode()) <= LONGEST_BYTES
    assert clean_name(name, ending) == name


@given(st.text(max_size=60))
def test_the_header_carries_every_name_and_nothing_else(given_name: str) -> None:
    header = disposition(given_name)
    assert header.isascii() and header.isprintable()
    plain, encoded = re.fullmatch(r"attachment; filename=\"([^\"\\]*)\"; filename\*=UTF-8''([A-Za-z0-9%._~-]+)", header).groups()  # type: ignore[union-attr]
    assert unquote(encoded) == clean_name(given_name) and len(plain) == len(clean_name(given_name))
