"""What the applicant hands in afterwards: a new paper takes the place of the one before it, which is kept."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.models import StoredFile
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import validate
from sonha.services.dossiers.models import Dossier, Paper


def may_supplement(dossier: Dossier) -> bool:
    """Whether a step waits for the applicant right now."""
    return dossier.case.tasks.filter(role="applicant", state=Task.State.OPEN).exists()


@transaction.atomic
def add_paper(dossier: Dossier, requirement: str, file: StoredFile, actor: Actor) -> Paper:
    """Adds a paper while a supplement is asked for; an earlier one for the same requirement is marked as replaced."""
    if not (may_supplement(dossier) or actor.has_role("receptionist")):
        raise ActionRefused(_("Hồ sơ hiện không chờ bổ sung."))
    wanted = dossier.version.papers.filter(code=requirement).first()
    if wanted is None:
        raise ActionRefused(_("Thủ tục này không có loại giấy tờ đó."))
    dossier.papers.filter(requirement=requirement, replaced_at=None).update(replaced_at=timezone.now())
    return Paper.objects.create(dossier=dossier, requirement=wanted.code, title=wanted.title, kind=wanted.reuse, file=file)


@transaction.atomic
def correct_answers(dossier: Dossier, answers: Mapping[str, Any], actor: Actor) -> None:
    """Replaces answers while a supplement is asked for; checked as a whole, as when filing."""
    if not may_supplement(dossier):
        raise ActionRefused(_("Hồ sơ hiện không chờ bổ sung."))
    from sonha.services.dossiers.filing import context_of

    schema = dossier.version.form_version.schema  # type: ignore[union-attr]
    result = validate(schema, {**dossier.answers, **answers}, context=context_of(dossier), lookups=SystemLookups(uploaded_by=actor.user_id))
    if result.errors:
        raise ActionRefused(_("Thông tin sửa chưa đúng."), result.errors)
    dossier.answers = result.clean
    dossier.save(update_fields=["answers"])
