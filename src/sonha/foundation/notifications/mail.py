"""From a message to an e-mail and onto the wire."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from sonha.foundation.jobs.declarations import OUTSIDE

from .models import Delivery
from .services import unsubscribe_token


def send(delivery: Delivery) -> None:
    """Sends once more unless it was sent. Raises OSError or SMTPException when it should be tried again; a refusal for good is only noted.

    Each e-mail has its own Message-ID, the same at every attempt, so that a mail server recognises one that it already took.
    """
    if delivery.state != Delivery.State.WAITING:
        return
    delivery.attempts += 1
    try:
        compose(delivery).send()
    except (OSError, smtplib.SMTPException) as error:
        refused = _for_good(error)
        delivery.problem = type(error).__name__ if not refused else f"{type(error).__name__} {refused}"
        if refused or delivery.attempts > len(OUTSIDE):
            delivery.state = Delivery.State.FAILED
        delivery.save(update_fields=["attempts", "problem", "state"])
        if refused:
            return
        raise
    delivery.state, delivery.sent_at, delivery.problem = Delivery.State.SENT, timezone.now(), ""
    delivery.save(update_fields=["attempts", "problem", "state", "sent_at"])


def compose(delivery: Delivery) -> EmailMessage:
    """Plain text: the message, where to read on, how to stop such mails. No name, no address of the reader."""
    message = delivery.message
    stop = settings.SITE_URL + reverse("notifications:unsubscribe", args=[unsubscribe_token(message.user_id, message.kind)])
    with translation.override(message.user.language):
        body = render_to_string(
            "notifications/mail.txt", {"message": message, "site": settings.SITE_URL, "name": settings.SITE_NAME, "stop": stop}
        )
    host = settings.SITE_URL.split("//", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    headers = {
        "Message-ID": f"<sonha-{delivery.pk}-{message.created_at:%Y%m%d%H%M%S}@{host}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(" ".join(message.title.split()), body, to=[delivery.address], headers=headers)


def _for_good(error: Exception) -> int | None:
    """The server's code when it says never (5xx), else None."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return codes[0] if codes and all(code >= 500 for code in codes) else None
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        return None  # our own set-up is wrong: an administrator repairs it, the letter waits
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:
        return error.smtp_code
    return None
