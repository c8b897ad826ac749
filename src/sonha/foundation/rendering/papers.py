"""The papers as data: business apps fill in one of these and call `render`.

One-stop forms 01-06 and the stop notice follow the appendix named in `forms`; results and letters follow Decree 30/2020/ND-CP,
Appendices I and III. Text is plain text: templates escape it, line breaks are kept. Dates and times are `date`/aware `datetime`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from django.utils import timezone

from sonha.foundation.rendering.forms import FormReference, form_on
from sonha.foundation.rendering.pdf import pdf


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Head of a paper: `superior` is the agency above (may be empty), `number` such as `12/GP-UBND` (empty = left blank for the clerk)."""

    agency: str
    superior: str = ""
    number: str = ""
    symbol: str = ""  # printed after a blank number: `Số:      /GP-UBND`
    place: str = ""
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Signature block. `authority` lines: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")."""

    authority: Sequence[str]
    name: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Party:
    """A person or organisation as printed: owner (chủ hồ sơ) or applicant (người nộp)."""

    name: str
    identity: str = ""  # "CCCD số …", "MST …", already masked by the caller where needed
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """One document of the dossier: title, form (bản chính, bản sao), copies, note."""

    title: str
    form: str = ""
    copies: int = 1
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; `numeric` names the columns (from 0) set to the right. Long tables repeat their head on each page."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    numeric: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Article:
    """`Điều n.` of a permit or decision; `heading` is bold text after the number, `paragraphs` follow."""

    paragraphs: Sequence[str] = ()
    heading: str = ""
    table: Table | None = None


@dataclass(frozen=True, kw_only=True)
class Annex:
    """Phụ lục, on its own page."""

    title: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()


def articles_from(paragraphs: Sequence[str]) -> list[Article]:
    """Each paragraph becomes an article, for declarations that give plain paragraphs."""
    return [Article(paragraphs=[text]) for text in paragraphs]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What all papers have. `check_url` prints a QR for tracking or verification, `check_code` the code beside it."""

    template: ClassVar[str]
    kind: ClassVar[str] = ""  # key of forms.FORMS, for one-stop forms
    size: str = "a4"  # "a4" or "a5"; the circular lets forms 01-05 be printed on A5

    letterhead: Letterhead
    check_url: str = ""
    check_code: str = ""

    @property
    def form(self) -> FormReference | None:
        """The legal form on the paper's date, for one-stop forms."""
        return form_on(self.kind, self.letterhead.day or timezone.localdate()) if self.kind else None

    @property
    def name(self) -> str:
        """Title of the document, also in the PDF's metadata."""
        return self.form.title if self.form else ""


def render(paper: Paper, *, pdf_variant: str | None = None) -> bytes:
    """The paper as PDF bytes (about 100 ms)."""
    return pdf(paper.template, paper, pdf_variant=pdf_variant)


# One-stop forms


@dataclass(frozen=True, kw_only=True)
class OneStopForm(Paper):
    """Common to the forms handed over at the desk."""

    dossier_code: str
    procedure: str
    owner: Party
    desk: str = ""  # "Trung tâm Phục vụ hành chính công tỉnh Lạng Sơn"
    applicant: Party | None = None  # when someone else files for the owner
    official: str = ""  # who receives or guides
    contact: str = ""  # phone of the official


@dataclass(frozen=True, kw_only=True)
class Receipt(OneStopForm):
    """Mẫu 01: receipt and appointment. `time_limit` in words ("30 ngày làm việc"), `due_at` None = not applicable."""

    template: ClassVar[str] = "papers/receipt.html"
    kind: ClassVar[str] = "receipt"

    papers: Sequence[PaperLine] = ()
    sets: int = 1
    time_limit: str = ""
    received_at: datetime
    due_at: datetime | date | None = None
    return_at: str = ""
    fees: Sequence[tuple[str, int]] = ()  # (title, đồng)
    fee_state: str = ""
    book: str = ""
    order: str = ""
    password_hint: str = ""  # how to look the dossier up


@dataclass(frozen=True, kw_only=True)
class SupplementRequest(OneStopForm):
    """Mẫu 02. All that is missing is asked for at once."""

    template: ClassVar[str] = "papers/supplement_request.html"
    kind: ClassVar[str] = "supplement"

    items: Sequence[str]
    reason: str
    deadline: date | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal(OneStopForm):
    """Mẫu 03: refusal at reception."""

    template: ClassVar[str] = "papers/refusal.html"
    kind: ClassVar[str] = "refusal"

    reasons: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Apology(OneStopForm):
    """Mẫu 04: apology with a new date, signed by the head of the agency."""

    template: ClassVar[str] = "papers/apology.html"
    kind: ClassVar[str] = "apology"

    received_at: datetime | date
    due_at: datetime | date
    reason: str
    new_due_at: datetime | date
    signatory: Signatory
    recipients: Sequence[str] = ("Như trên", "Lưu: VT, HS")


@dataclass(frozen=True, kw_only=True)
class StopNotice(OneStopForm):
    """Thông báo dừng giải quyết hồ sơ (form 05 since 2025): withdrawal, or a supplement that never came."""

    template: ClassVar[str] = "papers/stop_notice.html"
    kind: ClassVar[str] = "stop"

    reasons: Sequence[str]
    signatory: Signatory
    recipients: Sequence[str] = ("Như trên", "Lưu: VT, HS")


@dataclass(frozen=True, kw_only=True)
class Handover:
    """One row of the control sheet: who gave to whom, when, and how the step stood against its limit."""

    giver: str
    taker: str
    at: datetime
    giver_name: str = ""
    taker_name: str = ""
    result: str = ""  # "Trước hạn" | "Đúng hạn" | "Quá hạn" | ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ControlSheet(OneStopForm):
    """Mẫu 05 (06 since 2025): control sheet of the handling."""

    template: ClassVar[str] = "papers/control_sheet.html"
    kind: ClassVar[str] = "control_sheet"

    agency: str
    consulted: Sequence[str] = ()
    received_at: datetime
    due_at: datetime | date | None = None
    handovers: Sequence[Handover] = ()


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One dossier in the register."""

    code: str
    procedure: str
    sets: int
    owner: str
    contact: str
    agency: str
    received_at: datetime | date
    due_at: datetime | date | None = None
    forwarded_at: datetime | date | None = None
    result_at: datetime | date | None = None
    returned_at: datetime | date | None = None
    return_method: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DossierRegister(Paper):
    """Mẫu 06 (07 since 2025): register of dossiers, landscape."""

    template: ClassVar[str] = "papers/register.html"
    kind: ClassVar[str] = "register"

    rows: Sequence[RegisterRow]
    period_from: date | None = None
    period_to: date | None = None
    book: str = ""


# Results and letters


@dataclass(frozen=True, kw_only=True)
class Result(Paper):
    """Common to results: bases (căn cứ), recipients (nơi nhận), signatory, annexes."""

    title: str
    bases: Sequence[str] = ()
    signatory: Signatory
    recipients: Sequence[str] = ()
    annexes: Sequence[Annex] = ()

    @property
    def name(self) -> str:
        return self.title


@dataclass(frozen=True, kw_only=True)
class Permit(Result):
    """Giấy phép: `issuer` is who permits, in capitals ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN"), `facts` a table of label and value."""

    template: ClassVar[str] = "papers/permit.html"

    issuer: str
    subject: str = ""
    decides: str = "QUYẾT ĐỊNH:"
    articles: Sequence[Article] = ()
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Decision(Result):
    """Quyết định (mẫu 1.2, 1.3 Phụ lục III Nghị định 30/2020)."""

    template: ClassVar[str] = "papers/decision.html"

    issuer: str
    subject: str
    proposal: str = ""  # "Theo đề nghị của …"
    articles: Sequence[Article] = ()
    title: str = "QUYẾT ĐỊNH"


@dataclass(frozen=True, kw_only=True)
class Certificate(Result):
    """Giấy chứng nhận, chứng chỉ: one framed page of facts."""

    template: ClassVar[str] = "papers/certificate.html"

    issuer: str
    statement: str = ""
    facts: Sequence[tuple[str, str]] = ()
    closing: str = ""


@dataclass(frozen=True, kw_only=True)
class Confirmation(Result):
    """Giấy xác nhận."""

    template: ClassVar[str] = "papers/confirmation.html"

    issuer: str
    subject: str = ""
    paragraphs: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, kw_only=True)
class Letter(Result):
    """Công văn; also the letter that refuses a permit. `subject` without "V/v"."""

    template: ClassVar[str] = "papers/letter.html"

    subject: str
    addressees: Sequence[str]
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()
    title: str = "Công văn"


@dataclass(frozen=True, kw_only=True)
class DataDelivery(Result):
    """Biên bản giao nhận thông tin, dữ liệu: what was handed to whom, signed by both sides."""

    template: ClassVar[str] = "papers/data_delivery.html"

    giver: Party
    taker: Party
    giver_representative: str = ""
    taker_representative: str = ""
    items: Table
    terms: Sequence[str] = ()
    purpose: str = ""
    title: str = "BIÊN BẢN GIAO NHẬN THÔNG TIN, DỮ LIỆU"


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One line of a fee notice: kind is phí, lệ phí or tiền cấp quyền; amount in whole đồng."""

    title: str
    amount: int
    kind: str = ""
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class FeeNotice(Result):
    """Thông báo nộp phí, lệ phí; `check_url` is the payment page."""

    template: ClassVar[str] = "papers/fee_notice.html"

    payer: Party
    dossier_code: str
    procedure: str
    lines: Sequence[FeeLine]
    due: date | None = None
    ways: Sequence[str] = ()
    paid_at: datetime | None = None
    payment_reference: str = ""
    title: str = "THÔNG BÁO NỘP PHÍ, LỆ PHÍ"

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Generic(Result):
    """Any other paper: title, subject, paragraphs, facts, tables."""

    template: ClassVar[str] = "papers/generic.html"

    subject: str = ""
    addressees: Sequence[str] = ()
    paragraphs: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = field(default_factory=tuple)


PAPERS: dict[str, type[Paper]] = {
    "receipt": Receipt,
    "supplement_request": SupplementRequest,
    "refusal": Refusal,
    "apology": Apology,
    "stop_notice": StopNotice,
    "control_sheet": ControlSheet,
    "register": DossierRegister,
    "permit": Permit,
    "decision": Decision,
    "certificate": Certificate,
    "confirmation": Confirmation,
    "letter": Letter,
    "data_delivery": DataDelivery,
    "fee_notice": FeeNotice,
    "generic": Generic,
}
