"""The one-stop forms as data.

Receipt, supplement request, refusal, apology, stop notice, control sheet, register (see `forms`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sonha.foundation.rendering.parts import Paper, PaperLine, Party, Signatory


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
