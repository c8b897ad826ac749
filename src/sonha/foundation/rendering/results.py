"""Results and letters as data.

Permit, decision, certificate, confirmation, letter, data delivery, fee notice, any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sonha.foundation.rendering.parts import Annex, Article, Paper, Party, Signatory, Table


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
    """Giấy phép.

    `issuer` is who permits, in capitals ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN"), `facts` a table of label and value.
    """

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
    tables: Sequence[Table] = ()
