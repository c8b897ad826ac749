"""On a telephone: sign up, sign in, one's account; and a passkey in place of the password."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from sonha.foundation.identity.models import User
from sonha.testing.browser import PHONE

if TYPE_CHECKING:
    from sonha.testing.browser import Live

PASSWORD = "nui-song-2026"
KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
       "automaticPresenceSimulation": True}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_business_woman_signs_up_on_her_telephone_and_comes_back(live: "Live") -> None:
    page = live.visitor(size=PHONE)
    page.goto("/tai-khoan/")
    page.get_by_role("link", name="Tạo tài khoản").click()
    expect(page.get_by_label("Mã số thuế"), "a person is not asked for a tax code").to_be_hidden()
    page.get_by_label("Doanh nghiệp mà tôi là người đại diện theo pháp luật").check()
    page.get_by_label("Tên doanh nghiệp, tổ chức").fill("Công ty TNHH Khau Phạ")
    page.get_by_label("Mã số thuế").fill("0100233489")
    page.get_by_label("Họ và tên").fill("Nông Thị Mai")
    page.get_by_label("Số định danh cá nhân").fill("020 190 001 234")
    page.get_by_label("Tên đăng nhập").fill("mai.nong")
    page.locator("#id_password1").fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Tạo tài khoản").click()
    assert page.get_by_text("xin xem lại từng chữ số").is_visible(), "the check digit is wrong, and the group is open"
    page.get_by_label("Mã số thuế").fill("0100233488")
    page.locator("#id_password1").fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Tạo tài khoản").click()
    page.wait_for_url("**/tai-khoan/")
    assert page.get_by_role("heading", name="Nông Thị Mai").is_visible() and page.get_by_text("Công ty TNHH Khau Phạ").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    page.goto("/tai-khoan/logout/")
    page.get_by_role("main").get_by_role("button", name="Đăng xuất").click()
    page.goto("/tai-khoan/uy-quyen/")
    page.get_by_label("Tên đăng nhập").fill("mai.nong")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/tai-khoan/uy-quyen/")


@pytest.mark.django_db(transaction=True)
def test_a_passkey_signs_in_without_a_password(live: "Live") -> None:
    User.objects.create_user("mai.nong", PASSWORD, full_name="Nông Thị Mai")
    page = live.visitor()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto("/tai-khoan/login/?next=/tai-khoan/bao-mat/webauthn/add/")
    page.get_by_label("Tên đăng nhập").fill("mai.nong")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_label("Đăng nhập bằng riêng khoá này").check()
    page.get_by_role("button", name="Thêm khoá").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto("/tai-khoan/logout/")
    page.get_by_role("main").get_by_role("button", name="Đăng xuất").click()
    page.goto("/tai-khoan/login/?next=/tai-khoan/uy-quyen/")
    page.get_by_role("button", name="Dùng khoá truy cập").click()
    page.wait_for_url("**/tai-khoan/uy-quyen/")
