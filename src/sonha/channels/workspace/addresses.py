"""Where other parts of the product find pages of the workspace, without knowing it."""

from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.services.dossiers.selectors import dossiers


def dossier_address(actor: Actor, code: str) -> str:
    """Address of a dossier's page for officials; empty when the actor may not read it."""
    if not actor.is_official or not dossiers(actor).filter(code=code).exists():
        return ""
    return reverse("dossier", args=[code])
