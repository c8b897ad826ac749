"""QR codes carry their text without any file."""

from base64 import b64decode
from io import BytesIO

from PIL import Image

from sonha.foundation.rendering import qr


def test_the_png_is_a_square_with_a_quiet_zone_and_differs_by_text():
    data = [b64decode(qr.qr_png(text).partition(",")[2]) for text in ("https://example.vn/kiem-tra/A", "https://example.vn/kiem-tra/B")]
    picture = Image.open(BytesIO(data[0])).convert("L")
    assert picture.width == picture.height
    assert picture.crop((0, 0, picture.width, 24)).getextrema() == (255, 255)
    assert data[0] != data[1]


def test_vietnamese_text_makes_a_drawing_without_external_parts():
    svg = b64decode(qr.qr_svg("Mã hồ sơ: H37.20-240205-0007").partition(",")[2]).decode()
    assert svg.startswith("<svg") and "href" not in svg
