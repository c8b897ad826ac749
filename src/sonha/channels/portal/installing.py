"""The site as an app on a telephone: its manifest, the worker that keeps pages for a broken line, and the page shown without one."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

FONT = "vendor/fonts/be-vietnam-pro/files/be-vietnam-pro-{}-normal.woff2"
FORM_SCRIPTS = (
    "form", "validate", "figures", "rules", "fields", "saving", "places", "uploads", "units", "one_question", "identifiers", "shapes",
)  # fmt: skip
SHELL = (
    "vendor/tabler/tabler.min.css",
    "vendor/htmx/htmx.min.js",
    *(FONT.format(each) for each in ("latin-400", "latin-600", "vietnamese-400", "vietnamese-600")),
    *(f"ui/{name}" for name in ("theme.css", "early.js", "page.js", "unsent.js", "photograph.js", "mark.svg")),
    *(f"portal/{name}" for name in ("portal.css", "papers.js", "offline.js", "keeping.js")),
    "files/upload.js",
    "forms/form.css",
    *(f"forms/{name}.js" for name in FORM_SCRIPTS),
)
"""What a page of a filing needs; the map is fetched when a place is asked for."""


@cache
def shell_version() -> str:
    """Changes whenever a file of the shell changes."""
    mark = sha256()
    for name in SHELL:
        mark.update(Path(str(finders.find(name))).read_bytes())
    return mark.hexdigest()[:16]


@cache_control(max_age=0)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, served at the root so that it serves every page."""
    script = Path(str(finders.find("portal/worker.js"))).read_text(encoding="utf-8")
    known = {"version": shell_version(), "shell": [static(name) for name in SHELL], "offline": reverse("offline")}
    return HttpResponse(f"const KNOWN = {json.dumps(known)};\n{script}", content_type="text/javascript; charset=utf-8")


@cache_control(max_age=86400, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone must know to install the site (W3C Web Application Manifest)."""
    about: dict[str, Any] = {
        "id": "/",
        "name": _("Sơn Hà – Dịch vụ công tỉnh Lạng Sơn"),
        "short_name": "Sơn Hà",
        "lang": "vi",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf8f3",
        "theme_color": "#1f5b45",
        "icons": [
            {"src": static("ui/icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("ui/icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("ui/icons/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
        "shortcuts": [
            {"name": _("Tìm thủ tục"), "url": reverse("procedures")},
            {"name": _("Hồ sơ của tôi"), "url": reverse("my_dossiers")},
            {"name": _("Tra cứu hồ sơ"), "url": reverse("track_search")},
        ],
    }
    return HttpResponse(json.dumps(about, ensure_ascii=False), content_type="application/manifest+json; charset=utf-8")


def offline(request: HttpRequest) -> HttpResponse:
    """What is shown when there is no line: nothing of anybody."""
    return render(request, "portal/offline.html")
