"""What the applicant hands in afterwards: a new paper takes the place of the one before it, which is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.models import StoredFile
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import validate
from sonha.services.dossiers.models import Dossier, Paper, SupplementRequest

SUBMIT = "submit_supplement"


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
def answer(
    dossier: Dossier,
    task: Task,
    action: str,
    actor: Actor,
    *,
    comment: str = "",
    files: Mapping[str, Sequence[StoredFile]],
    answers: Mapping[str, Any] | None = None,
) -> None:
    """Everything the applicant hands in at once, and the step is done; or nothing of it.

    `files` by paper code, or `item-<n>` for the n-th thing asked for (from 0) that is no paper of the procedure. `answers` corrects the
    form. Raises ActionRefused when there is nothing at all, or as `correct_answers` and the engine do.
    """
    request = dossier.supplement_requests.filter(answered_at=None).order_by("-pk").first()
    if action == SUBMIT and not (any(files.values()) or comment.strip() or answers):
        raise ActionRefused(_("Hãy gửi giấy tờ bổ sung, sửa nội dung đã khai, hoặc ghi lời giải thích."))
    for code, given in files.items():
        if given:
            _replace(dossier, request, code, given)
    if answers:
        correct_answers(dossier, answers, actor)
    engine.act(task.pk, action, actor=actor, comment=comment)


def _replace(dossier: Dossier, request: SupplementRequest | None, code: str, given: Sequence[StoredFile]) -> None:
    """Files for one paper take the place of what was there; for another thing asked for they stand under its own words."""
    wanted = dossier.version.papers.filter(code=code).first()
    number = code.removeprefix("item-")
    if wanted is not None:
        dossier.papers.filter(requirement=code, replaced_at=None).update(replaced_at=timezone.now())
        title, kind = wanted.title, wanted.reuse
    elif request and code.startswith("item-") and number.isdecimal() and int(number) < len(request.items):
        item = request.items[int(number)]
        code, title, kind = f"supplement_{request.pk}_{number}", item.get("reason") or item.get("title") or _("Giấy tờ bổ sung"), ""
    else:
        raise ActionRefused(_("Thủ tục này không có loại giấy tờ đó."))
    for file in given:
        Paper.objects.create(dossier=dossier, requirement=code, title=title[:500], kind=kind, file=file)


@transaction.atomic
def correct_answers(dossier: Dossier, answers: Mapping[str, Any], actor: Actor) -> None:
    """Replaces answers while a supplement is asked for; checked as a whole, as when filing."""
    if not may_supplement(dossier):
        raise ActionRefused(_("Hồ sơ hiện không chờ bổ sung."))
    from sonha.services.dossiers.drafts import context_of

    schema = dossier.version.form_version.schema  # type: ignore[union-attr]
    result = validate(schema, {**dossier.answers, **answers}, context=context_of(dossier), lookups=SystemLookups(uploaded_by=actor.user_id))
    if result.errors:
        raise ActionRefused(_("Thông tin sửa chưa đúng."), result.errors)
    dossier.answers = result.clean
    dossier.save(update_fields=["answers"])
