"""Filing in one call, for machines: draft and dossier in one transaction, and a repeated call gives the same dossier."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import Party
from sonha.process.cases.errors import ActionRefused
from sonha.process.forms.validation import storable
from sonha.services.dossiers import drafts, filing
from sonha.services.dossiers.models import Channel, Dossier, Draft
from sonha.services.procedures import selectors as catalogue
from sonha.services.procedures.models import ProcedureVersion

REUSE, ON_PAPER = "reuse:", "on_paper"
NAMESPACE = uuid.UUID("6b0c1f1e-53a5-4c0e-9d4f-2f8f6a1c7e10")
PURPOSE = "dossier"


class KeyReused(ActionRefused):
    """The key was used before for something else."""


@dataclass(frozen=True)
class Filing:
    """What is handed in. `papers`: requirement code -> file ids, `reuse:<paper id>`, or at the desk `on_paper`.

    `party` is the id of the person or organisation the caller acts for (oneself when None); `owner` is typed at the desk instead.
    `details`: return_channel, return_address, contact_phone, contact_email, receiving_commune.
    """

    stt: int
    answers: Mapping[str, Any]
    papers: Mapping[str, list[str]] = field(default_factory=dict)
    channel: str = Channel.ONLINE
    party: int | None = None
    owner: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()


def file_at_once(actor: Actor, wanted: Filing, *, key: str = "") -> tuple[Dossier, bool]:
    """Files a dossier; the flag says whether this call made it. The same account with the same `key` gets the same dossier.

    Raises KeyReused when the key stands for another content, NotAllowed, and ActionRefused with a sentence for every value that is
    wrong, by its path in the request (`answers.flow`, `papers.application`, `owner.name`, `return_address`).
    """
    draft_id = uuid.uuid5(NAMESPACE, f"{actor.user_id}:{key}") if key else uuid.uuid4()
    if earlier := _earlier(draft_id, wanted):
        return earlier, False
    version = _version(actor, wanted.stt)
    try:
        with transaction.atomic():
            return filing.submit(_draft(actor, version, wanted, draft_id).pk, actor), True
    except filing.FilingRefused as refused:
        raise ActionRefused(refused.sentence, _paths(refused.problems)) from None
    except IntegrityError:
        if earlier := _earlier(draft_id, wanted):  # the same call ran beside this one and was first
            return earlier, False
        raise


def _earlier(draft_id: uuid.UUID, wanted: Filing) -> Dossier | None:
    draft = Draft.objects.filter(pk=draft_id).select_related("dossier").first()
    if draft is None:
        return None
    if draft.details.get("request") != wanted.digest:
        raise KeyReused(_("Khoá chống lặp (Idempotency-Key) này đã dùng cho một hồ sơ có nội dung khác."))
    return draft.dossier


def _version(actor: Actor, stt: int) -> ProcedureVersion:
    procedure = catalogue.procedures(actor).filter(stt=stt, open_for_filing=True).first()
    version = catalogue.current_version(procedure) if procedure else None
    if version is None:
        sentence = _("Không có thủ tục nào mang số này đang nhận hồ sơ.")
        raise ActionRefused(sentence, {"stt": sentence})
    return version


def _draft(actor: Actor, version: ProcedureVersion, wanted: Filing, draft_id: uuid.UUID) -> Draft:
    owner = None
    if wanted.party is not None:
        owner = Party.objects.filter(pk=wanted.party, pk__in=actor.party_ids).first()
        if owner is None:
            sentence = _("Ông/bà chưa được uỷ quyền nộp hồ sơ cho người này.")
            raise ActionRefused(sentence, {"party": sentence})
    draft = drafts.start_draft(actor, version, owner=owner, channel=wanted.channel, draft_id=draft_id)
    _check_papers(actor, draft, wanted.papers)
    typed = {name: value for name, value in wanted.details.items() if value}
    details = {**typed, "request": wanted.digest, **({"owner": dict(wanted.owner)} if wanted.owner else {})}
    drafts.save_draft(draft, answers=storable(drafts.form_of(draft), wanted.answers), details=details)
    for code, entries in wanted.papers.items():
        drafts.give_paper(draft, code, list(entries))
    return draft


def _check_papers(actor: Actor, draft: Draft, papers: Mapping[str, list[str]]) -> None:
    """Every entry is a paper that exists for this caller, said by its place in the request."""
    known = set(draft.version.papers.values_list("code", flat=True))
    errors: dict[str, str] = {}
    for code, entries in papers.items():
        if code not in known:
            errors[f"papers.{code}"] = _("Thủ tục này không có loại giấy tờ đó.")
        elif len(entries) > drafts.MOST_FILES:
            errors[f"papers.{code}"] = _("Mỗi loại giấy tờ nhận nhiều nhất %(most)d tệp.") % {"most": drafts.MOST_FILES}
        else:
            errors |= {f"papers.{code}.{place}": said for place, entry in enumerate(entries) if (said := _wrong(actor, draft, entry))}
    if errors:
        raise ActionRefused(_("Có giấy tờ chưa nhận được; xin xem từng mục."), errors)


def _wrong(actor: Actor, draft: Draft, entry: str) -> str:
    """What is wrong with one entry; empty when nothing is."""
    if entry == ON_PAPER:
        return "" if draft.channel != Channel.ONLINE else _("Nộp trực tuyến phải gửi tệp, không nộp bản giấy.")
    if entry.startswith(REUSE):
        owner, number = draft.owner_id, int(entry.removeprefix(REUSE))
        found = owner is not None and drafts.reusable_papers(owner).filter(pk=number).exists()
        return "" if found else _("Giấy tờ dùng lại không còn trong kho của ông/bà.")
    own = StoredFile.objects.filter(pk=entry, uploaded_by_id=actor.user_id, purpose=PURPOSE)
    return "" if own.exists() else _("Không có tệp này trong số tệp ông/bà đã gửi.")


def _paths(problems: filing.FilingErrors) -> dict[str, str]:
    return {
        **{f"owner.{name}": said for name, said in problems.owner.items()},
        **problems.receiving,
        **{f"answers.{path}": said for path, said in problems.fields.items()},
        **{f"papers.{code}": said for code, said in problems.papers.items()},
    }
