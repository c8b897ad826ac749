"""Whether an official still has to set up a second factor (DESIGN, security floor: required outside demonstrations)."""

from typing import Any

from django.conf import settings


def lacks_second_factor(user: Any) -> bool:
    """True for officials without one where it is required; everyone else may go on."""
    if not settings.SONHA_OFFICIALS_NEED_MFA or not getattr(user, "is_official", False):
        return False
    from allauth.mfa.models import Authenticator

    return not Authenticator.objects.filter(user_id=user.pk).exists()
