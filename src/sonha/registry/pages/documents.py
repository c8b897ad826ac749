"""The documents that changes rest on: scans of decisions, minutes, contracts."""

from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import store
from sonha.registry.declarations import registers
from sonha.registry.grants.rights import content_fields, rights
from sonha.registry.records.models import Change

PURPOSE = "register"
ACCEPTED = "pdf,image,docx"
LARGEST = 20 * 1024 * 1024
KEPT = 24 * 3600  # seconds a document waits for its form to be right
SALT = "registers.document"


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Its sender, and officials who read a record that it changed in full: a scan shows what fields would mask."""
    if actor.user_id is not None and file.uploaded_by_id == actor.user_id:
        return True
    if not actor.is_official:
        return False
    return any(_reads_changed(actor.in_office(), change) for change in Change.objects.filter(document=file)[:20])


def _reads_changed(actor: Actor, change: Change) -> bool:
    for register in registers():
        if change.register not in (register.code, register.database.code):
            continue
        held = rights(actor, register)
        if not content_fields(register) - register.secret <= held.inside | held.outside:
            continue
        versions = register.model.Version.objects.filter(change=change)  # type: ignore[attr-defined]
        if versions.filter(held.condition(), held.where_shown(content_fields(register) - register.secret)).exists():
            return True
    return False


def received(upload: Any, kept: str, actor: Actor) -> tuple[StoredFile | None, str]:
    """The document sent now, or the one kept from the form's last try; and the token that keeps it for the next. ValidationError."""
    if upload:
        try:
            file = store(upload, actor_user=actor.user, accept=ACCEPTED, max_bytes=LARGEST, purpose=PURPOSE)
        except FileRefused as refused:
            raise ValidationError(str(refused)) from refused
        return file, signing.dumps([str(file.pk), actor.user_id], salt=SALT)
    if not kept:
        return None, ""
    try:
        pk, user_id = signing.loads(kept, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None, ""
    found = StoredFile.objects.filter(pk=pk, purpose=PURPOSE).first() if user_id == actor.user_id else None
    return found, kept if found else ""
