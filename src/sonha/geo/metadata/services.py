"""Writing what is said about a register's data."""

from django.db import transaction

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record as audit

from .models import Description


@transaction.atomic
def describe(actor: Actor, description: Description) -> None:
    """Keeps a description that its form has checked."""
    description.save()
    audit("metadata.changed", subject=("register", description.register), actor=actor, payload={"register": description.register})
