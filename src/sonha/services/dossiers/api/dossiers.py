"""/api/v1/dossiers and /api/v1/files."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, File, Header, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import ConfigDict, StringConstraints

from sonha.foundation.audit.selectors import events_for
from sonha.foundation.files.errors import StorageFull
from sonha.foundation.files.rules import upload_rule
from sonha.foundation.files.services import FileRefused, store
from sonha.foundation.rest.paging import page
from sonha.foundation.rest.problems import ProblemError
from sonha.foundation.rest.values import LARGEST_ID, LARGEST_INTEGER, Day, Key, Limit, Words
from sonha.foundation.search.counting import capped_count
from sonha.process.cases import engine
from sonha.services.dossiers import filters as narrowing
from sonha.services.dossiers import machine_filing, selectors
from sonha.services.dossiers.api import telling
from sonha.services.dossiers.api.shapes import DossierChannel, DossierDetail, Dossiers, DossierState, Events, FileRef, PartyKind, ReturnWay
from sonha.services.dossiers.models import Channel

router = Router(tags=["dossiers"])
files = Router(tags=["dossiers"])
CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,49}$"
Code = Annotated[str, Path(pattern=CODE_PATTERN, description="Code of the dossier.", examples=["H37.14-261121-0001"])]
Entry = Annotated[
    str, StringConstraints(pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|reuse:[1-9][0-9]{0,17}|on_paper)$", max_length=40)
]
Line = Annotated[str, StringConstraints(max_length=300)]
Lateness = Literal["open", "on_time", "soon", "late", "stopped", "ended", "ended_on_time", "late_finished", "withdrawn"]
ANSWERS = {"works_name": "Giếng khoan hộ bà Lan", "flow": 120, "location": {"type": "Point", "coordinates": [106.7681, 21.8758]}}


class DossierFilters(Schema):
    """The filters of the officials' list."""

    q: Words = Field("", description="Words of names or summary, with or without diacritics, or the beginning of a code.")
    state: DossierState | None = None
    procedure: int | None = Field(None, ge=1, le=LARGEST_INTEGER, description="STT of the procedure.")
    field: Key = Field("", description="Slug of a field; `-` for dossiers without one.")
    agency: Key = Field("", description="Code of the receiving agency.")
    unit: Key = Field("", description="Code of the unit where it waits now.")
    division: Key = Field("", description="Code of the unit in charge.")
    step: Key = Field("", description="Title of the step where it waits.")
    commune: Key = Field("", description="Code of the commune where the matter lies.")
    channel: DossierChannel | None = None
    late: Lateness | None = Field(None, description="How it stands against its deadline.")
    from_: Day | None = Field(None, alias="from", description="Filed on this day or later.")
    to: Day | None = Field(None, description="Filed on this day or earlier.")
    ended_from: Day | None = Field(None, description="Finished on this day or later.")
    ended_to: Day | None = Field(None, description="Finished on this day or earlier.")
    sort: Literal["newest", "oldest", "due"] = Field("newest", description="`due`: the most urgent first.")
    after: Annotated[str, StringConstraints(pattern=r"^([0-9:T.+\-]{0,40}_)?[0-9]{1,18}$")] | None = Field(
        None, description="`next` of the page before; keep `sort` and the filters as they were."
    )
    limit: Limit = 20

    def chosen(self) -> narrowing.Filters:
        """The same filters as the pages use."""
        return narrowing.Filters(
            words=self.q,
            state=self.state or "",
            procedure=str(self.procedure or ""),
            field=self.field,
            agency=self.agency,
            unit=self.unit,
            lateness=self.late or "",
            start=self.from_,
            end=self.to,
            channel=self.channel or "",
            division=self.division,
            step=self.step,
            commune=self.commune,
            ended_from=self.ended_from,
            ended_to=self.ended_to,
            sort="" if self.sort == "newest" else self.sort,
        )


@router.get("", response=Dossiers, operation_id="list_dossiers", summary="The caller's dossiers")
def list_dossiers(request: HttpRequest, filters: Query[DossierFilters]) -> dict[str, Any]:
    """Officials: dossiers that their posts let them see. Others: those they filed, own, or represent the owner of."""
    actor = request.actor  # type: ignore[attr-defined]
    chosen = filters.chosen()
    rows = selectors.find(actor, chosen)
    following = narrowing.beyond(rows, chosen.sort, filters.after) if filters.after else rows
    fetched = list(following[: filters.limit + 1])
    shown = fetched[: filters.limit]
    place = narrowing.place_of(shown[-1], chosen.sort) if len(fetched) > filters.limit else None
    return page([telling.row(each, actor) for each in shown], following=place, count=capped_count(rows))


@router.get("/{code}", response=DossierDetail, operation_id="get_dossier", summary="One dossier")
def get_dossier(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Answers, papers of both sides, timeline, clock, money, result: what the caller may see of it."""
    actor = request.actor  # type: ignore[attr-defined]
    return telling.detail(selectors.dossier(actor, code), actor)


class OwnerTyped(Schema):
    """The owner as typed at the desk; matched with who is known by personal identification number or tax code."""

    model_config = ConfigDict(extra="forbid")

    kind: PartyKind
    name: Line
    personal_id: Key = ""
    tax_code: Key = ""
    birth_date: Key = Field("", description="yyyy-mm-dd")
    commune_code: Key = ""
    address: Line = ""
    phone: Key = ""
    email: Key = ""
    applicant_name: Line = Field("", description="Who stands at the desk, when not the owner.")


class NewDossier(Schema):
    """A dossier to be filed."""

    model_config = ConfigDict(extra="forbid")

    stt: int = Field(ge=1, le=LARGEST_INTEGER, description="Number of the procedure.", examples=[860])
    answers: dict[str, Any] = Field(
        description="Answers to the form of the procedure's current version (GET /procedures/{stt}).", examples=[ANSWERS]
    )
    papers: dict[Key, Annotated[list[Entry], Field(max_length=50)]] = Field(
        default_factory=dict,
        max_length=100,
        description="Code of each paper -> ids from POST /files, `reuse:<paper id>` for one given before, at the desk `on_paper`.",
        examples=[{"application": ["0b0f2f9e-6a3c-4f0e-8a44-1f6f3a1b2c3d"]}],
    )
    channel: DossierChannel = Field(Channel.ONLINE, description="`desk` and `post` are for receptionists.")
    party: int | None = Field(None, ge=1, le=LARGEST_ID, description="For whom, from GET /me; the caller itself when left out.")
    owner: OwnerTyped | None = Field(None, description="At the desk: whose dossier it is.")
    receiving_commune: Key = Field("", description="Commune that receives it, where no agency of the province does.")
    return_channel: ReturnWay | None = None
    return_address: Line = Field("", description="Needed when the result is sent by post.")
    contact_phone: Key = ""
    contact_email: Key = ""

    def wanted(self) -> machine_filing.Filing:
        names = ("receiving_commune", "return_channel", "return_address", "contact_phone", "contact_email")
        return machine_filing.Filing(
            stt=self.stt,
            answers=self.answers,
            papers=self.papers,
            channel=self.channel,
            party=self.party,
            owner=self.owner.model_dump(exclude_defaults=True) if self.owner else {},
            details={name: getattr(self, name) for name in names if getattr(self, name)},
        )


KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_.:\-]{8,100}$",
        description="Chosen by the client, 8 to 100 letters and digits. The same key gives the same dossier, however often it is sent.",
    ),
]


@router.post(
    "",
    response={201: DossierDetail, 200: DossierDetail},
    operation_id="file_dossier",
    summary="File a dossier",
    openapi_extra={"responses": {409: {"description": ""}}},
)
def file_dossier(request: HttpRequest, response: HttpResponse, payload: NewDossier, idempotency_key: KeyHeader = None) -> Status[Any]:
    """Checks answers and papers as the portal does and files all of it or nothing. 201 for a new dossier, 200 when the key was known."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        dossier, new = machine_filing.file_at_once(actor, payload.wanted(), key=idempotency_key or "")
    except machine_filing.KeyReused as refused:
        raise ProblemError("repeated-key", refused.sentence) from None
    response["Location"] = reverse("api:get_dossier", args=[dossier.code])
    return Status(201 if new else 200, telling.detail(selectors.dossier(actor, dossier.code), actor))


class FromEvent(Schema):
    after: int = Field(0, ge=0, le=LARGEST_ID, description="`next` of the page before.")
    limit: Limit = 50


@router.get("/{code}/events", response=Events, operation_id="list_dossier_events", summary="The audit log of a dossier")
def list_dossier_events(request: HttpRequest, code: Code, query: Query[FromEvent]) -> dict[str, Any]:
    """Who did what, oldest first; only added to, never changed."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    events = events_for(selectors.capacity(actor, found), engine.subject_ref(found.case)).filter(seq__gt=query.after)
    fetched = list(events[: query.limit + 1])
    shown = fetched[: query.limit]
    items = [{"number": each.seq, "at": each.at, "verb": each.verb, "sentence": each.sentence} for each in shown]
    return {"items": items, "next": shown[-1].seq if len(fetched) > query.limit else None}


class Withdrawal(Schema):
    """Why the dossier is withdrawn."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, StringConstraints(max_length=2000)] = ""


@router.post(
    "/{code}/withdraw",
    response=DossierDetail,
    operation_id="withdraw_dossier",
    summary="Withdraw a dossier",
    openapi_extra={"responses": {409: {"description": ""}}},
)
def withdraw_dossier(request: HttpRequest, code: Code, payload: Withdrawal) -> dict[str, Any]:
    """Ends a dossier that is still being handled, at the wish of the applicant or owner."""
    actor = request.actor  # type: ignore[attr-defined]
    engine.withdraw(selectors.dossier(actor, code).case_id, actor=actor, reason=payload.reason)
    return telling.detail(selectors.dossier(actor, code), actor)


@files.post("", response={201: FileRef}, operation_id="upload_file", summary="Upload a file")
def upload_file(request: HttpRequest, file: UploadedFile = File(description="PDF or picture.")) -> Status[Any]:  # noqa: B008
    """Keeps a file for a dossier that is going to be filed; checked by content, size and for malware, as on the portal."""
    actor = request.actor  # type: ignore[attr-defined]
    rule = upload_rule(actor, machine_filing.PURPOSE)
    if rule is None:
        raise ProblemError("forbidden", _("Ông/bà không được gửi loại tệp này."))
    try:
        stored = store(file, actor_user=actor.user, accept=rule.accept, max_bytes=rule.max_bytes, purpose=machine_filing.PURPOSE)
    except FileRefused as refused:
        if isinstance(refused, StorageFull):
            raise ProblemError("no-room", str(refused)) from None
        raise ProblemError("invalid", str(refused), {"file": str(refused)}) from None
    return Status(201, telling.file_ref(stored))
