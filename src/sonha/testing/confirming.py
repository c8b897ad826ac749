"""Saving as an administrator does: what would change is looked at, then confirmed."""

from collections.abc import Mapping
from typing import Any

from django.test import Client


def confirmed(client: Client, address: str, said: Mapping[str, Any], *, follow: bool = False) -> Any:
    """Posts, and confirms the preview when there is one. The answer to the last post: a refusal (422) is not confirmed."""
    page: Any = client.post(address, said, follow=follow)
    seen = page.context.get("seen") if page.status_code == 200 and page.context else None
    return client.post(address, {**said, "confirmed": seen}, follow=follow) if seen else page
