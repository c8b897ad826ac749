"""Reads: one's own messages and choices, nobody else's."""

from typing import Any

from django.db.models import QuerySet

from . import kinds
from .models import Delivery, Message, Preference

COUNTED_UP_TO = 100


def messages(actor: Any) -> QuerySet[Message]:
    """The actor's own messages, newest first; none for visitors."""
    if actor.user is None:
        return Message.objects.none()
    return Message.objects.filter(user_id=actor.user.pk, in_app=True).order_by("-id")


def unread_count(actor: Any) -> int:
    """Unread messages of the actor, counted up to COUNTED_UP_TO."""
    return messages(actor).filter(read_at=None).order_by()[:COUNTED_UP_TO].count()


def channels(user: Any, kind: kinds.Kind) -> frozenset[str]:
    """Channels on which `user` wants messages of `kind`."""
    chosen = dict(Preference.objects.filter(user=user, kind=kind.name).values_list("channel", "on"))
    return frozenset(channel for channel in kinds.CHANNELS if chosen.get(channel, channel in kind.default_channels))


def choices(user: Any) -> list[tuple[kinds.Kind, dict[str, bool]]]:
    """Every kind that may reach `user`, with {channel: on}."""
    chosen = {(kind, channel): on for kind, channel, on in Preference.objects.filter(user=user).values_list("kind", "channel", "on")}
    return [
        (kind, {channel: chosen.get((kind.name, channel), channel in kind.default_channels) for channel in kinds.CHANNELS})
        for kind in kinds.all_kinds()
        if user.is_official or not kind.for_officials
    ]


def undelivered() -> QuerySet[Delivery]:
    """E-mails that could not be sent, for the administrators' digest."""
    return Delivery.objects.filter(state=Delivery.State.FAILED)
