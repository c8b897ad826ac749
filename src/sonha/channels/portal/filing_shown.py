"""What a page of a filing is, and what its view answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse


@dataclass(frozen=True)
class Shown:
    """A page to be shown (again); a view gives None instead when everything was taken and the next page may follow."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Page:
    """One page of a filing: its key in the address, its title, and `view(request, draft, page)`."""

    key: str
    title: str
    view: Callable[..., Shown | HttpResponse | None]
