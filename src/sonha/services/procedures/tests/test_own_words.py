"""Ordinary people ask in their own words, with and without marks, and the right procedure is among the first three."""

import pytest

from sonha.foundation.access.actor import Actor
from sonha.services.procedures.own_words import meant
from sonha.services.procedures.selectors import find_procedures

ASKED = {
    "toi muon khoan gieng": {858, 860},
    "nhà tôi muốn đào cái giếng lấy nước": {858, 860},
    "xin phep khoan gieng nuoc ngam": {858, 860},
    "xa nuoc thai ra suoi": {864},
    "rác thải nguy hại của xưởng": {848},
    "khai thac da": {870},
    "xin ban do thua dat": {868},
    "lam so do lan dau": {821, 822, 823},
    "so do bi mat phai lam sao": {831},
    "sổ đỏ bị rách muốn đổi": {817},
    "chia dat cho con": {816},
    "bố mẹ cho đất con trai": {827},
    "bán đất cho hàng xóm": {827},
    "vay tien ngan hang cam so do": {889},
    "dat vuon len dat o": {808, 1543},
    "hang xom lan dat": {804, 1540},
    "mở tiệm tạp hoá": {1567},
    "xin giay phep lam nha": {1565, 32},
    "sinh con lam giay to gi": {1689},
    "lam lai giay khai sinh bi mat": {1507, 935, 1705},
    "doi ten cho con": {1499, 1703},
    "cưới vợ cần giấy gì": {1690},
    "ông nội mất làm giấy báo tử": {1693},
    "xin giay xac nhan doc than": {1704},
    "photo cong chung bang cap 3": {1099, 1509},
    "bo toi 80 tuoi xin tien tro cap": {1615},
    "xe may muon doi bang lai": {289, 290},
    "con tôi đi học trường khác": {214, 1440},
}


@pytest.mark.usefixtures("lang_son")
def test_the_right_procedure_is_among_the_first_three() -> None:
    anybody = Actor.of(None)
    found = {asked: {row.stt for row in find_procedures(anybody, asked)[:3]} for asked in ASKED}
    assert {asked: stt for asked, stt in found.items() if not stt & ASKED[asked]} == {}


def test_a_longer_saying_explains_the_words_within_it() -> None:
    assert "cap lai giay chung nhan hoac cap lai trang bo sung" in meant("Sổ đỏ bị mất")
    assert "giay chung nhan quyen su dung dat" not in meant("Sổ đỏ bị mất")
    assert meant("giấy phép khai thác khoáng sản") == []
