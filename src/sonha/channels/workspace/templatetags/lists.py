"""Numbers and addresses of lists in templates."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import translation

register = template.Library()


@register.filter
def one_place(number: Any) -> str:
    """12.34 -> `12,3`."""
    shown = f"{float(number):.1f}"
    return shown if translation.get_language() == "en" else shown.replace(".", ",")


@register.filter
def percent(share: Any) -> str:
    """97.25 -> `97,3%`; a share just below the whole never reads as the whole."""
    shown = min(float(share), 99.9) if 99.9 < float(share) < 100 else float(share)
    return f"{one_place(shown)}%" if shown % 1 else f"{int(shown)}%"


@register.filter
def share_of(part: int, total: int) -> str:
    """`35%` of a total; nothing when there is no total."""
    return percent(round(100 * part / total)) if total else ""


@register.filter
def words_of(text: str) -> list[str]:
    return text.split()


@register.simple_tag
def address_of(parameters: dict[str, str]) -> str:
    """`?from=…&to=…` of some parameters."""
    return f"?{urlencode(parameters)}"


@register.filter
def add_to(number: float, start: float) -> str:
    """A position in an SVG."""
    return f"{start + number:.1f}"
