"""What upper layers add to pages of registers, which know nothing of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from sonha.foundation.access.actor import Actor

DossierUrl = Callable[[Actor, str], str]

_dossier_url: list[DossierUrl] = []


@dataclass(frozen=True, slots=True)
class DatabasePage:
    """A page of a sector's own that belongs to a database, led to from the database's page by `view` (its URL name). It is everybody's."""

    title: str | Promise
    about: str | Promise
    view: str


_pages: dict[str, list[DatabasePage]] = {}


def register_page(database: str, page: DatabasePage) -> None:
    """`database`: its code."""
    held = _pages.setdefault(database, [])
    if page not in held:
        held.append(page)


def pages_of(database: str) -> list[DatabasePage]:
    return _pages.get(database, [])


def register_dossier_url(of: DossierUrl) -> None:
    """`of(actor, code)` gives the address of a dossier's page, empty when the actor may not read it."""
    _dossier_url[:] = [of]


def dossier_url(actor: Actor, code: str) -> str:
    """Empty when nobody said where dossiers are read."""
    return _dossier_url[0](actor, code) if code and _dossier_url else ""
