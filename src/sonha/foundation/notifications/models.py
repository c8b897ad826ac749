"""Messages to persons, their choices, and what became of the e-mails."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """A notification (thông báo) as its reader sees it, in the language that was theirs."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    title = models.CharField(max_length=250)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    in_app = models.BooleanField(default=True)
    key = models.CharField(max_length=120, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="message_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="message_newest", condition=models.Q(in_app=True)),
            models.Index(fields=["user"], name="message_unread", condition=models.Q(in_app=True, read_at=None)),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """A person's choice for one kind and channel; without a row the kind's default holds."""

    class Channel(models.TextChoices):
        APP = "app", _("Trong hệ thống")
        EMAIL = "email", _("Thư điện tử")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, choices=Channel)
    on = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once")]


class Delivery(models.Model):
    """An e-mail on its way (thư gửi đi)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ gửi")
        SENT = "sent", _("Đã gửi")
        FAILED = "failed", _("Không gửi được")

    message = models.OneToOneField(Message, models.CASCADE, related_name="delivery")
    address = models.EmailField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state"], name="delivery_unsent", condition=~models.Q(state="sent"))]
