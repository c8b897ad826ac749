"""A citizen pays with a browser: from the invoice to the sandbox's page and back, under the site's content security policy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from sonha.foundation.identity.models import User

from .conftest import Sandbox, bill

if TYPE_CHECKING:
    from sonha.testing.browser import Live

PHONE = (390, 844)


@pytest.fixture
def calling_sandbox(live_server: Any, tmp_path: Any, settings: Any) -> Iterator[Sandbox]:
    running = Sandbox(tmp_path, f"{live_server.url}/api/payments/callback", "--retry-after", "0.5,0.5")
    settings.SONHA_PAYMENT = running.settings
    yield running
    running.stop()


def test_paying_on_a_telephone(live: "Live", calling_sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill(1_200_000)
    page = live.visitor(User.objects.create_user("hoa", full_name="Nguyễn Thị Hoà"), size=PHONE)
    page.goto(f"/thanh-toan/{invoice.code}/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Thanh toán trực tuyến").click()
    page.get_by_text("THỬ NGHIỆM").wait_for()
    page.get_by_role("button", name="Thanh toán không thành công").click()
    page.get_by_text("Lần thanh toán vừa rồi không thành công").wait_for()
    page.get_by_role("link", name="Về phiếu để thanh toán lại").click()
    page.get_by_role("button", name="Thanh toán trực tuyến").click()
    page.get_by_role("button", name="Thanh toán Trừ tiền một lần").click()
    page.get_by_text("Phiếu đã được thanh toán.").wait_for()
    page.get_by_role("link", name="Xem phiếu").click()
    assert not page.get_by_role("button", name="Thanh toán trực tuyến").is_visible()
    assert len(heard) == 1


def test_the_page_waits_for_news_and_then_shows_it(live: "Live", sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    page = live.visitor(User.objects.create_user("hoa", full_name="Nguyễn Thị Hoà"))
    page.goto(f"/thanh-toan/{invoice.code}/")
    page.get_by_role("button", name="Thanh toán trực tuyến").click()
    page.get_by_role("button", name="Đóng, không thanh toán").click()
    page.get_by_text("Đang chờ cổng thanh toán xác nhận").wait_for()
    sandbox.act(invoice.attempts.get(), "silent")
    page.get_by_text("Phiếu đã được thanh toán.").wait_for()
