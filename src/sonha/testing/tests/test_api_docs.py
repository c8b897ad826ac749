"""The page of the API works in a real browser under the content security policy, and so does making a token."""

import pytest
from django.contrib.auth import get_user_model

from sonha.testing.browser import Live

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_makes_a_token_and_tries_the_api_with_it(live: Live) -> None:
    user = get_user_model().objects.create_user("lan", "mat-khau-dai", full_name="Nông Thị Lan")
    page = live.visitor(user)
    page.goto("/tai-khoan/ma-truy-cap/")
    page.get_by_label("Tên", exact=False).first.fill("Kết nối thử")
    page.get_by_role("button", name="Tạo mã truy cập").click()
    token = page.get_by_label("Mã truy cập", exact=True).input_value()
    assert token.startswith("sonha_") and page.get_by_role("strong").get_by_text("Kết nối thử").is_visible()

    visitor = live.visitor(size=(390, 844))
    visitor.goto("/api/v1/docs")
    visitor.get_by_role("button", name="Authorize").click()
    visitor.locator(".auth-container", has_text="PersonalToken").locator("input").fill(token)
    visitor.locator(".auth-container", has_text="PersonalToken").get_by_role("button", name="Apply credentials").click()
    visitor.get_by_role("button", name="Close").last.click()
    visitor.locator("#operations-account-get_me .opblock-summary-control").click()
    visitor.get_by_role("button", name="Try it out").click()
    visitor.get_by_role("button", name="Execute").click()
    assert "Nông Thị Lan" in visitor.locator(".live-responses-table").inner_text()
