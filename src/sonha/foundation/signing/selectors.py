"""Reads.

Signed documents are public by design: whoever holds the paper, its code or its file may ask whether it is genuine.
"""

import re
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from sonha.foundation.signing import codes
from sonha.foundation.signing.models import Certificate, SignedDocument


def find_signed(reference: str) -> SignedDocument | None:
    """The signed document with this code (as typed) or this SHA-256 of its file; None when unknown."""
    if re.fullmatch(r"[0-9a-fA-F]{64}", reference.strip()):
        return SignedDocument.objects.filter(sha256=reference.strip().lower()).first()
    code = codes.read(reference)
    return SignedDocument.objects.filter(code=code).first() if code else None


def usable_certificates(owner_ref: str, *, at: datetime | None = None) -> QuerySet[Certificate]:
    """Certificates of an owner that are in force at `at` (default now), newest first.

    For the owner's own services, not for pages.
    """
    moment = at or timezone.now()
    return Certificate.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=moment), owner_ref=owner_ref, valid_from__lte=moment, valid_to__gt=moment
    ).order_by("-valid_from")
