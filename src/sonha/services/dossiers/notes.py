"""Internal notes of officials on a dossier."""

from django.db import transaction
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import HANDLING
from sonha.foundation.audit.services import record
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.services.dossiers.models import Dossier, Note


@transaction.atomic
def add_note(dossier: Dossier, actor: Actor, text: str) -> Note:
    """Adds a note; officials only, never shown to the applicant."""
    if not actor.has_role(*HANDLING) or actor.user is None:
        raise NotAllowed(_("Chỉ cán bộ được ghi chú."))
    if not text.strip():
        raise ActionRefused(_("Ghi chú đang trống."), {"text": _("Hãy nhập nội dung.")})
    note = Note.objects.create(dossier=dossier, author=actor.user, text=text.strip()[:5000])
    record("dossier.noted", subject=engine.subject_ref(dossier.case), actor=actor)
    return note
