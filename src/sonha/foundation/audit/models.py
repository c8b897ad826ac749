"""Rows of the audit log. They are written once: triggers (0002_integrity) compute the chain and refuse every change."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from . import verbs


class Event(models.Model):
    """One business event (sự kiện): who did what to which thing, linked to the previous event of that thing.

    `at` is when it happened, `recorded_at` when the database took it in. `seq`, `prev_hash` and `hash` are set by the database; whatever
    the application says about them is overwritten.
    """

    at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    actor_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    actor_label = models.CharField(max_length=200, blank=True)
    unit_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_ref = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    seq = models.BigIntegerField(db_default=0, editable=False)
    prev_hash = models.CharField(max_length=64, db_default="", editable=False)
    hash = models.CharField(max_length=64, db_default="", editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_ref", "seq"], name="audit_event_chain")]
        indexes = [
            models.Index(fields=["actor_user", "-id"], name="audit_event_actor"),
            models.Index(fields=["verb", "-id"], name="audit_event_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_ref} {self.seq} {self.verb}"

    @property
    def actor_name(self) -> str:
        """Label kept with the event; for people outside the administration, whose names are not kept, the account's."""
        if self.actor_label and not self.actor_label.startswith("system:"):
            return self.actor_label
        return str(self.actor_user) if self.actor_user_id else _("Hệ thống")

    @property
    def sentence(self) -> str:
        return verbs.words(self.verb, self.payload, self.actor_name)


class ChainHead(models.Model):
    """Last link of each chain; locking it puts the writers of one thing in line. Only the database writes it."""

    chain = models.CharField(primary_key=True, max_length=130)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)


class Seal(models.Model):
    """Nightly seal (niêm phong): signed digest of everything recorded since the previous seal, chained to it."""

    at = models.DateTimeField(default=timezone.now)
    number = models.BigIntegerField(unique=True)
    body = models.TextField(help_text="Canonical JSON: what was sealed.")
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    signer = models.CharField(max_length=200)
    signature = models.BinaryField()
    timestamp = models.BinaryField(null=True, help_text="RFC 3161 token over the hash, when the time-stamping authority answered.")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.at:%d/%m/%Y}"


class Check(models.Model):
    """Result of one verification of the whole log, kept so that pages and the digest need not repeat it."""

    at = models.DateTimeField(default=timezone.now)
    ok = models.BooleanField()
    links = models.BigIntegerField()
    seals = models.BigIntegerField()
    rows = models.BigIntegerField()
    broken = models.JSONField(default=list, help_text="Sentences, the first broken link first.")
    seconds = models.FloatField()

    class Meta:
        ordering = ["-id"]
