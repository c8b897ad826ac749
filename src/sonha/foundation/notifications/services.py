"""Notifying persons, and their choices."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from sonha.foundation.jobs.services import enqueue

from . import kinds, selectors
from .models import Delivery, Message, Preference

UNSUBSCRIBE_SALT = "sonha.notifications.unsubscribe"


@transaction.atomic
def notify(user: Any, kind: str, context: Mapping[str, object], *, link: str = "", key: str | None = None) -> Message | None:
    """Tells `user` (an identity.User) something, by the channels they chose, when the current transaction commits.

    `context` has exactly the names in braces of the kind's texts. `link` is a path within the platform. With `key` a second call for the
    same person does nothing and returns None, as it does when they want no message of this kind. LookupError for an undeclared kind,
    ValueError for a wrong context or link.
    """
    declared = kinds.kind(kind)
    if set(context) != declared.placeholders:
        raise ValueError(f"{kind}: the context must be exactly {sorted(declared.placeholders)}, not {sorted(context)}")
    if link and not (link.startswith("/") and url_has_allowed_host_and_scheme(link, allowed_hosts=None)):
        raise ValueError(f"{kind}: {link!r} is not a path within the platform")
    chosen = selectors.channels(user, declared)
    by_mail = kinds.EMAIL in chosen and bool(user.email)
    if not user.is_active or not (by_mail or kinds.APP in chosen):
        return None
    title, body = declared.text(context, user.language)
    values = {"kind": kind, "title": title[:250], "body": body, "link": link, "in_app": kinds.APP in chosen}
    if key is None:
        message = Message.objects.create(user=user, **values)
    else:
        message, created = Message.objects.get_or_create(user=user, key=key[:120], defaults=values)
        if not created:
            return None
    if by_mail:
        delivery = Delivery.objects.create(message=message, address=user.email)
        enqueue("notifications.send_mail", lock=f"mail:{delivery.pk}", delivery=delivery.pk)
    return message


def mark_read(actor: Any, message_id: int | None = None) -> int:
    """Marks one message of the actor, or all of them, as read. Returns how many were unread."""
    unread = selectors.messages(actor).filter(read_at=None)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return unread.update(read_at=timezone.now())


@transaction.atomic
def choose(user: Any, choices: Mapping[tuple[str, str], bool]) -> None:
    """Stores choices {(kind, channel): on}. LookupError for an undeclared kind, ValueError for an unknown channel."""
    for (name, channel), on in choices.items():
        kinds.kind(name)
        if channel not in kinds.CHANNELS:
            raise ValueError(f"no channel is named {channel!r}")
        Preference.objects.update_or_create(user=user, kind=name, channel=channel, defaults={"on": on})


def unsubscribe_token(user_id: int, kind: str) -> str:
    """For the link at the foot of an e-mail: it stops e-mails of one kind to one person and can do nothing else."""
    return signing.dumps([user_id, kind], salt=UNSUBSCRIBE_SALT)


def read_token(token: str) -> tuple[int, str]:
    """(user id, kind). ValueError when the token is not ours."""
    try:
        user_id, kind = signing.loads(token, salt=UNSUBSCRIBE_SALT)
    except signing.BadSignature:
        raise ValueError("not a token of this platform") from None
    return user_id, kind
