"""Drafts: begun for somebody, saved as one types, judged as they will be when they are sent; what was handed in before and serves again."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import Party
from sonha.foundation.search.folding import fold
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.forms.lookups import Lookups
from sonha.process.forms.sources import Asker
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import Result, validate
from sonha.process.rules.conditions import holds
from sonha.services.dossiers import details as own_forms
from sonha.services.dossiers.models import Channel, Dossier, Draft, Paper, ReturnChannel
from sonha.services.procedures.models import PaperRequirement, ProcedureVersion

AUTHORISATION = "authorisation"  # code of the paper by which somebody lets another person file
EARLIER = 20  # dossiers looked at for first answers
MOST_FILES = 20  # of one paper
OWNER_KINDS = {
    Party.Kind.PERSON: "citizen",
    Party.Kind.HOUSEHOLD: "citizen",
    Party.Kind.BUSINESS: "business",
    Party.Kind.ORGANISATION: "organisation",
}


def start_draft(
    actor: Actor,
    version: ProcedureVersion,
    *,
    owner: Party | None = None,
    channel: str = Channel.ONLINE,
    draft_id: uuid.UUID | None = None,
    relative: bool = False,
) -> Draft:
    """Begins a draft for oneself, for a party one represents, for a `relative` without an account, or at the desk for whoever stands there.

    `draft_id` is chosen by callers that may come twice; IntegrityError when it exists.
    """
    if actor.user is None:
        raise NotAllowed(_("Hãy đăng nhập để nộp hồ sơ."))
    if channel != Channel.ONLINE and not actor.has_role(Role.RECEPTIONIST):
        raise NotAllowed(_("Chỉ cán bộ một cửa được nhập hồ sơ nộp trực tiếp hoặc qua bưu chính."))
    if owner is not None and channel == Channel.ONLINE and owner.pk not in actor.party_ids:
        raise NotAllowed(_("Ông/bà chưa được uỷ quyền nộp hồ sơ cho người này."))
    if relative and not takes_relatives(version):
        raise NotAllowed(_("Thủ tục này chưa nhận hồ sơ nộp thay người thân trên mạng; xin đến bộ phận một cửa."))
    if channel == Channel.ONLINE and owner is None and not relative:
        owner = actor.user.party
    return Draft.objects.create(
        id=draft_id or uuid.uuid4(),
        user=actor.user,
        version=version,
        owner=owner,
        channel=channel,
        details={"relative": True} if relative and channel == Channel.ONLINE else {},
    )


def takes_relatives(version: ProcedureVersion) -> bool:
    """Whether the procedure asks for an authorisation, without which nobody may file for a relative."""
    return any(paper.code == AUTHORISATION for paper in version.papers.all())


def for_relative(draft: Draft) -> bool:
    """Whether a person files online for a relative who has no account."""
    return draft.channel == Channel.ONLINE and draft.owner_id is None and bool(draft.details.get("relative"))


def types_owner(draft: Draft) -> bool:
    """Whether the filing asks whose dossier it is."""
    return draft.channel != Channel.ONLINE or for_relative(draft)


def owner_form(draft: Draft) -> dict[str, Any]:
    """What is asked about the owner: little at home for a relative, all at the desk."""
    return own_forms.RELATIVE if for_relative(draft) else own_forms.OWNER


def context_for(draft: Draft) -> dict[str, Any]:
    """What the form's conditions read besides its own answers."""
    about_filing = {"channel": draft.channel, "owner_kind": owner_kind(draft), "fee_due": 0}
    return {"dossier": {**about_filing, "for_relative": True} if for_relative(draft) else about_filing}


def context_of(dossier: Dossier) -> dict[str, Any]:
    """The same for a dossier that was filed."""
    return {"dossier": {"channel": dossier.channel, "owner_kind": kind_word(dossier.owner.kind), "code": dossier.code}}


def owner_kind(draft: Draft) -> str:
    """`citizen`, `business` or `organisation`: the chosen owner, or the one being typed at the desk."""
    return kind_word(draft.owner.kind if draft.owner else (draft.details.get("owner") or {}).get("kind", Party.Kind.PERSON))


def kind_word(kind: str) -> str:
    return OWNER_KINDS.get(Party.Kind(kind), "citizen") if kind in Party.Kind.values else "citizen"


def lookups_for(draft: Draft) -> Lookups:
    """Today's areas and catalogues, the filer's own files, and what registers show to the filer."""
    return SystemLookups(uploaded_by=draft.user_id, asker=lambda: Asker(Actor.of(draft.user), draft.owner_id))


def form_of(draft: Draft) -> dict[str, Any]:
    assert draft.version.form_version
    schema: dict[str, Any] = draft.version.form_version.schema
    return schema


def judged(draft: Draft, section: str | None = None) -> Result:
    """The draft's form checked as it must be when submitted: clean answers, and every error (of one section when named)."""
    return validate(form_of(draft), draft.answers, context=context_for(draft), lookups=lookups_for(draft), section=section)


def about(draft: Draft) -> dict[str, Any]:
    """What papers, fees and routing are decided from: the clean answers, never the typed text (`"1.200"` is 1200)."""
    clean = validate(form_of(draft), draft.answers, partial=True, context=context_for(draft), lookups=lookups_for(draft)).clean
    return {**clean, **context_for(draft)}


def needs_area(draft: Draft) -> bool:
    """Whether the filer must say where: the procedure is received by the committee of a commune or district."""
    return draft.version.procedure.agency_id is None


def judged_return(draft: Draft) -> Result:
    """Where the dossier goes and how the result is received, with what is known already as the default."""
    return validate(own_forms.RETURN, return_details(draft), context=return_context(draft), lookups=SystemLookups())


def return_details(draft: Draft) -> dict[str, Any]:
    home: dict[str, str] = draft.details.get("owner") or {}
    if draft.owner:
        home = {name: getattr(draft.owner, name) for name in ("commune_code", "address", "phone", "email")}
    own_account = draft.owner is not None and draft.user.party_id == draft.owner_id
    if own_account:
        home = {**home, "phone": home["phone"] or draft.user.phone, "email": home["email"] or draft.user.email}
    elif for_relative(draft):  # whoever files is called and written to
        home = {**home, "phone": draft.user.phone or home.get("phone", ""), "email": draft.user.email}
    usual = ReturnChannel.ONLINE if draft.channel == Channel.ONLINE else ReturnChannel.DESK
    return {"return_channel": usual, **own_forms.return_defaults(draft.details, draft.answers, home)}


def return_context(draft: Draft) -> dict[str, Any]:
    return {"filing": {"needs_area": needs_area(draft)}}


def judged_owner(draft: Draft) -> Result:
    """The owner as typed at the desk, or by a relative.

    A relative must name the person that the number belongs to, so that nobody files in the name of a stranger whose number is known.
    """
    result = validate(owner_form(draft), draft.details.get("owner") or {}, lookups=SystemLookups())
    if for_relative(draft):
        result.clean["kind"] = Party.Kind.PERSON
        known = Party.objects.filter(personal_id=result.clean.get("personal_id") or "-").first()
        if known is not None and fold(known.name) != fold(result.clean.get("name", "")):
            result.errors["personal_id"] = _("Số căn cước này không đi với họ tên đã ghi; xin xem lại căn cước của người thân.")
    return result


PERSONAL = ("name", "personal_id", "tax_code", "address", "phone", "email")


def sources_for(draft: Draft) -> dict[str, Any]:
    """What fields may be prefilled from: `account` (the owner's data) and `dossier` (answers of earlier dossiers, by declaration).

    Telephone and e-mail of the account itself serve only when a person files for oneself: an official's or a proxy's are not the owner's.
    """
    if draft.owner is None:
        typed = judged_owner(draft).clean if types_owner(draft) else {}
        return {"account": {**typed, "commune": typed.get("commune_code", "")}, "dossier": {}}
    owner = draft.owner
    account = {name: getattr(owner, name) for name in PERSONAL}
    account |= {"commune": owner.commune_code, "birth_date": owner.birth_date.isoformat() if owner.birth_date else ""}
    if draft.user.party_id == owner.pk:
        account |= {"phone": owner.phone or draft.user.phone, "email": owner.email or draft.user.email}
    earlier: dict[str, Any] = {}
    for dossier in owner.dossiers.select_related("version").order_by("-pk")[:EARLIER]:
        earlier.setdefault(dossier.version.content.get("key", ""), dossier.answers)
    return {"account": account, "dossier": earlier}


def save_draft(
    draft: Draft,
    *,
    answers: Mapping[str, Any] | None = None,
    papers: Mapping[str, list[str]] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Draft:
    """Stores what was typed, right or wrong: nothing a person typed is lost."""
    if answers is not None:
        draft.answers = {**draft.answers, **answers}
    if papers is not None:
        draft.papers = {**draft.papers, **papers}
    if details is not None:
        draft.details = {**draft.details, **details}
    draft.save(update_fields=["answers", "papers", "details", "updated_at"])
    return draft


@transaction.atomic
def give_paper(draft: Draft, code: str, entries: list[str]) -> list[str]:
    """Adds what is handed in for one paper: file ids, `reuse:<paper id>` or `on_paper`; gives all that is there now.

    The row is locked, so that photographs sent side by side do not lose each other. Raises ActionRefused for a paper that is not asked
    for, or too many files.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if code not in {paper.code for paper in draft.version.papers.all()}:
        raise ActionRefused(_("Thủ tục này không có loại giấy tờ đó."))
    given = list(dict.fromkeys([*locked.papers.get(code, []), *entries]))
    if len(given) > MOST_FILES:
        raise ActionRefused(_("Mỗi loại giấy tờ nhận nhiều nhất %(most)d tệp; hãy gộp các trang vào một tệp PDF.") % {"most": MOST_FILES})
    return _put(draft, locked, code, given)


@transaction.atomic
def take_back_paper(draft: Draft, code: str, entry: str) -> list[str]:
    """Removes one file or reused paper from a draft; gives what is left."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    return _put(draft, locked, code, [each for each in locked.papers.get(code, []) if each != entry])


def _put(draft: Draft, locked: Draft, code: str, given: list[str]) -> list[str]:
    locked.papers = {**locked.papers, code: given}
    locked.save(update_fields=["papers", "updated_at"])
    draft.papers = locked.papers
    return given


def required_papers(version: ProcedureVersion, context: Mapping[str, Any]) -> list[tuple[PaperRequirement, bool]]:
    """The papers that apply to these answers, each with whether it must be there."""
    listed = []
    for paper in version.papers.all():
        condition = paper.required
        if paper.code == AUTHORISATION and context.get("dossier", {}).get("for_relative"):
            condition = True
        if isinstance(condition, bool):
            listed.append((paper, condition))
        elif holds(condition, context):
            listed.append((paper, True))
    return listed


def reusable_papers(owner_id: int, kind: str = "") -> Any:
    """Papers the owner handed in before that may serve again (P16), newest first."""
    papers = Paper.objects.filter(dossier__owner_id=owner_id, file__isnull=False, replaced_at=None).exclude(kind="")
    if kind:
        papers = papers.filter(kind=kind)
    return papers.select_related("file", "dossier").order_by("-handed_in_at")


@dataclass(frozen=True)
class EarlierPaper:
    """A paper that was handed in before, with all its files: what may be given again."""

    dossier: Dossier
    handed_in_at: Any
    papers: list[Paper]

    @property
    def entries(self) -> list[str]:
        return [f"reuse:{paper.pk}" for paper in self.papers]


def earlier_papers(owner_id: int, kind: str, most: int = 3) -> list[EarlierPaper]:
    """The newest earlier hand-ins of a kind of paper, by dossier (P16)."""
    by_dossier: dict[int, list[Paper]] = {}
    for paper in reusable_papers(owner_id, kind)[:100]:
        by_dossier.setdefault(paper.dossier_id, []).append(paper)
    return [
        EarlierPaper(papers[0].dossier, papers[0].handed_in_at, sorted(papers, key=lambda paper: paper.pk))
        for papers in list(by_dossier.values())[:most]
    ]


def describe_papers(entries: list[str]) -> list[dict[str, Any]]:
    """Names and sizes of what was given for one paper, for the page that lists them: `file` or `paper` is what can be opened."""
    stored = {str(file.pk): file for file in StoredFile.objects.filter(pk__in=[each for each in entries if len(each) == 36])}
    shown: list[dict[str, Any]] = []
    for entry in entries:
        if entry == "on_paper":
            shown.append({"entry": entry, "name": _("Bản giấy nộp tại quầy"), "size": None})
        elif entry.startswith("reuse:"):
            earlier = Paper.objects.filter(pk=int(entry.removeprefix("reuse:"))).select_related("dossier", "file").first()
            if earlier and earlier.file:
                name = _("%(file)s, dùng lại từ hồ sơ %(code)s") % {"file": earlier.file.original_name, "code": earlier.dossier.code}
                shown.append({"entry": entry, "name": name, "size": earlier.file.size, "paper": earlier.pk})
        elif entry in stored:
            shown.append({"entry": entry, "name": stored[entry].original_name, "size": stored[entry].size, "file": entry})
    return shown
