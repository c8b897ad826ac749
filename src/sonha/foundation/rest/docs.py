"""The page that shows the API: Swagger UI from our own server, inside our own page, so that the content security policy holds."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class DocsPage(DocsBase):
    """Try-out works with the session of the browser (its CSRF token is sent) or with a token typed at "Authorize"."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        settings: dict[str, Any] = {
            "layout": "BaseLayout",
            "deepLinking": False,  # it would put a link inside each button
            "url": self.get_openapi_url(api, kwargs),
            "docExpansion": "list",
            "defaultModelsExpandDepth": -1,  # each operation shows its own; the list of all of them cannot be used by keyboard
        }
        return render(request, "rest/docs.html", {"settings": json.dumps(settings), "openapi_url": settings["url"]})
