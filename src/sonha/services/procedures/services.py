"""Writing the catalogue: publishing declarations as immutable versions, drafts of the editor."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.process.flows.problems import NotPublishable
from sonha.process.flows.services import digest_of, publish_flow
from sonha.process.forms.services import form_version_of
from sonha.services.procedures.checking import check_declaration
from sonha.services.procedures.models import PaperRequirement, Procedure, ProcedureVersion
from sonha.services.procedures.selectors import current_version

FLOW_AND_FORM = ("flow", "form")


@transaction.atomic
def publish_version(
    procedure: Procedure, declaration: Mapping[str, Any], *, key: str, actor: Actor, family: str = "", number: int | None = None
) -> ProcedureVersion:
    """Publishes one version of a declaration (docs/declaring-a-procedure.md) for `procedure`.

    The same content again returns the version that exists. `family` marks content that is the family's default. It is checked first;
    NotPublishable names every error.
    """
    content: dict[str, Any] = {name: value for name, value in declaration.items() if name not in (*FLOW_AND_FORM, "number")}
    content = _plain({**content, "key": key, **({"family": family} if family else {})})
    flow, form = _plain(declaration["flow"]), _plain(declaration["form"])
    digest = digest_of({"content": content, "flow": flow, "form": form})
    published = ProcedureVersion.objects.filter(procedure=procedure).exclude(state=ProcedureVersion.State.DRAFT)
    if same := published.filter(digest=digest).first():
        return same
    refuse_errors(declaration, str(declaration["flow"].get("title") or procedure.name))
    last = published.aggregate(last=Max("number"))["last"] or 0
    number = number if number and number > last else last + 1
    give_way(procedure.pk, number)
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=number,
        state=ProcedureVersion.State.PUBLISHED,
        valid_from=_date(content.get("valid_from")),
        valid_to=_date(content.get("valid_to")),
        flow_version=publish_flow(key, flow, subject_kind="dossier", actors=set(content.get("consulted") or {})),
        form_version=form_version_of(form),
        content=content,
        digest=digest,
        published_at=timezone.now(),
        published_by=actor.label,
    )
    PaperRequirement.objects.bulk_create(_paper(version, place, raw) for place, raw in enumerate(content.get("papers", [])))
    return version


def give_way(procedure_id: int, number: int) -> None:
    """An open draft that holds `number` takes the next one: what is published first is numbered first, and the draft stays as it is."""
    drafts = ProcedureVersion.objects.filter(procedure_id=procedure_id, state=ProcedureVersion.State.DRAFT, number=number)
    drafts.update(number=number + 1)


def refuse_errors(declaration: Mapping[str, Any], title: str) -> None:
    """NotPublishable with every error of the declaration; warnings are left to whoever publishes."""
    wrong = [finding for finding in check_declaration(_plain(declaration)) if finding.level == "error"]
    if wrong:
        raise NotPublishable(title, wrong)


@transaction.atomic
def retire_version(version: ProcedureVersion, *, actor: Actor, reason: str = "") -> None:
    """No new dossier is filed under a retired version; running dossiers keep it.

    `reason` goes into the audit log: at most 120 characters, no personal data (ValueError).
    """
    published = ProcedureVersion.objects.filter(pk=version.pk, state=ProcedureVersion.State.PUBLISHED)
    if published.update(state=ProcedureVersion.State.RETIRED):
        payload = {"version": version.pk, "reason": reason or None}
        record("procedure.retired", subject=("procedure", str(version.procedure_id)), actor=actor, payload=payload)


def as_declaration(version: ProcedureVersion) -> dict[str, Any]:
    """The whole declaration of a version again: content, form and flow."""
    if version.state == ProcedureVersion.State.DRAFT:
        return {**version.content, **(version.draft or {})}
    assert version.flow_version and version.form_version
    return {**version.content, "flow": version.flow_version.definition, "form": version.form_version.schema}


@transaction.atomic
def start_draft(procedure: Procedure, *, actor: Actor, base: ProcedureVersion | None = None) -> ProcedureVersion:
    """The one draft of a procedure, begun from the version in force, be it its own or the family's default; or from an earlier version
    `base`: what came after it is so taken back by a version of its own.
    """
    if draft := procedure.versions.filter(state=ProcedureVersion.State.DRAFT).first():
        return draft
    newest = procedure.versions.exclude(state=ProcedureVersion.State.DRAFT).order_by("-number").first()
    base = base or current_version(procedure) or newest
    if base is None or newest is None:
        raise ProcedureVersion.DoesNotExist
    whole = as_declaration(base)
    content = {name: value for name, value in whole.items() if name not in (*FLOW_AND_FORM, "family", "assumption", "valid_to")}
    today = timezone.localdate()
    content |= {"key": f"stt_{procedure.stt}" if base.is_family_default else content["key"], "valid_from": today.isoformat()}
    draft = ProcedureVersion.objects.create(
        procedure=procedure,
        number=newest.number + 1,
        content=content,
        draft={name: whole[name] for name in FLOW_AND_FORM},
        digest="",
        valid_from=today,
    )
    record("procedure.drafted", subject=("procedure", str(procedure.pk)), actor=actor, payload={"based_on": base.pk})
    return draft


@transaction.atomic
def save_draft(draft: ProcedureVersion, declaration: Mapping[str, Any], *, actor: Actor | None = None, part: str = "") -> None:
    """Stores what the editor holds; drafts may be wrong, only publishing checks. With an actor, the audit log says which part changed."""
    draft.content = _plain({name: value for name, value in declaration.items() if name not in FLOW_AND_FORM})
    draft.draft = _plain({name: declaration[name] for name in FLOW_AND_FORM})
    draft.valid_from, draft.valid_to = _date(draft.content.get("valid_from")), _date(draft.content.get("valid_to"))
    draft.save(update_fields=["content", "draft", "valid_from", "valid_to"])
    if actor is not None:
        record("procedure.draft_changed", subject=("procedure", str(draft.procedure_id)), actor=actor, payload={"part": part})


@transaction.atomic
def discard_draft(draft: ProcedureVersion, *, actor: Actor) -> None:
    """Throws a draft away; its rows stay in the history of the table."""
    record("procedure.draft_discarded", subject=("procedure", str(draft.procedure_id)), actor=actor, payload={"number": draft.number})
    draft.delete()


@transaction.atomic
def publish_draft(draft: ProcedureVersion, *, actor: Actor, valid_from: date | None = None) -> ProcedureVersion:
    """Publishes a checked draft from `valid_from` (default: the day the draft holds). From that day the newest version answers.

    The procedure then has a declaration of its own: loading the province's profile again leaves it alone.
    """
    whole = as_declaration(draft)
    if valid_from is not None:
        whole = {**whole, "valid_from": valid_from.isoformat()}
    procedure, number = draft.procedure, draft.number
    draft.delete()
    key = whole.get("key") or f"stt_{procedure.stt}"
    version = publish_version(procedure, whole, key=key, actor=actor, number=number)
    Procedure.objects.filter(pk=procedure.pk).update(fully_modelled=True, family="", declaration=key)
    record("procedure.published", subject=("procedure", str(procedure.pk)), actor=actor, payload={"version": version.pk})
    return version


@transaction.atomic
def switch_filing(procedure: Procedure, *, is_open: bool, actor: Actor) -> None:
    """Opens or closes a procedure for new dossiers, whatever its version."""
    Procedure.objects.filter(pk=procedure.pk).update(open_for_filing=is_open)
    record("procedure.filing_switched", subject=("procedure", str(procedure.pk)), actor=actor, payload={"open": is_open})


def _plain(value: Any) -> Any:
    """JSON values only: dates of YAML become ISO strings."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _paper(version: ProcedureVersion, place: int, raw: Mapping[str, Any]) -> PaperRequirement:
    names = {name: raw[name] for name in ("title", "title_en", "required", "form", "copies", "reuse", "help", "source") if name in raw}
    return PaperRequirement(version=version, code=raw["code"], place=place, **names)
