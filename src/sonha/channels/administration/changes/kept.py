"""The lists whose changes may be taken back here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.undo import Kept, keep
from sonha.foundation.calendar.models import Holiday
from sonha.foundation.calendar.services import tell_changed
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.foundation.organisations.models import Unit
from sonha.process.cases.models import ReminderRule
from sonha.services.aids.models import Sentence


def _days_changed(actor: Any, before: Any, now: Any) -> None:
    """Clocks that run are computed anew, as after any change of the calendar."""
    tell_changed(sorted({values["date"] for values in (before, now) if values}))


def declare() -> None:
    keep("cau-mau", Kept(Sentence, _("Câu mẫu"), ("use", "text", "field", "procedure", "order"), only={"owner": None}))
    keep("nhac-viec", Kept(ReminderRule, _("Lịch nhắc việc"), ("stage", "days", "recipient")))
    keep("lich-lam-viec", Kept(Holiday, _("Lịch làm việc"), ("date", "kind", "name", "source"), after=_days_changed))
    keep(
        "muc-danh-muc",
        Kept(
            CatalogueItem,
            _("Mục của danh mục dùng chung"),
            ("catalogue", "code", "name", "name_en", "parent", "valid_from", "valid_to", "source"),
        ),
    )
    keep("danh-muc", Kept(Catalogue, _("Danh mục dùng chung"), ("code", "name", "owner", "source", "note")))
    keep(
        "don-vi",
        Kept(
            Unit,
            _("Cơ quan, đơn vị"),
            ("code", "name", "name_en", "short_name", "parent", "address", "phone", "email", "valid_to", "source"),
        ),
    )
