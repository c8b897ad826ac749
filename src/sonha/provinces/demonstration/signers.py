"""Certificates of the demonstration's signers, in force since before its first dossier."""

from datetime import UTC, datetime

from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.models import Position, Unit
from sonha.foundation.signing import pki
from sonha.foundation.signing.models import Certificate
from sonha.foundation.signing.services import ensure_pki

YEARS_AHEAD_DAYS = 730


def certify_leader(actor: Actor, unit_id: int, since: datetime) -> None:
    """A certificate for an official in the office in which it signs; nothing when there is one."""
    assert actor.user
    position = Position.objects.filter(user=actor.user, unit_id=unit_id, role="leader").select_related("unit").first()
    if position is not None:
        name = actor.user.full_name
        subject = pki.Subject(name=name, position=position.title, unit=position.unit.name, ref=f"user:{actor.user.pk}")
        _certify(subject, Certificate.Kind.PERSON, since)


def certify_seal(unit: Unit, since: datetime) -> None:
    """A seal for an agency; nothing when there is one."""
    _certify(pki.Subject(name=unit.name, unit=unit.name, ref=f"unit:{unit.code}"), Certificate.Kind.SEAL, since)


def _certify(subject: pki.Subject, kind: str, since: datetime) -> None:
    ensure_pki()
    ours = pki.fingerprint(pki.certificate("issuing"))
    same = {"owner_ref": subject.ref, "name": subject.name, "position": subject.position, "unit": subject.unit, "kind": kind}
    for row in Certificate.objects.filter(**same, issuer_fingerprint=ours, valid_from__lte=since, revoked_at=None):
        if (pki.folder() / "keys" / f"{row.serial}.key").is_file():
            return
    key = pki.new_key()
    days = (datetime.now(UTC) - since).days + YEARS_AHEAD_DAYS
    certificate = pki.issue(subject, key.public_key(), valid_from=since, days=days)
    pki.store_key(pki.folder() / "keys" / f"{certificate.serial_number:x}.key", key)
    Certificate.objects.create(
        **same,
        key=Certificate.Key.SOFTWARE,
        subject=certificate.subject.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        issuer_fingerprint=ours,
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        pem=pki.pem(certificate).decode(),
    )
