"""An officer at the desk: searches while typing, sees the place on a map, writes a change with its basis, and compares."""

from typing import TYPE_CHECKING

import pytest

from sonha.foundation.identity.models import User
from sonha.testing.example.models import ExampleWell

from .wells import LIST, official, well

if TYPE_CHECKING:
    from sonha.testing.browser import Live


@pytest.mark.usefixtures("transactional_db")
def test_an_officer_finds_a_well_on_the_map_and_writes_a_change(live: "Live") -> None:
    row = well("G-01", owner_name="Nông Thị Lan")
    well("G-02", owner_name="Hoàng Văn Páo")
    official("so", "specialist")
    page = live.visitor(User.objects.get(username="acc-so"))
    page.goto(LIST)
    page.get_by_label("Tìm theo tên, số hiệu (không cần dấu)").press_sequentially("nong lan")
    page.get_by_role("link", name="G-02").wait_for(state="detached")
    page.get_by_role("link", name="G-01").click()
    page.locator("[data-record-map][data-ready]").wait_for()
    page.get_by_role("link", name="Cập nhật").click()
    page.get_by_label("Chiều sâu").fill("61,5")
    page.get_by_label("Loại căn cứ").select_option("decision")
    page.get_by_label("Số, ký hiệu văn bản").fill("15/QĐ-STNMT")
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.get_by_text("Đã ghi phiên bản mới của bản ghi.").wait_for()
    page.get_by_role("link", name="Lịch sử", exact=True).click()
    page.get_by_role("button", name="So sánh hai phiên bản").click()
    page.locator("tr.changed ins", has_text="61,5 m").wait_for()
    assert str(ExampleWell.objects.get(pk=row.pk).depth) == "61.5"
