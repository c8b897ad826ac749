"""upload.js in a real browser, over a line that breaks."""

import hashlib
import os
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.foundation.files import services, uploads
from sonha.foundation.files.models import StoredFile, Upload

from .conftest import pdf

if TYPE_CHECKING:
    from sonha.testing.browser import Live

SEND = """async ([bytes, name]) => {
  const { upload } = await import("/static/files/upload.js");
  const file = new File([new Uint8Array(bytes)], name, { lastModified: 1 });
  const seen = [];
  try {
    return { file: await upload(file, { purpose: "test", onProgress: (sent) => seen.push(sent) }), seen };
  } catch (error) {
    return { error: error.message, seen };
  }
}"""


@pytest.fixture
def page(live: "Live", citizen: Actor, open_purpose: None, settings: Any) -> Any:
    opened = live.visitor()
    client = Client()
    client.force_login(citizen.user)  # type: ignore[arg-type]
    name = settings.SESSION_COOKIE_NAME
    opened.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live.url}])
    opened.goto("/thong-bao/")
    return opened


@pytest.mark.django_db(transaction=True)
def test_a_file_arrives_in_pieces(page: Any) -> None:
    content = pdf()
    done = page.evaluate(SEND, [list(content), "Bản vẽ.pdf"])
    file = StoredFile.objects.get(pk=done["file"]["id"])
    assert services.read_bytes(file) == content and file.original_name == "Bản vẽ.pdf"
    assert done["seen"] == [0, len(content)]


@pytest.mark.django_db(transaction=True)
def test_a_broken_line_costs_only_the_piece(live: "Live", page: Any) -> None:
    lost = []

    def lose_the_second(route: Any) -> None:
        if route.request.method == "PATCH" and not lost and route.request.headers["upload-offset"] != "0":
            lost.append(route.request.headers["upload-offset"])
            route.abort()
        else:
            route.continue_()

    page.route("**/tep/tai-len/**", lose_the_second)
    content = os.urandom(700_000)
    done = page.evaluate(SEND, [list(content), "a.pdf"])
    live.problems.clear()  # the browser notes the broken request itself
    assert lost and "error" in done  # random bytes are no PDF: the server's own sentence comes through
    assert "Không nhận ra" in done["error"]
    assert done["seen"].count(int(lost[0])) == 2 and done["seen"][-1] < len(content)


@pytest.mark.django_db(transaction=True)
def test_coming_back_after_the_page_was_closed(live: "Live", page: Any, citizen: Actor) -> None:
    content = pdf() + b"\n" * 10
    key = f"upload:test:a.pdf:{len(content)}:1"
    begun = page.evaluate(
        """async ([length, key]) => {
          const body = JSON.parse(document.body.getAttribute("hx-headers"));
          const about = `filename ${btoa("a.pdf")},purpose ${btoa("test")}`;
          const headers = { "X-CSRFToken": body["X-CSRFToken"], "Upload-Length": String(length), "Upload-Metadata": about };
          const answer = await fetch("/tep/tai-len/", { method: "POST", headers });
          localStorage.setItem(key, answer.headers.get("Location"));
          return answer.headers.get("Location");
        }""",
        [len(content), key],
    )
    upload = Upload.objects.get(pk=begun.rstrip("/").split("/")[-1])
    uploads.append(upload, at=0, source=BytesIO(content[:100]), length=100)
    page.reload()
    done = page.evaluate(SEND, [list(content), "a.pdf"])
    assert done["seen"][0] == 100
    assert StoredFile.objects.get().sha256 == hashlib.sha256(content).hexdigest()
