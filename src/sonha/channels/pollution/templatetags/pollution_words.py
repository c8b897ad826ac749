"""Lengths as they are written on the page and on paper."""

from django import template

from sonha.foundation.ui.figures import format_number

register = template.Library()


@register.filter
def kilometres(metres: float) -> str:
    """12345.6 -> `12,3`."""
    return format_number(metres / 1000, 1)


@register.filter
def metre(value: float) -> str:
    """2420000.123 -> `2.420.000`: whole metres."""
    return format_number(value, 0)
