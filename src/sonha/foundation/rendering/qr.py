"""QR codes as data URIs, so that a paper needs no other file."""

import io
from base64 import b64encode

import segno


def qr_svg(text: str) -> str:
    """The QR code of `text` as `data:image/svg+xml;base64,...`: sharp at any size.

    Error correction M survives a stapled corner.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True, dark="#000")
    return "data:image/svg+xml;base64," + b64encode(out.getvalue()).decode()


def qr_png(text: str, *, scale: int = 6) -> str:
    """The same as `data:image/png;base64,...`, `scale` pixels a module with a quiet zone, for screens and mail."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", border=4, scale=scale)
    return "data:image/png;base64," + b64encode(out.getvalue()).decode()
