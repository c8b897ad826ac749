"""The letter by which a new official sets a password: the same link as for a forgotten one."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest

from sonha.foundation.identity.models import User


def send_password_link(user: User, request: HttpRequest) -> None:
    """Mails the owner of the account a link to set a password, valid once and for a limited time."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    adapter = get_adapter(request)
    url = adapter.get_reset_password_from_key_url(key)
    adapter.send_password_reset_mail(
        user, user.email, {"user": user, "password_reset_url": url, "username": user.username, "request": request}
    )
