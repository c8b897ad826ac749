"""Text as it is kept: NFC, without invisible or control characters, trimmed. The browser's twin is in validate.js."""

import re

from sonha.foundation.ui.typed import plain

BLANK = " \t\n\r\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
LINE_BREAKS = re.compile(r"\r\n?|\u2028|\u2029")
GAPS = re.compile(f"[{BLANK}]+")


def clean_text(text: str, *, lines: bool = False) -> str:
    """One line with single spaces, or with `lines` the line breaks kept as \\n. Cleaning a clean text changes nothing."""
    text = plain(text)
    text = LINE_BREAKS.sub("\n", text) if lines else GAPS.sub(" ", text)
    return text.strip(BLANK)
