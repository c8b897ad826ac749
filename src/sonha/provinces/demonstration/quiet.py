"""Mail and the little red number: what happened months ago is neither mailed today nor shown as unread."""

from collections.abc import Iterable

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.notifications.kinds import EMAIL, all_kinds
from sonha.foundation.notifications.services import choose, mark_read


def silence(users: Iterable[User]) -> None:
    """No e-mail to these accounts until `wake`."""
    _mail(users, on=False)


def wake(users: Iterable[User]) -> None:
    """E-mail as usual again; everything told so far has been read."""
    _mail(users, on=True)
    for user in users:
        mark_read(Actor.of(user))


def _mail(users: Iterable[User], *, on: bool) -> None:
    choices = {(kind.name, EMAIL): on for kind in all_kinds() if EMAIL in kind.default_channels}
    for user in users:
        choose(user, {choice: wanted for choice, wanted in choices.items() if user.email})
