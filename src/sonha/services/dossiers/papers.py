"""Keeping the papers that the authority makes for a dossier, each kind with its versions."""

from typing import Any

from django.db.models import Max
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import store_bytes
from sonha.foundation.organisations.models import Unit
from sonha.foundation.rendering import papers as layouts
from sonha.services.dossiers.models import Dossier, OfficialPaper

SHOWN_DIGITS = 4


def keep(
    dossier: Dossier,
    kind: str,
    title: str,
    pdf: bytes,
    actor: Actor,
    *,
    public: bool,
    body: dict[str, Any] | None = None,
    source: StoredFile | None = None,
    printable: StoredFile | None = None,
) -> OfficialPaper:
    """Stores a PDF as the next version of its kind; `source` and `printable` belong to a draft that was edited as docx."""
    last = dossier.official_papers.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
    file = store_bytes(pdf, name=f"{dossier.code}-{kind}-{last + 1}.pdf", media_type="application/pdf", purpose="dossier")
    return OfficialPaper.objects.create(
        dossier=dossier,
        kind=kind,
        number=last + 1,
        title=title,
        file=file,
        source=source,
        printable=printable,
        body=body or {},
        created_by=actor.user,
        public=public,
    )


def newest(dossier: Dossier, kind: str) -> OfficialPaper | None:
    return dossier.official_papers.filter(kind=kind).select_related("file").order_by("-number").first()


def letterhead(unit: Unit, *, symbol: str = "", awaits_number: bool = False) -> layouts.Letterhead:
    """The head of a paper of `unit`: its superior above it, place and date of today."""
    superior = unit.parent
    while superior is not None and not superior.is_agency:
        superior = superior.parent
    return layouts.Letterhead(
        agency=unit.name,
        superior=superior.name if superior else "",
        symbol=symbol,
        place=place_of(unit),
        day=timezone.localdate(),
        awaits_number=awaits_number,
    )


def place_of(unit: Unit) -> str:
    """`Lạng Sơn`: the province's name, or the name of the unit's own area."""
    area = unit.area
    if area is None:
        return "Lạng Sơn"
    for word in ("Tỉnh ", "Huyện ", "Thành phố ", "Xã ", "Phường ", "Thị trấn "):
        if area.name.startswith(word):
            return area.name.removeprefix(word)
    return area.name


def owner_block(dossier: Dossier) -> layouts.Party:
    """The owner as printed on slips that pass through many hands: of a personal number only the last digits.

    No more personal data than the purpose needs (Nghị định 13/2023/NĐ-CP, Điều 3; from 2026-01-01 Luật 91/2025/QH15). Tax codes are public.
    """
    owner = dossier.owner
    identity = ""
    if owner.tax_code:
        identity = f"MST số {owner.tax_code}"
    elif owner.personal_id:
        identity = f"CCCD số {masked(owner.personal_id)}"
    return layouts.Party(
        name=owner.name,
        identity=identity,
        address=owner.address,
        phone=dossier.contact_phone,
        email=dossier.contact_email,
    )


SHOWN_DIGITS = 4


def masked(number: str) -> str:
    """`020185001234` -> `********1234`."""
    return "*" * max(0, len(number) - SHOWN_DIGITS) + number[-SHOWN_DIGITS:]
