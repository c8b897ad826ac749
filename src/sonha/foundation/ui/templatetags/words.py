"""Words of official Vietnamese in templates: numbers, money, dates, remaining time. Built in: no `{% load %}` needed."""

from typing import Any

from django import template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def money(amount: Any) -> str:
    """1200000 -> "1.200.000 đồng" (English: "1,200,000 VND")."""
    if amount in (None, ""):
        return ""
    if translation.get_language() == "en":
        return f"{int(amount):,} VND"
    return f"{int(amount):,}".replace(",", ".") + " đồng"


@register.filter
def whole(number: Any) -> str:
    """1234 -> `1.234` (English `1,234`)."""
    shown = f"{int(number):,}"
    return shown if translation.get_language() == "en" else shown.replace(",", ".")


@register.filter
def day(value: Any) -> str:
    """A date or time as dd/mm/yyyy in Viet Nam."""
    if not value:
        return ""
    if hasattr(value, "hour"):
        value = timezone.localtime(value)
    return value.strftime("%d/%m/%Y")


@register.filter
def moment(value: Any) -> str:
    """A time as HH:MM dd/mm/yyyy in Viet Nam."""
    return timezone.localtime(value).strftime("%H:%M %d/%m/%Y") if value else ""


@register.filter
def either(vi: Any, en: Any) -> Any:
    """The text of the active language: `{{ step.title|either:step.title_en }}`."""
    return en if en and translation.get_language() == "en" else vi


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """Looks a key up in a dictionary."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The query string of this page with some values changed (None removes): for filters, sorting and paging."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = value
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag(takes_context=True)
def without(context: Any, parameter: str) -> str:
    """This page's address without one condition, from the list's beginning."""
    parameters = context["request"].GET.copy()
    for name in (parameter, "after"):
        parameters.pop(name, None)
    return f"?{parameters.urlencode()}"


@register.filter
def lower_first(text: Any) -> str:
    """A title inside a sentence."""
    words = str(text)
    return words[:1].lower() + words[1:]


@register.simple_tag
def yes_no(value: Any) -> str:
    return _("Có") if value else _("Không")


@register.filter
def has_role(actor: Any, roles: str) -> bool:
    return bool(actor and actor.has_role(*roles.split(",")))
