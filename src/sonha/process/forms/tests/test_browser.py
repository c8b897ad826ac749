"""The form's script in a real browser, against a small server that keeps drafts and files as the portal does."""

import json
import mimetypes
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles import finders

from sonha.process.forms import shapes
from sonha.process.forms.lookups import lookups_from
from sonha.process.forms.rendering import render_form, render_section
from sonha.process.forms.validation import validate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EVERYTHING = json.loads((Path(__file__).parent / "everything.json").read_text())
AREAS = [
    {"code": "1", "name": "Huyện Lộc Bình", "level": "district"},
    {"code": "2", "name": "Huyện Cao Lộc", "level": "district"},
    {"code": "11", "name": "Xã Mẫu Sơn", "level": "commune", "parent": "1"},
    {"code": "12", "name": "Xã Lợi Bác", "level": "commune", "parent": "1"},
    {"code": "21", "name": "Xã Thuỵ Hùng", "level": "commune", "parent": "2"},
]
CENTRES = {"11": [106.93, 21.83], "12": [106.95, 21.72], "21": [106.7, 21.95]}
UNITS = lookups_from({"units": AREAS})
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Tờ khai</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/static/vendor/tabler/tabler.min.css">
<link rel="stylesheet" href="/static/ui/theme.css"></head>
<body><main class="container-xl px-3"><p data-saved></p><form method="post" enctype="multipart/form-data" novalidate>
<input type="hidden" name="csrfmiddlewaretoken" value="token">{fields}
<button name="next" value="1" class="btn btn-primary">Tiếp tục</button></form></main>
<script src="/static/forms/form.js" type="module"></script></body></html>"""
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:"


@dataclass
class Site:
    """What the server was told, and whether it answers saves."""

    url: str = ""
    section: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    saved: list[dict[str, Any]] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    down: bool = False


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    urls = {"autosave": "/save", "upload": "/upload", "areas": "/areas", "convert": "/convert"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _mark, query = self.path.partition("?")
            if path.startswith("/static/"):
                found = finders.find(path.removeprefix("/static/"))
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                self.answer(Path(str(found)).read_bytes() if found else b"", kind, 200 if found else 404)
            elif path == "/areas":
                self.json({"areas": [{**area, "centre": CENTRES.get(area["code"])} for area in AREAS if area["level"] == "commune"]})
            elif path == "/convert":
                given = {name: float(value) for name, value in (pair.split("=") for pair in query.split("&"))}
                longitude, latitude = shapes.to_wgs84(given["east"], given["north"])
                self.json({"longitude": longitude, "latitude": latitude})
            elif path == "/":
                make = render_section(EVERYTHING, site.section, site.answers, urls=urls, lookups=UNITS) if site.section else ""
                fields = make or render_form(EVERYTHING, site.answers, urls=urls, lookups=UNITS)
                self.answer(PAGE.replace("{fields}", fields).encode(), "text/html; charset=utf-8")
            else:
                self.answer(b"", "image/x-icon")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/save":
                assert self.headers["X-CSRFToken"] == "token"
                if not site.down:
                    site.saved.append(json.loads(body)["answers"])
                self.json({"saved_at": "10:32"}, 503 if site.down else 200)
            elif self.path == "/upload":
                self.json({"id": "file-1", "name": "Bản vẽ.pdf", "size": len(body)})
            else:
                site.posts.append(body.decode())
                self.answer(b"<p>sent</p>", "text/html")

        def json(self, data: Any, status: int = 200) -> None:
            self.answer(json.dumps(data).encode(), "application/json", status)

        def answer(self, body: bytes, kind: str, status: int = 200) -> None:
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Content-Security-Policy", POLICY)):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            return

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    kept = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(kept))
    kept.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: "Browser", site: Site) -> Iterator["Page"]:
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 390, "height": 844},
        permissions=["geolocation"],
        geolocation={"longitude": 106.76, "latitude": 21.85},
    )
    context.set_default_timeout(8000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None)
    yield page
    context.close()
    assert not problems, problems


def last(site: Site, page: "Page") -> dict[str, Any]:
    page.get_by_text("Đã lưu lúc 10:32").wait_for()
    return site.saved[-1]


def test_fields_come_and_go_numbers_are_written_out_and_sums_follow(site: Site, page: "Page") -> None:
    site.section = ""
    page.goto(site.url)
    other = page.locator("[data-field=other]")
    assert other.is_hidden()
    page.get_by_label("Khác", exact=True).check()
    other.wait_for()
    page.get_by_label("Giếng khoan").check()
    assert other.is_hidden()
    page.locator("#f-limit").fill("1234,5")
    page.locator("#f-limit").blur()
    assert page.locator("#f-limit").input_value() == "1.234,5"
    page.locator("#f-born").fill("5/3/1990")
    page.locator("#f-born").blur()
    assert page.locator("#f-born").input_value() == "05/03/1990"
    page.locator("#f-wells-0-flow").fill("0,1")
    page.get_by_role("button", name="Thêm Giếng").click()
    page.locator("#f-wells-1-flow").fill("120,2")
    assert page.locator("#f-total").inner_text() == "120,3"
    assert page.locator("[data-field=reason]").is_visible()
    page.get_by_role("button", name=re.compile("^Bỏ\\s+Giếng 1$")).click()
    assert page.locator("[data-row-title]").all_inner_texts() == ["Giếng 1"]
    assert page.locator("#f-total").inner_text() == "120,2"
    assert last(site, page)["wells"][0]["flow"] == "120,2"


def test_a_mistake_is_told_on_leaving_the_field_and_goes_when_mended(site: Site, page: "Page") -> None:
    site.section = "who"
    page.goto(site.url)
    page.locator("#f-tax").fill("0100233487")
    page.locator("#f-tax").blur()
    error = page.locator("#f-tax-error")
    assert error.inner_text() == "“Mã số thuế” không đúng số kiểm tra; hãy xem lại từng chữ số."
    assert page.locator("#f-tax").get_attribute("aria-invalid") == "true"
    page.locator("#f-tax").fill("0100233488")
    page.locator("#f-tax").blur()
    assert error.is_hidden() and page.locator("#f-tax").get_attribute("aria-invalid") is None


def test_sending_with_gaps_first_shows_them_all_and_then_lets_the_server_decide(site: Site, page: "Page") -> None:
    site.section = "who"
    page.goto(site.url)
    page.get_by_role("button", name="Tiếp tục").click()
    summary = page.locator("[data-error-summary]")
    assert summary.locator("li").all_inner_texts() == ["Ông/bà cần điền “Họ và tên”.", "Ông/bà cần điền “Điện thoại”."]
    assert summary.evaluate("element => element === document.activeElement")
    summary.get_by_role("link").first.click()
    assert page.locator("#f-name").evaluate("element => element === document.activeElement")
    assert site.posts == []
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_text("sent").wait_for()
    assert len(site.posts) == 1


def test_what_was_typed_offline_is_kept_and_sent_later(site: Site, page: "Page") -> None:
    site.section, site.down = "who", True
    page.goto(site.url)
    page.locator("#f-name").fill("Nông Thị Bé")
    page.get_by_text("Chưa gửi được").wait_for()
    page.reload()
    page.get_by_text("Đã khôi phục").wait_for()
    assert page.locator("#f-name").input_value() == "Nông Thị Bé"
    site.down = False
    page.locator("#f-phone").fill("0912345678")
    kept = last(site, page)
    assert (kept["name"], kept["phone"]) == ("Nông Thị Bé", "0912345678")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('sonha:draft')).length") == 0


def test_a_commune_is_found_without_diacritics_and_within_its_district(site: Site, page: "Page") -> None:
    site.section = "works"
    page.goto(site.url)
    search = page.get_by_role("combobox", name="Xã, phường")
    search.fill("loi bac")
    page.keyboard.press("Enter")
    assert search.input_value() == "Xã Lợi Bác" and page.locator("select[name=commune]").input_value() == "12"
    district = page.get_by_role("combobox", name=re.compile("^Huyện"))
    district.fill("cao")
    page.keyboard.press("Enter")
    assert page.locator("select[name=commune]").input_value() == ""
    search.click()
    assert page.locator("#f-commune").locator("xpath=..").get_by_role("option").all_inner_texts() == ["Xã Thuỵ Hùng"]


def test_a_place_is_picked_on_the_map_by_position_or_by_vn2000(site: Site, page: "Page") -> None:
    site.section = "works"
    page.goto(site.url)
    box = page.locator("[data-field=place]")
    box.scroll_into_view_if_needed()
    chart = box.locator("[data-map][data-ready='1']")
    chart.wait_for()
    box.locator("canvas").click(position={"x": 100, "y": 120})
    page.wait_for_function("() => document.querySelector('[data-field=place] [data-geojson]').value")
    assert re.fullmatch(r"\d+,\d+", page.locator("#f-place").input_value())
    box.get_by_role("button", name="Dùng vị trí của tôi").click()
    page.wait_for_function("() => document.querySelector('#f-place').value === '21,85'")
    page.get_by_label("Hệ toạ độ").first.select_option("vn2000")
    page.get_by_label("E (m)", exact=True).fill("450.000")
    page.get_by_label("N (m)", exact=True).fill("2.420.000")
    page.wait_for_function("() => document.querySelector('[data-field=place] [data-geojson]').value.includes('106.76805')")
    page.wait_for_timeout(1500)
    kept = validate(EVERYTHING, last(site, page), partial=True).clean["place"]
    assert kept["coordinates"] == pytest.approx([106.76805905, 21.87584998], abs=1e-6)


def test_a_boundary_is_drawn_corner_by_corner(site: Site, page: "Page") -> None:
    site.section = "works"
    site.answers = {"commune": "11"}
    page.goto(site.url)
    box = page.locator("[data-field=area]")
    box.scroll_into_view_if_needed()
    box.locator("[data-map][data-ready='1']").wait_for()
    for x, y in ((60, 60), (200, 70), (180, 200), (70, 190)):
        box.locator("canvas").click(position={"x": x, "y": y})
    assert "Diện tích:" in box.locator("[data-map-status]").inner_text()
    box.get_by_role("button", name="Bỏ đỉnh cuối").click()
    assert len(page.locator("#f-area").input_value().splitlines()) == 3
    area = json.loads(box.locator("[data-geojson]").input_value())
    assert len(area["coordinates"][0]) == 4 and area["coordinates"][0][0] == area["coordinates"][0][-1]
    assert abs(area["coordinates"][0][0][0] - 106.93) < 0.2  # the map went to the commune


def test_many_rows_with_maps_keep_few_maps_open(site: Site, page: "Page") -> None:
    many = json.loads(json.dumps(EVERYTHING))
    many["sections"][2]["fields"][3]["max_items"] = 20
    html = render_form(many, {"wells": [{} for _row in range(12)]}, urls={"areas": "/areas"}, lookups=UNITS)
    page.route(site.url, lambda route: route.fulfill(body=PAGE.replace("{fields}", html), content_type="text/html; charset=utf-8"))
    page.goto(site.url)
    boxes = page.locator(".row-item [data-map]")
    for number in range(12):
        boxes.nth(number).scroll_into_view_if_needed()
        page.locator(f".row-item:nth-child({number + 1}) [data-map][data-ready]").wait_for()
        assert page.locator("[data-map] canvas").count() <= 6
    boxes.first.scroll_into_view_if_needed()
    page.locator(".row-item:first-child [data-map][data-ready]").wait_for()


def test_files_are_sent_as_soon_as_they_are_chosen(site: Site, page: "Page") -> None:
    site.answers = {"size": "b", "kinds": ["b"]}
    page.goto(site.url)
    chooser = page.locator("#f-design")
    chooser.set_input_files({"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"x"})
    assert page.locator("#f-design-error").inner_text() == "“Bản thiết kế” chỉ nhận tệp .pdf, image/*."
    chooser.set_input_files({"name": "bản vẽ.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    page.get_by_label("Bản vẽ.pdf").wait_for()
    assert last(site, page)["design"] == ["file-1"]
    assert page.locator("#f-design-camera").get_attribute("capture") == "environment"


def test_nothing_is_wider_than_a_phone_and_targets_are_large(site: Site, page: "Page") -> None:
    site.answers = {"wells": [{}, {}], "size": "b", "kinds": ["b"], "kind": "b"}
    page.goto(site.url)
    wide = page.eval_on_selector_all(
        "body *", "all => all.filter(e => e.getBoundingClientRect().right > 391).map(e => e.outerHTML.slice(0, 90))"
    )
    assert not wide and page.evaluate("document.documentElement.scrollWidth") <= 390
    heights = page.eval_on_selector_all(
        ".declared-form :is(input:not([type=hidden], [type=checkbox], [type=radio], .visually-hidden), .btn, .choice)",
        "elements => elements.filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)",
    )
    assert heights and min(heights) >= 47.5
