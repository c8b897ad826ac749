"""Moving dossiers to another published version of their procedure: previewed, explicit, each by itself, audited (`case.moved`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.process.cases import moving
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.cases.models import Case
from sonha.process.cases.moving import StepMove
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import validate
from sonha.services.dossiers.drafts import OWNER_KINDS
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.units import actors_for
from sonha.services.procedures.models import ProcedureVersion

__all__ = ["Move", "Moved", "StepMove", "move", "preview"]


@dataclass(frozen=True)
class Move:
    """What would become of one dossier: its open steps with the step each goes on in, and why it cannot move ("" when it can)."""

    dossier: Dossier
    steps: tuple[StepMove, ...]
    problem: str = ""


@dataclass(frozen=True)
class Moved:
    """What became of one dossier; `sentence` says why it stayed."""

    dossier: Dossier
    done: bool
    sentence: str = ""


def preview(source: ProcedureVersion, target: ProcedureVersion, *, actor: Actor, mapping: Mapping[str, str] | None = None) -> list[Move]:
    """Every running dossier of `source` and what moving it to `target` would do, oldest first. Nothing changes.

    `mapping` sends steps (and splits) of the old flow to steps of the new one; others go on under their own key. Raises NotAllowed for
    anybody but an administrator, ActionRefused when the two versions cannot be moved between at all.
    """
    _check(source, target, actor)
    return [_preview(dossier, target, mapping or {}) for dossier in _running(source)]


def move(
    source: ProcedureVersion,
    target: ProcedureVersion,
    *,
    actor: Actor,
    mapping: Mapping[str, str],
    codes: Collection[str] | None = None,
) -> list[Moved]:
    """Moves the running dossiers of `source` (only those with `codes`, where given), each in a transaction of its own.

    One that cannot move stays as it was and says why; the others move. Raises as `preview` does.
    """
    _check(source, target, actor)
    rows = _running(source)
    rows = rows if codes is None else rows.filter(code__in=codes)
    return [_move(dossier, source, target, actor, mapping) for dossier in rows]


def _check(source: ProcedureVersion, target: ProcedureVersion, actor: Actor) -> None:
    if not (actor.is_administrator or actor.is_system):
        raise NotAllowed(_("Chỉ quản trị hệ thống được chuyển hồ sơ sang phiên bản khác."))
    if source.pk == target.pk:
        raise ActionRefused(_("Hãy chọn hai phiên bản khác nhau."))
    if source.procedure_id != target.procedure_id:
        raise ActionRefused(_("Chỉ chuyển được giữa hai phiên bản của cùng một thủ tục."))
    if target.state != ProcedureVersion.State.PUBLISHED or target.flow_version is None or target.form_version is None:
        raise ActionRefused(_("Chỉ chuyển được sang phiên bản đã công bố và còn hiệu lực."))


def _running(source: ProcedureVersion) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(version=source, case__state=Case.State.RUNNING)
    return rows.select_related("case", "agency", "owner", "procedure", "version").order_by("pk")


def _preview(dossier: Dossier, target: ProcedureVersion, mapping: Mapping[str, str]) -> Move:
    assert target.flow_version
    steps = tuple(moving.plan(dossier.case, target.flow_version, actors=_actors(dossier, target), mapping=mapping))
    problems = [step.problem for step in steps if step.problem]
    if sentence := _answers_problem(dossier, target):
        problems.append(sentence)
    return Move(dossier, steps, " ".join(dict.fromkeys(problems)))


def _move(dossier: Dossier, source: ProcedureVersion, target: ProcedureVersion, actor: Actor, mapping: Mapping[str, str]) -> Moved:
    assert target.flow_version
    try:
        with transaction.atomic():
            locked = Dossier.objects.select_for_update(of=("self",)).select_related("case", "agency", "owner", "version").get(pk=dossier.pk)
            if locked.version_id != source.pk:
                raise ActionRefused(_("Hồ sơ đã được chuyển sang phiên bản khác."))
            if sentence := _answers_problem(locked, target):
                raise ActionRefused(sentence)
            case = moving.move_case(
                locked.case_id,
                target.flow_version,
                actor=actor,
                mapping=mapping,
                actors=_actors(locked, target),
                limit=target.content.get("time_limit"),
                number=target.number,
            )
            locked.version = target
            locked.due_at = locked.due_at if locked.finished_at else case.due_at
            locked.save(update_fields=["version", "due_at"])
    except ActionRefused as refused:
        return Moved(dossier, False, refused.sentence)
    return Moved(locked, True)


def _context(dossier: Dossier) -> dict[str, object]:
    about = {"channel": dossier.channel, "owner_kind": OWNER_KINDS[dossier.owner.kind], "fee_due": 0}  # type: ignore[index]
    return {"dossier": about}


def _actors(dossier: Dossier, target: ProcedureVersion) -> dict[str, int]:
    """The units the new version would have named on filing; the names of the old one stay where the new does not know them."""
    day = timezone.localdate(dossier.submitted_at)
    fresh = actors_for(target, dossier.agency, {**dossier.answers, **_context(dossier)}, day)
    return {**dossier.case.actors, **fresh}


def _answers_problem(dossier: Dossier, target: ProcedureVersion) -> str:
    """The answers must fit the new form: results and registers are made of them."""
    if target.form_version is None or target.form_version_id == dossier.version.form_version_id:
        return ""
    result = validate(target.form_version.schema, dossier.answers, context=_context(dossier), lookups=SystemLookups())
    if not result.errors:
        return ""
    path, words = next(iter(result.errors.items()))
    return _("Nội dung kê khai của hồ sơ chưa hợp với biểu mẫu của phiên bản mới (%(path)s: %(words)s)") % {"path": path, "words": words}
