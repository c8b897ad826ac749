"""XML written as text. What a person typed is escaped, and what XML cannot carry at all is left out."""

import re
from xml.sax.saxutils import escape

XML_TYPE = "text/xml; charset=UTF-8"
FORBIDDEN = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
NEVER_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
QUOTES = {'"': "&quot;"}


def escaped(value: object) -> str:
    """As text of an element or inside quotes of an attribute."""
    return escape(NEVER_TEXT.sub("", str(value)), QUOTES)


def carried(document: bytes) -> bytes:
    """A document in UTF-8 without the characters that XML 1.0 forbids: none of their bytes is part of another character."""
    clean = document.translate(None, FORBIDDEN)
    if b"\xef\xbf\xbe" in clean or b"\xef\xbf\xbf" in clean:
        clean = clean.replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"")
    return clean


def element(name: str, value: object, **attributes: object) -> str:
    """`element("ows:Title", "…")`; nothing for an empty value."""
    if value in (None, ""):
        return ""
    given = "".join(f' {key.replace("__", ":")}="{escaped(each)}"' for key, each in attributes.items())
    return f"<{name}{given}>{escaped(value)}</{name}>"
