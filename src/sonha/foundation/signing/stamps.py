"""What a signature looks like on the page: the personal block in blue, the agency's seal in red (Decree 30/2020,
Appendix I, II.8).

Drawn by WeasyPrint with embedded Tinos and imported by pyHanko, whose own text stamp loses Vietnamese letters.
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import cos, pi, sin
from tempfile import NamedTemporaryFile
from typing import Literal

from django.template.loader import render_to_string
from django.utils import timezone
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.stamp import StaticStampStyle

from sonha.foundation.rendering.pdf import html_to_pdf
from sonha.foundation.rendering.words import place_and_date

Kind = Literal["person", "seal", "number"]
SIZES_MM: dict[Kind, tuple[float, float]] = {"person": (64, 24), "seal": (36, 36), "number": (163, 8)}
POINTS_PER_MM = 72 / 25.4
FULL_SIZE = SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MAX, margins=Margins.uniform(0))


@dataclass(frozen=True, kw_only=True)
class StampContext:
    """What the stamp prints.

    `image`: PNG of a handwritten signature with a transparent ground, for a person; `test` marks the test CA.
    """

    kind: Kind
    name: str
    unit: str
    position: str = ""
    signed_at: datetime | None = None
    image: bytes = b""
    number: str = ""  # of the kind "number": what stands after "Số:", and the place the paper is dated from
    place: str = ""
    test: bool = True

    @property
    def moment(self) -> str:
        """`05/09/2026 10:15:30 +07:00`."""
        local = timezone.localtime(self.signed_at or timezone.now())
        return f"{local:%d/%m/%Y %H:%M:%S} +07:00"

    @property
    def dated(self) -> str:
        """`Lạng Sơn, ngày 05 tháng 9 năm 2026`."""
        return place_and_date(self.place, timezone.localdate(self.signed_at or timezone.now()))

    @property
    def image_uri(self) -> str:
        return "data:image/png;base64," + b64encode(self.image).decode() if self.image else ""


def size_points(kind: Kind) -> tuple[float, float]:
    """Width and height of the stamp in PDF points."""
    width, height = SIZES_MM[kind]
    return width * POINTS_PER_MM, height * POINTS_PER_MM


def _around(text: str, radius: float, size: float, *, bottom: bool = False) -> list[dict[str, str]]:
    """The letters of `text` along a circle (centre 50,50), each with its place and turn.

    Narrower when the text is long.
    """
    text = text.upper()
    step = min(size * 0.78 / radius, (pi * (0.8 if bottom else 1.62)) / max(1, len(text) - 1))
    letters = []
    for index, letter in enumerate(text):
        angle = step * (index - (len(text) - 1) / 2)
        x, y = 50 + radius * sin(angle), 50 + radius * cos(angle) * (1 if bottom else -1)
        turn = angle * 180 / pi * (-1 if bottom else 1)
        letters.append({"letter": letter, "x": f"{x:.2f}", "y": f"{y:.2f}", "turn": f"{turn:.2f}"})
    return letters


def draw(stamp: StampContext) -> bytes:
    """The stamp as a one-page PDF of exactly its size, with a transparent ground."""
    width, height = SIZES_MM[stamp.kind]
    context = {
        "stamp": stamp,
        "width": width,
        "height": height,
        "ring": _around(stamp.unit, 39.5, 8.2),
        "foot": _around("THỬ NGHIỆM" if stamp.test else "", 42.5, 6, bottom=True),
    }
    return html_to_pdf(render_to_string(f"signing/stamps/{stamp.kind}.html", context))


@contextmanager
def style(stamp: StampContext) -> Iterator[StaticStampStyle]:
    """The stamp for pyHanko: the drawn page as it is, no border. pyHanko opens the file by name while it signs."""
    with NamedTemporaryFile(prefix="sonha-stamp-", suffix=".pdf") as file:
        file.write(draw(stamp))
        file.flush()
        yield StaticStampStyle.from_pdf_file(file.name, border_width=0, background_layout=FULL_SIZE)
