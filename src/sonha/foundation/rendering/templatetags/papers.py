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
