"""Personal tokens for the API: shown once, kept as a digest, dated, revocable, for reading only unless asked otherwise."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.identity.models import ApiToken, User

LIFETIMES = (30, 90, 180, 365)  # days
MOST = 20  # usable tokens of one account
NOTE_USE_EVERY = timedelta(minutes=5)  # a busy client must not write a row with every request


class TokenRefused(Exception):
    """The token cannot be made; the text is one sentence for the person."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_token(user: User, name: str, *, scope: str = ApiToken.Scope.READ, days: int = 90) -> str:
    """Creates a token for `user` and returns it in clear: the only time it can be read.

    TokenRefused when the account has a usable token of this name already (a repeated form must not make a second one) or too many.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two forms at once are put in order
    name = name.strip()
    if usable(user).filter(name=name).exists():
        raise TokenRefused(_("Ông/bà đang có một mã truy cập tên này; xin đặt tên khác hoặc thu hồi mã cũ."))
    if usable(user).count() >= MOST:
        raise TokenRefused(_("Mỗi tài khoản có nhiều nhất %(most)d mã truy cập; xin thu hồi mã không dùng nữa.") % {"most": MOST})
    token = f"sonha_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, name=name, scope=scope, digest=digest(token), expires_at=timezone.now() + timedelta(days=days))
    record("token.issued", subject=user, actor=Actor.of(user), payload={"scope": str(scope), "days": days})
    return token


@transaction.atomic
def revoke_token(user: User, token_id: UUID) -> bool:
    """Ends one of the user's own tokens at once; False when there is no such usable token."""
    token = usable(user).select_for_update(of=("self",)).filter(pk=token_id).first()
    if token is None:
        return False
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record("token.revoked", subject=user, actor=Actor.of(user), payload={"token": token_id})
    return True


def usable(user: User) -> QuerySet[ApiToken]:
    """Tokens of `user` that work now, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now()).order_by("-created_at")


def find_token(token: str) -> ApiToken | None:
    """The usable token that reads so, with its user; notes that it was used."""
    now = timezone.now()
    found = (
        ApiToken.objects.filter(digest=digest(token), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .select_related("user")
        .first()
    )
    if found is not None:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTE_USE_EVERY)
        if found.last_used_at is None or found.last_used_at < now - NOTE_USE_EVERY:
            ApiToken.objects.filter(stale, pk=found.pk).update(last_used_at=now)
    return found
