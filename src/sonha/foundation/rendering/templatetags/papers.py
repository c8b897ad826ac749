"""Filters of the paper templates."""

from django import template

from sonha.foundation.rendering import qr, words

register = template.Library()
register.filter("date_words", words.date_words)
register.filter("moment_words", words.moment_words)
register.filter("short_date", words.short_date)
register.filter("short_moment", words.short_moment)
register.filter("money", words.money)
register.filter("money_words", words.money_words)
register.filter("qr_svg", qr.qr_svg)
register.simple_tag(words.place_and_date, name="place_and_date")


@register.filter
def or_dots(value: object, count: int = 30) -> str:
    """The value, or a dotted line to be filled in by hand."""
    text = "" if value is None else str(value)
    return text if text.strip() else "." * count


@register.filter
def balanced(text: str, width: int) -> str:
    """Breaks a name longer than `width` characters into lines of near-equal length: no single word hangs below."""
    if "\n" in text or len(text) <= width:
        return text
    words, count = text.split(), -(-len(text) // width)
    lines: list[str] = []
    line = ""
    for word in words:
        left = len(" ".join(words)) - len("".join(lines)) - len(lines)
        goal = left / max(1, count - len(lines))
        if line and len(lines) < count - 1 and abs(len(line) + 1 + len(word) - goal) >= abs(len(line) - goal):
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


@register.filter
def sentence_case(title: str) -> str:
    """`GIẤY PHÉP KHAI THÁC` inside a sentence: `Giấy phép khai thác`; a title in mixed case stays."""
    return title.capitalize() if title.isupper() else title


@register.filter
def breakable(code: str) -> str:
    """Lets a dossier code break after its hyphens in a narrow column (a zero-width space)."""
    return code.replace("-", "-\u200b")
