"""Pages of a PDF as pictures, so that a preview looks the same in every browser and on a telephone (poppler's pdftoppm)."""

import shutil
import subprocess
from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

LIMIT_SECONDS = 20


def page_count(pdf: bytes) -> int:
    """Number of pages; 0 for a file that cannot be read."""
    try:
        return int(PdfFileReader(BytesIO(pdf), strict=False).root["/Pages"]["/Count"])
    except (PdfError, KeyError):
        return 0


def page_png(pdf: bytes, number: int, *, dpi: int = 90) -> bytes | None:
    """Page `number` (from 1) as PNG; None without pdftoppm, for a page that is not there, or when it takes too long."""
    program = shutil.which("pdftoppm")
    if program is None or not 1 <= number <= page_count(pdf):
        return None
    command = [program, "-png", "-r", str(dpi), "-f", str(number), "-l", str(number), "-"]
    try:
        drawn = subprocess.run(command, input=pdf, capture_output=True, timeout=LIMIT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return drawn.stdout or None
