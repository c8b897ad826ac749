"""Filing: the one transaction in which a draft becomes a dossier, or everything that is missing is said."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import Party
from sonha.process.cases import access, engine
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.cases.walk import create
from sonha.process.forms.schema import load
from sonha.services.dossiers import details as own_forms
from sonha.services.dossiers import drafts
from sonha.services.dossiers.codes import next_dossier_code
from sonha.services.dossiers.models import Channel, Dossier, Draft, Paper
from sonha.services.dossiers.units import actors_for, receiving_agency
from sonha.services.procedures.models import PaperRequirement


@dataclass
class FilingErrors:
    """Everything that is wrong with a draft, at once: by path in the form, by paper code, by field of the owner and of the receiving."""

    fields: dict[str, str] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    receiving: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.papers or self.owner or self.receiving)

    def flat(self) -> dict[str, str]:
        """One dictionary, papers as `paper:<code>`."""
        return {**self.owner, **self.receiving, **{f"paper:{code}": text for code, text in self.papers.items()}, **self.fields}


class FilingRefused(ActionRefused):
    """The draft is not complete; `problems` says what is missing."""

    def __init__(self, problems: FilingErrors) -> None:
        super().__init__(_("Hồ sơ chưa đầy đủ. Ông/bà xem các mục được đánh dấu."), problems.flat())
        self.problems = problems


def check(draft: Draft) -> tuple[dict[str, Any], FilingErrors]:
    """Validates the whole draft; returns the clean answers and everything that is wrong."""
    result = drafts.judged(draft)
    problems = FilingErrors(fields=dict(result.errors))
    for paper, required in drafts.required_papers(draft.version, {**result.clean, **drafts.context_for(draft)}):
        if required and paper.form != "electronic" and draft.channel == Channel.ONLINE and not draft.papers.get(paper.code):
            problems.papers[paper.code] = _("Thiếu giấy tờ: %(title)s.") % {"title": paper.title}
    if draft.owner is None:
        problems.owner = dict(drafts.judged_owner(draft).errors)
    problems.receiving = dict(drafts.judged_return(draft).errors)
    return result.clean, problems


@transaction.atomic
def submit(draft_id: uuid.UUID, actor: Actor, *, is_demo: bool = False) -> Dossier:
    """Turns a draft into a dossier: code, case, papers, access rows and the first task, or nothing at all.

    Submitting the same draft twice gives the same dossier. Raises FilingRefused with everything that is missing.
    """
    draft = Draft.objects.select_for_update(of=("self",)).select_related("version__procedure", "owner").get(pk=draft_id)
    if draft.user_id != actor.user_id and not actor.is_system:
        raise NotAllowed(_("Bản nháp này không phải của ông/bà."))
    if draft.dossier_id:
        return Dossier.objects.get(pk=draft.dossier_id)
    if draft.channel == Channel.ONLINE and draft.owner_id and not (actor.is_system or draft.owner_id in actor.party_ids):
        raise NotAllowed(_("Ông/bà không còn được uỷ quyền nộp hồ sơ cho người này."))
    answers, problems = check(draft)
    if problems:
        raise FilingRefused(problems)
    dossier = _create(draft, answers, actor, is_demo)
    _hand_in(dossier, draft, actor)
    draft.dossier = dossier
    draft.save(update_fields=["dossier"])
    record(
        "dossier.submitted",
        subject=engine.subject_ref(dossier.case),
        actor=actor,
        payload={"dossier": dossier.code, "channel": dossier.channel, "procedure": dossier.procedure.stt},
    )
    engine.begin(dossier.case, actor=actor)
    dossier.refresh_from_db()
    return dossier


def _create(draft: Draft, answers: dict[str, Any], actor: Actor, is_demo: bool) -> Dossier:
    version, procedure = draft.version, draft.version.procedure
    receiving = drafts.judged_return(draft).clean
    now = timezone.now()
    day = timezone.localdate(now)
    agency = receiving_agency(procedure, answers, receiving.get("receiving_commune", ""))
    typed = {} if draft.owner else drafts.judged_owner(draft).clean
    owner = draft.owner or find_or_create_owner(typed, is_demo=is_demo)
    context = {**answers, **drafts.context_for(draft)}
    assert version.flow_version
    case = create(
        version.flow_version,
        subject_kind="dossier",
        actors=actors_for(version, agency, context, day),
        title=procedure.name[:300],
        limit=version.content.get("time_limit"),
    )
    by_official = draft.channel != Channel.ONLINE
    phone, email = (draft.user.phone, draft.user.email) if drafts.for_relative(draft) else (owner.phone, owner.email)
    applicant_name = typed.get("applicant_name") or draft.details.get("applicant_name")
    dossier = Dossier.objects.create(
        code=next_dossier_code(agency, day),
        procedure=procedure,
        version=version,
        agency=agency,
        case=case,
        channel=draft.channel,
        applicant=None if by_official else draft.user,
        applicant_name=applicant_name or (owner.name if by_official else draft.user.full_name),
        owner=owner,
        owner_name=owner.name,
        filed_by_official=draft.user if by_official else None,
        contact_phone=receiving.get("contact_phone") or phone,
        contact_email=receiving.get("contact_email") or email or ("" if by_official else draft.user.email),
        return_channel=receiving["return_channel"],
        return_address=receiving.get("return_address", ""),
        answers=answers,
        summary=summary_of(answers, drafts.form_of(draft)),
        submitted_at=now,
        is_demo=is_demo,
    )
    if dossier.applicant and owner.pk not in Actor.of(dossier.applicant).party_ids:  # else: as long as it may act for the owner
        access.grant(case, user=dossier.applicant, cause="applicant")
    access.grant(case, party_id=owner.pk, cause="owner")
    return dossier


def summary_of(answers: Mapping[str, Any], form: Mapping[str, Any]) -> str:
    """A few words that tell this dossier from the next in a list: names and places people typed, not codes they chose."""
    telling = (
        "works_name",
        "project_name",
        "facility_name",
        "mine_name",
        "area_name",
        "parcel_number",
        "site_address",
        "purpose",
        "subject",
    )
    typed = {each["key"] for section in form.get("sections", ()) for each in section["fields"] if each["type"] in {"text", "textarea"}}
    return " · ".join(str(answers[name]) for name in telling if name in typed and answers.get(name))[:300]


def find_or_create_owner(typed: Mapping[str, Any], *, is_demo: bool = False) -> Party:
    """The party with this personal identification number or tax code, else a new one as typed."""
    for name in ("personal_id", "tax_code"):
        value = str(typed.get(name) or "").strip()
        if value and (found := Party.objects.filter(**{name: value}).first()):
            return found
    return Party.objects.create(**{name: typed[name] for name in own_forms.OWNER_NAMES if typed.get(name)}, is_demo=is_demo)


def _hand_in(dossier: Dossier, draft: Draft, actor: Actor) -> None:
    requirements = {paper.code: paper for paper in draft.version.papers.all()}
    for code, given in draft.papers.items():
        requirement = requirements.get(code)
        if requirement is None:
            continue
        for entry in given:
            _add_paper(dossier, requirement, str(entry), actor)
    _files_of_answers(dossier, draft)


def _files_of_answers(dossier: Dossier, draft: Draft) -> None:
    """Files given inside the form are papers too: both sides open them where they open the others."""
    for item in load(drafts.form_of(draft)).root:
        for file_id in dossier.answers.get(item.key, ()) if item.type == "file" else ():
            Paper.objects.create(dossier=dossier, requirement=item.key[:60], title=item.text("label", "vi")[:500], file_id=file_id)


def _add_paper(dossier: Dossier, requirement: PaperRequirement, entry: str, actor: Actor) -> None:
    """`entry` is a stored file's id, `reuse:<paper id>` for one given before, or `on_paper` for one handed over at the desk."""
    paper = Paper(dossier=dossier, requirement=requirement.code, title=requirement.title, kind=requirement.reuse)
    if entry == "on_paper":
        paper.on_paper = True
    elif entry.startswith("reuse:"):
        earlier = drafts.reusable_papers(dossier.owner_id).filter(pk=int(entry.removeprefix("reuse:"))).first()
        if earlier is None:
            raise ActionRefused(_("Giấy tờ dùng lại không còn trong kho của ông/bà."))
        paper.file, paper.reused_from = earlier.file, earlier
    else:
        file = StoredFile.objects.filter(pk=entry).first()
        if file is None or (file.uploaded_by_id != actor.user_id and not actor.is_system):
            raise ActionRefused(_("Tệp đính kèm không còn, hãy tải lên lại."))
        paper.file = file
    paper.save()
