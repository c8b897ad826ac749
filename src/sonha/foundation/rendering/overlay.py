"""Laying marks over a finished PDF: the draft's watermark, the check code of a paper that was written in a word processor.

The marks are drawn by WeasyPrint and laid over the pages as they are; to be done before the first signature.
"""

import io
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.template.loader import render_to_string
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from sonha.foundation.rendering.pdf import html_to_pdf

POINTS_PER_MM = 72 / 25.4


class UnreadablePdf(ValueError):
    """The PDF cannot be opened for marking."""


@dataclass(frozen=True)
class Mark:
    """What to lay over: `watermark` on every page, the QR and code of `check_url` in the left margin of the first page."""

    watermark: str = ""
    check_url: str = ""
    check_code: str = ""


def draft_mark() -> Mark:
    """The mark of a draft that is not signed yet."""
    return Mark(watermark="DỰ THẢO")


def marked(pdf: bytes, mark: Mark, *, demonstration: bool | None = None) -> bytes:
    """The PDF with the marks over its pages. `demonstration` adds the line that the paper has no legal value (default: the setting).

    Raises UnreadablePdf for a file that is encrypted or broken.
    """
    demonstration = getattr(settings, "DEMONSTRATION", False) if demonstration is None else demonstration
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        if writer.prev.encrypted:
            raise UnreadablePdf("encrypted")
        for number in range(int(writer.prev.root["/Pages"]["/Count"])):
            first = number == 0 and mark.check_url
            if first or mark.watermark or demonstration:
                _lay_over(writer, number, mark if first else Mark(watermark=mark.watermark), demonstration)
        out = io.BytesIO()
        writer.write(out)
    except (PdfError, KeyError, IndexError) as error:
        raise UnreadablePdf(str(error)) from error
    return out.getvalue()


def _lay_over(writer: IncrementalPdfFileWriter, number: int, mark: Mark, demonstration: bool) -> None:
    page = writer.prev.find_page_for_modification(number)[0].get_object()
    box = page
    while "/MediaBox" not in box:
        box = box["/Parent"]
    left, bottom, right, top = (float(edge) for edge in box["/MediaBox"])
    sheet = html_to_pdf(
        render_to_string(
            "papers/overlay.html",
            {
                "mark": mark,
                "demonstration": demonstration,
                "width": f"{(right - left) / POINTS_PER_MM:.2f}",
                "height": f"{(top - bottom) / POINTS_PER_MM:.2f}",
            },
        )
    )
    drawn = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(sheet)), 0)
    name = f"/SonhaMark{uuid4().hex[:8]}"  # pages may share one dictionary of resources
    resources = generic.DictionaryObject({pdf_name("/XObject"): generic.DictionaryObject({pdf_name(name): drawn})})
    before = writer.add_object(generic.StreamObject(stream_data=b"q "))
    after = writer.add_object(generic.StreamObject(stream_data=f"Q q 1 0 0 1 {left:.2f} {bottom:.2f} cm {name} Do Q".encode()))
    writer.add_stream_to_page(number, before, prepend=True)
    writer.add_stream_to_page(number, after, resources=resources)
