"""What upper layers add to pages of registers, which know nothing of them."""

from collections.abc import Callable

from sonha.foundation.access.actor import Actor

DossierUrl = Callable[[Actor, str], str]

_dossier_url: list[DossierUrl] = []


def register_dossier_url(of: DossierUrl) -> None:
    """`of(actor, code)` gives the address of a dossier's page, empty when the actor may not read it."""
    _dossier_url[:] = [of]


def dossier_url(actor: Actor, code: str) -> str:
    """Empty when nobody said where dossiers are read."""
    return _dossier_url[0](actor, code) if code and _dossier_url else ""
