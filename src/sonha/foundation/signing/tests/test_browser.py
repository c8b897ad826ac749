"""A citizen checks a permit on a telephone: by its code, and by its file."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from sonha.foundation.signing import services

if TYPE_CHECKING:
    from sonha.testing.browser import Live

PHONE, DESK = (390, 844), (1440, 900)


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_code_then_file_then_forgery(live: "Live", size: tuple[int, int], signed: bytes, tmp_path: Path) -> None:
    cache.clear()
    services.record_signed(
        signed,
        kind="permit",
        title="Giấy phép khai thác nước dưới đất số 15/GP-UBND",
        code="7K2M9QX4TB",
        meta={"Cơ quan ban hành": "Ủy ban nhân dân tỉnh Lạng Sơn"},
    )
    genuine, forged = tmp_path / "giay-phep.pdf", tmp_path / "gia-mao.pdf"
    genuine.write_bytes(signed)
    broken = bytearray(signed)
    broken[signed.index(b"stream") + 200] ^= 1
    forged.write_bytes(bytes(broken))
    page = live.visitor(size=size)
    page.goto("/kiem-tra/")
    page.get_by_label("Mã kiểm tra in trên văn bản").fill("7k2m9 qx4tb")
    page.get_by_role("button", name="Kiểm tra").click()
    page.get_by_text("Giấy phép khai thác nước dưới đất số 15/GP-UBND").wait_for()
    _fits(page)
    page.get_by_label("Hoặc tải lên tệp PDF đã ký").set_input_files(genuine)
    page.get_by_role("button", name="Kiểm tra").click()
    page.get_by_text("không bị sửa đổi sau khi ký").wait_for()
    assert page.get_by_text("Nguyễn Trọng Khuyến").is_visible()
    _fits(page)
    page.get_by_role("link", name="Kiểm tra văn bản khác").click()
    page.get_by_label("Hoặc tải lên tệp PDF đã ký").set_input_files(forged)
    page.get_by_role("button", name="Kiểm tra").click()
    page.get_by_text("Không sử dụng bản này").wait_for()
    _fits(page)


def _fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
