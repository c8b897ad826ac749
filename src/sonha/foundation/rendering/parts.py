"""What papers are made of: head, signature block, parties, tables, articles, and the base of every paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils import timezone

from sonha.foundation.rendering.forms import FormReference, form_on


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Head of a paper.

    `superior` is the agency above (may be empty), `number` such as `12/GP-UBND` (empty = left blank for the clerk).
    """

    agency: str
    superior: str = ""
    number: str = ""
    symbol: str = ""  # printed after a blank number: `Số:      /GP-UBND`
    place: str = ""
    day: date | None = None
    awaits_number: bool = False  # number and date come later, as a visible signature at the place named `number`


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
