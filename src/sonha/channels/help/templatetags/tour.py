"""`{% tour %}`: on the page where a role's day begins, the offer to be shown around at the first visit."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from sonha.channels.help.tours import tour_of

register = template.Library()


@register.inclusion_tag("help/tour.html", takes_context=True)
def tour(context: Any) -> dict[str, Any]:
    """The tour of whoever reads this page. The script shows the offer, unless this browser was told that it is not wanted."""
    request = context["request"]
    found = tour_of(request.actor, request.resolver_match.view_name)
    if found is None:
        return {}
    return {
        "name": found.name,
        "count": len(found.steps),
        "steps": {
            "steps": [{"at": step.at, "title": str(step.title), "text": str(step.text)} for step in found.steps],
            "next": _("Tiếp"),
            "back": _("Lùi"),
            "done": _("Xong"),
            "close": _("Thôi"),
            "place": _("Bước {n} / {all}"),
        },
    }
