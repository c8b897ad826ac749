"""What the API says of dossiers and tasks: schemas only."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Schema

from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.models import Unit
from sonha.foundation.payments.models import Invoice
from sonha.foundation.rest.paging import Page
from sonha.foundation.rest.values import enumeration
from sonha.process.cases.api import Action
from sonha.process.cases.models import Task
from sonha.services.dossiers.models import Channel, OfficialPaper, ReturnChannel, State

DossierState = Annotated[State, enumeration(State, "Where the dossier stands:")]
DossierChannel = Annotated[Channel, enumeration(Channel, "How it was filed:")]
ReturnWay = Annotated[ReturnChannel, enumeration(ReturnChannel, "How the result is handed over:")]
TaskState = Annotated[Task.State, enumeration(Task.State)]
PaperKind = Annotated[OfficialPaper.Kind, enumeration(OfficialPaper.Kind)]
InvoiceState = Annotated[Invoice.State, enumeration(Invoice.State)]
PartyKind = Annotated[Party.Kind, enumeration(Party.Kind)]
UnitLevel = Annotated[Unit.Level, enumeration(Unit.Level)]
CODE = Field(description="Code of the dossier (mã hồ sơ): agency, day, number.", examples=["H37.14-261121-0001"])


class AgencyRef(Schema):
    """The agency that received the dossier."""

    code: str
    name: str
    level: UnitLevel


class ProcedureRef(Schema):
    """What was filed for."""

    stt: int
    name: str


class UnitName(Schema):
    """An organisational unit."""

    code: str
    name: str


class Person(Schema):
    """An official."""

    id: int
    name: str


class DossierRow(Schema):
    """A dossier in a list (hồ sơ)."""

    code: str = CODE
    procedure: ProcedureRef
    agency: AgencyRef
    state: DossierState
    state_words: str
    channel: DossierChannel
    owner_name: str
    applicant_name: str
    summary: str
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None = Field(description="When the result is due; null before acceptance.")
    finished_at: datetime | None = Field(description="When the result was issued.")
    late: bool
    url: str = Field(description="The page for people.")


class Dossiers(Page):
    """A page of dossiers."""

    items: list[DossierRow]


class Owner(Schema):
    """Whom the dossier belongs to (chủ hồ sơ)."""

    kind: PartyKind
    name: str
    personal_id: str
    tax_code: str
    address: str
    phone: str
    email: str


class FileRef(Schema):
    """A stored file."""

    id: str
    name: str
    size: int = Field(description="Bytes.")
    media_type: str


class PaperGiven(Schema):
    """A paper handed in with the dossier."""

    id: int
    requirement: str
    title: str
    on_paper: bool
    file: FileRef | None
    handed_in_at: datetime
    reused_from: str | None = Field(description="Code of the dossier with which it was first given.")
    content_url: str | None = Field(description="Where its bytes are; takes the same token.")


class PaperMade(Schema):
    """A paper that the authority made: receipt, supplement request, result …"""

    id: int
    kind: PaperKind
    number: int = Field(description="Version within the kind.")
    title: str
    created_at: datetime
    public: bool = Field(description="Whether the applicant may read it.")
    content_url: str


class Remaining(Schema):
    """What is left of the time limit, or by how much it is late."""

    amount: float
    unit: str = Field(description="working_days, working_hours or calendar_days.")
    late: bool
    words: str = Field(examples=["còn 12 ngày làm việc"])


class Stop(Schema):
    """A stretch during which the clock stood still."""

    reason: str
    started_at: datetime
    ended_at: datetime | None


class Clock(Schema):
    """The legal time limit of the dossier."""

    limit: str = Field(description="The time limit in words.")
    started_at: datetime | None = Field(description="Acceptance; null before.")
    due_at: datetime | None
    stopped: bool
    remaining: Remaining | None = Field(description="null before acceptance and after the result.")
    stops: list[Stop]


class Step(Schema):
    """A step of the timeline. Who acted and said what is shown to officials only."""

    task: int
    step: str
    title: str
    title_en: str
    unit: UnitName | None = Field(description="null for a step of the applicant.")
    state: TaskState
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    assignee: Person | None
    action: str
    comment: str


class Missing(Schema):
    """One line of a supplement request (form 02)."""

    subject: str = Field(description="Code of a paper or path of an answer; may be empty.")
    title: str
    reason: str


class Supplement(Schema):
    """Everything the authority asked to be added, at once."""

    items: list[Missing]
    note: str
    requested_at: datetime
    answered_at: datetime | None


class InvoiceRef(Schema):
    """A request to pay."""

    code: str
    title: str
    total: int = Field(description="Whole đồng.")
    state: InvoiceState
    url: str


class ResultRef(Schema):
    """What was decided."""

    outcome: str
    title: str
    document_number: str
    issued_at: datetime | None
    handed_over_at: datetime | None


class DossierDetail(DossierRow):
    """A dossier with everything its reader may see."""

    version: int = Field(description="Version of the procedure under which it was filed.")
    owner: Owner
    answers: dict[str, Any] = Field(description="Answers to the form of that version.")
    return_channel: ReturnWay
    papers: list[PaperGiven]
    official_papers: list[PaperMade]
    clock: Clock
    timeline: list[Step]
    supplements: list[Supplement]
    invoices: list[InvoiceRef]
    result: ResultRef | None


class EventRow(Schema):
    """An entry of the audit log (nhật ký)."""

    number: int = Field(description="Place in the dossier's chain.")
    at: datetime
    verb: str = Field(examples=["dossier.accepted"])
    sentence: str


class Events(Schema):
    """The audit log of a dossier, oldest first; applicants see the part that concerns them."""

    items: list[EventRow]
    next: int | None = Field(description="Give it as `after` to get what follows; null at the end.")


class TaskRow(Schema):
    """Work that waits or waited (công việc)."""

    id: int
    dossier: str | None = Field(description="Code of the dossier.")
    procedure: ProcedureRef | None
    step: str
    title: str
    title_en: str
    role: str = Field(description="applicant, receptionist, specialist, head, leader or clerk.")
    unit: UnitName | None
    assignee: Person | None = Field(description="Who has claimed it; null while anybody of the role in the unit may.")
    state: TaskState
    opened_at: datetime
    due_at: datetime | None
    late: bool


class Tasks(Page):
    """A page of tasks, the most urgent first."""

    items: list[TaskRow]


class TaskDetail(TaskRow):
    """A task with what can be done about it."""

    may_act: bool = Field(description="Whether the caller may act on it now.")
    actions: list[Action] = Field(description="What the step offers now; empty when it is closed.")
    form: dict[str, Any] | None = Field(description="Declaration of the `answers` that acting needs; null when none.")
    answers: dict[str, Any] = Field(description="What was entered when it was done.")
    candidates: list[Person] = Field(description="To whom the caller may assign it; empty when it may not.")
    action: str
    comment: str
    closed_at: datetime | None


class TrackedStep(Schema):
    """A step, without people."""

    title: str
    title_en: str
    unit: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    open: bool


class TrackedDossier(Schema):
    """What anybody who knows the code may see."""

    code: str = CODE
    procedure: str
    agency: str
    state: DossierState
    state_words: str
    submitted_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    stopped: bool
    steps: list[TrackedStep]
