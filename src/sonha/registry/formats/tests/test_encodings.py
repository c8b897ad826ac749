"""Texts of old fonts come back as they were meant, and are recognised for what they are."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonha.registry.formats.encodings import CP1258, LATIN, TCVN, UTF8, VNI, VNI_PAIRS, VNI_SINGLE, convert, is_syllable, recognise
from sonha.registry.formats.encodings.tables import TCVN3

PAIRS = [
    (TCVN, "NguyÔn V¨n An", "Nguyễn Văn An"),
    (TCVN, "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
    (TCVN, "§Êt ë t¹i n«ng th«n", "Đất ở tại nông thôn"),
    (TCVN, "HUYÖN V¡N L·NG", "HUYỆN VĂN LÃNG"),
    (TCVN, "N«ng ThÞ Ph\xad¬ng", "Nông Thị Phương"),
    (VNI, "Nguyeãn Vaên An", "Nguyễn Văn An"),
    (VNI, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    (VNI, "Ñaát ôû taïi noâng thoân", "Đất ở tại nông thôn"),
    (VNI, "HUYEÄN VAÊN LAÕNG", "HUYỆN VĂN LÃNG"),
    (VNI, "ñöôøng Traàn Höng Ñaïo", "đường Trần Hưng Đạo"),
]
NAMES = [
    "Nguyễn Văn Đức",
    "Hoàng Thị Bưởi",
    "xã Quỳnh Sơn, huyện Bắc Sơn",
    "Đường Phai Vệ, phường Vĩnh Trại",
    "Lương Ngọc Ước",
    "Chu Hữu Nghị",
]


def as_vni(text: str) -> str:
    back = {letter: pair for pair, letter in VNI_PAIRS.items()} | {letter: one for one, letter in VNI_SINGLE.items()}
    back |= {letter.upper(): one.upper() for letter, one in back.items() if letter.islower()}
    return "".join(back.get(letter, letter) for letter in text)


def as_tcvn3(text: str) -> str:
    back = {letter: byte for byte, letter in TCVN3.items()}
    return "".join(back.get(letter, letter) for letter in text)


@pytest.mark.parametrize(("encoding", "given_text", "meant"), PAIRS)
def test_known_pairs(encoding: str, given_text: str, meant: str) -> None:
    assert convert(given_text, encoding) == meant
    assert recognise([given_text]) == encoding


def test_the_table_of_tcvn3_is_that_of_the_system() -> None:
    """glibc knows TCVN 5712:1993; its first form has these letters at the same places."""
    raw = "".join(TCVN3).encode("latin-1")
    known = subprocess.run(["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"], input=raw, capture_output=True, check=True).stdout.decode()
    assert known == "".join(TCVN3.values())


@pytest.mark.parametrize("name", NAMES)
def test_names_in_every_encoding(name: str) -> None:
    lower = name.lower()
    assert recognise([name]) == LATIN
    assert recognise([name.encode().decode("latin-1")]) == UTF8 and convert(name.encode().decode("latin-1"), UTF8) == name
    assert recognise([as_tcvn3(lower)]) == TCVN and convert(as_tcvn3(lower), TCVN) == lower
    assert recognise([as_vni(name)]) == VNI and convert(as_vni(name), VNI) == name


def test_windows_1258() -> None:
    raw = "Nguyê\u0303n Thi\u0323 Ha\u0300, xa\u0303 Hoa\u0300ng Đô\u0300ng".encode("cp1258").decode("latin-1")
    assert recognise([raw]) == CP1258
    assert convert(raw, CP1258) == "Nguyễn Thị Hà, xã Hoàng Đồng"


def test_other_tongues_are_left_alone() -> None:
    for text in ("Müller & Söhne", "Grüße aus Köln", "Bản đồ địa chính 2024 – tờ số 5", "Société Générale", "ABC", ""):
        assert convert(text, recognise([text])) == text


LETTERS = "".join(sorted({letter for letter in TCVN3.values() if letter.islower()}))


@given(st.lists(st.text(st.sampled_from(LETTERS + "bcdghklmnpqrstvxaeiouy"), min_size=1, max_size=7), min_size=1, max_size=8).map(" ".join))
def test_small_letters_survive_both_ways(text: str) -> None:
    assert convert(as_tcvn3(text), TCVN) == text


@given(st.lists(st.sampled_from([syllable for name in NAMES for syllable in name.replace(",", "").split()]), min_size=1, max_size=12))
def test_syllables_survive_vni(words: list[str]) -> None:
    text = " ".join(words)
    assert convert(as_vni(text), VNI) == text
    assert all(is_syllable(word) for word in words)
