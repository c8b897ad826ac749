"""Writes.

The CA at set-up, certificates of officials and agencies, revocation, and the register of signed documents.
"""

import hashlib
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from django.db import transaction
from django.utils import timezone

from sonha.foundation.signing import codes, isolation, pki, selectors, trust, verification
from sonha.foundation.signing.models import Certificate, SignedDocument
from sonha.foundation.signing.pades import Box, sign_pdf
from sonha.foundation.signing.signers import Credential, Signer, SigningFailed, SoftwareSigner
from sonha.foundation.signing.stamps import StampContext

REASONS = ("unspecified", "key_compromise", "affiliation_changed", "superseded", "cessation_of_operation")


def ensure_pki() -> None:
    """Creates the test CA under SONHA_DATA/pki unless it exists (about 1 s once).

    Called at set-up; harmless to repeat.
    """
    pki.create()


def _row(certificate: x509.Certificate, subject: pki.Subject, kind: str, key: str) -> Certificate:
    return Certificate.objects.create(
        kind=kind,
        key=key,
        owner_ref=subject.ref,
        name=subject.name,
        position=subject.position,
        unit=subject.unit,
        subject=certificate.subject.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        issuer_fingerprint=pki.fingerprint(pki.certificate("issuing")),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        pem=pki.pem(certificate).decode(),
    )


def _credential(row: Certificate) -> Credential:
    return Credential(
        pem=row.pem.encode(),
        key_file=pki.folder() / "keys" / f"{row.serial}.key",
        name=row.name,
        position=row.position,
        unit=row.unit,
        serial=row.serial,
        is_seal=row.kind == Certificate.Kind.SEAL,
    )


def _existing(subject: pki.Subject, kind: str) -> Credential | None:
    rows = selectors.usable_certificates(subject.ref).filter(
        kind=kind,
        key=Certificate.Key.SOFTWARE,
        name=subject.name,
        position=subject.position,
        unit=subject.unit,
        issuer_fingerprint=pki.fingerprint(pki.certificate("issuing")),
    )
    return next((credential for row in rows if (credential := _credential(row)).key_file.is_file()), None)


def _software_credential(subject: pki.Subject, kind: str) -> Credential:
    ensure_pki()
    if found := _existing(subject, kind):
        return found
    with pki.locked(), transaction.atomic():
        if found := _existing(subject, kind):
            return found
        key = pki.new_key()
        certificate = pki.issue(subject, key.public_key())
        pki.store_key(pki.folder() / "keys" / f"{certificate.serial_number:x}.key", key)
        return _credential(_row(certificate, subject, kind, Certificate.Key.SOFTWARE))


def certificate_for(user_ref: str, name: str, position: str, unit: str) -> Credential:
    """The official's signing certificate and key, issued when none is in force for this name, position and unit."""
    return _software_credential(pki.Subject(name=name, position=position, unit=unit, ref=user_ref), Certificate.Kind.PERSON)


def seal_for(agency_ref: str, agency: str) -> Credential:
    """The agency's seal certificate (chữ ký số của cơ quan), issued when there is none in force."""
    return _software_credential(pki.Subject(name=agency, unit=agency, ref=agency_ref), Certificate.Kind.SEAL)


@transaction.atomic
def certify_token(public_key: CertificatePublicKeyTypes, subject: pki.Subject, *, is_seal: bool = False) -> Certificate:
    """A certificate for a key that lives in a PKCS#11 token; the caller writes the PEM onto the token."""
    ensure_pki()
    certificate = pki.issue(subject, public_key)
    return _row(certificate, subject, Certificate.Kind.SEAL if is_seal else Certificate.Kind.PERSON, Certificate.Key.TOKEN)


def publish_crl() -> bytes:
    """Signs and stores the revocation list from the table; returns it (DER)."""
    ours = pki.fingerprint(pki.certificate("issuing"))
    rows = Certificate.objects.filter(issuer_fingerprint=ours, revoked_at__isnull=False).order_by("revoked_at")
    return pki.write_crl(
        [pki.Revoked(int(row.serial, 16), row.revoked_at, row.revocation_reason or "unspecified") for row in rows if row.revoked_at]
    )


def revoke(serial: str, reason: str = "unspecified", *, at: datetime | None = None) -> Certificate:
    """Revokes a certificate from `at` (default now; earlier when the key was lost earlier) and publishes the list.

    Signatures proven by a time stamp before `at` stay valid. ValueError for an unknown reason, Certificate.DoesNotExist
    for the serial.
    """
    if reason not in REASONS:
        raise ValueError(f"Lý do thu hồi không hợp lệ: {reason}.")
    with transaction.atomic():
        row = Certificate.objects.select_for_update().get(serial=serial)
        row.revoked_at = min(filter(None, (row.revoked_at, at or timezone.now())))
        row.revocation_reason = reason
        row.save(update_fields=["revoked_at", "revocation_reason"])
        publish_crl()
    return row


def sign_as(
    pdf: bytes,
    credential: Credential,
    *,
    reason: str,
    location: str,
    field_name: str,
    image: bytes = b"",
    page: int = -1,
    position: str | Box | None = None,
    signer: Signer | None = None,
) -> bytes:
    """Signs with the visible stamp that belongs to the credential: the personal block, or the agency's red seal.

    `signer` replaces the software key (a token). Raises SigningFailed when the certificate is revoked or out of date.
    """
    if not Certificate.objects.filter(serial=credential.serial, valid_to__gt=timezone.now(), revoked_at=None).exists():
        raise SigningFailed(f"Chứng thư số của {credential.name} đã hết hạn hoặc bị thu hồi; cần cấp chứng thư mới.")
    stamp = StampContext(
        kind="seal" if credential.is_seal else "person",
        name=credential.name,
        unit=credential.unit,
        position=credential.position,
        image=image,
    )
    return sign_pdf(
        pdf,
        signer or SoftwareSigner(credential),
        reason=reason,
        location=location,
        field_name=field_name,
        stamp=stamp,
        page=page,
        position=position,
    )


def sign_number(pdf: bytes, credential: Credential, *, number: str, place: str, reason: str, location: str, field_name: str) -> bytes:
    """Adds the document's number and date in the letterhead, as a visible signature of the agency: earlier signatures stay valid."""
    stamp = StampContext(kind="number", name=credential.name, unit=credential.unit, number=number, place=place)
    return sign_pdf(
        pdf, SoftwareSigner(credential), reason=reason, location=location, field_name=field_name, stamp=stamp, position="number"
    )


def current_trust() -> verification.Trust:
    """Trust roots and revocation lists of this installation, the own list rewritten when it is a day old."""
    ensure_pki()
    if not trust.crl_is_fresh():
        publish_crl()
    return trust.load()


def verify_pdf(pdf: bytes) -> verification.Verification:
    """Report on a document of our own, in this process. Never raises on garbage bytes: says what is wrong."""
    return verification.verify(pdf, current_trust())


def verify_upload(pdf: bytes) -> verification.Verification:
    """The same for a stranger's file: in a child process with limits."""
    return isolation.verify_isolated(pdf, current_trust())


def sha256(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


def reserve_code() -> str:
    """A fresh code to print on a paper before it is signed.

    `record_signed(..., code=...)` then binds it to the signed file.
    """
    while SignedDocument.objects.filter(code=(code := codes.new())).exists():
        continue
    return code


@transaction.atomic
def record_signed(
    pdf: bytes,
    *,
    kind: str,
    title: str,
    code: str = "",
    signed_at: datetime | None = None,
    meta: dict[str, Any] | None = None,
) -> SignedDocument:
    """Registers a finished signed file so that anyone can check it by code, QR or upload. The same file twice gives the
    same row.

    `meta` is shown to the public (number, issuing agency …): no personal data. IntegrityError when `code` belongs to
    another file.
    """
    document, _ = SignedDocument.objects.get_or_create(
        sha256=sha256(pdf),
        defaults={
            "code": code or reserve_code(),
            "kind": kind,
            "title": title,
            "signed_at": signed_at or timezone.now(),
            "meta": meta or {},
        },
    )
    return document


@transaction.atomic
def withdraw_signed(code: str, reason: str) -> SignedDocument:
    """Marks a document as no longer in force (revoked, replaced); its page says so.

    SignedDocument.DoesNotExist for an unknown code.
    """
    document = SignedDocument.objects.select_for_update().get(code=code)
    document.withdrawn_at, document.withdrawn_reason = timezone.now(), reason
    document.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return document
