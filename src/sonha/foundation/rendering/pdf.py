"""From a template and plain data to a PDF: WeasyPrint, Tinos embedded, nothing fetched from anywhere."""

import atexit
import threading
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from sonha.foundation.rendering.fonts import font_faces

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    from sonha.foundation.rendering.fetching import OfflineFetcher

STYLE_SHEET = "rendering/nd30.css"
_of_thread = threading.local()


def _shared() -> "tuple[FontConfiguration, list[CSS], OfflineFetcher]":
    """Parsed once a thread: the fonts and the style sheet are the same for every paper (saves 40 ms each).

    WeasyPrint is loaded with the first paper, not with the program: most commands and many requests never need it.
    """
    if not hasattr(_of_thread, "value"):
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        from sonha.foundation.rendering.fetching import OfflineFetcher

        faces, files = font_faces()
        fonts, fetcher = FontConfiguration(), OfflineFetcher(files)
        sheet = Path(str(finders.find(STYLE_SHEET))).read_text(encoding="utf-8")
        styles = [CSS(string=text, font_config=fonts, url_fetcher=fetcher) for text in (faces, sheet)]
        _of_thread.value = fonts, styles, fetcher
        if threading.current_thread() is threading.main_thread():
            atexit.register(_of_thread.__dict__.clear)  # while the library that frees the fonts is still there
    value: tuple[FontConfiguration, list[CSS], OfflineFetcher] = _of_thread.value
    return value


def html_to_pdf(html: str, *, pdf_variant: str | None = None) -> bytes:
    """A PDF of ready HTML in the papers' style sheet. `pdf_variant`: None, or e.g. "pdf/a-3u" for the archive."""
    from weasyprint import HTML

    fonts, styles, fetcher = _shared()
    document = HTML(string=html, url_fetcher=fetcher, base_url=fetcher.SCHEME)
    written = document.write_pdf(stylesheets=styles, font_config=fonts, pdf_variant=pdf_variant)
    if written is None:
        raise RuntimeError("WeasyPrint returned no document.")
    return bytes(written)


def pdf(template_name: str, context: Mapping[str, Any] | object, *, pdf_variant: str | None = None) -> bytes:
    """Render a template of `templates/` to PDF bytes.

    `context` is a mapping, or a dataclass which the template then knows as `paper`. Papers are always in Vietnamese,
    whatever the reader's language. In demonstration mode every page says at its foot that the paper has no legal value.
    """
    data: dict[str, Any] = dict(context) if isinstance(context, Mapping) else {}
    if is_dataclass(context):
        data["paper"] = context
    data.setdefault("demonstration", getattr(settings, "DEMONSTRATION", False))
    with translation.override("vi"):
        html = render_to_string(template_name, data)
    return html_to_pdf(html, pdf_variant=pdf_variant)
