"""Five wrong passwords lock an account's sign-in for a while; the page says until when and what else can be done."""

from typing import Any

from allauth.account.signals import password_reset
from axes.conf import settings as axes_settings
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sonha.foundation.identity.models import User


def typed_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Whom the attempts are counted for: one account, however its name is typed and whether by name or by e-mail."""
    said = (credentials or {}).get("username") or (credentials or {}).get("email") or (request.POST.get("login") if request else "") or ""
    said = str(said).strip()[:150]
    found = User.objects.filter(Q(username__iexact=said) | Q(email__iexact=said)).order_by("pk").first() if said else None
    return (found.username if found else said).lower()


def locked_page(request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """The page in place of the sign-in form while it is locked."""
    attempts = AccessAttempt.objects.filter(username=typed_name(request, credentials)).order_by("-attempt_time")
    latest = attempts.first()
    pause = get_cool_off(request)
    until = (latest.attempt_time if latest else timezone.now()) + pause if pause else None
    context = {
        "until": until,
        "failures": axes_settings.AXES_FAILURE_LIMIT,
        "minutes": round(pause.total_seconds() / 60) if pause else None,
    }
    return render(request, "identity/locked.html", context, status=429)


def is_locked(user: User) -> bool:
    """Whether too many wrong passwords were typed for this account just now, from any address."""
    pause = get_cool_off()
    recent = AccessAttempt.objects.filter(username=user.username.lower(), failures_since_start__gte=axes_settings.AXES_FAILURE_LIMIT)
    return recent.filter(attempt_time__gt=timezone.now() - pause).exists() if pause else recent.exists()


def unlock(user: User) -> None:
    """Forgets the wrong passwords typed for this account."""
    reset(username=user.username.lower())


@receiver(password_reset)
def _unlock_after_reset(sender: Any, user: User, **kwargs: Any) -> None:
    """Who could set a new password through the e-mail is the owner: no reason to wait."""
    unlock(user)
