"""What a client wrote under a key of its own, so that a repeated call writes nothing."""

from django.db import models


class KeyedWrite(models.Model):
    """One write of one account under one Idempotency-Key; `digest` is of what it asked for."""

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)
    record_id = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
