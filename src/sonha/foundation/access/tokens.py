"""Personal tokens for the API: shown once, kept as a digest, dated, revocable."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from sonha.foundation.identity.models import ApiToken, User


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(user: User, name: str, *, days: int = 90) -> str:
    """Creates a token for `user` and returns it in clear: the only time it can be read."""
    token = f"sonha_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, name=name, digest=digest(token), expires_at=timezone.now() + timedelta(days=days))
    return token


def user_of_token(token: str) -> User | AnonymousUser:
    """The user of a valid token, else the anonymous user."""
    found = ApiToken.objects.filter(
        digest=digest(token), revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True
    ).select_related("user")
    row = found.first()
    return row.user if row else AnonymousUser()
