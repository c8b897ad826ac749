"""Certificates issued, and the register of signed documents that anyone may look up."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Certificate(models.Model):
    """Chứng thư số: one certificate, its owner by reference (foundation does not know who that is), and its end."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Cá nhân")
        SEAL = "seal", _("Cơ quan, tổ chức")

    class Key(models.TextChoices):
        SOFTWARE = "software", _("Khóa mềm trên máy chủ")
        TOKEN = "token", _("Thiết bị PKCS#11")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=10, choices=Key.choices, default=Key.SOFTWARE)
    owner_ref = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    position = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=300)
    subject = models.TextField()
    serial = models.CharField(max_length=40, unique=True, help_text="hexadecimal")
    issuer_fingerprint = models.CharField(max_length=64)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revocation_reason = models.CharField(max_length=40, blank=True)
    pem = models.TextField()

    class Meta:
        indexes = (models.Index(fields=["owner_ref", "kind"]),)

    def __str__(self) -> str:
        return f"{self.name} ({self.serial})"


class SignedDocument(models.Model):
    """Văn bản đã ký: what was issued, found by its code (QR) or by its hash.

    `meta` is public: no personal data goes there.
    """

    code = models.CharField(max_length=10, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    meta = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = (models.Index(fields=["-signed_at"]),)

    def __str__(self) -> str:
        return f"{self.title} [{self.code}]"
