"""Money asked for, money received, and the evidence of both. Amounts are whole đồng.

`Invoice` (phiếu yêu cầu thanh toán) asks; `Attempt` is one order placed with the gateway for it; `Payment` (khoản thu) is money that really
arrived, whether it was wanted or not; `Callback` keeps every message of the gateway as it came; `Reconciliation` (đối soát) compares a day.
"""

import secrets
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that is misread over the telephone


def new_code(prefix: str) -> str:
    """`TT261121-7K2M9QX`: prefix, day, and 35 random bits, so that a code is not guessed from another."""
    return f"{prefix}{timezone.localdate():%y%m%d}-{''.join(secrets.choice(ALPHABET) for _ in range(7))}"


def new_invoice_code() -> str:
    return new_code("TT")


def new_attempt_code() -> str:
    return new_code("GD")


class Invoice(models.Model):
    """A request to pay - phiếu yêu cầu thanh toán. Its lines and total never change after it was issued."""

    class State(models.TextChoices):
        OPEN = "open", _("Chờ thanh toán")
        PAID = "paid", _("Đã thanh toán")
        CANCELLED = "cancelled", _("Đã huỷ")
        REFUNDED = "refunded", _("Đã hoàn tiền")

    class CancelReason(models.TextChoices):
        EXPIRED = "expired", _("Quá hạn thanh toán")
        WITHDRAWN = "withdrawn", _("Không còn phải nộp")
        REPLACED = "replaced", _("Thay bằng phiếu khác")

    code = models.CharField(max_length=24, unique=True, default=new_invoice_code, editable=False)
    subject_kind = models.CharField(max_length=64)
    subject_ref = models.CharField(max_length=64)
    title = models.CharField(max_length=250)
    lines = models.JSONField(help_text="[{code, kind: fee|charge|right_fee, title, amount}]")
    total = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    payer_name = models.CharField(max_length=250)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=10, choices=CancelReason, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_ref"], name="invoice_subject"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="invoice_open_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(total__gt=0), name="invoice_total_positive"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_at__isnull=False), name="invoice_paid_has_time"),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False) | ~Q(state="cancelled"), name="invoice_cancelled_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due_at is not None and self.due_at < timezone.now()

    @property
    def settling_payment(self) -> "Payment | None":
        return self.payments.filter(standing=Payment.Standing.SETTLES).first()


class Attempt(models.Model):
    """One order placed with the gateway for an invoice - lần giao dịch. `code` is the reference the gateway knows it by."""

    class State(models.TextChoices):
        PENDING = "pending", _("Đang chờ kết quả")
        SUCCEEDED = "succeeded", _("Thành công")
        FAILED = "failed", _("Không thành công")
        EXPIRED = "expired", _("Hết hạn")

    code = models.CharField(max_length=24, unique=True, default=new_attempt_code, editable=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="attempts")
    amount = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    order_id = models.CharField(max_length=64, blank=True)
    pay_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["created_at"], condition=Q(state="pending"), name="attempt_pending")]

    def __str__(self) -> str:
        return self.code


class Payment(models.Model):
    """Money that arrived - khoản thu. A row exists for every movement the gateway confirmed, also for money nobody asked for."""

    class Channel(models.TextChoices):
        GATEWAY = "gateway", _("Cổng thanh toán")
        DESK = "desk", _("Tại quầy")

    class Source(models.TextChoices):
        CALLBACK = "callback", _("Thông báo của cổng")
        QUERY = "query", _("Tra cứu tại cổng")
        STATEMENT = "statement", _("Sao kê trong ngày")
        DESK = "desk", _("Thu tại quầy")

    class Standing(models.TextChoices):
        SETTLES = "settles", _("Thanh toán cho phiếu")
        DOUBLE = "double", _("Nộp trùng")
        WRONG_AMOUNT = "wrong_amount", _("Sai số tiền")
        LATE = "late", _("Nộp sau khi phiếu hết hiệu lực")
        UNKNOWN_ORDER = "unknown_order", _("Không rõ nộp cho phiếu nào")

    class Refund(models.TextChoices):
        NONE = "none", _("Không phải hoàn")
        DUE = "due", _("Cần hoàn")
        REQUESTED = "requested", _("Đã yêu cầu hoàn")
        REFUNDED = "refunded", _("Đã hoàn")

    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="payments")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, related_name="payments")
    channel = models.CharField(max_length=8, choices=Channel)
    source = models.CharField(max_length=10, choices=Source)
    standing = models.CharField(max_length=14, choices=Standing)
    amount = models.BigIntegerField()
    transaction_id = models.CharField(max_length=64, null=True, unique=True, help_text="The gateway's; none for cash.")
    reference = models.CharField(max_length=64, blank=True, help_text="As the gateway gave it, also when unknown here.")
    at = models.DateTimeField(help_text="When the payer paid, by the clock of whoever took the money.")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    receipt_number = models.CharField(max_length=24, null=True, unique=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    refund = models.CharField(max_length=10, choices=Refund, default=Refund.NONE)
    refund_reference = models.CharField(max_length=64, blank=True)
    refund_transaction_id = models.CharField(max_length=64, blank=True)
    refunded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["channel", "at"], name="payment_channel_at"),
            models.Index(fields=["refund"], condition=Q(refund__in=["due", "requested"]), name="payment_to_refund"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.UniqueConstraint(fields=["invoice"], condition=Q(standing="settles"), name="payment_settles_once"),
            models.CheckConstraint(
                condition=Q(channel="gateway", transaction_id__isnull=False) | Q(channel="desk", receipt_number__isnull=False),
                name="payment_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_number or self.transaction_id or ""


class ReceiptCounter(models.Model):
    """Last receipt number of a year; locking the row makes the numbers gapless."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Callback(models.Model):
    """A message of the gateway exactly as it came, with what was made of it. Never changed, never trusted twice."""

    class Verdict(models.TextChoices):
        RECEIVED = "received", _("Đã nhận, chưa xử lý xong")
        ACCEPTED = "accepted", _("Đã ghi nhận")
        DUPLICATE = "duplicate", _("Lặp lại")
        CONFLICT = "conflict", _("Mâu thuẫn với lần trước")
        EARLY = "early", _("Đến trước khoản thu")
        BAD_SIGNATURE = "bad_signature", _("Sai chữ ký")
        MALFORMED = "malformed", _("Không đúng mẫu")
        FAILED = "failed", _("Xử lý bị lỗi")

    received_at = models.DateTimeField(default=timezone.now, editable=False)
    address = models.GenericIPAddressField(null=True)
    raw = models.TextField()
    event_id = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(max_length=14, choices=Verdict, default=Verdict.RECEIVED)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="callbacks")
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["verdict", "received_at"], name="callback_verdict"),
            models.Index(fields=["reference"], name="callback_reference"),
        ]


class Reconciliation(models.Model):
    """Comparison of one day with the gateway's statement - đối soát."""

    day = models.DateField(unique=True)
    ran_at = models.DateTimeField(default=timezone.now)
    rows = models.JSONField(default=list, help_text="The statement as received.")
    theirs_count = models.IntegerField(default=0)
    theirs_total = models.BigIntegerField(default=0)
    ours_count = models.IntegerField(default=0)
    ours_total = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-day"]

    @property
    def open_differences(self) -> int:
        return self.differences.filter(resolved_at=None).count()


class Difference(models.Model):
    """One thing on which the two sides disagree, or that a person must settle."""

    class Kind(models.TextChoices):
        MISSING_HERE = "missing_here", _("Cổng có, hệ thống chưa có")
        MISSING_THERE = "missing_there", _("Hệ thống có, cổng không có")
        AMOUNT_DIFFERS = "amount_differs", _("Số tiền khác nhau")
        DOUBLE = "double", _("Nộp trùng, cần hoàn tiền")
        REFUND_MISSING_HERE = "refund_missing_here", _("Cổng đã hoàn, hệ thống chưa ghi")
        REFUND_MISSING_THERE = "refund_missing_there", _("Hệ thống ghi đã hoàn, cổng không có")

    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=20, choices=Kind)
    transaction_id = models.CharField(max_length=64)
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="+")
    ours = models.BigIntegerField(null=True)
    theirs = models.BigIntegerField(null=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolution = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reconciliation", "kind", "transaction_id"], name="difference_once"),
        ]


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Invoice)
pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Payment)
