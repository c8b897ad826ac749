"""Whatever is typed or pasted reaches the views composed and without characters that nobody sees; passwords as they are."""

import unicodedata

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st

from sonha.foundation.ui.typed import PlainText, plain

NFD = unicodedata.normalize("NFD", "Nguyễn Thị Hoà")


@given(st.text())
@example("Thôn\u200b Nà\u202e Chuông\x00")
def test_plain_text_is_composed_and_can_be_kept(text: str) -> None:
    kept = plain(text)
    assert unicodedata.is_normalized("NFC", kept) and plain(kept) == kept
    kept.encode()
    assert not set(kept) & set("\x00\x07\u200b\u202e\u2066\ufeff")
    if text.isascii() and text.isprintable():
        assert kept == text


def test_forms_and_addresses_are_plain_and_passwords_untouched() -> None:
    middleware = PlainText(lambda request: HttpResponse())
    request = RequestFactory().post("/x/?q=a%00b", {"name": [NFD, "ok"], "password": "a\u200b\x00", "text": "dòng 1\r\ndòng 2"})
    middleware.process_view(request, lambda request: None, (), {})
    assert request.GET["q"] == "ab"
    assert request.POST.getlist("name") == ["Nguyễn Thị Hoà", "ok"]
    assert request.POST["password"] == "a\u200b\x00"
    assert request.POST["text"] == "dòng 1\r\ndòng 2"
    with pytest.raises(AttributeError):
        request.POST["name"] = "changed"


def test_an_address_with_nul_leads_nowhere() -> None:
    with pytest.raises(Http404):
        PlainText(lambda request: HttpResponse())(RequestFactory().get("/tra-cuu/%00/"))
