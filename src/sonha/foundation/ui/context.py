"""What every page needs: who asks, the mode, the site's name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": getattr(request, "actor", None),
        "demonstration": settings.DEMONSTRATION,
        "site_name": settings.SITE_NAME,
    }
